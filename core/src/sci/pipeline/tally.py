"""What the steps do to rows, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from sci.api import Batch, Preprocessor
from sci.pipeline.blame import guarded, owed
from sci.pipeline.steps import Steps

STEP = "preprocess.step"
"""Identifier of the warnings that steps have to give."""


class Tally:
    """The sums of what `Preprocessor.tally` counts; called with the rows that each step gets."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self._counts: dict[int, Counter[str]] = {}

    def __call__(self, position: int, batch: Batch) -> None:
        recipe, step = self.steps.recipes[position], self.steps.steps[position]
        if type(step).tally is Preprocessor.tally:
            return
        found = owed(recipe, guarded(recipe, "tally", step.tally, batch), Mapping, "mapping of counts")  # type: ignore[type-abstract]
        self._counts.setdefault(position, Counter()).update(found)

    def told(self, part: str) -> Iterator[tuple[str, str]]:
        """The name of each step, and a sentence of it."""
        for position in sorted(self._counts):
            recipe, step = self.steps.recipes[position], self.steps.steps[position]
            for said in guarded(recipe, "told", step.told, part, self._counts[position]):
                yield recipe.name, said
