"""The task that answers with texts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from pydantic import ValidationError

from sci.api import ENDED, ConfigError, DataError, Dataset, Feature, Fold, Schema
from sci_text.baselines import CopySource, TranslationMemory
from sci_text.seq2seq import Seq2seq
from sci_text.task_config import Seq2seqConfig

TEXT = Feature("text", dtype="string")
TOKENS = Feature("tokens", dtype="int64", ragged=True, size=7, pad=3)


def schema(target: Feature) -> Schema:
    return Schema({"en": TEXT, "de": target}, {"en": "input", "de": "target"}, {"target": "de"})


@pytest.fixture
def task() -> Seq2seq:
    return Seq2seq(Seq2seqConfig())


def test_the_network_scores_tokens_up_to_an_end_that_is_the_padding(task) -> None:
    assert task.heads(schema(TOKENS)) == {"logits": Feature("array", shape=(7,), ragged=True, pad=3, format=ENDED)}


def test_a_target_that_no_step_cuts_is_refused_with_the_step_to_write(task) -> None:
    with pytest.raises(ConfigError, match="no step cuts the target `de`") as caught:
        task.heads(schema(TEXT))
    assert caught.value.hint == "preprocessing: [{name: bpe, columns: [en, de], shared: true}]"


def test_answers_are_the_codes_before_the_padding(task) -> None:
    raw = {
        "tokens": np.array([[4, 5, 3, 3], [3, 3, 3, 3], [1, 2, 4, 6]]),
        "tokens.length": np.array([2, 0, 4], dtype=np.int32),
        "score": np.array([-0.5, -1.0, -2.0], dtype=np.float32),
    }

    found = task.decode(raw, {})

    assert found["text"].values.tolist() == [4, 5, 1, 2, 4, 6]
    assert found["text"].offsets.tolist() == [0, 2, 2, 6]
    assert found["score"].tolist() == [-0.5, -1.0, -2.0]
    assert task.outputs(schema(TOKENS))["text"].like == "target"


def test_rows_without_a_target_are_named(task) -> None:
    columns = {"en": pa.array(["a", "b", "c"], pa.large_string()), "de": pa.array(["x", None, ""], pa.large_string())}
    rows = Dataset(columns, schema(TEXT))
    fold = Fold("split", np.array([0]), np.array([1]), np.array([2]))

    with pytest.raises(DataError, match="`de` has no text in 1 row") as caught:
        task.check(rows, fold)
    assert caught.value.note == "rows 1"


@pytest.mark.parametrize("settings", [{"beam": 0}, {"length_penalty": -1}, {"max_length": 0}])
def test_a_search_that_finds_nothing_is_refused(settings) -> None:
    with pytest.raises(ValidationError):
        Seq2seqConfig(**settings)


def test_rivals_keep_the_steps_or_bring_one_that_loses_nothing() -> None:
    experiment = {"inputs": {"en": "text"}, "data": {"target": "de"}}

    assert "preprocessing" not in TranslationMemory(None).patch(experiment)
    [step] = CopySource(None).patch({**experiment, "data": {"target": {"target": "de"}}})["preprocessing"]
    assert (step["columns"], step["shared"]) == (["en", "de"], True)
    with pytest.raises(ConfigError, match="reads one text, and the inputs are en, year"):
        CopySource(None).patch({**experiment, "inputs": {"en": "text", "year": "number"}})
