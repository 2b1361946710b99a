"""The last sections: how to repeat the study, how to cite it, and where it ran."""

from __future__ import annotations

import math
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sci.api import Study
from sci.api.numbers import confidence, count, duration, scored
from sci_report import facts
from sci_report.grids import Grid, grid
from sci_report.prose import part
from sci_report.settings import flow
from sci_report.words import Code, Data, Listing, Name, Text, phrase


@dataclass(frozen=True)
class Provenance:
    """Commands, what identifies data and weights, how to cite, and the environment."""

    commands: Sequence[str]
    text: Sequence[Text]
    lock: Grid | None
    plugins: Grid | None
    methods: Text
    citations: Sequence[Text]
    bibtex: str
    environment: Grid | None
    timings: Grid | None
    core: str


def run_path(run: pathlib.Path) -> str:
    """The run directory as one would type it, without what lies above the runs."""
    parts = run.parts
    start = -3 if len(parts) >= 3 and parts[-3] == "runs" else -2
    return "/".join(parts[start:])


def _has_model(study: Study) -> bool:
    """Whether there is one model to answer: that of a plain run, or the refitted one of a study."""
    return len(study.evaluations) == 1 or bool((study.experiment.get("study") or {}).get("refit"))


def provenance(study: Study) -> Provenance:
    """Everything from the lock, as far as it is there."""
    run = run_path(study.run)
    plugins = [plugin for plugin in study.lock.get("plugins") or () if isinstance(plugin, Mapping)]
    versions = {str(plugin.get("distribution", "")): str(plugin.get("version", "")) for plugin in plugins}
    return Provenance(
        commands=[
            "sci run EXPERIMENT.yaml",
            f"sci compare {run} OTHER-RUN",
            *([f"sci predict {run} NEW.csv"] if _has_model(study) else []),
        ],
        text=_text(study),
        lock=_lock(study),
        plugins=_pairs(phrase("reproduce.plugins"), "column.plugin", "column.version", versions),
        methods=_methods(study, versions),
        citations=_citations(study),
        bibtex=study.bibtex.strip(),
        environment=_environment(study),
        timings=_timings(study),
        core=_tool(study, versions),
    )


def _citations(study: Study) -> list[Text]:
    """Each work once, with what it was used as."""
    used: dict[str, list[str]] = {}
    for one in study.lock.get("citations") or ():
        names = used.setdefault(str(one["cite"]), [])
        names += [str(one["name"])] if one["name"] not in names else []
    return [
        phrase("cite.work", names=Listing([Name(name) for name in names]), work=Data(cite))
        for cite, names in used.items()
    ]


def _text(study: Study) -> list[Text]:
    level = facts.level(study)
    found: list[Text] = [phrase(f"reproduce.{level}") if level in ("A", "B", "C") else phrase("reproduce.unknown")]
    seeds = facts.seeds(study)
    found.append(phrase("reproduce.seeds", count=count(seeds)) if seeds > 1 else phrase("reproduce.seed"))
    return found


def _lock(study: Study) -> Grid | None:
    data = study.lock.get("data")
    rows: list[Sequence[Text]] = []
    if isinstance(data, Mapping):
        known = ("fingerprint", "train", "validation", "test")
        rows += [(phrase(f"lock.{key}") if key in known else Name(key), Code(value)) for key, value in _leaves(data)]
    weights, seeds = (study.lock.get(key) for key in ("weights", "seeds"))
    if isinstance(weights, Mapping):
        rows += [(phrase("lock.weights.of", child=Name(key)), Code(value)) for key, value in _leaves(weights)]
    elif weights:
        rows.append((phrase("lock.weights"), Code(_scalar(weights))))
    if isinstance(seeds, Mapping):
        rows += [(Code(key), Code(value)) for key, value in _leaves(seeds)]
    elif seeds:
        rows.append((Code("seed"), Code(_scalar(seeds))))
    columns = [phrase("column.what"), phrase("column.value")]
    return grid(phrase("reproduce.lock"), columns, rows) if rows else None


def _leaves(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and values, those of inner mappings by themselves; what is empty is left out."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from ((f"{name} {inner}", shown) for inner, shown in _leaves(value))
        elif value is not None and value != "":
            yield str(name), _scalar(value)


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) else flow(value)


def _methods(study: Study, versions: Mapping[str, str]) -> Text:
    """A sentence for a methods section."""
    metric, baseline = study.verdict.metric, study.verdict.baseline
    found = facts.test_scores(study).get(metric)
    tool = _tool(study, versions)
    run = Name(study.run.name)
    if found is None or math.isnan(found.value):
        return phrase("cite.run", tool=tool, run=run)
    rival = study.baseline_scores.get(baseline or "", {}).get(metric)
    digits = facts.digits(study, metric)
    shown = scored(found, digits=digits)
    values: dict[str, Text] = {
        "model": Data(facts.model_name(study)),
        "metric": metric,
        "value": shown.value,
        "low": shown.low,
        "high": shown.high,
        "confidence": confidence(found.confidence),
        "n": count(facts.test_rows(study)),
        "tool": tool,
        "run": run,
    }
    if math.isnan(found.low):
        return phrase("cite.bare", **values)
    values["method"] = part(found.method)
    if rival is None or math.isnan(rival.value):
        return phrase("cite.alone", **values)
    value = scored(rival, digits=digits).value
    return phrase("cite.against", **values, baseline=Data(baseline or ""), rival=value)


def _tool(study: Study, versions: Mapping[str, str]) -> str:
    version = study.lock.get("sci") or versions.get("sci-core")
    return f"sci-core {version}" if version else "sci"


def _environment(study: Study) -> Grid | None:
    found: dict[str, str] = {}
    for key in ("engine", "environment"):
        part = study.lock.get(key)
        if isinstance(part, Mapping):
            prefix = "engine " if key == "engine" else ""
            found |= {f"{prefix}{name}": value for name, value in _leaves(part)}
        elif part:
            found[key] = str(part)
    return _pairs(phrase("environment.table"), "column.what", "column.value", found)


def _timings(study: Study) -> Grid | None:
    rows: list[Sequence[Text]] = [(Data(stage), duration(float(s))) for stage, s in study.timings.items()]
    columns = [phrase("column.stage"), phrase("column.time")]
    return grid(phrase("environment.timings"), columns, rows, (1,)) if rows else None


def _pairs(caption: Text, first: str, second: str, values: Mapping[str, str]) -> Grid | None:
    rows: list[Sequence[Text]] = [(Data(name), Data(value)) for name, value in values.items()]
    return grid(caption, [phrase(first), phrase(second)], rows) if rows else None


def seeds_of(study: Study) -> Text:
    """The seeds, for the model card."""
    found = sorted({evaluation.seed for evaluation in study.evaluations})
    return Listing([str(seed) for seed in found]) if found else "–"
