from __future__ import annotations

import pytest

from sci.api.errors import ConfigError, Place
from sci.experiment.document import Document
from sci.experiment.overrides import overridden
from sci.experiment.reading import parsed


def changed(text: str, *overrides: str) -> Document:
    return overridden(parsed(text, "spam.yaml"), overrides)


def test_a_value_is_replaced_and_its_place_is_the_override():
    document = changed("training: {epochs: 5}\n", "training.epochs=1")

    assert document.value == {"training": {"epochs": 1}}
    assert document.place(("training", "epochs")) == Place("--set training.epochs")
    assert document.place(("training",)).line == 1


def test_mappings_on_the_way_are_made():
    assert changed("a: 1\n", "b.c.d=x").value == {"a": 1, "b": {"c": {"d": "x"}}}


def test_a_key_that_is_made_on_the_way_has_the_place_of_the_override():
    document = changed("a: {b: 1}\n", "a.c.d=1")

    assert document.place(("a", "c"), key=True) == Place("--set a.c.d")
    assert document.place(("a",), key=True).line == 1


def test_a_component_that_is_only_a_name_gets_room_for_settings():
    document = changed("optimizer: adamw\n", "optimizer.learning_rate=1e-2")

    assert document.value == {"optimizer": {"name": "adamw", "learning_rate": 1e-2}}


def test_a_number_is_a_position_in_a_list():
    document = changed("steps: [clean, {name: cut, length: 5}]\n", "steps.0.lower=true", "steps.1.length=9")

    assert document.value == {"steps": [{"name": "clean", "lower": True}, {"name": "cut", "length": 9}]}


def test_a_number_is_a_word_where_there_is_no_list():
    assert changed("columns: {}\n", "columns.2019.unit=kg").value == {"columns": {"2019": {"unit": "kg"}}}


def test_of_two_overrides_of_one_key_the_later_one_holds():
    assert changed("a: 1\n", "a=2", "a=3").value == {"a": 3}


def test_whole_mappings_and_lists_can_be_given():
    document = changed("model: {name: bert, layers: 2}\n", "model={name: mlp}", "metrics=[f1, recall]")

    assert document.value == {"model": {"name": "mlp"}, "metrics": ["f1", "recall"]}
    assert document.place(("model", "name")) == Place("--set model")
    assert document.place(("model", "layers")) == Place("--set model")


def test_the_file_itself_is_left_alone():
    document = parsed("a: {b: 1}\n", "f")

    overridden(document, ["a.b=2"])

    assert document.value == {"a": {"b": 1}}


def test_a_mistake_of_the_file_is_gone_when_its_value_is_replaced():
    assert changed("seed: .nan\n", "seed=1").mistakes == ()


@pytest.mark.parametrize(
    "override",
    [
        "", "=", "a", "a=", "a= ", "=1", ".a=1", "a.=1", "a..b=1", "a b.=1", "a\n=1", "steps.2=x", "steps.x=1",
        "steps.-1=x", "n.x=1", "a=[1", "a=.nan", "a=99999999999999999999", "a=" + "x" * 200_000, "x" * 200_000,
        "a." * 2000 + "b=1", "steps." + "9" * 5000 + "=1",
        "a=\udcff", "\udcff=1",
    ],
)  # fmt: skip
def test_a_malformed_override_is_a_config_error_that_names_it(override):
    with pytest.raises(ConfigError) as caught:
        changed("steps: [a, b]\nn: 5\n", override)

    assert caught.value.where.file.startswith("--set")
    assert len(caught.value.message) < 400
