"""Random draws that belong to a row, whatever batch it comes in."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_GOLDEN = 0x9E3779B97F4A7C15
_MIX_1 = 0xBF58476D1CE4E5B9
_MIX_2 = 0x94D049BB133111EB


def _mixed(bits: np.ndarray) -> np.ndarray:
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014), which spreads every input bit over all output bits."""
    import numpy as np

    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(_MIX_1)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(_MIX_2)
    return bits ^ (bits >> np.uint64(31))


class SampleRandom:
    """A draw is a function of (seed, epoch, row id, step, stream, position), never of the batch or of the order of
    rows.

    Args:
        seed: the seed of the run.
        epoch: 0 in the first pass; predictions use 0.
        ids: int64 [n], the ids of the rows that the draws are for.
        step: name of the step that draws, so that two steps never share their draws.
    """

    def __init__(self, seed: int, epoch: int, ids: np.ndarray, step: str = "") -> None:
        self.seed = seed
        self.epoch = epoch
        self.ids = ids
        self.step = step

    def _bits(self, stream: str, count: int) -> np.ndarray:
        import numpy as np

        name = f"{self.seed}|{self.epoch}|{self.step}|{stream}".encode()
        key = np.uint64(int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little"))
        rows = np.asarray(self.ids, dtype=np.int64).view(np.uint64)
        per_row = _mixed(_mixed(rows * np.uint64(_GOLDEN) + key) ^ key)
        positions = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(_GOLDEN)
        return _mixed(per_row[:, None] + positions[None, :])

    def uniform(self, stream: str, shape: tuple[int, ...] = ()) -> np.ndarray:
        """Uniform in [0, 1): float64 [n, *shape]."""
        import numpy as np

        count = int(np.prod(shape, dtype=np.int64))
        drawn = (self._bits(stream, count) >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return drawn.reshape(len(self.ids), *shape)

    def normal(self, stream: str, shape: tuple[int, ...] = ()) -> np.ndarray:
        """Standard normal by the Box-Muller transform: float64 [n, *shape]."""
        import numpy as np

        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(f"{stream}/radius", shape)))
        return radius * np.cos(2.0 * np.pi * self.uniform(f"{stream}/angle", shape))

    def integers(self, stream: str, high: int, shape: tuple[int, ...] = ()) -> np.ndarray:
        """Integers in [0, high): int64 [n, *shape]."""
        import numpy as np

        return np.floor(self.uniform(stream, shape) * high).astype(np.int64)
