"""How rows are divided: the splitter, drawn as often as the study asks, and what must hold for every fold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sci.api import ConfigError, DataError, Dataset, Fold, PluginError
from sci.api.rows import fingerprint
from sci.pipeline.assembly import Assembly, Part
from sci.pipeline.blame import several
from sci.pipeline.context import Context
from sci.pipeline.design import Design
from sci.pipeline.holdout import PARTS, held_out, without


def divided(context: Context, dataset: Dataset) -> list[Fold]:
    """The folds of every draw of the split."""
    assembly = context.assembly
    splitter, design = assembly.splitter(), Design.of(assembly.experiment)
    seed = int(splitter.generic.get("seed", assembly.experiment.get("seed", 0)))
    found: list[list[Fold]] = []
    for draw in range(design.draws):
        folds = several(splitter, "split", Fold, splitter.make().split, dataset, context, seed + draw)
        if not folds:
            raise PluginError(
                f"{splitter.name} returned no fold", id="plugin.result", where=splitter.where, note=splitter.owner
            )
        if design.folds is not None and design.folds > len(folds):
            raise ConfigError(
                f"study.folds is {design.folds}, and the split `{splitter.name}` gives {len(folds)}",
                id="study.folds",
                where=assembly.place("study", "folds"),
                hint=f"data: {{split: {{name: k-fold, folds: {design.folds}}}}}",
            )
        found.append(folds)
    if len(found) > 1 and _same(found[0], found[1]):
        raise ConfigError(
            f"{splitter.name} draws nothing, so that its repeats are all the same",
            id="study.repeats",
            where=assembly.place("study", "vary" if design.redraws else "repeats"),
            hint="another data.split, or no repeats",
        )
    holdout = np.zeros(0, dtype=np.int64)
    if design.holdout:
        holdout = held_out(dataset, design.holdout, seed, assembly.place("study", "holdout"))
    context.facts["holdout"] = holdout
    every = [fold for draw, folds in enumerate(found) for fold in without(design.named(folds, draw), holdout)]
    if not every:
        raise DataError("every fold lies within the holdout", id="study.holdout", where=splitter.where)
    for fold in every:
        disjoint(fold, len(dataset), splitter)
        unseen(fold, dataset, splitter)
        calibratable(assembly, fold)
    return every


def _same(one: Sequence[Fold], other: Sequence[Fold]) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(getattr(a, part), getattr(b, part)) for a, b in zip(one, other, strict=True) for part in PARTS
    )


def disjoint(fold: Fold, rows: int, splitter: Part) -> None:
    """A splitter's fold is a division of these rows, with rows to train on and to test on."""
    parts = {name: np.asarray(getattr(fold, name)) for name in PARTS}
    together = np.concatenate([indices.ravel() for indices in parts.values()])
    fault = ""
    if any(indices.ndim != 1 or indices.dtype.kind not in "iu" for indices in parts.values() if indices.size):
        fault = f"names rows of {fold.name} by something other than whole numbers"
    elif len(np.unique(together)) != len(together):
        fault = f"put a row into two parts of {fold.name}"
    elif len(together) and (together.min() < 0 or together.max() >= rows):
        fault = "named a row that does not exist"
    if fault:
        raise PluginError(f"{splitter.name} {fault}", id="plugin.result", where=splitter.where, note=splitter.owner)
    for part, indices in (("train", fold.train), ("test", fold.test)):
        if not len(indices):
            raise DataError(f"no row is left for {part}", id="data.empty-part", where=splitter.where)


def unseen(fold: Fold, dataset: Dataset, splitter: Part) -> None:
    """Validation rows that repeat the test rows would choose the model by the test, and no waiver allows that."""
    inputs = dataset.schema.by("input")
    if not inputs or len(fold.validation) != len(fold.test):
        return
    read = [*inputs, *dataset.schema.by("target")]
    validation, test = (dataset.take(rows) for rows in (fold.validation, fold.test))
    if all(fingerprint(validation.stored(name)) == fingerprint(test.stored(name)) for name in read):
        raise DataError(
            f"the validation rows of {fold.name} are its test rows",
            id="data.validation-is-test",
            where=splitter.where,
            hint="other validation rows, or none: `validation: 0.1` draws them from the training rows",
        )


def calibratable(assembly: Assembly, fold: Fold) -> None:
    """Calibrators are fitted on validation rows: on training rows they would learn how well the model remembers."""
    if assembly.experiment.get("calibration") and not len(fold.validation):
        raise DataError(
            f"calibration is fitted on validation rows, and {fold.name} has none",
            id="config.validation",
            where=assembly.place("calibration"),
            hint="split: {validation: 0.1, ...}",
        )
