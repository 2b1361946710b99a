"""Columns of yes and no, each for one label, gathered into one column of lists of labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import DataError, Dataset, Schema
from sci.api.errors import Place
from sci.api.gathering import Gathering
from sci.api.rows import TEXT_LIST, plain_feature
from sci.api.spill import SMALL
from sci.pipeline.places import Places

NAME = "labels"
"""The column of lists."""


def label_columns(data: Mapping[str, Any]) -> list[str]:
    """The columns that `data.target` lists; none where it names a single one."""
    target = data.get("target")
    return list(target) if isinstance(target, list | tuple) else []


def gathered(dataset: Dataset, names: Sequence[str], place: Places) -> Dataset:
    """The rows with one column of lists in place of these columns.

    Raises:
        DataError: one of the columns is missing, or holds something else than yes and no.
    """
    if not names or not len(dataset):
        return dataset
    for position, name in enumerate(names):
        if name not in dataset.schema.columns:
            raise DataError(
                f"the data have no column `{name}`",
                id="data.column",
                where=place("data", "target", position),
                note=f"the data have: {', '.join(list(dataset.schema.columns)[:8])}",
            )
    if NAME in dataset.schema.columns and NAME not in names:
        raise DataError(
            f"the data have a column `{NAME}`, and the labels that data.target lists become a column of that name",
            id="data.label-columns",
            where=place("data", "target"),
            hint=f"give the column `{NAME}` another name",
        )
    alone = dataset.with_schema(Schema({name: dataset.schema.columns[name] for name in names}, {}))
    columns = [dataset.stored(name) for name in names]
    found = Gathering(dataset.spill, SMALL, len(dataset))
    for start, stop in alone.pieces():
        applies = [
            _applies(name, column[start:stop], dataset.ids[start:stop], place("data", "target", position))
            for position, (name, column) in enumerate(zip(names, columns, strict=True))
        ]
        found.add(NAME, _lists(np.stack(applies, axis=1), names))
    rest = dataset.schema.drop(*names)
    schema = Schema({**rest.columns, NAME: plain_feature(TEXT_LIST)}, {**rest.roles, NAME: "input"})
    return dataset.with_columns(found.columns(), schema, found.mapped)


def require_each(dataset: Dataset, names: Sequence[str], place: Places) -> None:
    """Raise `DataError` for the first of the labels that no row has: nothing can be learned of it."""
    if not names:
        return
    column: Any = dataset.stored(NAME)
    known = set(pc.unique(pc.list_flatten(column)).to_pylist())
    for position, name in enumerate(names):
        if name not in known:
            raise DataError(
                f"column `{name}` says no in every row, and nothing can be learned of such a label",
                id="data.label-columns",
                where=place("data", "target", position),
                hint=f"leave `{name}` out of data.target",
            )


def _lists(applies: np.ndarray, names: Sequence[str]) -> pa.Array:
    offsets = np.concatenate([[0], np.cumsum(applies.sum(axis=1))]).astype(np.int64)
    labels = pa.array(names, type=pa.large_string()).take(pa.array(np.nonzero(applies)[1]))
    return pa.LargeListArray.from_arrays(pa.array(offsets), labels)


def _applies(name: str, column: Any, ids: np.ndarray, where: Place | None) -> np.ndarray:
    """Whether the label applies, bool [n]: true and false, also as words, or 1 and 0."""
    flags = _flags(column)
    unknown = np.flatnonzero(np.asarray(flags.is_null()))
    if not len(unknown):
        return np.asarray(flags)
    empty = np.asarray(column.is_null())
    odd = unknown[~empty[unknown]]
    if len(odd):
        value = str(column[int(odd[0])].as_py())[:60]
        raise DataError(
            f"`{value}` in column `{name}`, row {ids[odd[0]]}, is neither 1 nor 0, nor true nor false",
            id="data.label-columns",
            where=where,
            hint=f"leave `{name}` out of data.target, or write 1 and 0",
        )
    raise DataError(
        f"column `{name}` is empty in row {ids[unknown[0]]}; a label applies to a row, or it does not",
        id="data.label-columns",
        where=where,
        hint="write 1 or 0 there, or leave the row out",
    )


def _flags(column: Any) -> Any:
    """The column as true and false; null for what is neither."""
    if pa.types.is_boolean(column.type):
        return column
    type_ = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_integer(type_) or pa.types.is_floating(type_):
        numbers = column.cast(pa.float64())
        return pc.if_else(pc.is_in(numbers, pa.array([0.0, 1.0])), pc.equal(numbers, 1.0), pa.scalar(None, pa.bool_()))
    if pa.types.is_string(type_) or pa.types.is_large_string(type_):
        words = pc.utf8_lower(pc.utf8_trim_whitespace(column.cast(pa.large_string())))
        known = pc.is_in(words, pa.array(["true", "false", "1", "0"], pa.large_string()))
        yes = pc.is_in(words, pa.array(["true", "1"], pa.large_string()))
        return pc.if_else(known, yes, pa.scalar(None, pa.bool_()))
    return pa.chunked_array([pa.nulls(len(column), pa.bool_())])
