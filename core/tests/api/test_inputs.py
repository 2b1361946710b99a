"""What networks read from the schema of their inputs and from the heads that a task wants."""

from __future__ import annotations

import pytest

from sci.api import (
    ConfigError,
    Feature,
    Schema,
    head_shape,
    image_input,
    input_width,
    only_head,
    scalar_inputs,
    sequence_input,
)


def inputs(**features: Feature) -> Schema:
    return Schema(features, dict.fromkeys(features, "input"))


def test_scalars_are_numbers_and_the_classes_of_categories():
    mixed = inputs(
        a=Feature("number"), b=Feature("boolean"), c=Feature("array", shape=(4,)), d=Feature("category", size=3)
    )
    assert scalar_inputs(mixed, "mlp") == (6, (3,))


def test_the_width_counts_numbers_booleans_and_vectors_but_no_target():
    columns = {
        "age": Feature("number"),
        "smoker": Feature("boolean", dtype="int64"),
        "genes": Feature("array", shape=(5,)),
        "cost": Feature("number"),
    }
    roles = {"age": "input", "smoker": "input", "genes": "input", "cost": "target"}
    assert input_width(Schema(columns, roles), "a linear model") == 7


def test_an_image_has_one_channel_unless_it_says_so():
    assert image_input(inputs(x=Feature("image", shape=(8, 6))), "cnn") == ("x", 8, 6, 1)
    assert image_input(inputs(x=Feature("image", shape=(8, 6, 3))), "cnn") == ("x", 8, 6, 3)


def test_a_sequence_is_of_tokens_or_of_vectors():
    tokens = Feature("tokens", dtype="int64", ragged=True, size=9)
    assert sequence_input(inputs(x=tokens), "rnn") == ("x", 9, 0)
    assert sequence_input(inputs(x=Feature("series", shape=(3, 2), ragged=True)), "rnn") == ("x", None, 6)
    assert sequence_input(inputs(x=Feature("series", shape=(20, 2))), "rnn") == ("x", None, 2)


@pytest.mark.parametrize(
    ("read", "feature"),
    [
        (scalar_inputs, Feature("image", shape=(8, 8))),
        (scalar_inputs, Feature("category", dtype="string")),
        (input_width, Feature("category", dtype="int64", size=3)),
        (input_width, Feature("array", shape=(28, 28))),
        (input_width, Feature("array", shape=(None,))),
        (input_width, Feature("array", ragged=True)),
        (input_width, Feature("image")),
        (image_input, Feature("image", shape=(None, 8))),
        (sequence_input, Feature("number")),
    ],
)
def test_inputs_that_cannot_be_read_are_named(read, feature):
    with pytest.raises(ConfigError, match="input `x` is") as caught:
        read(inputs(x=feature), "the model")
    assert caught.value.id == "flow.kind"


def test_one_input_is_one_input():
    with pytest.raises(ConfigError, match="there are 2: `a`, `b`"):
        image_input(inputs(a=Feature("image", shape=(4, 4)), b=Feature("image", shape=(4, 4))), "cnn")


def test_the_single_head_is_a_number_or_a_vector():
    assert only_head({"value": Feature("number")}, 0, "it") == ("value", ())
    assert only_head({"logits": Feature("array", shape=(3,))}, 1, "it") == ("logits", (3,))


@pytest.mark.parametrize(
    "heads",
    [
        {"value": Feature("number")},
        {"logits": Feature("array", shape=(3,), ragged=True)},
        {"a": Feature("array", shape=(3,)), "b": Feature("array", shape=(3,))},
        {},
    ],
)
def test_other_heads_are_refused_with_what_is_wanted(heads):
    with pytest.raises(ConfigError, match="and it has one vector") as caught:
        only_head(heads, 1, "it")
    assert caught.value.id == "flow.head"


def test_a_head_of_open_shape_is_refused():
    assert head_shape("boxes", Feature("array", shape=(2, 4))) == (2, 4)
    with pytest.raises(ConfigError, match=r"leaves the shape \[None\] of `logits` open"):
        head_shape("logits", Feature("array", shape=(None,)))
