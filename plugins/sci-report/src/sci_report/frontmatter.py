"""What a model card says to programs: the front matter that the Hugging Face hub reads.

Only what the study knows stands there. A licence, a language or a data set's name on a hub is left out where nobody
stated it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from sci.api import Study
from sci_report import facts
from sci_report.safe import visible

_KINDS = {"text": "text", "tokens": "text", "image": "image", "audio": "audio"}
_TASKS = {
    ("text", "classification"): "text-classification",
    ("image", "classification"): "image-classification",
    ("audio", "classification"): "audio-classification",
    ("tabular", "classification"): "tabular-classification",
    ("tabular", "regression"): "tabular-regression",
}


def front_matter(study: Study) -> str:
    """YAML, one line for each key; every value is JSON, which YAML reads as it is, so that no text can end it."""
    known: dict[str, Any] = {"library_name": "sci", "tags": _tags(study), "pipeline_tag": pipeline_tag(study)}
    scores = facts.test_scores(study)
    known["metrics"] = list(scores)
    known["model-index"] = _index(study)
    return "\n".join(f"{key}: {_plain(value)}" for key, value in known.items() if value)


def pipeline_tag(study: Study) -> str:
    """The hub's name of the task; empty where it has none for it."""
    kinds = {feature.kind for feature in study.schema.inputs.values()}
    single = _KINDS.get(next(iter(kinds)), "tabular") if len(kinds) == 1 else "tabular"
    return _TASKS.get((single, facts.task_name(study)), "") if kinds else ""


def _tags(study: Study) -> list[str]:
    engine = facts.named(study.experiment.get("engine"))[0]
    return list(dict.fromkeys(filter(None, ["sci", facts.task_name(study), facts.model_name(study), engine])))


def _index(study: Study) -> list[Mapping[str, Any]]:
    """The metrics on the test rows, unrounded; empty where none has a value."""
    scores = {name: score for name, score in facts.test_scores(study).items() if math.isfinite(score.value)}
    if not scores:
        return []
    task = pipeline_tag(study) or facts.task_name(study) or "other"
    metrics = [{"type": name, "name": name, "value": float(score.value)} for name, score in scores.items()]
    data = {"name": study.name, "type": study.name, "split": "test"}
    return [{"name": study.name, "results": [{"task": {"type": task}, "dataset": data, "metrics": metrics}]}]


def _plain(value: Any) -> str:
    return json.dumps(_shown(value), ensure_ascii=True)


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Mapping):
        return {key: _shown(item) for key, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list) else value
