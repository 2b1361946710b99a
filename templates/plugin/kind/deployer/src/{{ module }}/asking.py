"""What a database answers to the query, for tests and checks."""

from __future__ import annotations

import sqlite3

import pyarrow as pa


def asked(query: str, table: str, rows: pa.Table) -> list[float | None]:
    """The predictions of a query for rows that are put into a table of SQLite, in their order."""
    names = ", ".join(f'"{name}" REAL' for name in rows.column_names)
    marks = ", ".join("?" * (rows.num_columns + 1))
    database = sqlite3.connect(":memory:")
    try:
        database.execute(f'CREATE TABLE "{table}" (id INTEGER, {names})')
        values = zip(range(rows.num_rows), *rows.to_pydict().values(), strict=True)
        database.executemany(f'INSERT INTO "{table}" VALUES ({marks})', values)
        return [prediction for _, prediction in sorted(database.execute(query))]
    finally:
        database.close()
