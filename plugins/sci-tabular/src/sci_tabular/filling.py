"""What takes the place of the missing values of one column."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter

import numpy as np
import pyarrow.compute as pc

from sci.api import Column
from sci_tabular.moments import Moments

Fill = float | int | str
"""A float for numbers, an int for codes, a name for names."""


class Filling(ABC):
    """Learns the fill of one column, batch by batch, from the values that are there."""

    @abstractmethod
    def add(self, present: Column) -> None:
        """Take in the values of a batch that are not missing."""

    @abstractmethod
    def value(self) -> Fill:
        """The fill; infinite or NaN where arithmetic overflowed. There was at least one value."""


class Constant(Filling):
    """What the settings say."""

    def __init__(self, value: Fill) -> None:
        self._value = value

    def add(self, present: Column) -> None:
        """Nothing is learned."""

    def value(self) -> Fill:
        return self._value


class Mean(Filling):
    """The arithmetic mean, in one pass."""

    def __init__(self) -> None:
        self._moments = Moments()

    def add(self, present: Column) -> None:
        self._moments.add(np.asarray(present))

    def value(self) -> Fill:
        return float(self._moments.mean[0])


class Median(Filling):
    """The exact median; keeps every value until then."""

    def __init__(self) -> None:
        self._values: list[np.ndarray] = []

    def add(self, present: Column) -> None:
        self._values.append(np.asarray(present))

    def value(self) -> Fill:
        with np.errstate(over="ignore"):
            return float(np.median(np.concatenate(self._values)))


class MostFrequent(Filling):
    """The most frequent value; of several, the smallest number or the first name by code point."""

    def __init__(self) -> None:
        self._counts: Counter[Fill] = Counter()

    def add(self, present: Column) -> None:
        if isinstance(present, np.ndarray):
            values, counts = np.unique(present, return_counts=True)
            self._counts.update(dict(zip(values.tolist(), counts.tolist(), strict=True)))
        else:
            self._counts.update({pair["values"]: pair["counts"] for pair in pc.value_counts(present).to_pylist()})

    def value(self) -> Fill:
        most = max(self._counts.values())
        return min(value for value, count in self._counts.items() if count == most)
