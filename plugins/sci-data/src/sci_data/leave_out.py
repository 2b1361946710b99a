"""Splitters `leave-one-out` and `leave-one-group-out`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from sci.api import DataError, Dataset, Fold, RunContext
from sci_data.drawn import validated
from sci_data.kin import kin
from sci_data.names import require_columns
from sci_data.parts import fold, group_columns
from sci_data.shares import TEST, TRAIN
from sci_data.split_config import LeaveOneGroupOutConfig, LeaveOneOutConfig

MOST = 2000
"""Models that are trained at most."""
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,40}")


class LeaveOneOut:
    """As many folds as there are rows, each with one row as its test part (Stone 1974).

    Rows with identical inputs, and rows of one group, are left out together.

    Args:
        config: what stays together, and the rows for validation.
    """

    def __init__(self, config: LeaveOneOutConfig) -> None:
        self.config = config

    def split(self, dataset: Dataset, context: RunContext, seed: int) -> Sequence[Fold]:
        """Folds fold-1, fold-2, ... in the order of the rows."""
        groups = group_columns(dataset, self.config.group_by)
        together = kin(dataset, self.config.identical == "together", groups, context)
        firsts, units = np.unique(together, return_index=True, return_inverse=True)[1:]
        _demand(len(firsts), "rows that are not of one group")
        order = np.argsort(firsts, kind="stable")
        return [
            _left_out(f"fold-{number}", units == unit, units, self.config.validation, seed, number)
            for number, unit in enumerate(order, 1)
        ]


class LeaveOneGroupOut:
    """As many folds as there are groups, each with one group as its test part: how the model does on a site, a patient,
    a speaker that it has never seen.

    Args:
        config: the column that tells the groups apart, and the rows for validation.
    """

    def __init__(self, config: LeaveOneGroupOutConfig) -> None:
        self.config = config

    def split(self, dataset: Dataset, context: RunContext, seed: int) -> Sequence[Fold]:
        """Folds with the names of the groups where those can be names of folders, else fold-1, fold-2, ..."""
        column = self._column(dataset)
        units = np.unique(kin(dataset, False, (column,), context), return_inverse=True)[1]
        count = int(units.max(initial=-1)) + 1
        _demand(count, f"groups in `{column}`")
        firsts = np.unique(units, return_index=True)[1]
        names = _names([str(value) for value in dataset.take(firsts).table().column(column).to_pylist()])
        return [
            _left_out(names[unit], units == unit, units, self.config.validation, seed, unit + 1)
            for unit in range(count)
        ]

    def _column(self, dataset: Dataset) -> str:
        if self.config.group_by is not None:
            require_columns([self.config.group_by], list(dataset.schema.columns), "group_by")
            return self.config.group_by
        found = dataset.schema.by("group")
        if len(found) == 1:
            return found[0]
        raise DataError(
            f"{len(found)} columns are groups by `data.group`; one is needed"
            if found
            else "no column tells the groups apart",
            id="data.split-column",
            hint=f"split: {{name: leave-one-group-out, group_by: {found[0] if found else 'COLUMN'}}}",
        )


def _demand(units: int, what: str) -> None:
    if not 2 <= units <= MOST:
        raise DataError(
            f"there are {units:,} {what}; from 2 to {MOST:,} can be left out one at a time",
            id="data.folds",
            hint="split: {name: k-fold, folds: 10}",
        )


def _names(groups: list[str]) -> list[str]:
    plain = all(_PLAIN.fullmatch(one) for one in groups) and len({one.lower() for one in groups}) == len(groups)
    return [f"group-{one}" for one in groups] if plain else [f"fold-{number}" for number in range(1, len(groups) + 1)]


def _left_out(name: str, out: np.ndarray, units: np.ndarray, validation: float, seed: int, number: int) -> Fold:
    return validated(fold(name, np.where(out, TEST, TRAIN)), units, validation, seed, number)
