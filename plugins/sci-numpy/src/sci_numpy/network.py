"""What a model of engine numpy is, and what it finds in a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

import numpy as np

from sci.api import ConfigError, Feature, Schema

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
    * ``predict_step(batch, options) -> {head: array}``, where predicting is more than calling it;
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


def mass(batch: Arrays) -> float:
    """How much a batch counts beside others: its number of rows, or the sum of their weights."""
    return float(np.sum(batch["weight"], dtype=np.float64)) if "weight" in batch else float(rows(batch))


def width(inputs: Schema) -> int:
    """Number of columns of ``numbers``: 1 for a number or a boolean, its length for a vector.

    Raises:
        ConfigError: an input is none of these.
    """
    return sum(_width(name, feature) for name, feature in inputs.inputs.items())


def _width(name: str, feature: Feature) -> int:
    if feature.kind in ("number", "boolean") and not feature.ragged:
        return 1
    length = feature.shape[0] if len(feature.shape) == 1 else None
    if feature.kind != "array" or feature.ragged or length is None:
        shape = f" of shape {list(feature.shape)}" if feature.shape else ""
        raise ConfigError(
            f"input `{name}` is {feature.kind}{shape}, and the model reads numbers, booleans and vectors of one length",
            id="flow.kind",
            hint="a step that turns it into numbers, or data.inputs without it",
        )
    return length


def only_head(heads: Mapping[str, Feature], rank: int, reader: str) -> tuple[str, tuple[int, ...]]:
    """Name and shape of the single head, which has to be a number (rank 0) or a vector (rank 1) for each row.

    Raises:
        ConfigError: the task wants something else; `reader` is who cannot give it.
    """
    if len(heads) == 1:
        ((name, feature),) = heads.items()
        shape = tuple(size for size in feature.shape if size is not None)
        if len(shape) == len(feature.shape) == rank:
            return name, shape
    wanted = ", ".join(f"{name} of shape {list(feature.shape)}" for name, feature in heads.items())
    raise ConfigError(
        f"the task wants {wanted or 'nothing'} from the network, and {reader} has {('one number', 'one vector')[rank]}",
        id="flow.head",
    )
