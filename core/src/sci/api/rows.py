"""A table whose rows have stable ids and whose columns have a meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api.columns import Batch, Column, Feature, Ragged, Schema

CHUNK = 65536


class Dataset:
    """Rows with stable ids. Columns are Arrow (as a source gave them) or plain arrays (as a step left them).

    Args:
        columns: name to Arrow array, ndarray or `Ragged`, all of one length.
        schema: what the columns mean; columns that it does not name are left out.
        ids: int64 [n]; by default the position in the source, from 0.
    """

    def __init__(self, columns: Mapping[str, Column], schema: Schema, ids: np.ndarray | None = None) -> None:
        self.schema = schema
        self._columns = {name: columns[name] for name in schema.columns}
        lengths = {name: length(column) for name, column in self._columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns differ in length: {lengths}")
        rows = next(iter(lengths.values()), 0 if ids is None else len(ids))
        self.ids = np.arange(rows, dtype=np.int64) if ids is None else np.asarray(ids, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.ids)

    def stored(self, name: str) -> Column:
        """The column as it is kept: Arrow, ndarray or `Ragged`."""
        return self._columns[name]

    def column(self, name: str) -> Column:
        """The whole column in the form in which it passes between steps."""
        kept = self._columns[name]
        if isinstance(kept, pa.Array | pa.ChunkedArray):
            plain = from_arrow(kept, self.schema.columns[name])
            if not isinstance(plain, pa.Array | pa.ChunkedArray):
                self._columns[name] = plain
            return plain
        return kept

    def take(self, indices: np.ndarray) -> Dataset:
        """These rows, in this order, with their ids."""
        taken = {name: take(column, indices) for name, column in self._columns.items()}
        return Dataset(taken, self.schema, self.ids[indices])

    def with_schema(self, schema: Schema) -> Dataset:
        """The same rows under another schema, which may name fewer columns."""
        return Dataset(self._columns, schema, self.ids)

    def with_ids(self, ids: np.ndarray) -> Dataset:
        """The same rows with other ids."""
        return Dataset(self._columns, self.schema, ids)

    def batch(self, indices: np.ndarray) -> Batch:
        """These rows as arrays, with `id`."""
        return {**{name: take(self.column(name), indices) for name in self.schema.columns}, "id": self.ids[indices]}

    def batches(self, rows: int = CHUNK) -> Iterator[Batch]:
        """All rows in order, at most `rows` at a time: bounded memory. This is what `fit` must use."""
        for start in range(0, len(self), rows):
            yield self._slice(start, min(start + rows, len(self)))

    def _slice(self, start: int, stop: int) -> Batch:
        batch: Batch = {"id": self.ids[start:stop]}
        for name, column in self._columns.items():
            part = _slice(column, start, stop)
            arrow = isinstance(part, pa.Array | pa.ChunkedArray)
            batch[name] = from_arrow(part, self.schema.columns[name]) if arrow else part
        return batch

    def table(self) -> pa.Table:
        """The rows as an Arrow table, without the ids."""
        return pa.table({name: to_arrow(column) for name, column in self._columns.items()})

    def fingerprint(self) -> str:
        """SHA-256 of the logical values in their order.

        Chunking, offset width, dictionary encoding and the bytes under nulls do not matter; names, order and ids do.
        """
        digest = hashlib.sha256()
        for name in self.schema.columns:
            digest.update(name.encode() + b"\0" + fingerprint(self._columns[name]))
        digest.update(np.ascontiguousarray(self.ids).tobytes())
        return digest.hexdigest()


def dataset(data: Any, schema: Schema | None = None) -> Dataset:
    """A `Dataset` from anything that speaks Arrow: a table, a record batch, a mapping of columns, a data frame.

    Without a schema every column is an input whose kind follows its type; the core then applies what the experiment
    says.
    """
    table = data if isinstance(data, pa.Table) else _table(data)
    names = table.column_names
    if schema is None:
        features = {name: plain_feature(table.schema.field(name).type) for name in names}
        schema = Schema(features, dict.fromkeys(names, "input"))
    return Dataset({name: table.column(name) for name in names}, schema)


def _table(data: Any) -> pa.Table:
    if isinstance(data, Mapping):
        return pa.table(dict(data))
    if isinstance(data, pa.RecordBatch):
        return pa.Table.from_batches([data])
    return pa.table(data)


def plain_feature(type_: pa.DataType) -> Feature:
    """The feature that an Arrow type stands for when nothing else is known."""
    if pa.types.is_dictionary(type_):
        return Feature("category", dtype="string")
    if pa.types.is_boolean(type_):
        return Feature("boolean", dtype="int64")
    if pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_):
        return Feature("number", dtype="float64")
    if pa.types.is_temporal(type_):
        return Feature("number", dtype="float64", unit="s")
    if pa.types.is_binary(type_) or pa.types.is_large_binary(type_):
        return Feature("array", dtype="binary")
    if pa.types.is_list(type_) or pa.types.is_large_list(type_):
        return Feature("array", dtype="float64", shape=(), ragged=True)
    if pa.types.is_fixed_size_list(type_):
        return Feature("array", dtype="float64", shape=(type_.list_size,))
    return Feature("text", dtype="string")


def length(column: Column) -> int:
    """Number of rows of a column."""
    return len(column.offsets) - 1 if isinstance(column, Ragged) else len(column)


def take(column: Column, indices: np.ndarray) -> Column:
    """These rows of a column, in this order."""
    if isinstance(column, Ragged):
        return column.take(indices)
    if isinstance(column, pa.Array | pa.ChunkedArray):
        return column.take(pa.array(indices, type=pa.int64()))
    return column[indices]


def _slice(column: Column, start: int, stop: int) -> Column:
    if isinstance(column, Ragged):
        offsets = column.offsets[start : stop + 1]
        return Ragged(column.values[offsets[0] : offsets[-1]], offsets - offsets[0])
    return column[start:stop]


def from_arrow(column: pa.Array | pa.ChunkedArray, feature: Feature) -> Column:
    """An Arrow column in the form in which it passes between steps."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
        if isinstance(column, pa.ChunkedArray):  # more than 2 GiB of text cannot be one chunk
            return column
    if feature.dtype in ("string", "binary"):
        return _text(column)
    type_ = column.type
    if pa.types.is_list(type_) or pa.types.is_large_list(type_):
        return _ragged(column, feature)
    if pa.types.is_fixed_size_list(type_):
        flat = pc.list_flatten(column.fill_null([float("nan")] * type_.list_size) if column.null_count else column)
        return _numbers(flat, feature.dtype).reshape(len(column), type_.list_size)
    if feature.kind in ("boolean", "category"):
        codes = column.cast(pa.int64()) if not pa.types.is_boolean(type_) else column.cast(pa.int8()).cast(pa.int64())
        return codes.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return _numbers(column, feature.dtype)


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    wanted = pa.large_binary() if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type) else None
    return column.cast(wanted or pa.large_string())


def _ragged(column: pa.Array, feature: Feature) -> Ragged:
    column = column.cast(pa.large_list(column.type.value_type))
    if column.null_count:
        column = pa.array(
            [[] if row is None else row for row in column.to_pylist()], type=pa.large_list(column.type.value_type)
        )
    offsets = column.offsets.to_numpy()
    values = _numbers(column.values[offsets[0] : offsets[-1]], feature.dtype)
    return Ragged(values, (offsets - offsets[0]).astype(np.int64))


def _numbers(column: pa.Array, dtype: str) -> np.ndarray:
    if pa.types.is_temporal(column.type):
        column = column.cast(pa.timestamp("us")).cast(pa.int64())
        return column.to_numpy(zero_copy_only=False).astype(np.float64) * 1e-6
    if pa.types.is_integer(column.type) and np.issubdtype(np.dtype(dtype), np.integer) and not column.null_count:
        return column.to_numpy(zero_copy_only=False).astype(dtype)
    if column.null_count and np.issubdtype(np.dtype(dtype), np.integer):
        raise ValueError(f"{column.null_count} nulls in a column of {dtype}, which has no value for them")
    column = column.cast(pa.float64(), safe=False)
    return column.to_numpy(zero_copy_only=False).astype(dtype, copy=True)


def to_arrow(column: Column) -> pa.Array | pa.ChunkedArray:
    """A column as Arrow, as predictions and files keep it."""
    if isinstance(column, pa.Array | pa.ChunkedArray):
        return column
    if isinstance(column, Ragged):
        return pa.LargeListArray.from_arrays(pa.array(column.offsets), _nested(column.values))
    return _nested(column)


def _nested(values: np.ndarray) -> pa.Array:
    if values.ndim == 1:
        return pa.array(values)
    inner = _nested(values.reshape(-1, *values.shape[2:]))
    return pa.FixedSizeListArray.from_arrays(inner, values.shape[1])


def fingerprint(column: Column) -> bytes:
    """SHA-256 of the logical values of one column."""
    digest = hashlib.sha256()
    if isinstance(column, Ragged):
        digest.update(np.ascontiguousarray(column.lengths).tobytes())
        digest.update(_canonical(column.values))
        return digest.digest()
    if isinstance(column, np.ndarray):
        digest.update(_canonical(column))
        return digest.digest()
    return _arrow_fingerprint(column)


def _canonical(values: np.ndarray) -> bytes:
    """Little-endian values with one NaN: every number as float64, every integer as int64."""
    wide = np.float64 if np.issubdtype(values.dtype, np.floating) else np.int64
    plain = np.ascontiguousarray(values, dtype=wide)
    if wide is np.float64 and np.isnan(plain).any():
        plain = np.where(np.isnan(plain), np.nan, plain)
    return f"{np.dtype(wide).str}{plain.shape}".encode() + plain.tobytes()


def _arrow_fingerprint(column: pa.Array | pa.ChunkedArray) -> bytes:
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    feature = plain_feature(column.type)
    if feature.dtype not in ("string", "binary"):
        parts = [from_arrow(chunk, feature) for chunk in chunks]
        if not parts:
            return fingerprint(np.zeros(0))
        if isinstance(parts[0], Ragged):
            lengths = np.concatenate([part.lengths for part in parts])  # type: ignore[union-attr]
            offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
            return fingerprint(Ragged(np.concatenate([part.values for part in parts]), offsets))  # type: ignore[union-attr]
        return fingerprint(np.concatenate(parts))
    valid, lengths_, values = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
    for chunk in chunks:
        plain = _text(chunk)
        valid.update(plain.is_valid().to_numpy(zero_copy_only=False).tobytes())
        filled = plain.fill_null("" if plain.type == pa.large_string() else b"")
        offsets = np.frombuffer(filled.buffers()[1], dtype=np.int64)[filled.offset : filled.offset + len(filled) + 1]
        if len(filled):
            lengths_.update(np.diff(offsets).tobytes())
            data = filled.buffers()[2]
            values.update(memoryview(data)[offsets[0] : offsets[-1]] if data is not None else b"")
    return hashlib.sha256(valid.digest() + lengths_.digest() + values.digest()).digest()
