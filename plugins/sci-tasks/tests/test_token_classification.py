from __future__ import annotations

import itertools
import json

import numpy as np
import pyarrow as pa
import pytest

from sci.api import ConfigError, DataError, Dataset, Feature, Fold, Ragged, Schema
from sci_tasks.tag_index import TagIndex
from sci_tasks.token_classification import TokenClassification

LISTED = pa.large_list(pa.large_string())
RAW = Schema(
    {
        "words": Feature("text", dtype="string", ragged=True),
        "tags": Feature("category", dtype="string", ragged=True),
    },
    {"words": "input", "tags": "target"},
    {"target": "tags"},
)


def rows(words, tags) -> Dataset:
    return Dataset({"words": pa.array(words, LISTED), "tags": pa.array(tags, LISTED)}, RAW)


def ragged(*lists) -> Ragged:
    return Ragged(np.array([*itertools.chain(*lists)], dtype=np.int64), np.cumsum([0, *map(len, lists)]))


def fitted(starts: bool = True) -> tuple[TokenClassification, Schema]:
    """The task after its step and one that makes tokens; tags are `B` and `O`."""
    columns = {"words": Feature("tokens", "int64", ragged=True, size=9), "tags": Feature(
        "category", "int64", ragged=True, size=2, values=("B", "O"), pad=-1)}  # fmt: skip
    schema = Schema(columns, RAW.roles, RAW.slots)
    data = {"words": ragged([1, 2, 3], [4]), "tags": ragged([1, -1, 0], [1])}
    if starts:
        schema = schema.add("context", **{"words.starts": Feature("array", "int64", ragged=True)})
        data["words.starts"] = ragged([0, 2], [0])
    task = TokenClassification(None)
    task.fit(Dataset(data, schema))
    return task, schema


def test_tags_become_codes_in_sorted_order_and_unknown_ones_teach_nothing():
    data = rows([["x", "y"], ["x"]], [["O", "B"], ["O"]])
    step = TagIndex(None, ("tags",))
    step.fit(data)

    codes = step.transform({"tags": pa.array([["O", "Q"], None, ["B"]], LISTED)})["tags"]

    assert step.output_schema(RAW).columns["tags"].values == ("B", "O")
    assert codes.values.tolist() == [1, -1, 0]
    assert codes.offsets.tolist() == [0, 2, 2, 3]


def test_a_word_has_the_tag_of_its_first_piece():
    task, _ = fitted()
    logits = np.zeros((2, 8, 2))
    logits[0, 0, 1] = logits[0, 1, 0] = logits[0, 2, 0] = 1

    decoded = task.decode({"logits": logits}, {"words.starts": ragged([0, 2, -1], [])})

    assert decoded["tags"].to_pylist() == [["O", "B", None], []]


def test_without_pieces_each_position_is_a_word():
    task, _ = fitted(starts=False)

    decoded = task.decode({"logits": np.eye(2)[None].repeat(2, axis=0), "logits.length": np.array([1, 2])}, {})

    assert decoded["tags"].to_pylist() == [["B"], ["B", "O"]]


def test_scores_that_are_no_numbers_give_no_tag():
    decoded = fitted()[0].decode({"logits": np.full((1, 2, 2), np.nan)}, {"words.starts": ragged([0, 1])})

    assert decoded["tags"].to_pylist() == [[None, None]]


def test_head_and_output_are_lists():
    task, schema = fitted()

    assert task.heads(schema) == {"logits": Feature("array", shape=(2,), ragged=True)}
    assert task.outputs(schema)["tags"] == Feature("category", "string", ragged=True, size=2, values=("B", "O"))
    assert task.info() == {"tags": ["B", "O"], "counts": {"B": 1, "O": 2}}


def test_the_fitted_task_survives_a_round_trip_through_json():
    task, _ = fitted()
    state = task.state()
    state.meta = json.loads(json.dumps(state.meta))
    restored = TokenClassification(None)

    restored.load_state(state)

    assert restored.info() == task.info()
    raw, batch = {"logits": np.ones((1, 2, 2))}, {"words.starts": ragged([1])}
    assert restored.decode(raw, batch)["tags"].to_pylist() == task.decode(raw, batch)["tags"].to_pylist()


@pytest.mark.parametrize(
    ("words", "tags", "id", "message"),
    [
        ([["a", "b"], ["c"]], [["O", "B"], ["Q"]], "data.class-absent", r"`Q` in 1 row \(id 1\) of test"),
        ([["a", "b"], ["c"]], [["O"], ["O"]], "data.tag-count", r"differ in length in 1 row \(id 0\)"),
        ([["a"], ["c"]], [["O"], [None]], "data.missing-labels", r"no label in 1 row \(id 1\)"),
        ([["a"], ["c"]], [["O"], ["O"]], "data.one-class", "one class only"),
    ],
)
def test_tags_that_cannot_be_learned_are_refused(words, tags, id, message):
    data = rows(words, tags)
    with pytest.raises(Exception, match=message) as caught:
        TokenClassification(None).check(data, Fold("split", np.array([0]), np.array([], dtype=int), np.array([1])))
    errors = getattr(caught.value, "errors", [caught.value])
    assert id in [error.id for error in errors if isinstance(error, DataError)]


def test_one_input_is_a_sequence():
    schema = Schema({"x": Feature("number"), "tags": RAW.columns["tags"]}, {"x": "input", "tags": "target"}, RAW.slots)
    with pytest.raises(ConfigError, match="none of the inputs is a sequence"):
        TokenClassification(None).heads(schema)


def test_a_tag_of_another_file_that_the_model_does_not_know_is_refused():
    task = TokenClassification(None)
    task.classes_ = ("O", "B")
    task.check_outside(rows([["a", "b"]], [["O", "B"]]))
    with pytest.raises(DataError, match="has a class that the run does not know: `Q` in 1 row"):
        task.check_outside(rows([["a", "b"]], [["O", "Q"]]))


def test_tags_in_one_cell_are_cut_by_the_source_and_not_by_the_task():
    schema = Schema({**RAW.columns, "tags": Feature("text", dtype="string")}, RAW.roles, RAW.slots)
    with pytest.raises(ConfigError, match="needs lists of texts, but `tags` is text") as caught:
        TokenClassification(None).target_steps(schema)
    assert caught.value.hint.startswith("source: {lists: [words, tags]}")
