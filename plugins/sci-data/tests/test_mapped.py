"""Files that are larger than memory may be are read into a mapped table with the same content."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sci.api import DataError, dataset
from sci.api.alike import alike
from sci_data.config import CsvConfig, ParquetConfig
from sci_data.delimited import Delimited
from sci_data.drawn import Drawn
from sci_data.kin import all_differ
from sci_data.parquet import Parquet
from sci_data.split_config import RandomConfig

ROWS = 5000


@pytest.fixture
def small(context):
    """A run in which nothing may stay in memory."""
    context.experiment = {"training": {"resident_bytes": 0}}
    return context


def both(source, context):
    context.experiment = {}
    held = source.read(context)
    context.experiment = {"training": {"resident_bytes": 0}}
    return held, source.read(context)


def various():
    rng = np.random.default_rng(0)
    return pa.table(
        {
            "x": rng.standard_normal(ROWS),
            "x.y": pa.array(rng.integers(0, 99, ROWS), pa.int32()),
            "gaps": pa.array([None if i % 3 == 0 else i / 7 for i in range(ROWS)]),
            "text": [None if i % 8 == 0 else f"row {i}" for i in range(ROWS)],
            "kind": pa.array(["a", "b", None, "c"] * (ROWS // 4)).dictionary_encode(),
            "flag": [True, False, None, True, False] * (ROWS // 5),
            "list": pa.array([[1.0] * (i % 4) for i in range(ROWS)], pa.list_(pa.float32())),
            "nothing": pa.nulls(ROWS),
        }
    )


@pytest.mark.parametrize("groups", [ROWS, 999, 64])
def test_a_mapped_parquet_file_has_the_rows_of_one_in_memory(context, groups):
    pq.write_table(various(), context.directory / "a.parquet", row_group_size=groups)
    held, mapped = both(Parquet(ParquetConfig(path="a.parquet")), context)

    assert (mapped.mapped, held.mapped) == (True, False)
    assert mapped.table().to_pylist() == held.table().to_pylist()
    assert mapped.schema == held.schema
    assert mapped.fingerprint() == held.fingerprint()
    assert [path.name for path in context.directory.iterdir()] == ["a.parquet"]


def test_a_damaged_page_is_found_while_a_file_is_mapped(small):
    path = small.directory / "a.parquet"
    pq.write_table(various().select(["x"]), path, compression="none", use_dictionary=False, write_page_checksum=True)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    with pytest.raises(DataError, match="is damaged"):
        Parquet(ParquetConfig(path="a.parquet")).read(small)


def test_columns_that_no_step_reads_are_refused_before_a_file_is_mapped(small):
    pq.write_table(pa.table({"s": [{"a": 1}]}), small.directory / "a.parquet")
    with pytest.raises(DataError, match="no step reads"):
        Parquet(ParquetConfig(path="a.parquet")).read(small)


def test_a_mapped_csv_file_has_the_rows_of_one_in_memory(context):
    rng = np.random.default_rng(0)
    lines = [
        f"{x:.4f},{n},{'' if i % 5 == 0 else x * 2:.3},{'word' if i % 2 else 'two words'},{n:05d}"
        if i % 5
        else f"{x:.4f},{n},,word,{n:05d}"
        for i, (x, n) in enumerate(zip(rng.standard_normal(ROWS), rng.integers(0, 999, ROWS), strict=True))
    ]
    (context.directory / "a.csv").write_text("\n".join(["x,n,gaps,text,code", *lines]))
    held, mapped = both(Delimited(CsvConfig(path="a.csv")), context)

    assert (mapped.mapped, held.mapped) == (True, False)
    assert mapped.table().equals(held.table())
    assert mapped.fingerprint() == held.fingerprint()
    assert len(set(context.warnings)) == 1  # the column `code` stays text, however the file is read


def test_a_mistake_in_a_mapped_csv_file_is_told_with_its_line(small):
    (small.directory / "a.csv").write_text("x,y\n" + "1,2\n" * 3000 + "1,oops\n")
    with pytest.raises(DataError, match="`oops` in column y is not a number") as caught:
        Delimited(CsvConfig(path="a.csv")).read(small)
    assert caught.value.where.line == 3002


def test_rows_that_repeat_are_split_alike_wherever_they_lie(context, monkeypatch):
    monkeypatch.setattr("sci.api.occurrences.MANY", 10)
    monkeypatch.setattr("sci.api.occurrences.PART", 16)
    rng = np.random.default_rng(3)
    table = pa.table({"a": rng.integers(0, 40, ROWS) / 4, "b": [f"w{k}" for k in rng.integers(0, 30, ROWS)]})
    pq.write_table(table, context.directory / "a.parquet")
    config = RandomConfig(validation=0.1, test=0.2)
    one, other = (
        Drawn(config).split(rows, context, 5)[0] for rows in both(Parquet(ParquetConfig(path="a.parquet")), context)
    )

    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(one, part), getattr(other, part))


def test_rows_that_all_differ_are_known_to(context):
    rng = np.random.default_rng(3)
    numbers, names = rng.standard_normal(ROWS), [f"w{k % 7}" for k in range(ROWS)]
    gaps = np.where(np.arange(ROWS) % 4 == 0, np.nan, 1.0)

    for changed, expected in (
        (numbers, True),
        (np.append(numbers[:-1], numbers[2]), True),
        (np.append(numbers[:-1], numbers[1]), False),
    ):
        table = pa.table({"a": changed, "b": names, "c": gaps})
        pq.write_table(table, context.directory / "a.parquet")
        for rows in both(Parquet(ParquetConfig(path="a.parquet")), context):
            rows.plain(["a", "c"])
            assert all_differ(rows, ("a", "b", "c")) == expected
            assert (len(np.unique(alike(rows, ("a", "b", "c")))) == ROWS) == expected


def test_minus_zero_is_zero_and_nan_is_nan_when_rows_are_compared():
    for repeated in ([0.0, -0.0], [np.nan, -np.nan]):
        assert not all_differ(dataset({"a": repeated}), ("a",))
    assert all_differ(dataset({"a": [[1.0, 2.0], [2.0, 1.0]]}), ("a",))
