from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sci.api import Dataset, Feature, Ragged, Schema, dataset


def table() -> pa.Table:
    return pa.table(
        {"x": [1.0, None, 3.0], "t": ["a", None, "ccc"], "l": [[1.0], [], [2.0, 3.0]], "b": [True, None, False]}
    )


def test_columns_pass_between_steps_as_arrays_with_the_agreed_nulls():
    batch = dataset(table()).batch(np.array([2, 1]))
    np.testing.assert_array_equal(batch["x"], [3.0, np.nan])
    np.testing.assert_array_equal(batch["b"], [0, -1])
    assert batch["t"].to_pylist() == ["ccc", None]
    np.testing.assert_array_equal(batch["l"].values, [2.0, 3.0])
    np.testing.assert_array_equal(batch["l"].offsets, [0, 2, 2])
    np.testing.assert_array_equal(batch["id"], [2, 1])


def test_fingerprint_is_of_logical_values():
    plain = pa.table({"t": pa.array(["a", None, "b"]), "x": pa.array([1, 2, 3], pa.int32())})
    other = pa.table(
        {
            "t": pa.chunked_array(
                [pa.array(["a"], pa.large_string()), pa.array([None, "b"], pa.large_string())]
            ).dictionary_encode(),
            "x": pa.chunked_array([pa.array([1, 2], pa.int64()), pa.array([3], pa.int64())]),
        }
    )
    text = Schema({"t": Feature("text", "string"), "x": Feature("number", "float64")}, {"t": "input", "x": "input"})
    as_columns = [Dataset({name: one.column(name) for name in one.column_names}, text) for one in (plain, other)]
    assert as_columns[0].fingerprint() == as_columns[1].fingerprint()


@pytest.mark.parametrize(
    "changed",
    [{"x": [1.0, 2.0, 4.0]}, {"x": [1.0, 3.0, 2.0]}, {"y": [1.0, 2.0, 3.0]}, {"x": [1.0, None, 3.0]}],
    ids=["value", "order", "name", "null"],
)
def test_fingerprint_moves_with_values_order_names_and_nulls(changed):
    assert dataset({"x": [1.0, 2.0, 3.0]}).fingerprint() != dataset(changed).fingerprint()


def test_bytes_under_a_null_do_not_move_the_fingerprint():
    valid = pa.py_buffer(np.packbits([1, 0, 1], bitorder="little").tobytes())
    made = [
        pa.Array.from_buffers(pa.float64(), 3, [valid, pa.py_buffer(np.array([1.0, hidden, 3.0]).tobytes())])
        for hidden in (2.0, 99.0)
    ]
    assert dataset({"x": made[0]}).fingerprint() == dataset({"x": made[1]}).fingerprint()


def test_lists_of_texts_pass_between_steps_as_arrow_lists():
    rows = dataset({"words": [["a", "b c"], [], None, ["d"]]})

    batch = rows.batch(np.array([3, 0]))

    assert rows.schema.columns["words"] == Feature("text", dtype="string", ragged=True)
    assert batch["words"].type == pa.large_list(pa.large_string())
    assert batch["words"].to_pylist() == [["d"], ["a", "b c"]]
    assert [part["words"].to_pylist() for part in rows.batches(2)] == [[["a", "b c"], []], [None, ["d"]]]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([["a"], ["b"]], pa.chunked_array([[["a"]], [["b"]]], type=pa.large_list(pa.large_string())), True),
        ([["a", "b"], []], [["a"], ["b"]], False),
        ([["ab"]], [["a", "b"]], False),
        ([["a"], None], [["a"], []], False),
        ([["a"], ["b"]], [["b"], ["a"]], False),
    ],
)
def test_lists_of_texts_have_a_fingerprint_of_their_values(one, other, same):
    assert (dataset({"x": one}).fingerprint() == dataset({"x": other}).fingerprint()) == same


def test_ids_follow_rows_and_batches_cover_all_rows_in_order():
    rows = dataset({"x": list(range(10))}).take(np.array([9, 0, 4]))
    assert rows.ids.tolist() == [9, 0, 4]
    assert [batch["id"].tolist() for batch in rows.batches(2)] == [[9, 0], [4]]


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        Dataset({"a": np.zeros(2), "b": np.zeros(3)}, Schema({"a": Feature("number"), "b": Feature("number")}, {}))


def test_ragged_take_and_pad_agree_with_lists():
    rows = [[1.0, 2.0], [], [3.0], [4.0, 5.0, 6.0]]
    ragged = Ragged(np.concatenate([np.array(row) for row in rows]), np.cumsum([0, *map(len, rows)]))
    taken = ragged.take(np.array([3, 1, 0]))
    assert [taken.row(i).tolist() for i in range(3)] == [rows[3], rows[1], rows[0]]
    padded, lengths = taken.pad(-1.0, multiple=4)
    assert lengths.tolist() == [3, 0, 2]
    np.testing.assert_array_equal(padded, [[4, 5, 6, -1], [-1, -1, -1, -1], [1, 2, -1, -1]])


def test_schema_and_features_survive_json():
    schema = Schema(
        {
            "t": Feature("tokens", "int64", ragged=True, size=9),
            "y": Feature("category", "int64", size=2, values=("a", "b")),
        },
        {"t": "input", "y": "target"},
        {"target": "y"},
    )
    assert Schema.from_json(schema.as_json()) == schema
