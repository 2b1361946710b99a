"""Predictions as tables for other programs."""

from __future__ import annotations

import csv
import io
import json
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sci.api.errors import ConfigError
from sci.runs.writer import atomic, write_text

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def flat(table: pa.Table, info: Mapping[str, Any]) -> pa.Table:
    """One column for each class of a probability: ``probability.spam``; the prefix ``prediction.`` goes."""
    columns: dict[str, pa.ChunkedArray] = {}
    for name in table.column_names:
        short, column = name.removeprefix("prediction."), table.column(name)
        if pa.types.is_fixed_size_list(column.type):
            names = info.get("classes") or range(column.type.list_size)
            for position, label in enumerate(names):
                columns[f"{short}.{label}"] = pc.list_element(column, position)
        else:
            columns[short] = column
    return pa.table(columns)


def as_csv(table: pa.Table, header: bool) -> str:
    """Rows as csv; words that a spreadsheet would run as a formula get a leading apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow(table.column_names)
    for row in table.to_pylist():
        writer.writerow([harmless(value) for value in row.values()])
    return text.getvalue()


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet runs; a list as JSON."""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def write_table(pieces: Sequence[pa.Table], path: pathlib.Path) -> None:
    """Write a csv or Parquet file, by its ending."""
    if path.suffix == ".parquet":
        with atomic(path) as file:
            pq.write_table(pa.concat_tables(pieces), file)
    elif path.suffix == ".csv":
        write_text(path, "".join(as_csv(piece, position == 0) for position, piece in enumerate(pieces)))
    else:
        raise ConfigError(
            f"`{path.name}` ends in neither .csv nor .parquet", id="usage.ending", hint="--to answers.csv"
        )
