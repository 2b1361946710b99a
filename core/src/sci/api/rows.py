"""A table whose rows have stable ids and whose columns have a meaning."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api.chunked import rows_of_chunks
from sci.api.columns import Batch, Column, Feature, Ragged, Schema
from sci.api.gathering import Gathering, size_of
from sci.api.sizes import CHUNK_BYTES, TEXT, bytes_of, element_bytes, is_unknown, pieces, stretches
from sci.api.spill import SMALL, Spill

CHUNK = 65536
"""Most rows that are looked at together."""

TEXT_LIST = pa.large_list(pa.large_string())
"""How lists of texts pass between steps."""

TEXTS = 8192
"""Texts at most whose bytes are gathered together."""

UNKNOWN_BYTES = 64
"""What a text or a ragged row is taken for, as far as the schema tells."""


class Picked(NamedTuple):
    """Rows of a mapped column that are read when they are asked for."""

    column: Column
    rows: np.ndarray


class Dataset:
    """Rows with stable ids. Columns are Arrow (as a source gave them) or plain arrays (as a step left them).

    Args:
        columns: name to Arrow array, ndarray or `Ragged`, all of one length.
        schema: what the columns mean; columns that it does not name are left out.
        ids: int64 [n]; by default the position in the source, from 0.
        spill: where columns go that are too large for memory; None keeps everything in memory.
        mapped: the columns lie in a file already. Rows that are taken are then read when they are asked for, and
            arrays are read-only.
    """

    def __init__(
        self,
        columns: Mapping[str, Column | Picked],
        schema: Schema,
        ids: np.ndarray | None = None,
        spill: Spill | None = None,
        mapped: bool = False,
    ) -> None:
        self.schema = schema
        self.spill = spill
        self.mapped = mapped and spill is not None
        self._columns: dict[str, Column | Picked] = {name: columns[name] for name in schema.columns}
        lengths = {name: length(column) for name, column in self._columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns differ in length: {lengths}")
        rows = next(iter(lengths.values()), 0 if ids is None else len(ids))
        self.ids = np.arange(rows, dtype=np.int64) if ids is None else np.asarray(ids, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.ids)

    @functools.cached_property
    def chunk(self) -> int:
        """How many rows are looked at together at most; it follows from the schema, wherever the columns lie."""
        return chunk_rows(self.schema)

    def pieces(self, rows: int | None = None) -> Iterator[tuple[int, int]]:
        """Where the rows that are looked at together begin and end: at most `rows` of them (`chunk` by default), with
        at most `CHUNK_BYTES` of texts and ragged rows unless a single row has more.

        They follow from the schema and the values, wherever the columns lie.
        """
        return pieces(len(self), min(rows or self.chunk, self.chunk), self._sizes)

    def _sizes(self, start: int, stop: int) -> np.ndarray:
        """Bytes of the texts and ragged columns of each of these rows."""
        found = np.zeros(stop - start, dtype=np.int64)
        for name, feature in self.schema.columns.items():
            if is_unknown(feature):
                found += row_bytes(self._columns[name], feature, start, stop)
        return found

    def stored(self, name: str) -> Column:
        """The column as it is kept: Arrow, ndarray or `Ragged`."""
        kept = self._columns[name]
        return self._read(name, kept) if isinstance(kept, Picked) else kept

    def _read(self, name: str, kept: Picked) -> Column:
        """Picked rows at last: in memory where they are few, else put together in a file of their own."""
        if size_of(kept.column) * len(kept.rows) <= SMALL * max(length(kept.column), 1):
            return take(kept.column, kept.rows)
        found = Gathering(self.spill, SMALL, len(self))
        alone = self.with_schema(Schema({name: self.schema.columns[name]}, {}))
        for start, stop in alone.pieces() if len(self) else [(0, 0)]:
            found.add(name, take(kept.column, kept.rows[start:stop]))
        column: Column = found.columns()[name]
        self._columns[name] = column
        return column

    def column(self, name: str) -> Column:
        """The whole column in the form in which it passes between steps."""
        kept = self.stored(name)
        if not is_arrow(kept):
            return kept
        if self.mapped and self.schema.columns[name].dtype not in ("string", "binary"):
            self.plain([name])
            return self._columns[name]
        plain = from_arrow(kept, self.schema.columns[name])
        if not is_arrow(plain):
            self._columns[name] = plain
        return plain

    def lengths(self, name: str) -> np.ndarray:
        """Number of elements in each row of a ragged column, int64 [n]."""
        kept = self._columns[name]
        if isinstance(kept, Picked) and isinstance(kept.column, Ragged):
            return kept.column.lengths[kept.rows]
        column: Any = self.column(name)
        return np.asarray(column.lengths)

    def plain(self, names: Sequence[str]) -> None:
        """Turn these columns, together, into the form in which they pass between steps."""
        if not self.mapped:
            for name in names:
                self.column(name)
            return
        found = Gathering(self.spill, SMALL, len(self))
        for name in names:
            if is_arrow(self._columns[name]) or isinstance(self._columns[name], Picked):
                self._plain(name, found)
        self._columns.update(found.columns())

    def _plain(self, name: str, found: Gathering) -> None:
        feature, kept = self.schema.columns[name], self.stored(name)
        view = without_copy(kept, feature)
        if view is not None:
            self._columns[name] = view
        elif is_arrow(kept) and feature.dtype not in ("string", "binary"):
            rows = chunk_rows(Schema({name: feature}, {}))
            for start in range(0, max(len(self), 1), rows):
                found.add(name, from_arrow(_slice(kept, start, min(start + rows, len(self))), feature))

    def take(self, indices: np.ndarray) -> Dataset:
        """These rows, in this order, with their ids."""
        taken = self._picked(indices) if self.mapped else {n: take(c, indices) for n, c in self._columns.items()}
        return Dataset(taken, self.schema, self.ids[indices], self.spill, self.mapped)

    def _picked(self, indices: np.ndarray) -> dict[str, Column | Picked]:
        indices = np.asarray(indices, dtype=np.int64)
        composed: dict[int, np.ndarray] = {}
        picked: dict[str, Column | Picked] = {}
        for name, kept in self._columns.items():
            if isinstance(kept, Picked):
                if id(kept.rows) not in composed:
                    composed[id(kept.rows)] = kept.rows[indices]
                picked[name] = Picked(kept.column, composed[id(kept.rows)])
            else:
                picked[name] = Picked(kept, indices)
        return picked

    def with_schema(self, schema: Schema) -> Dataset:
        """The same rows under another schema, which may name fewer columns."""
        return Dataset(self._columns, schema, self.ids, self.spill, self.mapped)

    def with_ids(self, ids: np.ndarray) -> Dataset:
        """The same rows with other ids."""
        return Dataset(self._columns, self.schema, ids, self.spill, self.mapped)

    def with_columns(self, columns: Mapping[str, Column], schema: Schema, mapped: bool = False) -> Dataset:
        """The same rows under another schema, with some columns replaced."""
        return Dataset({**self._columns, **columns}, schema, self.ids, self.spill, self.mapped or mapped)

    def with_spill(self, spill: Spill) -> Dataset:
        """The same rows, with a place for columns that are too large for memory."""
        return Dataset(self._columns, self.schema, self.ids, self.spill or spill, self.mapped)

    def batch(self, indices: np.ndarray) -> Batch:
        """These rows as arrays, with `id`."""
        return {**{name: self._rows(name, indices) for name in self.schema.columns}, "id": self.ids[indices]}

    def _rows(self, name: str, indices: np.ndarray) -> Column:
        kept, feature = self._columns[name], self.schema.columns[name]
        if isinstance(kept, Picked):
            indices = kept.rows[indices]
            kept = kept.column
        elif is_arrow(kept) and feature.dtype not in ("string", "binary"):
            kept = self.column(name)
        taken = take(kept, indices)
        return from_arrow(taken, feature) if is_arrow(taken) else taken

    def batches(self, rows: int | None = None) -> Iterator[Batch]:
        """All rows in order, `rows` at a time, by default as `pieces` says: bounded memory. This is what `fit` must
        use."""
        for start, stop in self.pieces() if rows is None else stretches(len(self), rows):
            yield self.part(start, stop)

    def part(self, start: int, stop: int) -> Batch:
        """The rows from `start` to before `stop`, with `id`; nothing is copied that lies as it is needed."""
        batch: Batch = {}
        for name, column in self._columns.items():
            part = _slice(column, start, stop)
            batch[name] = from_arrow(part, self.schema.columns[name]) if is_arrow(part) else part
        return {**batch, "id": self.ids[start:stop]}

    def table(self) -> pa.Table:
        """The rows as an Arrow table, without the ids."""
        return pa.table({name: to_arrow(self.stored(name)) for name in self._columns})

    def fingerprint(self) -> str:
        """SHA-256 of the logical values in their order.

        Chunking, offset width, dictionary encoding and the bytes under nulls do not matter; names, order and ids do.
        """
        digest = hashlib.sha256()
        for name in self.schema.columns:
            digest.update(name.encode() + b"\0" + fingerprint(self._columns[name]))
        digest.update(np.ascontiguousarray(self.ids).tobytes())
        return digest.hexdigest()


def chunk_rows(schema: Schema) -> int:
    """A power of two, so many rows that their arrays stay below `CHUNK_BYTES`, but at least 256."""
    width = sum(_width(feature) for feature in schema.columns.values())
    rows = CHUNK
    while rows > 256 and rows * width > CHUNK_BYTES:
        rows //= 2
    return rows


def _width(feature: Feature) -> int:
    return UNKNOWN_BYTES if is_unknown(feature) else element_bytes(feature)


def row_bytes(column: Column | Picked, feature: Feature, start: int, stop: int) -> np.ndarray:
    """Bytes of some rows of a column whose rows differ in that, int64 [stop - start]."""
    if isinstance(column, Picked):
        return bytes_of(column.column, feature, column.rows[start:stop])
    return bytes_of(column, feature, np.arange(start, stop, dtype=np.int64))


def is_arrow(column: Any) -> bool:
    """Whether a column is kept by Arrow."""
    return isinstance(column, pa.Array | pa.ChunkedArray)


def dataset(data: Any, schema: Schema | None = None, spill: Spill | None = None) -> Dataset:
    """A `Dataset` from anything that speaks Arrow: a table, a record batch, a mapping of columns, a data frame.

    Without a schema every column is an input whose kind follows its type; the core then applies what the experiment
    says.

    Args:
        data: the rows.
        schema: what the columns mean, where the source knows better than their types.
        spill: what made the file that the table lies in, where it is mapped.
    """
    table = data if isinstance(data, pa.Table) else _table(data)
    names = table.column_names
    if schema is None:
        features = {name: plain_feature(table.schema.field(name).type) for name in names}
        schema = Schema(features, dict.fromkeys(names, "input"))
    return Dataset({name: table.column(name) for name in names}, schema, spill=spill, mapped=spill is not None)


def _table(data: Any) -> pa.Table:
    if isinstance(data, Mapping):
        return pa.table(dict(data))
    if isinstance(data, pa.RecordBatch):
        return pa.Table.from_batches([data])
    return pa.table(data)


def plain_feature(type_: pa.DataType) -> Feature:
    """The feature that an Arrow type stands for when nothing else is known.

    Numbers and decimals are `number`, times `number` in seconds, booleans `boolean`, dictionaries `category`; a list of
    texts is a ragged `text` (lists of texts in Arrow between steps), a list of numbers of fixed size an `array` of that
    length, any other list a ragged `array` (a `Ragged` between steps); everything else is `text`.
    """
    if is_text_list(type_):
        return Feature("text", dtype="string", ragged=True)
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


def is_text_list(type_: pa.DataType) -> bool:
    """Whether each row is a list of texts: words, or labels."""
    listed = pa.types.is_list(type_) or pa.types.is_large_list(type_) or pa.types.is_fixed_size_list(type_)
    return listed and (pa.types.is_string(type_.value_type) or pa.types.is_large_string(type_.value_type))


def length(column: Column | Picked) -> int:
    """Number of rows of a column."""
    if isinstance(column, Picked):
        return len(column.rows)
    return len(column.offsets) - 1 if isinstance(column, Ragged) else len(column)


def take(column: Column | Picked, indices: np.ndarray) -> Column:
    """These rows of a column, in this order."""
    if isinstance(column, Picked):
        indices = column.rows[indices]
        column = column.column
    if isinstance(column, Ragged):
        return column.take(indices)
    if isinstance(column, pa.ChunkedArray):
        return rows_of_chunks(column, np.asarray(indices, dtype=np.int64))
    if isinstance(column, pa.Array):
        return column.take(pa.array(indices, type=pa.int64()))
    return column[indices]


def _slice(column: Column | Picked, start: int, stop: int) -> Column:
    if isinstance(column, Picked):
        return take(column.column, column.rows[start:stop])
    if isinstance(column, Ragged):
        offsets = column.offsets[start : stop + 1]
        return Ragged(column.values[offsets[0] : offsets[-1]], offsets - offsets[0])
    return column[start:stop]


def without_copy(column: Column, feature: Feature) -> np.ndarray | None:
    """Numbers that Arrow keeps as float64 without a gap, as they lie there; None for everything else."""
    if not isinstance(column, pa.ChunkedArray) or column.num_chunks != 1 or column.null_count:
        return None
    if column.type != pa.float64() or feature.dtype != "float64" or feature.kind in ("boolean", "category"):
        return None
    return column.chunk(0).to_numpy()


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
    if is_text_list(column.type):
        return column.cast(TEXT_LIST)
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


def fingerprint(column: Column | Picked) -> bytes:
    """SHA-256 of the logical values of one column, computed a piece at a time."""
    if isinstance(column, Picked) and not len(column.rows):
        column = take(column.column, column.rows)
    kept = column.column if isinstance(column, Picked) else column
    if not isinstance(kept, pa.Array | pa.ChunkedArray):
        return _array_fingerprint(column, _plain_feature(kept))
    feature = plain_feature(kept.type)
    if is_text_list(kept.type):
        return _lists_fingerprint(column)
    if feature.dtype in ("string", "binary"):
        return _text_fingerprint(column)
    if isinstance(kept, pa.ChunkedArray) and not kept.num_chunks:
        return fingerprint(np.zeros(0))
    return _array_fingerprint(column, feature)


def _plain_feature(column: Column) -> Feature:
    """What an array is, as far as its size goes."""
    values = column.values if isinstance(column, Ragged) else column
    return Feature("array", dtype=values.dtype.name, shape=values.shape[1:], ragged=isinstance(column, Ragged))


def _array_fingerprint(column: Column | Picked, feature: Feature) -> bytes:
    digest, rows = hashlib.sha256(), chunk_rows(Schema({"": feature}, {}))
    if feature.ragged:
        total = 0
        for part in _parts(column, feature, rows):
            digest.update(np.ascontiguousarray(part.lengths).tobytes())
            total += int(part.lengths.sum())
    for position, part in enumerate(_parts(column, feature, rows)):
        values = part.values if feature.ragged else part
        header, plain = _canonical(values, total if feature.ragged else length(column))
        digest.update(plain if position else header + plain)
    return digest.digest()


def _parts(column: Column | Picked, feature: Feature, rows: int) -> Iterator[Any]:
    """Arrays of the rows in order, at most so many rows at a time; one of no rows where there are none."""
    for start in range(0, max(length(column), 1), rows):
        part = _slice(column, start, min(start + rows, length(column)))
        yield from_arrow(part, feature) if is_arrow(part) else part


def _canonical(values: np.ndarray, rows: int) -> tuple[bytes, bytes]:
    """What an array of so many rows begins with, and little-endian values with one NaN: every number as float64, every
    integer as int64."""
    wide = np.float64 if np.issubdtype(values.dtype, np.floating) else np.int64
    plain = np.ascontiguousarray(values, dtype=wide)
    if wide is np.float64 and np.isnan(plain).any():
        plain = np.where(np.isnan(plain), np.nan, plain)
    return f"{np.dtype(wide).str}{(rows, *plain.shape[1:])}".encode(), plain.tobytes()


def _lists_fingerprint(column: Column | Picked) -> bytes:
    """Lists of texts: how long each is (-1 for null), and the texts one after the other."""
    lengths, texts = hashlib.sha256(), [pa.array([], type=pa.large_string())]
    for start, stop in _text_pieces(column):
        part: Any = _slice(column, start, stop)
        for chunk in part.chunks if isinstance(part, pa.ChunkedArray) else [part]:
            plain = _text(chunk)
            lengths.update(pc.list_value_length(plain).fill_null(-1).to_numpy().astype("<i8").tobytes())
            texts.append(pc.list_flatten(plain))
    return hashlib.sha256(lengths.digest() + _text_fingerprint(pa.chunked_array(texts))).digest()


def _text_pieces(column: Column | Picked) -> Iterator[tuple[int, int]]:
    return pieces(length(column), TEXTS, lambda start, stop: row_bytes(column, TEXT, start, stop))


def _text_fingerprint(column: Column | Picked) -> bytes:
    valid, lengths, values = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
    for start, stop in _text_pieces(column):
        part: Any = _slice(column, start, stop)
        for chunk in part.chunks if isinstance(part, pa.ChunkedArray) else [part]:
            plain = _text(chunk)
            valid.update(plain.is_valid().to_numpy(zero_copy_only=False).tobytes())
            filled = plain.fill_null("" if plain.type == pa.large_string() else b"")
            if len(filled):
                places = np.frombuffer(filled.buffers()[1], dtype=np.int64)
                offsets = places[filled.offset : filled.offset + len(filled) + 1]
                lengths.update(np.diff(offsets).tobytes())
                data = filled.buffers()[2]
                values.update(memoryview(data)[offsets[0] : offsets[-1]] if data is not None else b"")
    return hashlib.sha256(valid.digest() + lengths.digest() + values.digest()).digest()
