"""What the model reaches when its targets mean nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sci.api import Conclusion, Controlled, Dataset, Score, Variant
from sci.api.numbers import count, fixed, p_value, row_decimals
from sci_statistics.blocks import blocks
from sci_statistics.config import LabelShuffleConfig

LEVEL = 0.05


class LabelShuffle:
    """Control `label-shuffle`: the model on training and validation rows whose targets were exchanged at random.

    With b of m shuffles at least as good as the model, the permutation p is (b + 1) / (m + 1), which is never 0
    (Phipson and Smyth, Statistical Applications in Genetics and Molecular Biology 9, 2010; Ojala and Garriga, Journal
    of Machine Learning Research 11, 2010). Where groups are declared, a whole group gets the targets of another one.

    Args:
        config: how many shuffles.
    """

    def __init__(self, config: LabelShuffleConfig) -> None:
        self.config = config

    def variants(self, train: Dataset, validation: Dataset, seed: int) -> Sequence[Variant]:
        """One for each shuffle; all rows stay."""
        parts = (train, validation)
        rows, groups = [np.arange(len(part), dtype=np.int64) for part in parts], [blocks(part) for part in parts]
        found = []
        for number in range(1, self.config.shuffles + 1):
            random = np.random.default_rng([self.config.seed, seed, number])
            donors = [exchanged(len(part), own, random) for part, own in zip(parts, groups, strict=True)]
            found.append(Variant(str(number), *rows, *donors))
        return found

    def conclude(self, metric: str, model: Score, rows: float, found: Sequence[Controlled]) -> Conclusion:
        """Whether the model lies outside of what shuffled targets give."""
        values = [one.scores[metric].value for one in found]
        known = [value for value in values if math.isfinite(value)]
        if not known or not math.isfinite(model.value):
            return Conclusion(f"{metric} is not defined here, so shuffled targets cannot be compared.")
        m, sign = len(known), 1 if model.higher_is_better else -1
        b = sum(sign * value >= sign * model.value for value in known)
        p = (b + 1) / (m + 1)
        places = row_decimals([model.value, *known], [model.high - model.low])
        value, low, high = (fixed(number, places, minus="-") for number in (model.value, min(known), max(known)))
        facts = {"p": p, "shuffles": m, "at_least_as_good": b, "low": min(known), "high": max(known)}
        reached = f"{count(m)} models trained on shuffled targets ({low} to {high})"
        if b:
            as_well = f"{metric} {value} is reached by {count(b)} of {reached}: permutation p {p_value(p)}."
            doubt = f"{as_well} What the model has learned may be chance." if p > LEVEL else ""
            return Conclusion(as_well, doubt, facts)
        least = f"{metric} {value} is better than all of {reached}: permutation p {p_value(p)}"
        enough = math.ceil(1 / LEVEL) - 1
        if m >= enough:
            return Conclusion(f"{least}.", facts=facts)
        return Conclusion(f"{least}, the smallest that so few can give; {enough} can give {LEVEL}.", facts=facts)


def exchanged(n: int, groups: Sequence[np.ndarray], random: np.random.Generator) -> np.ndarray:
    """For each of n rows the row whose targets it gets, int64 [n]: any other, or for a group those of another group,
    again from the start where it is the longer one."""
    if not groups:
        return random.permutation(n).astype(np.int64)
    donors = np.empty(n, dtype=np.int64)
    for group, other in zip(groups, random.permutation(len(groups)), strict=True):
        donors[group] = np.resize(groups[other], len(group))
    return donors
