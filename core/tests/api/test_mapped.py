from __future__ import annotations

import os
import pathlib

import numpy as np
import pyarrow as pa
import pytest

from sci.api import Dataset, Feature, Ragged, Schema, StorageError, dataset
from sci.api.gathering import ArrowColumns, Gathering
from sci.api.rows import chunk_rows, fingerprint
from sci.api.spill import Spill, SpillFile

ROWS = 1000


def table() -> pa.Table:
    rng = np.random.default_rng(3)
    return pa.table(
        {
            "float": rng.standard_normal(ROWS),
            "gaps": pa.array([None if i % 7 == 0 else i / 3 for i in range(ROWS)]),
            "whole": pa.array(rng.integers(-9, 9, ROWS), pa.int32()),
            "flag": [None if i % 5 == 0 else i % 2 == 0 for i in range(ROWS)],
            "text": pa.array([None if i % 9 == 0 else "µb" * (i % 4) for i in range(ROWS)], pa.large_string()),
            "kind": pa.array([("u", "v", "w")[i % 3] for i in range(ROWS)]).dictionary_encode(),
            "bytes": pa.array([b"%d" % i for i in range(ROWS)], pa.large_binary()),
            "list": pa.array([None if i % 11 == 0 else [float(j) for j in range(i % 4)] for i in range(ROWS)]),
            "vector": pa.FixedSizeListArray.from_arrays(pa.array(rng.standard_normal(3 * ROWS)), 3),
            "time": pa.array(range(ROWS), pa.timestamp("s")),
            "null": pa.nulls(ROWS),
        }
    )


def mapped(folder: pathlib.Path, rows: pa.Table | None = None) -> Dataset:
    spill, rows = Spill(folder, 0), table() if rows is None else rows
    written = ArrowColumns(spill)
    for name in rows.column_names:
        written.add(name, rows.schema.field(name).type, rows.column(name).chunks)
    return dataset(pa.table(written.columns()), spill=spill)


def same(one: object, other: object) -> None:
    assert type(one) is type(other) or not isinstance(one, np.ndarray | Ragged)
    if isinstance(one, Ragged):
        np.testing.assert_array_equal(one.values, other.values)
        np.testing.assert_array_equal(one.offsets, other.offsets)
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    else:
        assert one.to_pylist() == other.to_pylist()


@pytest.mark.parametrize("name", table().column_names)
def test_a_mapped_column_is_the_column_in_memory(tmp_path, name):
    one, other = dataset(table().select([name])), mapped(tmp_path, table().select([name]))
    rows = np.random.default_rng(0).permutation(ROWS)[:77]

    assert one.fingerprint() == other.fingerprint()
    assert one.take(rows).fingerprint() == other.take(rows).fingerprint()
    same(one.batch(rows)[name], other.batch(rows)[name])
    same(one.take(rows).batch(rows[:0])[name], other.take(rows).batch(rows[:0])[name])
    for first, second in zip(one.take(rows).batches(50), other.take(rows).batches(50), strict=True):
        same(first[name], second[name])
    same(one.take(rows).take(np.arange(9)).column(name), other.take(rows).take(np.arange(9)).column(name))
    same(one.column(name), other.column(name))
    assert one.fingerprint() == other.fingerprint()
    assert one.take(rows[:0]).fingerprint() == other.take(rows[:0]).fingerprint()


def test_taking_rows_of_a_mapped_data_set_copies_nothing(tmp_path):
    rows = mapped(tmp_path).take(np.arange(10))
    assert rows._columns["float"].column is rows.take(np.arange(3))._columns["float"].column


def test_columns_turned_into_arrays_together_are_those_turned_one_by_one(tmp_path):
    one, other = dataset(table()), mapped(tmp_path)
    other.plain(["float", "gaps", "whole", "vector", "list"])
    for name in ("float", "gaps", "whole", "vector", "list"):
        assert not isinstance(other.stored(name), pa.ChunkedArray)
        same(one.column(name), other.stored(name))


def test_gathered_parts_are_the_same_in_memory_and_in_a_file(tmp_path):
    parts = [
        {"a": np.arange(3), "r": Ragged(np.arange(4.0), np.array([0, 1, 1, 4])), "t": pa.array(["x", None, "yy"])},
        {"a": np.array([0.5]), "r": Ragged(np.arange(2.0), np.array([0, 2])), "t": pa.array(["z"])},
    ]
    for rows in (4, None):
        held, filed = Gathering(None), Gathering(Spill(tmp_path), -1, rows)
        for part in parts:
            for name, column in part.items():
                held.add(name, column)
                filed.add(name, column)
        assert (filed.mapped, held.mapped) == (True, False)
        for name, column in held.columns().items():
            same(column, filed.columns()[name])


def test_what_is_gathered_goes_to_a_file_beyond_its_limit(tmp_path):
    found = Gathering(Spill(tmp_path), limit=100, rows=30)
    for start in range(0, 30, 10):
        found.add("x", np.arange(start, start + 10))
        assert found.mapped == (start > 0)
    np.testing.assert_array_equal(found.columns()["x"], np.arange(30))


def test_private_arrays_may_be_changed_and_nobody_sees_it(tmp_path):
    found = Gathering(Spill(tmp_path), -1, 3)
    found.add("x", np.arange(3))
    found.columns(private=True)["x"][:] = 9

    assert found.columns()["x"].tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="read-only"):
        found.columns()["x"][0] = 1


def test_files_of_a_spill_have_no_name(tmp_path):
    rows = mapped(tmp_path)
    assert rows.mapped
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_replaced_by_that_for_temporary_files(tmp_path):
    assert mapped(tmp_path / "not there").fingerprint() == dataset(table()).fingerprint()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is always full")
def test_a_full_disk_is_told(tmp_path):
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(StorageError, match="disk is full"):
        SpillFile(full).append(b"x")


def test_pieces_of_a_table_are_mapped_beyond_the_limit(tmp_path):
    pieces = [table().slice(start, 100) for start in range(0, ROWS, 100)]
    for limit, expected in ((0, True), (2**30, False)):
        found, is_mapped = Spill(tmp_path, limit).table(iter(pieces))
        assert is_mapped == expected
        assert found.to_pylist() == table().to_pylist()
    assert Spill(tmp_path).table(iter([])) == (None, False)


@pytest.mark.parametrize(("columns", "rows"), [(1, 65536), (32, 65536), (33, 32768), (200, 8192), (10**5, 256)])
def test_rows_that_are_looked_at_together_follow_from_the_schema(columns, rows):
    schema = Schema({str(i): Feature("number", "float64") for i in range(columns)}, {})
    assert chunk_rows(schema) == rows


def uneven() -> pa.Table:
    """Rows of which some are a thousand times longer than others."""
    counts = np.random.default_rng(5).choice([0, 1, 30, 2000], ROWS)
    texts = [None if i % 13 == 0 else "字" * count for i, count in enumerate(counts.tolist())]
    return pa.table(
        {
            "text": pa.array(texts),
            "name": pa.array(texts).dictionary_encode(),
            "words": pa.array([None if i % 17 == 0 else ["字"] * count for i, count in enumerate(counts.tolist())]),
            "list": pa.array([[0.5] * count for count in counts.tolist()]),
            "number": pa.array(range(ROWS), pa.float64()),
        }
    )


@pytest.mark.parametrize("names", [["text"], ["name"], ["words"], ["list"], ["number", "text", "list"]])
def test_rows_that_are_looked_at_together_have_few_bytes_wherever_they_lie(tmp_path, monkeypatch, names):
    monkeypatch.setattr("sci.api.sizes.CHUNK_BYTES", 20_000)
    chosen = np.random.default_rng(0).permutation(ROWS)
    given = uneven().select(names)
    in_parts = pa.concat_tables([given.slice(0, 10), given.slice(10, 700), given.slice(710)])
    found = [dataset(given), dataset(in_parts), mapped(tmp_path, in_parts)]
    for rows in [found, [one.take(chosen) for one in found], [one.take(chosen).take(chosen[:333]) for one in found]]:
        one, two, three = ([(start, stop) for start, stop in each.pieces(300)] for each in rows)
        assert one == two == three
        assert [stop for _, stop in one] == [start for start, _ in one[1:]] + [len(rows[0])]
        assert 3 * len(rows[0]) / 300 < len(one) < len(rows[0]) / 2
        for start, stop in one:
            sizes = sum(value_bytes(rows[0].part(start, stop)[name]) for name in names)
            assert stop - start <= 300
            assert sizes <= 20_000 or stop - start == 1
        assert [len(batch["id"]) for batch in rows[2].batches()] == [len(batch["id"]) for batch in rows[0].batches()]


def value_bytes(column: object) -> int:
    """Bytes of texts and of ragged numbers; 0 for other columns."""
    if isinstance(column, Ragged):
        return column.values.nbytes
    texts = [] if isinstance(column, np.ndarray) else column.to_pylist()
    return sum(len("".join(text or "").encode()) for text in texts)


def test_a_fingerprint_does_not_depend_on_how_many_texts_are_read_at_a_time(monkeypatch):
    columns = [uneven().column(name) for name in ("text", "words")]
    before = [fingerprint(column) for column in columns]
    monkeypatch.setattr("sci.api.sizes.CHUNK_BYTES", 5_000)

    assert [fingerprint(column) for column in columns] == before
