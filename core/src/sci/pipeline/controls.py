"""Controls: the study's own model on training rows that were changed on purpose, kept apart from its rivals."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from sci.api import (
    Conclusion,
    Controlled,
    ControlResult,
    Dataset,
    Evaluation,
    Fold,
    PluginError,
    Predictions,
    SciError,
    Score,
    Variant,
    Verdict,
)
from sci.api.errors import Interrupted
from sci.api.rows import take
from sci.pipeline import scores
from sci.pipeline.assembly import Part
from sci.pipeline.blame import guarded, owed, several
from sci.pipeline.child import run_child
from sci.pipeline.context import Context
from sci.pipeline.scores import Judge
from sci.pipeline.seal import Sealed

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")

Merge = Callable[[Sequence[Evaluation], str], dict[str, Score]]
Pool = Callable[[Sequence[Evaluation]], Predictions]


class Place(NamedTuple):
    """Where the model itself was trained: the child and its fold."""

    child: Context
    fold: Fold


class Controls:
    """The controls of one study, run after its model.

    Args:
        context: of the study.
        merge: scores of one part of the rows over several children.
        pool: predictions of the test rows of several children.
    """

    def __init__(self, context: Context, merge: Merge, pool: Pool) -> None:
        self.context = context
        self.merge = merge
        self.pool = pool
        self.parts = context.assembly.controls()
        self._made = {part.name: part.make() for part in self.parts}
        self._found: dict[str, dict[str, list[tuple[int, Evaluation]]]] = {}
        self._places: Sequence[Place] = ()

    def run(self, dataset: Dataset, places: Sequence[Place]) -> None:
        """Train every variant on every fold with every seed; those that are finished are read back."""
        self._places = places
        for part in self.parts:
            found = self._found.setdefault(part.name, {})
            for place in places:
                for variant in self._variants(part, dataset, place):
                    done = self._variant(part, variant, dataset, place)
                    if done is not None:
                        found.setdefault(variant.name, []).append((len(variant.train), done))
        counted = (f"{name} ({len(found)} variants)" for name, found in self._found.items())
        self.context.say(f"controls {', '.join(counted)}")

    def results(self, judge: Judge, model: Mapping[str, Score], evaluations: Sequence[Evaluation]) -> Results:
        """What the controls came to, by name; a variant that is missing for a fold is left out.

        Args:
            judge: scores and compares.
            model: the model's scores on the test rows, over all children.
            evaluations: of the model's children.
        """
        rows = float(np.mean([len(place.fold.train) for place in self._places])) if self._places else 0.0
        found = {}
        for part in self.parts:
            whole = {name: done for name, done in self._found[part.name].items() if len(done) == len(self._places)}
            variants = [self._merged(part, judge, name, done, evaluations) for name, done in whole.items()]
            if variants:
                said = {name: self._concluded(part, name, score, rows, variants) for name, score in model.items()}
                found[part.name] = ControlResult(rows, variants, said, sum(map(len, whole.values())))
        return found

    def _variants(self, part: Part, dataset: Dataset, place: Place) -> list[Variant]:
        train, validation = (dataset.take(rows) for rows in (place.fold.train, place.fold.validation))
        made = self._made[part.name]
        found = several(part, "vary", Variant, made.variants, train, validation, place.child.seed)
        for variant in found:
            found_fault = fault(variant, len(train), len(validation))
            if found_fault:
                raise PluginError(f"{part.name}: {found_fault}", id="plugin.result", where=part.where, note=part.owner)
        return found

    def _variant(self, part: Part, variant: Variant, dataset: Dataset, place: Place) -> Evaluation | None:
        """The model on changed rows; one that cannot be trained is a warning, never a lost study."""
        child, who = place.child, f"{part.name} {variant.name}"
        directory = child.directory / "children" / f"control-{part.name}-{variant.name}"
        context = child.child(directory, self.context.assembly, child.seed, quiet=True)
        changed, fold = changed_rows(dataset, place.fold, variant)
        self.context.report(who)
        try:
            run = f"{child.experiment['name']}/{child.run_id}"
            sealed = Sealed(dataset, fold.test, run, child.ledger, f"control {who}")
            return run_child(context, changed, fold, sealed).evaluation
        except Interrupted:
            raise
        except SciError as error:
            self.context.warn("control.failed", f"control {who} could not run: {error.message}")
            return None

    def _merged(
        self,
        part: Part,
        judge: Judge,
        name: str,
        done: Sequence[tuple[int, Evaluation]],
        evaluations: Sequence[Evaluation],
    ) -> Controlled:
        rows, own = zip(*done, strict=True)
        differences = {}
        if getattr(self._made[part.name], "paired", False):
            compared = judge.differences(self.pool(evaluations), {name: self.pool(own)})
            differences = {metric: by_name[name] for metric, by_name in compared.items()}
        return Controlled(name, float(np.mean(rows)), self.merge(own, "test"), differences)

    def _concluded(
        self, part: Part, metric: str, model: Score, rows: float, variants: Sequence[Controlled]
    ) -> Conclusion:
        said = guarded(part, "conclude", self._made[part.name].conclude, metric, model, rows, variants)
        return owed(part, said, Conclusion, "Conclusion")


Results = dict[str, ControlResult]
"""Control to what it came to."""


def changed_rows(dataset: Dataset, fold: Fold, variant: Variant) -> tuple[Dataset, Fold]:
    """The rows under a variant, and its fold; rows outside of training and validation stay as they are."""
    kept = Fold(fold.name, fold.train[variant.train], fold.validation[variant.validation], fold.test)
    donors = np.arange(len(dataset), dtype=np.int64)
    if variant.train_targets is not None:
        donors[kept.train] = fold.train[variant.train_targets]
    if variant.validation_targets is not None:
        donors[kept.validation] = fold.validation[variant.validation_targets]
    if np.array_equal(donors, np.arange(len(dataset))):
        return dataset, kept
    targets = {name: take(dataset.stored(name), donors) for name in dataset.schema.slots.values()}
    return dataset.with_columns(targets, dataset.schema), kept


def fault(variant: Variant, train: int, validation: int) -> str:
    """Why a variant cannot be run; empty where it can."""
    if not _NAME.fullmatch(variant.name):
        return f"`{variant.name}` cannot be a part of a folder's name"
    asked = (
        ("train", variant.train, train, len(variant.train)),
        ("validation", variant.validation, validation, len(variant.validation)),
        ("train_targets", variant.train_targets, train, len(variant.train)),
        ("validation_targets", variant.validation_targets, validation, len(variant.validation)),
    )
    for name, positions, rows, wanted in asked:
        if positions is None:
            continue
        known = positions.dtype.kind in "iu" and positions.ndim == 1 and len(positions) == wanted
        if not known or (wanted and not (positions.min() >= 0 and positions.max() < rows)):
            return f"`{name}` of variant {variant.name} are no positions in {rows:,} rows"
    unique = len(np.unique(variant.train)) == len(variant.train) > 0
    return "" if unique else f"variant {variant.name} trains on no row, or on one row twice"


def doubted(verdict: Verdict, results: Results) -> Verdict:
    """The verdict with what controls hold against it, in its metric."""
    doubts = {name: one.conclusions[verdict.metric].doubt for name, one in results.items()}
    against = {name: doubt for name, doubt in doubts.items() if doubt}
    return replace(
        verdict,
        cautions=(*verdict.cautions, *against.values()),
        weakened_by=(*verdict.weakened_by, *against),
    )


def as_json(results: Results) -> dict[str, Any]:
    """The entry ``controls`` of `metrics.json`; none where none was asked for."""
    found = {name: _result(result) for name, result in results.items()}
    return {"controls": found} if found else {}


def _result(result: ControlResult) -> dict[str, Any]:
    return {
        "rows": result.rows,
        "openings": result.openings,
        "conclusions": {
            metric: {"sentence": said.sentence, "doubt": said.doubt or None, **said.facts}
            for metric, said in result.conclusions.items()
        },
        "variants": {
            one.name: {
                "rows": one.rows,
                "test": scores.as_json(one.scores),
                "differences": {metric: vars(found) for metric, found in one.differences.items()},
            }
            for one in result.variants
        },
    }
