"""Which classes a row is of, and which it is said to be of: one of them, or any number of labels."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import Predictions


def has_label_sets(predictions: Predictions) -> bool:
    """Whether these are the answers of a task in which any number of labels apply to a row."""
    return predictions.has("labels")


def label_sets(predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
    """Which labels apply and which are said to, bool [n, k] each, in the order of the classes.

    Where a row has a label that the model does not know, there is one more column, which is never said to apply.
    """
    truth = _members(_lists(predictions, "target"), predictions)
    said = _members(_lists(predictions, "prediction.labels"), predictions)
    said[:, -1] = False
    known = truth.shape[1] - (not truth[:, -1].any())
    return truth[:, :known], said[:, :known]


def true_classes(predictions: Predictions) -> np.ndarray:
    """Which of the known classes each row is of, bool [n, k]."""
    count = len(predictions.info["classes"])
    if has_label_sets(predictions):
        return _members(_lists(predictions, "target"), predictions)[:, :count]
    found: np.ndarray = predictions.codes("target")[:, None] == np.arange(count)
    return found


def _lists(predictions: Predictions, name: str) -> pa.Array:
    column = predictions.table.column(name).combine_chunks()
    if pa.types.is_nested(column.type):
        return column.cast(pa.large_list(pa.large_string()))
    separator = predictions.info.get("separator")
    cells = [text.split(separator) if text and separator else [text or ""] for text in column.to_pylist()]
    stripped = [[label.strip() for label in cell if label.strip()] for cell in cells]
    return pa.array(stripped, type=pa.large_list(pa.large_string()))


def _members(lists: pa.Array, predictions: Predictions) -> np.ndarray:
    """bool [n, k + 1]; the last column is of labels that are no class."""
    classes = pa.array(predictions.info["classes"], type=pa.large_string())
    codes = pc.index_in(lists.flatten(), value_set=classes).fill_null(len(classes)).to_numpy()
    members = np.zeros((len(lists), len(classes) + 1), dtype=bool)
    members[pc.list_parent_indices(lists).to_numpy(), codes] = True
    return members
