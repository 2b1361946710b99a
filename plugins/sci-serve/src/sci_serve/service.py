"""What is served, apart from the model itself: its name, schema, figures and limits."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from sci.api import ConfigError, Feature, Pipeline, RunContext, Schema
from sci_serve.answers import plain
from sci_serve.config import RestConfig


@dataclass(frozen=True)
class Service:
    """The description of a served model.

    Args:
        name: the experiment's name.
        run: name of the run directory.
        weights: hash of the weights; None where the lock does not tell.
        request: what a caller sends.
        outputs: what a caller gets.
        info: classes, the positive class.
        experiment: question and intended use are taken from it.
        metrics: metrics on the test rows, with intervals.
        config: limits.
    """

    name: str
    run: str
    weights: str | None
    request: Schema
    outputs: Mapping[str, Feature]
    info: Mapping[str, Any]
    experiment: Mapping[str, Any]
    config: RestConfig
    metrics: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of_run(cls, run: Any, config: RestConfig) -> Service:
        """Of a run that `sci.load` opened.

        Raises:
            ConfigError: a plugin changed an input while reading, so that raw rows are not what the model knows.
        """
        pipeline = run.pipeline
        _check_unchanged(pipeline)
        return cls(
            name=run.name,
            run=pathlib.Path(run.path).name,
            weights=weights(run.lock),
            request=pipeline.request,
            outputs=pipeline.outputs,
            info=pipeline.info,
            experiment=_experiment(pathlib.Path(run.path)),
            config=config,
            metrics=(run.metrics or {}).get("test", {}),
        )

    @classmethod
    def of_context(cls, pipeline: Pipeline, context: RunContext, config: RestConfig) -> Service:
        """Of the run that is being deployed."""
        _check_unchanged(pipeline)
        return cls(
            name=str(context.experiment.get("name", context.run_id)),
            run=context.run_id,
            weights=weights(_lock(context.directory)),
            request=pipeline.request,
            outputs=pipeline.outputs,
            info=pipeline.info,
            experiment=context.experiment,
            config=config,
        )

    def document(self) -> dict[str, Any]:
        """The description as JSON: ``service.json``, and `/metadata` with the metrics."""
        found = {
            "format": 1,
            "name": self.name,
            "question": self.experiment.get("question"),
            "intended_use": self.experiment.get("intended_use"),
            "run": self.run,
            "weights": self.weights,
            "request": {name: feature.as_json() for name, feature in self.request.columns.items()},
            "outputs": {name: feature.as_json() for name, feature in self.outputs.items()},
            "info": self.info,
            "limits": {"rows": self.config.max_rows, "bytes": self.config.max_bytes},
        }
        return {key: plain(value) for key, value in found.items()}

    def metadata(self) -> dict[str, Any]:
        """What `/metadata` answers."""
        return {**self.document(), "metrics": plain(self.metrics)}


def weights(lock: Mapping[str, Any]) -> str | None:
    """The hash of the weights of the single model of a run."""
    found = lock.get("weights")
    return found if isinstance(found, str) and found else None


def _experiment(directory: pathlib.Path) -> Mapping[str, Any]:
    path = directory / "config.resolved.yaml"
    found = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
    return found if isinstance(found, dict) else {}


def _lock(directory: pathlib.Path) -> Mapping[str, Any]:
    path = directory / "sci.lock"
    if not path.is_file():
        return {}
    found = json.loads(path.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else {}


def _check_unchanged(pipeline: Pipeline) -> None:
    changed: Mapping[str, str] = getattr(pipeline, "changed", None) or {}
    for column, why in changed.items():
        raise ConfigError(
            f"input `{column}` was changed while the data were read ({why}), so raw rows are not what the model knows",
            id="serve.changed",
            note="what must happen to served rows too belongs into preprocessing",
        )
