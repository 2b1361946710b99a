"""What the model reaches with fewer training rows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sci.api import Conclusion, Controlled, Dataset, Difference, Score, Variant
from sci.api.numbers import count, difference, fixed, row_decimals
from sci_statistics.blocks import blocks, classes
from sci_statistics.config import TrainingSizeConfig


class TrainingSize:
    """Control `training-size`: the model on nested parts of its training rows, for a learning curve over data size.

    Each part holds the smaller ones and the classes as the whole has them (Perlich, Provost and Simonoff, Journal of
    Machine Learning Research 4, 2003). Where groups are declared, one group is added after the other. Validation rows
    stay.

    Args:
        config: the shares.
    """

    paired = True

    def __init__(self, config: TrainingSizeConfig) -> None:
        self.config = config

    def variants(self, train: Dataset, validation: Dataset, seed: int) -> Sequence[Variant]:
        """One for each share, the smallest first; the whole is the model itself."""
        order = nested(train, np.random.default_rng([self.config.seed, seed]))
        kept = np.arange(len(validation), dtype=np.int64)
        found = []
        for share in sorted(set(self.config.shares)):
            rows = np.sort(order[: max(round(share * len(order)), 1)])
            found.append(Variant(f"{100 * share:g}-percent", rows, kept))
        return found

    def conclude(self, metric: str, model: Score, rows: float, found: Sequence[Controlled]) -> Conclusion:
        """Whether the last rows that were added made a difference."""
        last = max(found, key=lambda one: one.rows)
        before = last.scores[metric].value
        facts = {"rows": rows, "rows_before": last.rows, "value": model.value, "value_before": before}
        span = f"From {_whole(last.rows)} to {_whole(rows)} training rows"
        step = last.differences.get(metric)
        if step is None or not math.isfinite(step.low):
            places = row_decimals([model.value, before], [model.high - model.low])
            values = " to ".join(fixed(value, places, minus="-") for value in (before, model.value))
            return Conclusion(f"{span} {metric} goes from {values}; their difference has no interval.", facts=facts)
        facts |= {"difference": step.value, "low": step.low, "high": step.high, "p": step.p}
        return Conclusion(f"{span} {_said(metric, step)}", facts=facts)


def nested(rows: Dataset, random: np.random.Generator) -> np.ndarray:
    """All positions in an order whose beginnings are parts, int64 [n]: group after group, else every class in
    proportion and each of them early."""
    groups, labels = blocks(rows), classes(rows)
    if groups:
        return np.concatenate([groups[at] for at in random.permutation(len(groups))])
    shuffled = random.permutation(len(rows)).astype(np.int64)
    if labels is None:
        return shuffled
    place = np.empty(len(rows))
    for label in np.unique(labels):
        own = shuffled[labels[shuffled] == label]
        place[own] = np.arange(len(own)) / len(own)
    return shuffled[np.argsort(place[shuffled], kind="stable")]


def _said(metric: str, step: Difference) -> str:
    shown = difference(step.value, step.low, step.high, minus="-")
    if step.word == "not separable":
        return (
            f"no change of {metric} can be shown ({shown.value}, {shown.low} to {shown.high}): this test set does not "
            "show that more data would help."
        )
    way, so = ("better", "would likely") if step.word == "better" else ("worse", "would likely not")
    places = row_decimals([step.value], [step.high - step.low])
    size, low, high = (fixed(number, places) for number in (abs(step.value), *sorted((abs(step.low), abs(step.high)))))
    return f"{metric} gets {way} by {size} ({low} to {high}): more data like these {so} help."


def _whole(rows: float) -> str:
    return count(round(rows))
