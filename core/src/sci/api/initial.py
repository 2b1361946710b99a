"""The first weights of a network, the same on every engine."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


class Initial:
    """Draws the first weights by name, so that neither the engine nor the order of layers plays a part.

    Args:
        seed: the seed of the initialisation.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def _generator(self, name: str) -> np.random.Generator:
        import numpy as np

        key = hashlib.blake2b(f"{self.seed}|{name}".encode(), digest_size=16).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(key, "little")))

    def draw(self, rule: str | float, name: str, shape: tuple[int, ...]) -> np.ndarray:
        """By `he_uniform` or `glorot_uniform`, or, where the rule is a number, normal with this standard deviation."""
        if isinstance(rule, str):
            drawn: np.ndarray = getattr(self, rule)(name, shape)
            return drawn
        return self.normal(name, shape, rule)

    def normal(self, name: str, shape: tuple[int, ...], scale: float) -> np.ndarray:
        """Normal with mean 0 and standard deviation `scale`: float64 `shape`."""
        return self._generator(name).normal(0.0, scale, shape)

    def uniform(self, name: str, shape: tuple[int, ...], bound: float) -> np.ndarray:
        """Uniform in [-bound, bound): float64 `shape`."""
        return self._generator(name).uniform(-bound, bound, shape)

    def he_uniform(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        """Uniform with variance 2 / fan-in, for layers before a ReLU (He et al. 2015, arXiv:1502.01852).

        `shape` is [out, in, ...]: the fan-in is the product of all but the first.
        """
        return self.uniform(name, shape, math.sqrt(6 / math.prod(shape[1:])))

    def glorot_uniform(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        """Uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010, PMLR 9, 249-256); `shape` as above."""
        field = math.prod(shape[2:])
        return self.uniform(name, shape, math.sqrt(6 / ((shape[0] + shape[1]) * field)))
