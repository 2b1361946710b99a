from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from sci.experiment.describe import schema_of
from sci.experiment.model import Checkpoint, Data, Experiment
from sci.experiment.reference import keys, table

ENOUGH = {"format": 1, "name": "x", "task": "t", "data": {"source": "s"}, "model": "m"}


def experiment(**more):
    return Experiment.model_validate_json(json.dumps({**ENOUGH, **more}), strict=True)


@pytest.mark.parametrize("name", ["sms-spam", "A.1_b-c", "x" * 80, "CONNECT", "9"])
def test_names_of_experiments_are_plain_words(name):
    assert experiment(name=name).name == name


@pytest.mark.parametrize(
    "name",
    [
        "", "../x", "a/b", "a\\b", "CON", "con", "nul.txt", "LPT1", "x" * 81, "x" * 300, "a\nb", "a\u202eb", "a b", ".",
        "..", ".hidden", "-x", "end.", "café", "cafe\u0301", "ѕpam", "a\0b", "C:", "~",
    ],
)  # fmt: skip
def test_names_that_are_no_folder_everywhere_are_refused(name):
    with pytest.raises(ValidationError):
        experiment(name=name)


def test_every_key_is_documented():
    assert [key.name for key in keys() if not key.meaning] == []
    assert len(keys()) > 60


def test_the_reference_names_every_key_of_the_schema_with_its_default():
    text = table()

    assert "| `training.batch_size` | a whole number from 1 or `all` | `32` |" in text
    assert (
        "| `data.split` | component of kind `splitters` | `{name: random, validation: 0.1, test: 0.2}`, where" in text
    )
    assert "| `data.columns.<column>.unit` | text |" in text
    for part in ("Training", "Data", "Evaluation", "Study", "EarlyStopping", "Checkpoint", "Column"):
        for key in schema_of(Experiment)["$defs"][part]["properties"]:
            assert f".{key}`" in text


def test_a_checkpoint_has_a_rhythm_of_five_minutes_unless_another_is_given():
    assert Checkpoint().every_minutes == 5.0
    assert Checkpoint(every_steps=10).every_minutes is None


def test_columns_are_listed_with_the_part_that_the_file_gives_them():
    data = Data(source="s", target={"time": "days", "event": "died"}, context=["a", "b"], group="g", inputs=["x", "a"])

    assert data.parts() == {
        "days": "target",
        "died": "target",
        "g": "group",
        "a": "context",
        "b": "context",
        "x": "input",
    }
