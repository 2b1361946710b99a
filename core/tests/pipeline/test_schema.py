from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sci.api import DataError, Task, dataset
from sci.pipeline.schema import Meaning


class Sort(Task):
    slots = {"target": ("category", "boolean")}


class Measure(Task):
    slots = {"target": ("number",)}


TABLE = {
    "age": [31, 45, -999, 52],
    "colour": ["red", "blue", "red", None],
    "note": ["it was a fine day", "and then it rained all", "so we stayed at home", "until the sun came out"],
    "ok": [True, False, None, True],
    "who": ["p1", "p1", "p2", "p3"],
    "label": [1, 0, 1, 0],
}


def meant(data, task=None, table=None, **more):
    return Meaning({"target": "label", **data}, task or Sort(None), **more)(dataset(pa.table(table or TABLE)))


def test_kinds_follow_the_values_and_roles_follow_the_file():
    schema = meant({"group": "who"}).schema
    kinds = {name: feature.kind for name, feature in schema.columns.items()}
    assert kinds == {
        "age": "number",
        "colour": "category",
        "note": "text",
        "ok": "boolean",
        "who": "category",
        "label": "category",
    }
    assert schema.by("input") == ("age", "colour", "note", "ok")
    assert schema.by("group") == ("who",)
    assert schema.slots == {"target": "label"}


def test_missing_codes_units_and_kinds_can_be_declared():
    rows = meant({"columns": {"age": {"kind": "number", "unit": "year", "missing": [-999]}, "who": {"kind": "text"}}})
    np.testing.assert_array_equal(rows.column("age"), [31, 45, np.nan, 52])
    assert rows.schema.columns["age"].unit == "year"
    assert rows.schema.columns["who"].kind == "text"


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([1, 0, 1, 0], ["1", "0", "1", "0"]),
        ([1.0, 0.0, 1.0, None], ["1", "0", "1", None]),
        ([True, False, True, True], ["true", "false", "true", "true"]),
    ],
)
def test_classes_are_names_whatever_type_the_file_gave_them(values, names):
    rows = meant({}, table={**TABLE, "label": values})
    assert rows.column("label").to_pylist() == names


def test_decimals_are_no_classes_and_words_are_no_numbers():
    with pytest.raises(DataError, match="numbers with decimals"):
        meant({}, table={**TABLE, "label": [1.5, 2.5, 3.5, 4.5]})
    with pytest.raises(DataError, match="`red` in column colour is not a number"):
        meant({"target": "colour"}, Measure(None))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"target": "lable"}, "no column `lable`; did you mean `label`"),
        ({"inputs": ["aeg"]}, "no column `aeg`"),
        ({"inputs": ["label"]}, "is the target and cannot also be an input"),
        ({"group": "nobody"}, "no column `nobody`"),
        ({"columns": {"agee": {"unit": "year"}}}, "no column `agee`"),
    ],
)
def test_columns_that_are_not_there_are_named(data, words):
    with pytest.raises(DataError, match=words):
        meant(data)


def test_columns_of_the_split_are_no_inputs():
    schema = meant({}, used={"column": "colour", "group_by": "who"}).schema
    assert schema.by("input") == ("age", "note", "ok")
    assert schema.by("group") == ("who",)
    assert "colour" in schema.columns


def test_ids_come_from_a_column_and_must_not_repeat():
    assert meant({"id": "age"}).ids.tolist() == [31, 45, -999, 52]
    words = meant({"id": "note"})
    assert len(set(words.ids.tolist())) == 4
    assert words.ids.tolist() == meant({"id": "note"}).ids.tolist()
    with pytest.raises(DataError, match="the id `p1` in column `who` occurs more than once"):
        meant({"id": "who"})


def test_targets_need_not_be_there_when_predicting():
    table = {name: values for name, values in TABLE.items() if name not in ("label", "who")}
    rows = meant({"group": "who"}, table=table, targets=False)
    assert rows.schema.slots == {}
    assert "age" in rows.schema.by("input")


@pytest.mark.parametrize("data", [{}, {"inputs": ["id", "age"]}, {"context": ["id"]}, {"target": "id"}])
def test_a_column_called_id_is_the_id_of_rows_or_of_groups_or_nothing(data):
    table = {"id": [7, 7, 7, 9], **TABLE}

    with pytest.raises(DataError, match="column `id` is") as caught:
        meant(data, table=table)

    assert caught.value.id == "data.id-column"
    assert meant({"group": "id"}, table=table).schema.roles["id"] == "group"
    assert "id" not in meant({"inputs": ["age"]}, table=table).schema.roles
    rows = meant({"id": "id"}, table={**table, "id": ["a", "b", "c", "d"]})
    assert all(batch["id"].dtype == np.int64 for batch in (*rows.batches(), rows.batch(np.arange(4))))
