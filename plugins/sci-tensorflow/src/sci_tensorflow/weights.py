"""The weights of a network under names and layouts that every engine shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sci.api import ConfigError, weights_differ


@dataclass(frozen=True)
class Weight:
    """One array of a network.

    Args:
        name: its canonical name.
        variable: TensorFlow's variable.
        axes: the order of TensorFlow's axes in the canonical layout; None where both are the same.
        trainable: whether optimizers may change it; running statistics are not.
    """

    name: str
    variable: Any
    axes: tuple[int, ...] | None = None
    trainable: bool = True

    @property
    def shape(self) -> tuple[int, ...]:
        """In the canonical layout."""
        shape = tuple(self.variable.shape)
        return shape if self.axes is None else tuple(shape[axis] for axis in self.axes)

    def array(self) -> np.ndarray:
        """Its value in the canonical layout, a copy."""
        value = np.array(self.variable.numpy())
        return value if self.axes is None else np.ascontiguousarray(value.transpose(self.axes))

    def assign(self, array: np.ndarray) -> None:
        """Take over a value in the canonical layout, in the variable's own precision."""
        value = np.asarray(array, dtype=self.variable.dtype.as_numpy_dtype)
        if self.axes is not None:
            value = np.ascontiguousarray(value.transpose(np.argsort(self.axes)))
        self.variable.assign(value)


def load(weights: Sequence[Weight], arrays: Mapping[str, np.ndarray]) -> None:
    """Take over all weights, in the variables' own precision.

    Raises:
        ConfigError: names or shapes are those of another model.
    """
    own = {weight.name: weight.shape for weight in weights}
    if difference := weights_differ(own, {name: tuple(array.shape) for name, array in arrays.items()}):
        raise ConfigError(f"the weights are those of another model: {difference}", id="model.weights")
    for weight in weights:
        weight.assign(arrays[weight.name])
