from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from sci.api import ConfigError, Dataset, Feature, Schema
from sci_tasks.label_index import LabelIndex

CATEGORY = Feature("category", dtype="string")


def schema_of(feature: Feature) -> Schema:
    return Schema({"y": feature}, {"y": "target"}, {"target": "y"})


def fitted(labels, feature: Feature = CATEGORY) -> LabelIndex:
    column = pa.array(labels) if feature.dtype == "string" else np.array(labels)
    step = LabelIndex(None, ("y",))
    step.fit(Dataset({"y": column}, schema_of(feature)))
    return step


def test_codes_are_positions_in_the_sorted_names_of_train():
    step = fitted(["b", "a", "ä", "b", None])

    codes = step.transform({"y": pa.array(["ä", "a", "b"], type=pa.large_string())})["y"]

    assert codes.dtype == np.int64
    assert codes.tolist() == [2, 0, 1]


def test_unseen_and_null_names_become_minus_one():
    codes = fitted(["a", "b"]).transform({"y": pa.array(["c", None, "a"])})["y"]

    assert codes.tolist() == [-1, -1, 0]


def test_booleans_are_named_false_and_true():
    step = fitted([1, 0, 1, -1], Feature("boolean", dtype="int64"))

    assert step.output_schema(schema_of(Feature("boolean"))).columns["y"].values == ("false", "true")
    assert step.transform({"y": np.array([1, 0, -1])})["y"].tolist() == [1, 0, -1]


def test_chunked_and_dictionary_columns_give_the_same_codes():
    names = ["b", "a", None, "b"]
    step = fitted(names)

    chunked = pa.chunked_array([pa.array(names[:2]), pa.array(names[2:])])
    dictionary = pa.array(names).dictionary_encode()

    assert step.transform({"y": chunked})["y"].tolist() == [1, 0, -1, 1]
    assert step.transform({"y": dictionary})["y"].tolist() == [1, 0, -1, 1]


def test_schema_has_no_size_before_fit_and_names_after():
    schema = schema_of(CATEGORY)

    assert LabelIndex(None, ("y",)).output_schema(schema).columns["y"] == Feature("category", "int64")
    after = fitted(["b", "a"]).output_schema(schema)
    assert after.columns["y"] == Feature("category", "int64", size=2, values=("a", "b"))
    assert (after.by("target"), after.slots) == (("y",), {"target": "y"})


def test_inverse_gives_the_names_back():
    step = fitted(["b", "a"])

    names = step.inverse_transform("y", np.array([1, 0, -1]), {})

    assert names.to_pylist() == ["b", "a", None]


def test_inverse_leaves_other_columns_and_text_alone():
    step = fitted(["b", "a"])
    text, codes = pa.array(["a"]), np.array([1])

    assert step.inverse_transform("y", text, {}) is text
    assert step.inverse_transform("z", codes, {}) is codes


def test_absent_target_is_skipped_and_no_rows_stay_no_rows():
    step = fitted(["b", "a"])
    batch = {"id": np.array([5]), "x": np.array([1.0])}

    assert step.transform(batch) == batch
    assert step.transform({"y": pa.array([], type=pa.large_string())})["y"].shape == (0,)


def test_input_batch_is_left_as_it_was():
    batch = {"y": pa.array(["a"])}

    fitted(["b", "a"]).transform(batch)

    assert batch["y"].to_pylist() == ["a"]


def test_state_survives_json():
    step = fitted(["b", "a", "<script>"])
    state = step.state()
    state.meta = json.loads(json.dumps(state.meta))

    restored = LabelIndex(None, ("y",))
    restored.load_state(state)

    column = pa.array(["b", "<script>"])
    assert restored.transform({"y": column})["y"].tolist() == step.transform({"y": column})["y"].tolist() == [2, 0]


def test_numbers_are_refused_before_fit_with_what_to_type():
    with pytest.raises(ConfigError) as caught:
        LabelIndex(None, ("y",)).output_schema(schema_of(Feature("number")))

    assert caught.value.message == "label-index reads category or boolean, but `y` is number"
    assert caught.value.hint == "data.columns: {y: {kind: category}}"
