"""A splitter as its case builds it, with rows to divide."""

from __future__ import annotations

from typing import Any

import numpy as np

from sci.api import Dataset, Fold
from sci.testing.check import Fault
from sci.testing.context import KitContext
from sci.testing.fitting import dataset_of
from sci.testing.trial import Trial

SEED = 7


def rows(trial: Trial) -> Dataset:
    """The rows that are divided: those of the case, or `classes`, where each row belongs to one of six groups."""
    return trial.once("rows", lambda: dataset_of(trial, "classes"))


def divided(trial: Trial, splitter: Any = None, seed: int = SEED) -> list[Fold]:
    """The folds."""
    splitter = splitter if splitter is not None else trial.make()
    found = list(splitter.split(rows(trial), KitContext(trial.subject.room()), seed))
    if not found or not all(isinstance(one, Fold) for one in found):
        raise Fault(f"`split` returns {[type(one).__name__ for one in found]}", expected="at least one Fold")
    return found


def folds(trial: Trial, splitter: Any = None, seed: int = SEED) -> list[tuple[str, list[list[int]]]]:
    """The folds as names and numbers."""
    return [
        (one.name, [np.asarray(part).tolist() for part in (one.train, one.validation, one.test)])
        for one in divided(trial, splitter, seed)
    ]
