from __future__ import annotations

import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sci.api import DataError
from sci_data.config import ParquetConfig
from sci_data.parquet import Parquet

TABLE = pa.table(
    {
        "n": pa.array([1, None, 3], type=pa.int32()),
        "x": [0.5, float("nan"), None],
        "text": ["a", None, "µ"],
        "kind": pa.array(["u", "v", "u"]).dictionary_encode(),
        "flag": [True, False, None],
        "day": [datetime.date(2024, 5, 31)] * 3,
        "price": [Decimal("1.25")] * 3,
        "series": pa.array([[1.0, 2.0], [], None], type=pa.large_list(pa.float64())),
        "words": pa.array([["one", "word"], [], None], type=pa.list_(pa.string())),
    }
)


def read(context, name="a.parquet", **settings):
    return Parquet(ParquetConfig(path=name, **settings)).read(context)


@pytest.fixture
def stored(context):
    path = context.directory / "a.parquet"
    pq.write_table(TABLE, path)
    return path


def test_columns_keep_their_types_and_values(context, stored):
    rows = read(context)

    assert rows.table().to_pylist()[0] == TABLE.to_pylist()[0]
    assert rows.schema.columns["kind"].kind == "category"
    assert rows.schema.columns["flag"].kind == "boolean"
    np.testing.assert_array_equal(rows.column("n"), [1, np.nan, 3])
    np.testing.assert_array_equal(rows.column("price"), [1.25] * 3)


@pytest.mark.parametrize("kept", [0, 3, 4, 11, 100, -1, -4, -8])
def test_a_truncated_file_is_refused(context, stored, kept):
    stored.write_bytes(stored.read_bytes()[:kept])

    with pytest.raises(DataError, match=r"is empty|is truncated|is not a Parquet file") as caught:
        read(context)
    assert caught.value.exit_code == 3
    assert caught.value.where.file == str(stored)


def test_a_file_of_another_kind_is_refused(context):
    (context.directory / "a.parquet").write_bytes(b"a,b\n1,2\n" * 10)

    with pytest.raises(DataError, match="is not a Parquet file"):
        read(context)


def test_no_single_damaged_byte_crashes_or_changes_the_table(context):
    path = context.directory / "a.parquet"
    pq.write_table(TABLE, path, write_page_checksum=True)
    whole, expected = path.read_bytes(), read(context).fingerprint()
    random = np.random.default_rng(1)
    refused = 0
    for position in random.choice(len(whole), 150, replace=False):
        damaged = bytearray(whole)
        damaged[position] ^= 0xFF
        path.write_bytes(damaged)
        try:
            found = read(context).fingerprint()
        except DataError:
            refused += 1
        else:
            # what is left are bytes that no value depends on, and names in the footer
            assert found == expected or position > len(whole) - 3500
    assert refused > 50


def test_a_footer_that_lies_about_its_length_is_refused(context, stored):
    damaged = bytearray(stored.read_bytes())
    damaged[-8:-4] = (2**31 - 1).to_bytes(4, "little")
    stored.write_bytes(damaged)

    with pytest.raises(DataError, match="is damaged"):
        read(context)


def test_text_that_is_no_utf8_is_refused(context):
    broken = pa.StringArray.from_buffers(1, pa.py_buffer(np.array([0, 2], dtype=np.int32)), pa.py_buffer(b"\xff\xfe"))
    pq.write_table(pa.table({"a": broken}), context.directory / "a.parquet")

    with pytest.raises(DataError, match="is damaged"):
        read(context)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([{"a": 1}]),
        pa.array([[["a"], ["b"]]]),
        pa.array([datetime.time(1)]),
        pa.array([[("a", 1)]], type=pa.map_(pa.string(), pa.int64())),
    ],
    ids=["struct", "list of lists", "time of day", "map"],
)
def test_columns_that_no_step_reads_are_refused_by_name(context, column):
    pq.write_table(pa.table({"odd": column}), context.directory / "a.parquet")

    with pytest.raises(DataError, match="column `odd` is of type"):
        read(context)


def test_names_rows_and_size_are_checked(context, stored):
    with pytest.raises(DataError, match="bytes when unpacked, more than 10"):
        read(context, max_bytes=10)
    pq.write_table(TABLE.slice(0, 0), stored)
    with pytest.raises(DataError, match="has no rows"):
        read(context)
    pq.write_table(pa.table({" a": [1]}), stored)
    with pytest.raises(DataError, match="begins or ends with a blank"):
        read(context)
