"""Words that change places."""

from __future__ import annotations

import numpy as np

from sci.api import Ragged, SampleRandom
from sci_text.augmentation.config import SwapConfig
from sci_text.augmentation.draws import of_each
from sci_text.augmentation.rearranging import Rearranging


class Swap(Rearranging):
    """Words, or tokens, of a training row that are drawn change places with another one nearby (Wei and Zou 2019)."""

    component = "swap"
    config: SwapConfig

    def order(self, lengths: np.ndarray, random: SampleRandom, stream: str) -> Ragged:
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        chosen = np.flatnonzero(of_each(random, stream, lengths) < self.config.rate)
        other = of_each(random, f"{stream}/other", lengths)[chosen]
        rows = np.repeat(np.arange(len(lengths)), lengths)[chosen]
        places = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
        reach = lengths[rows] if self.config.distance is None else np.full(len(rows), self.config.distance)
        first = np.maximum(places[chosen] - reach, 0)
        last = np.minimum(places[chosen] + reach, lengths[rows] - 1)
        partner = first + np.floor(other * (last - first)).astype(np.int64)
        partner += partner >= places[chosen]  # any but itself
        for one, two in zip(chosen.tolist(), (offsets[rows] + np.minimum(partner, last)).tolist(), strict=True):
            places[[one, two]] = places[[two, one]]
        return Ragged(places, offsets)
