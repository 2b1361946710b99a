"""Splitter `k-fold`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sci.api import DataError, Dataset, Fold, RunContext
from sci_data.assignment import assign
from sci_data.classes import class_codes, class_names
from sci_data.drawn import generator
from sci_data.kin import kin
from sci_data.parts import fold, group_columns
from sci_data.shares import TEST, TRAIN, VALIDATION, equal_quotas, quotas
from sci_data.split_config import KFoldConfig


class KFold:
    """Folds whose test parts are equally large and together hold every row once (Stone 1974).

    Rows with identical inputs, and rows of one group, go to one test part. The validation rows of a fold are drawn from
    what its test part leaves; with `inner` (nested cross-validation) each row of what is left validates once.

    Args:
        config: how many folds, and what stays together.
    """

    def __init__(self, config: KFoldConfig) -> None:
        self.config = config

    def split(self, dataset: Dataset, context: RunContext, seed: int) -> Sequence[Fold]:
        """Folds fold-1 to fold-k; their test parts differ by one row at most, as far as groups allow."""
        folds = self.config.folds
        groups = group_columns(dataset, self.config.group_by)
        together = kin(dataset, self.config.identical == "together", groups, context)
        units = len(np.unique(together))
        if units < folds:
            what = "rows" if units == len(dataset) else "groups of rows that stay together"
            raise DataError(
                f"{folds} folds need {folds} {what}; there are {units:,}", id="data.folds", hint="fewer folds"
            )
        classes = self._classes(dataset)
        test = assign(equal_quotas(np.bincount(classes), folds), classes, together, generator(seed))
        if self.config.inner is not None:
            return [one for number in range(folds) for one in self._nested(number, test, classes, together, seed)]
        return [self._fold(number, test, classes, together, seed) for number in range(folds)]

    def _nested(
        self, number: int, test: np.ndarray, classes: np.ndarray, together: np.ndarray, seed: int
    ) -> list[Fold]:
        """The folds of one test part: its training rows in inner folds, each of which validates once."""
        inner = self.config.inner or 0
        rest = np.flatnonzero(test != number)
        if len(np.unique(together[rest])) < inner:
            raise DataError(
                f"fold-{number + 1} has too few rows to train on for {inner} inner folds",
                id="data.folds",
                hint="fewer inner folds",
            )
        sizes = equal_quotas(np.bincount(classes[rest]), inner)
        found = assign(sizes, classes[rest], together[rest], generator(seed, number + 1))
        part = np.where(test == number, TEST, TRAIN)
        folds = []
        for position in range(inner):
            part[rest] = np.where(found == position, VALIDATION, TRAIN)
            folds.append(fold(f"fold-{number + 1}.inner-{position + 1}", part))
        return folds

    def _classes(self, dataset: Dataset) -> np.ndarray:
        if not self.config.stratified:
            return np.zeros(len(dataset), dtype=np.int64)
        classes = class_codes(dataset, "k-fold")
        small = np.flatnonzero(np.bincount(classes) < self.config.folds)
        if len(small):
            rare = class_names(dataset, classes, small)
            raise DataError(
                f"a class has fewer rows than there are folds ({self.config.folds}): {rare}",
                id="data.folds",
                hint="fewer folds, or stratified: false",
            )
        return classes

    def _fold(self, number: int, test: np.ndarray, classes: np.ndarray, together: np.ndarray, seed: int) -> Fold:
        part = np.where(test == number, TEST, TRAIN)
        rest = np.flatnonzero(test != number)
        if self.config.validation and len(rest):
            wanted = quotas(np.bincount(classes[rest]), self.config.validation, 0.0)[: VALIDATION + 1]
            part[rest] = assign(wanted, classes[rest], together[rest], generator(seed, number + 1))
        return fold(f"fold-{number + 1}", part)
