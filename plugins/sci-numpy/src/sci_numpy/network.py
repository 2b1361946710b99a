"""What a model of engine numpy is, and what it finds in a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeAlias

import numpy as np

from sci.api import Feature

Arrays: TypeAlias = Mapping[str, np.ndarray]


class Network(Protocol):
    """A model of engine numpy, made by a target ``(config, inputs: Schema, heads, seed)``.

    It may also have

    * ``parameter_groups() -> {group: [(name, parameter)]}``, where several optimizers train it;
    * ``penalty() -> (value, {name: gradient})``, added once to the loss of each update;
    * ``fit(batch) -> None``, which sets the parameters from all rows at once; its component then has the trait
      ``fit-once``, and `backward` is not called;
    * ``training_step(batch, {group: optimizer}, step) -> loss``, which calls the optimizers itself (adversarial
      training); its component then has the trait ``own-step``, and `backward` is not called;
    * ``predict_step(batch, options) -> {head: array}``, where predicting is more than calling it. It is not given the
      targets; the validation loss still comes from calling the network with them;
    * ``restore(arrays) -> None``, which takes over stored parameters where their shapes follow from the training rows,
      and raises `ConfigError` for what cannot be its own;
    * ``input_gradients(batch, {head: gradient}) -> {key: gradient}``, the derivative by keys of the batch, for
      attribution.

    There is no automatic differentiation: whoever writes a model writes its derivative. Nothing but `parameters` is
    saved.
    """

    parameters: dict[str, np.ndarray]
    """Name to array. The engine casts them to the precision of the run once, and later changes them in place."""

    def __call__(self, batch: Arrays) -> dict[str, np.ndarray]:
        """What the network emits for each head; rows are the first axis."""
        ...

    def backward(self, batch: Arrays, gradients: Arrays) -> dict[str, np.ndarray]:
        """The derivative of the loss by every parameter, from its derivative by every head.

        Called right after the network itself, with the same batch, so that it may keep what it computed there.
        """
        ...


def rows(batch: Arrays) -> int:
    """Number of rows of a batch."""
    return len(next(iter(batch.values())))


def numbers(batch: Arrays) -> np.ndarray:
    """The packed scalar inputs [n, d]; d is 0 where a table has none."""
    return batch["numbers"] if "numbers" in batch else np.zeros((rows(batch), 0))


def shares(batch: Arrays) -> np.ndarray:
    """How much each row counts in a mean: float64 [n], summing to 1; in proportion to ``weight`` where there is one.

    All zero where every weight is: such rows teach nothing.
    """
    if "weight" not in batch:
        return np.full(rows(batch), 1 / rows(batch))
    weight = np.asarray(batch["weight"], dtype=np.float64)
    return weight / (weight.sum() or 1.0)


def mass(batch: Arrays, loss: Any = None) -> float:
    """How much a batch counts beside others: what its loss says; else its number of rows, or the sum of their
    weights."""
    if hasattr(loss, "mass"):
        return float(loss.mass(batch))
    return float(np.sum(batch["weight"], dtype=np.float64)) if "weight" in batch else float(rows(batch))


def weights(batch: Arrays) -> np.ndarray:
    """How much each row counts, float64 [n]."""
    return np.asarray(batch["weight"], dtype=np.float64) if "weight" in batch else np.ones(rows(batch))


def in_rows(heads: Mapping[str, Feature]) -> dict[str, Feature]:
    """The heads, as if one that is ragged were asked for once in each row."""
    return {name: replace(feature, ragged=False) for name, feature in heads.items()}
