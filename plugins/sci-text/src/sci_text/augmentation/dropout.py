"""Words that go."""

from __future__ import annotations

import numpy as np

from sci.api import Ragged, SampleRandom
from sci_text.augmentation.draws import of_each
from sci_text.augmentation.rearranging import Rearranging


class TokenDropout(Rearranging):
    """Each word, or token, of a training row goes with a probability (Iyyer et al. 2015); one at least stays."""

    component = "token-dropout"

    def order(self, lengths: np.ndarray, random: SampleRandom, stream: str) -> Ragged:
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        drawn = of_each(random, stream, lengths)
        stays = drawn >= self.config.rate
        full = np.flatnonzero(lengths)
        largest = np.maximum.reduceat(drawn, offsets[:-1][full]) if len(full) else np.zeros(0)
        stays |= drawn == np.repeat(largest, lengths[full])
        places = np.arange(len(drawn)) - np.repeat(offsets[:-1], lengths)
        return Ragged(np.where(stays, places, -1), offsets)
