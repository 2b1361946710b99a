"""What a model of engine sklearn is: fitted by scikit-learn, kept as arrays, answered from those arrays alone."""

from __future__ import annotations

import abc
import warnings
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np

from sci.api import ConfigError, DataError, Feature, Schema, input_width, only_head

Arrays: TypeAlias = Mapping[str, np.ndarray]
Layout: TypeAlias = Mapping[str, tuple[str, tuple[int | str, ...]]]


class Fitted(abc.ABC):
    """A model that scikit-learn fits in one step.

    `learned` turns a fitted estimator into arrays, and `answer` predicts from these arrays and nothing else, so that
    what was trained, what is stored and what is served are one thing, and no file is ever unpickled.

    Args:
        config: the settings.
        inputs: the schema, from which the number of inputs d follows.
        heads: one vector of k logits (classification), or one number (regression).
        seed: whatever is drawn follows from it.

    Raises:
        ConfigError: the task wants something else of the network, or an input is no number.
    """

    def __init__(self, config: Any, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> None:
        self.config = config
        rank = len(next(iter(heads.values())).shape) if heads else 0
        self.head, shape = only_head(heads, min(rank, 1), type(self).__name__)
        self.classes = shape[0] if shape else 0
        self.width = input_width(inputs, type(self).__name__)
        self.seed = seed % 2**32
        self.threads = 1
        self.parameters: dict[str, np.ndarray] = {}
        self.complaints: list[str] = []

    @abc.abstractmethod
    def learned(self, inputs: np.ndarray, target: np.ndarray, weight: np.ndarray | None) -> dict[str, np.ndarray]:
        """The arrays of a model that was fitted to rows [n, d], each counting by its weight [n]."""

    @abc.abstractmethod
    def answer(self, inputs: np.ndarray) -> np.ndarray:
        """Logits [n, k] or values [n] of rows [n, d], from `parameters`."""

    @abc.abstractmethod
    def layout(self) -> Layout:
        """What is kept: name to kind of number (``f`` or ``i``) and shape; sizes with the same letter are equal."""

    def flaw(self, arrays: Arrays) -> str:
        """What makes arrays of the right layout unusable; empty where nothing does."""
        return ""

    def penalty(self) -> float:
        """What is added to the loss of the fitted model."""
        return 0.0

    def slope(self, inputs: np.ndarray, gradient: np.ndarray) -> np.ndarray | None:
        """The derivative by the inputs [n, d], from that by the head; None where there is none."""
        return None

    def __call__(self, batch: Arrays) -> dict[str, np.ndarray]:
        """The head of these rows.

        Raises:
            ConfigError: the model was not fitted yet.
        """
        if not self.parameters:
            raise ConfigError("the model has not been fitted yet", id="model.unfitted")
        rows = numbers(batch)
        if not len(rows):
            return {self.head: np.zeros((0, self.classes) if self.classes else 0)}
        return {self.head: self.answer(rows)}

    def fit(self, batch: Arrays) -> None:
        """Learn from these rows; those of weight 0 are left out.

        Raises:
            DataError: values are infinite, every weight is 0, or scikit-learn cannot fit such rows.
        """
        inputs, target, weight = numbers(batch), batch["target"], None
        if "weight" in batch:
            kept = batch["weight"] > 0
            inputs, target, weight = inputs[kept], target[kept], batch["weight"][kept].astype(np.float64)
        if not len(inputs):
            raise DataError("there is no training row with a weight above 0", id="data.weight")
        if np.isinf(inputs).any() or (not self.classes and not np.isfinite(target).all()):
            raise DataError(
                "the inputs or the target hold infinite values",
                id="data.infinite",
                hint="leave these rows out, or take the logarithm first",
            )
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                self.parameters = self.learned(inputs, target, weight)
            self.complaints = self._unsolved(caught)
        except ValueError as error:
            first = str(error).strip().splitlines()[0]
            raise DataError(f"scikit-learn cannot fit these rows: {first}", id="data.fit") from error

    def _unsolved(self, caught: Iterable[warnings.WarningMessage]) -> list[str]:
        """What solvers said of a solution that is none; what else they say of the fit stands in the loss."""
        from scipy.linalg import LinAlgWarning
        from sklearn.exceptions import ConvergenceWarning

        grave = (ConvergenceWarning, LinAlgWarning)
        said = [
            str(one.message).strip().splitlines()[0].rstrip(":.") for one in caught if issubclass(one.category, grave)
        ]
        more = "more `max_iterations` or standardized" if hasattr(self.config, "max_iterations") else "standardized"
        return [f"{words}; {more} inputs may help" for words in dict.fromkeys(said)]

    def restore(self, arrays: Arrays) -> None:
        """Take over arrays that `learned` returned; unchanged where they are refused.

        Raises:
            ConfigError: they are those of another model, or would not answer.
        """
        wrong = mismatch(arrays, self.layout()) or self.flaw(arrays)
        if wrong:
            raise ConfigError(f"the weights are those of another model: {wrong}", id="model.weights")
        self.parameters = {name: array.copy() for name, array in arrays.items()}

    def logarithms(self, probability: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """Log-probabilities [n, k] from probabilities of the classes that occurred in training; minus infinity for the
        others."""
        found = np.full((len(probability), self.classes), -np.inf)
        with np.errstate(divide="ignore"):
            found[:, classes] = np.log(probability)
        return found


def mismatch(arrays: Arrays, layout: Layout) -> str:
    """The first way in which arrays depart from a layout; empty where they do not."""
    if set(arrays) != set(layout):
        return f"they hold {', '.join(sorted(arrays)) or 'nothing'}, this model {', '.join(sorted(layout))}"
    sizes: dict[str, int] = {}
    for name, (kind, shape) in layout.items():
        array = arrays[name]
        wanted = tuple(
            size if isinstance(size, int) else sizes.setdefault(size, found)
            for size, found in zip(shape, array.shape, strict=False)
        )
        if array.dtype.kind != kind or len(array.shape) != len(shape) or array.shape != wanted:
            return f"`{name}` is {array.dtype} {list(array.shape)}"
    return ""


def numbers(batch: Arrays) -> np.ndarray:
    """The packed scalar inputs [n, d]; d is 0 where a table has none."""
    return batch["numbers"] if "numbers" in batch else np.zeros((len(next(iter(batch.values()))), 0))
