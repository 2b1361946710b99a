from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sci.api import ConfigError, DataError, Task, dataset
from sci.api.rows import Dataset
from sci.api.spill import Spill
from sci.pipeline.label_columns import gathered, require_each
from sci.pipeline.places import nowhere
from sci.pipeline.schema import Meaning

TABLE = pa.table(
    {
        "text": ["a", "b", "c", "d"],
        "toxic": [1, 0, 1, 0],
        "insult": [True, False, False, False],
        "threat": ["true", "FALSE", "1", "0"],
        "rude": [1.0, 0.0, 0.0, 1.0],
    }
)
NAMES = ["toxic", "insult", "threat", "rude"]
LISTS = [["toxic", "insult", "threat", "rude"], [], ["toxic", "threat"], ["rude"]]


class Sort(Task):
    slots = {"target": ("category",)}


class Survive(Task):
    slots = {"time": ("number",), "event": ("category",)}


def test_columns_of_yes_and_no_become_lists_of_their_names():
    found = gathered(dataset(TABLE), NAMES, nowhere)

    assert list(found.schema.columns) == ["text", "labels"]
    assert found.stored("labels").to_pylist() == LISTS


def test_rows_in_a_file_become_the_same_lists_piece_by_piece(tmp_path, monkeypatch):
    monkeypatch.setattr("sci.api.rows.CHUNK", 3)
    monkeypatch.setattr("sci.pipeline.label_columns.SMALL", 0)
    whole = dataset(TABLE)
    columns = {name: whole.stored(name) for name in whole.schema.columns}
    mapped = Dataset(columns, whole.schema, spill=Spill(tmp_path, 0), mapped=True)

    found = gathered(mapped, NAMES, nowhere)

    assert found.mapped
    assert found.stored("labels").to_pylist() == LISTS
    assert found.fingerprint() == gathered(whole, NAMES, nowhere).fingerprint()


def test_the_gathered_column_is_the_target_and_what_was_said_of_the_others_does_no_harm():
    data = {"target": NAMES, "columns": {"toxic": {"kind": "boolean"}}}
    found = Meaning(data, Sort(None))(gathered(dataset(TABLE), NAMES, nowhere))

    assert found.schema.slots == {"target": "labels"}
    assert (found.schema.target().kind, found.schema.target().ragged) == ("category", True)
    assert found.schema.by("input") == ("text",)


def test_a_task_with_other_targets_takes_no_list():
    with pytest.raises(ConfigError, match="the task needs `time` and `event`"):
        Meaning({"target": NAMES}, Survive(None))(gathered(dataset(TABLE), NAMES, nowhere))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, 0, 2, 0], "`2` in column `toxic`, row 2, is neither"),
        ([0.5, 0, 1, 0], r"`0\.5` in column `toxic`, row 0"),
        (["1", "0", "yes", None], "`yes` in column `toxic`, row 2"),
        ([1, None, 1, 0], "column `toxic` is empty in row 1"),
        ([[1], [0], [1], [0]], "row 0, is neither"),
    ],
)
def test_what_is_neither_yes_nor_no_is_named_with_its_row(values, message):
    table = TABLE.set_column(1, "toxic", pa.array(values))
    with pytest.raises(DataError, match=message) as caught:
        gathered(dataset(table), NAMES, nowhere)
    assert caught.value.id == "data.label-columns"


def test_ids_name_the_row():
    rows = dataset(TABLE.set_column(1, "toxic", pa.array([1, 0, 7, 0]))).with_ids(np.array([4, 5, 66, 7]))
    with pytest.raises(DataError, match="row 66"):
        gathered(rows, NAMES, nowhere)


def test_labels_that_are_missing_unknown_or_taken_are_refused():
    with pytest.raises(DataError, match="no column `obscene`"):
        gathered(dataset(TABLE), [*NAMES, "obscene"], nowhere)
    with pytest.raises(DataError, match="have a column `labels`"):
        gathered(dataset(TABLE.append_column("labels", pa.array([1] * 4))), NAMES, nowhere)
    never = gathered(dataset(TABLE.append_column("never", pa.array([0] * 4))), ["toxic", "never"], nowhere)
    require_each(never, ["toxic"], nowhere)
    with pytest.raises(DataError, match="column `never` says no in every row"):
        require_each(never, ["toxic", "never"], nowhere)
