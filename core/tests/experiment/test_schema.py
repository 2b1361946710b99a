from __future__ import annotations

import copy

import jsonschema
import pytest

from sci.experiment.load import load
from sci.experiment.reading import parsed
from sci.experiment.schema import component_schema, experiment_schema


@pytest.fixture(scope="module")
def validator(registry):
    schema = experiment_schema(registry).schema
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_what_loads_is_valid_and_so_is_what_it_resolves_to(validator, write, registry, stand_ins):
    loaded = load(write(stand_ins.GOOD), [], registry)

    assert list(validator.iter_errors(parsed(stand_ins.GOOD, "f").value)) == []
    assert list(validator.iter_errors(loaded.resolved)) == []


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("format",), 2),
        (("name",), "a/b"),
        (("seed",), -1),
        (("sead",), 1),
        (("model",), "nothing-of-that-name"),
        (("model",), {"name": "logistic", "l3": 1}),
        (("model",), {"name": "logistic", "l2": -1}),
        (("data", "source"), "csv"),
        (("training", "epochs"), 0),
        (("training", "batch_size"), "some"),
        (("evaluation", "metrics"), "f1"),
        (("audit",), {"duplicates": "perhaps"}),
    ],
)
def test_what_does_not_load_is_not_valid(validator, stand_ins, keys, value):
    experiment = copy.deepcopy(parsed(stand_ins.GOOD, "f").value)
    holder = experiment
    for key in keys[:-1]:
        holder = holder[key]
    holder[keys[-1]] = value

    assert list(validator.iter_errors(experiment)) != []


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("training", "optimizer"), {"generator": "adamw", "critic": {"name": "sgd"}}),
        (("training", "batch_size"), "all"),
        (("data", "split"), {"name": "random", "seed": 3}),
        (("preprocessing",), ["clean-text", {"name": "impute", "columns": ["a"]}]),
        (("model",), {"name": "ensemble", "members": ["logistic", {"name": "logistic", "l2": 1}]}),
        (("data", "target"), {"time": "days", "event": "died"}),
    ],
)
def test_every_way_to_write_a_component_is_valid(validator, stand_ins, keys, value):
    experiment = copy.deepcopy(parsed(stand_ins.GOOD, "f").value)
    holder = experiment
    for key in keys[:-1]:
        holder = holder[key]
    holder[keys[-1]] = value

    assert list(validator.iter_errors(experiment)) == []


def test_one_component_has_a_schema_of_its_own(registry):
    schema = component_schema(registry.find("optimizers", "adamw", "numpy"))

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["learning_rate"]["exclusiveMinimum"] == 0
    assert schema["properties"]["learning_rate"]["description"] == "Size of an update."
    assert schema["required"] == ["name"]


def test_a_kind_without_components_takes_any_name(validator, stand_ins):
    experiment = {**parsed(stand_ins.GOOD, "f").value, "tracking": ["somebody"]}

    assert list(validator.iter_errors(experiment)) == []


def test_settings_that_cannot_be_imported_are_left_out_with_a_warning(stand_ins):
    registry = stand_ins.make_registry()
    entry = registry.find("sources", "csv")
    object.__setattr__(entry.spec, "config", "sci_stand_ins:NoSuchConfig")

    try:
        described = experiment_schema(registry)
    finally:
        object.__setattr__(entry.spec, "config", "sci_stand_ins:CsvConfig")

    assert [error.exit_code for error in described.left_out] == [4]
    names = [
        choice["properties"]["name"]["const"]
        for choice in described.schema["$defs"]["component.sources"]["anyOf"]
        if "properties" in choice
    ]
    assert names == ["generated"]
