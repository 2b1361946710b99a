"""Source `parquet`."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from sci.api import DataError, Dataset, RunContext, dataset
from sci.api.errors import Place
from sci.api.gathering import ArrowColumns
from sci.api.spill import Spill
from sci_data.config import ParquetConfig
from sci_data.files import located, opened, unchanged
from sci_data.names import check_names

MAGIC = b"PAR1"

BUFFER = 2**20
"""Bytes of a column that are read at once; a row group can be larger than memory."""

PIECE = 2**16
"""Rows of a column that are read at once where a table is too large for memory."""


class Parquet:
    """Reads a Parquet file; columns keep their types, and dictionaries become categories.

    Every page is checked against its checksum where the file has them, and every value against its type, because the
    rest of a run reads the buffers without looking.

    Args:
        config: the file.
    """

    def __init__(self, config: ParquetConfig) -> None:
        self.config = config

    def read(self, context: RunContext) -> Dataset:
        """All rows; `DataError` for a file that is truncated or no Parquet, and for columns that no step could read."""
        path = located(self.config.path, "parquet", context)
        with opened(path) as file:
            before = os.fstat(file.fileno())
            _whole(path, before.st_size)
            spill = Spill.of(context)
            table, mapped = _table(path, self.config.max_bytes, spill)
            unchanged(path, before)
        where = Place(str(path))
        _columns(table.schema, where)
        if not len(table):
            raise DataError(f"`{path.name}` has no rows", id="data.empty", where=where)
        return dataset(table, spill=spill if mapped else None)


def _whole(path: pathlib.Path, size: int) -> None:
    with path.open("rb") as file:
        first = file.read(4)
        file.seek(max(size - 4, 0))
        last = file.read(4)
    if first == last == MAGIC and size >= 12:
        return
    if not size:
        fault = "is empty"
    elif first == MAGIC:
        fault = "is truncated: it does not end as a Parquet file does"
    else:
        fault = "is not a Parquet file"
    raise DataError(f"`{path.name}` {fault}", id="data.parquet", where=Place(str(path)))


def _columns(schema: pa.Schema, where: Place) -> None:
    check_names(schema.names, where)
    for field in schema:
        _readable(field, where)


def _table(path: pathlib.Path, limit: int, spill: Spill) -> tuple[pa.Table, bool]:
    """All rows, and whether they are mapped because they are too many for memory."""
    where = Place(str(path))
    try:
        with pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False, buffer_size=BUFFER) as file:
            described = file.metadata
            size = sum(described.row_group(number).total_byte_size for number in range(described.num_row_groups))
            if size > limit:
                raise DataError(
                    f"`{path.name}` holds {size:,} bytes when unpacked, more than {limit:,}",
                    id="data.size",
                    where=where,
                    hint=f"source: {{max_bytes: {2 * limit}}}",
                )
            if max(size, _bytes(file)) > spill.limit:
                _columns(file.schema_arrow, where)
                return _mapped(file, spill), True
            table = file.read(use_threads=False)
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"`{path.name}` is damaged", id="data.parquet", where=where, note=reason) from error
    return table, False


def _bytes(file: pq.ParquetFile) -> int:
    """What the columns of one width take in memory: in the file they may be packed as a dictionary."""
    types = [field.type for field in file.schema_arrow]
    return int(file.metadata.num_rows * sum(type_.bit_width // 8 for type_ in types if _is_number(type_)))


def _mapped(file: pq.ParquetFile, spill: Spill) -> pa.Table:
    """Column after column in a file of Arrow's own form, from pieces that are small."""
    found = ArrowColumns(spill)
    for field in file.schema_arrow:
        found.add(field.name, _wide(field.type), _pieces(file, field))
    return pa.table(found.columns())


def _pieces(file: pq.ParquetFile, field: pa.Field) -> Iterator[pa.Array]:
    for batch in file.iter_batches(PIECE, columns=[field.name], use_threads=False):
        piece = batch.column(batch.schema.get_field_index(field.name))
        piece.validate(full=True)
        yield piece.cast(_wide(field.type))


def _wide(type_: pa.DataType) -> pa.DataType:
    """Text and bytes with the long offsets in which they pass between steps."""
    if pa.types.is_string(type_):
        return pa.large_string()
    return pa.large_binary() if pa.types.is_binary(type_) else type_


def _readable(field: pa.Field, where: Place) -> None:
    type_ = field.type
    inner = type_.value_type if pa.types.is_dictionary(type_) else type_
    listed = pa.types.is_list(type_) or pa.types.is_large_list(type_) or pa.types.is_fixed_size_list(type_)
    known = (
        _is_number(type_.value_type) or _is_text(type_.value_type)
        if listed
        else _is_number(inner)
        or pa.types.is_boolean(inner)
        or _is_text(inner)
        or pa.types.is_binary(inner)
        or pa.types.is_large_binary(inner)
        or pa.types.is_timestamp(inner)
        or pa.types.is_date(inner)
        or pa.types.is_null(inner)
    )
    if not known:
        raise DataError(
            f"column `{field.name}` is of type `{type_}`, which no step reads",
            id="data.type",
            where=where,
            note="read are numbers, booleans, text, bytes, dates, timestamps, categories, lists of numbers or texts",
            hint="a file in which it is one column for each part",
        )


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def _is_number(type_: pa.DataType) -> bool:
    return bool(pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_))
