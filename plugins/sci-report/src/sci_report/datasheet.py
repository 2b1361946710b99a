"""The section on data: where rows come from, how they are divided, what the columns are."""

from __future__ import annotations

import pathlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sci.api import Feature, Study
from sci.api.numbers import count, percent
from sci_report import facts
from sci_report.catalogue import has
from sci_report.grids import Grid, grid
from sci_report.settings import flow
from sci_report.words import Data, Listing, Name, Text, phrase

_STEPS = 7
_FEW = 8
"""More columns than this are counted, and listed only on demand."""
_SETTINGS = 60


@dataclass(frozen=True)
class Step:
    """One station on the way of the data."""

    name: Text
    note: Text


@dataclass(frozen=True)
class Datasheet:
    """The section's content."""

    flow: Sequence[Step]
    splits: Grid | None
    classes: Grid | None
    columns: Grid | None
    about: Sequence[Text]
    """How many columns of which kind, where there are too many to look at each."""


def datasheet(study: Study) -> Datasheet:
    """What is known about the data."""
    return Datasheet(_flow(study), _splits(study), _classes(study), _columns(study), _about(study))


def _flow(study: Study) -> list[Step]:
    data = study.experiment.get("data")
    data = data if isinstance(data, Mapping) else {}
    steps: list[Step] = []
    source, settings = facts.named(data.get("source"))
    if source:
        path = settings.get("path") or settings.get("dataset")
        name = pathlib.PurePosixPath(str(path)).name if path else source
        rows = max((sum(sizes.values()) for sizes in study.splits.values()), default=0) + facts.held_out(study)
        steps.append(Step(Name(name), phrase("data.rows", source=Data(source), count=count(rows))))
    split, settings = facts.named(data.get("split"))
    if split:
        steps.append(Step(phrase("data.split"), Data(_brief(split, settings))))
    preprocessing = study.experiment.get("preprocessing") or []
    for component in preprocessing if isinstance(preprocessing, list) else [preprocessing]:
        name, settings = facts.named(component)
        steps.append(Step(Name(name), Data(_brief("", settings))))
    if len(steps) > _STEPS - 1:
        left_out = len(steps) - (_STEPS - 2)
        steps = [*steps[: _STEPS - 2], Step("…", phrase("data.steps", count=count(left_out)))]
    name, settings = facts.named(study.experiment.get("model"))
    steps += [Step(Name(name), Data(_brief("", settings)))] if name else []
    return steps if len(steps) > 1 else []


def _brief(name: str, settings: Mapping[str, Any]) -> str:
    """The first few settings, as long as they are short."""
    parts = [name] if name else []
    for key, value in settings.items():
        part = f"{key} {value if isinstance(value, str) else flow(value)}"
        if value is None or value == [] or len(", ".join([*parts, part])) > _SETTINGS:
            continue
        parts.append(part)
    return ", ".join(parts)


def _splits(study: Study) -> Grid | None:
    if not study.splits:
        return None
    parts = ("train", "validation", "test")
    if len(study.splits) > 1:
        rows: list[Sequence[Text]] = [
            (Name(fold), *(count(sizes.get(part, 0)) for part in parts)) for fold, sizes in study.splits.items()
        ]
        columns = [phrase("column.fold"), *(phrase(f"split.{part}") for part in parts)]
        return grid(phrase("data.splits"), columns, rows, (1, 2, 3))
    sizes = next(iter(study.splits.values()))
    total = sum(sizes.values())
    rows = [
        (phrase(f"split.{part}"), count(sizes[part]), f"{percent(sizes[part], total)} %", phrase(f"split.{part}.use"))
        for part in parts
        if part in sizes
    ]
    columns = [phrase("column.split"), phrase("column.rows"), phrase("column.share"), phrase("column.used")]
    return grid(phrase("data.splits"), columns, rows, (1, 2))


def _classes(study: Study) -> Grid | None:
    names = facts.classes(study)
    if not names:
        return None
    evaluations = facts.once(study.evaluations)
    test = facts.class_counts([evaluation.test for evaluation in evaluations], len(names))
    seen = facts.class_counts([evaluation.validation for evaluation in evaluations], len(names))
    known = bool(seen.sum())
    order = sorted(range(len(names)), key=lambda at: -int(test[at]))
    rows: list[Sequence[Text]] = []
    for at in order:
        validation = (count(int(seen[at])),) if known else ()
        rows.append(
            (Name(names[at]), *validation, count(int(test[at])), f"{percent(int(test[at]), int(test.sum()))} %")
        )
    columns = [phrase("column.class"), *([phrase("split.validation")] if known else [])]
    columns += [phrase("split.test"), phrase("column.share-test")]
    return grid(phrase("data.classes"), columns, rows, range(1, len(columns)))


def _columns(study: Study) -> Grid | None:
    features = study.schema.columns
    if not features:
        return None
    roles = study.schema.roles
    units = any(feature.unit for feature in features.values())
    rows: list[Sequence[Text]] = []
    for name, feature in features.items():
        role = roles.get(name)
        row: list[Text] = [Name(name), _kind(feature), _known("role", role) if role else "–"]
        rows.append([*row, Data(feature.unit) if feature.unit else "–"] if units else row)
    columns = [phrase("column.name"), phrase("column.kind"), phrase("column.role")]
    return grid(phrase("data.columns"), [*columns, phrase("column.unit")] if units else columns, rows)


def _about(study: Study) -> list[Text]:
    inputs, targets = study.schema.inputs, study.schema.slots.values()
    if len(study.schema.columns) <= _FEW:
        return []
    kinds = Counter(feature.kind for feature in inputs.values())
    shown = Listing(
        [phrase("fact.class", count=count(n), name=_known("kind", kind)) for kind, n in kinds.most_common()]
    )
    found: list[Text] = [phrase("data.inputs", count=count(len(inputs)), kinds=shown)]
    return [*found, phrase("data.target", names=Listing([Name(name) for name in targets]))] if targets else found


def _kind(feature: Feature) -> Text:
    if feature.size or feature.values:
        size = feature.size or len(feature.values or ())
        return phrase("kind.sized", kind=_known("kind", feature.kind), size=count(size))
    if feature.alphabet:
        return Data(feature.alphabet)
    return _known("kind", feature.kind)


def _known(group: str, word: str) -> Text:
    """A word of the API, which may grow."""
    return phrase(f"{group}.{word}") if has(f"{group}.{word}") else Data(word)
