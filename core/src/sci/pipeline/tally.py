"""What the steps do to rows that are evaluated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from sci.api import Batch, Preprocessor
from sci.pipeline.blame import guarded, owed
from sci.pipeline.steps import Steps


class Tally:
    """The sums of what `Preprocessor.tally` counts; called with the rows that each step gets."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self._counting = {
            position for position, step in enumerate(steps.steps) if type(step).tally is not Preprocessor.tally
        }
        self._counts: dict[int, Counter[str]] = {position: Counter() for position in self._counting}

    def __call__(self, position: int, batch: Batch) -> None:
        if position not in self._counting:
            return
        recipe = self.steps.recipes[position]
        found = guarded(recipe, "tally", self.steps.steps[position].tally, batch)
        self._counts[position].update(owed(recipe, found, Mapping, "mapping of counts"))  # type: ignore[type-abstract]

    def told(self, part: str) -> Iterator[tuple[str, str]]:
        """The name of each step, and a sentence of it."""
        for position in sorted(self._counting):
            recipe, step = self.steps.recipes[position], self.steps.steps[position]
            for said in guarded(recipe, "told", step.told, part, self._counts[position]):
                yield recipe.name, said
