"""Lists of labels, one for each row, as a source gives them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import Column, ConfigError, Feature
from sci_tasks.names import Names, class_names

LISTS = pa.large_list(pa.large_string())


def label_lists(column: Column, separator: str | None) -> pa.LargeListArray:
    """The lists of a target column: as they are, or cut out of text at the separator. A null stays a null in lists.

    In text blank space around a label does not count, and a cell without a label is an empty list.

    Args:
        column: lists of texts, or texts.
        separator: what stands between the labels of a text.
    """
    found = _whole(column if is_listed(column) else class_names(column))
    if is_listed(found):
        return found.cast(LISTS)
    cells = [text.split(separator) if text else [] for text in found.to_pylist()]
    return pa.array([[label.strip() for label in cell if label.strip()] for cell in cells], type=LISTS)


def lists_of(applies: np.ndarray, classes: Sequence[str], unknown: np.ndarray) -> pa.Array:
    """The names that apply, as lists of texts; null where it is not known.

    Args:
        applies: bool [n, k].
        classes: k names.
        unknown: bool [n].
    """
    offsets = np.concatenate([[0], np.cumsum(applies.sum(axis=1))]).astype(np.int64)
    names = pa.array(classes, type=pa.large_string()).take(pa.array(np.nonzero(applies)[1]))
    return pa.LargeListArray.from_arrays(pa.array(offsets), names, mask=pa.array(unknown))


def is_listed(column: Column) -> bool:
    """Whether the rows of a column are lists of texts already."""
    return isinstance(column, pa.Array | pa.ChunkedArray) and pa.types.is_nested(column.type)


def owners(lists: pa.LargeListArray) -> np.ndarray:
    """The row of each element of the lists, int64."""
    found: np.ndarray = pc.list_parent_indices(lists).to_numpy().astype(np.int64)
    return found


def require_labels(name: str, feature: Feature, separator: str | None) -> None:
    """Raise `ConfigError` where a target is neither lists of labels nor text that a separator cuts."""
    if feature.dtype != "string" or not (feature.ragged or separator is not None):
        raise _no_lists("multi-label", name, feature, 'task: {name: multi-label, separator: "|"}   where labels stand')


def require_tags(name: str, feature: Feature) -> None:
    """Raise `ConfigError` where a target is no lists of tags."""
    if feature.dtype != "string" or not feature.ragged:
        raise _no_lists(
            "token-classification", name, feature, f"source: {{lists: [words, {name}]}}   where words and tags stand"
        )


def _no_lists(task: str, name: str, feature: Feature, hint: str) -> ConfigError:
    kind = "text" if feature.dtype == "string" else feature.kind
    return ConfigError(
        f"{task} needs lists of texts, but `{name}` is {kind}", id="task.lists", hint=f"{hint} in one cell"
    )


def _whole(column: Names) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
