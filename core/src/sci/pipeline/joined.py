"""The predictions of several models as one set of rows that says whose each row is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from sci.api import DataError, Predictions

FOLD, CHILD, GROUP, TRAIN_ROWS = "fold", "child", "group", "train_rows"


def joined(children: Sequence[Predictions], train_rows: float) -> Predictions:
    """One set of rows; of a single child its own.

    Column ``child`` tells the models apart. Where they were tested on different rows, ``fold`` tells the test sets
    apart; ``info["train_rows"]`` says how many rows, on average, a model learned from. Where several models answered
    one row, their answers are a ``group``, unless rows belong to groups already.

    Raises:
        DataError: the models know different classes.
    """
    if len(children) == 1:
        return children[0]
    _demand_same_classes(children)
    tests: dict[bytes, int] = {}
    folds = [tests.setdefault(np.sort(child.ids).tobytes(), len(tests)) for child in children]
    sizes = [len(child) for child in children]
    first = children[0]
    table = pa.concat_tables([child.table for child in children])
    table = table.append_column(CHILD, pa.array(np.repeat(np.arange(len(children)), sizes)))
    if len(tests) > 1:
        table = table.append_column(FOLD, pa.array(np.repeat(folds, sizes)))
    if GROUP not in table.column_names and len(np.unique(table.column("id"))) < len(table):
        table = table.append_column(GROUP, table.column("id"))
    return replace(first, table=table, info={**first.info, TRAIN_ROWS: train_rows})


def is_joined(predictions: Predictions) -> bool:
    """Whether these are rows of several models."""
    return CHILD in predictions.table.column_names


def apart(predictions: Predictions) -> list[Predictions]:
    """The rows of each model."""
    if not is_joined(predictions):
        return [predictions]
    return [predictions.take(rows) for rows in answered(predictions)]


def answered(predictions: Predictions) -> list[np.ndarray]:
    """Positions of the rows of each of several models."""
    children = np.asarray(predictions.table.column(CHILD))
    return [np.flatnonzero(children == child) for child in np.unique(children)]


def once(predictions: Predictions) -> Predictions:
    """Each row as the first model answered it that was tested on it, so that every row counts once.

    Samples answer no row, and all of them stay."""
    if not is_joined(predictions):
        return predictions
    found = predictions
    if predictions.paired:
        found = predictions.take(np.sort(np.unique(predictions.ids, return_index=True)[1]))
    added = [CHILD, FOLD] if GROUP in predictions.features else [CHILD, FOLD, GROUP]
    kept = [name for name in found.table.column_names if name not in added]
    return replace(found, table=found.table.select(kept))


def _demand_same_classes(children: Sequence[Predictions]) -> None:
    known = [list(child.info.get("classes") or ()) for child in children]
    for classes in known[1:]:
        odd = sorted(set(map(str, classes)) ^ set(map(str, known[0])))
        if odd:
            raise DataError(
                f"class `{odd[0]}` has training rows in some folds only",
                id="study.classes",
                hint="fewer folds, a stratified split, or without the rows of that class",
            )
