from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from pydantic import ValidationError
from scipy.special import softmax as reference_softmax

from sci.api import Dataset, Feature, Schema
from sci_tasks.classification import Classification, softmax
from sci_tasks.config import ClassificationConfig
from sci_tasks.label_index import LabelIndex

RAW = Schema(
    {"text": Feature("text", dtype="string"), "label": Feature("category", dtype="string")},
    {"text": "input", "label": "target"},
    {"target": "label"},
)


def fitted(labels: list[str], positive: str | None = None) -> Classification:
    """The task after the core has run its target steps on training rows with these labels."""
    task = Classification(ClassificationConfig(positive=positive))
    raw = Dataset({"text": pa.array(["x"] * len(labels)), "label": pa.array(labels)}, RAW)
    step = LabelIndex(None, ("label",))
    step.fit(raw)
    codes = step.transform({"label": raw.column("label")})["label"]
    task.fit(Dataset({"text": raw.column("text"), "label": codes}, step.output_schema(RAW)))
    return task


def test_target_steps_name_the_column_that_fills_the_slot():
    steps = Classification(ClassificationConfig()).target_steps(RAW)

    assert steps == [{"name": "label-index", "columns": ["label"]}]


def test_heads_have_one_logit_for_each_class_and_none_before_fit():
    task = Classification(ClassificationConfig())
    coded = RAW.replace("label", label=Feature("category", "int64", size=3, values=("a", "b", "c")))

    assert task.heads(RAW) == {"logits": Feature("array", "float32", shape=(None,))}
    assert task.heads(coded) == {"logits": Feature("array", "float32", shape=(3,))}


def test_outputs_are_label_and_probability_in_the_order_of_the_classes():
    task = fitted(["c", "a", "b"])

    outputs = task.outputs(RAW)

    assert outputs["label"] == Feature("category", "string", size=3, values=("a", "b", "c"))
    assert outputs["probability"] == Feature("array", "float64", shape=(3,))


def test_rarer_class_of_train_is_positive():
    assert fitted(["ham", "ham", "spam"]).info() == {
        "classes": ["ham", "spam"],
        "positive": "spam",
        "counts": {"ham": 2, "spam": 1},
    }
    assert fitted(["ham", "spam", "spam"]).info()["positive"] == "ham"


def test_later_class_is_positive_when_both_are_equally_frequent():
    assert fitted(["yes", "no"]).info()["positive"] == "yes"


def test_positive_setting_wins_over_rarity():
    assert fitted(["ham", "ham", "spam"], positive="ham").info()["positive"] == "ham"


def test_more_than_two_classes_have_no_positive_one():
    assert fitted(["a", "b", "c"]).info()["positive"] is None


@pytest.mark.parametrize(("written", "name"), [(1, "1"), (1.0, "1"), (0.5, "0.5"), (True, "true"), ("1.0", "1.0")])
def test_positive_may_be_written_as_the_source_has_it(written, name):
    assert ClassificationConfig(positive=written).positive == name


def test_positive_that_is_a_list_is_refused():
    with pytest.raises(ValidationError, match="positive"):
        ClassificationConfig(positive=["spam"])


def test_info_and_decoding_survive_a_round_trip_through_json():
    task = fitted(["ham", "ham", "späm"])
    state = task.state()

    restored = Classification(ClassificationConfig())
    state.meta = json.loads(json.dumps(state.meta))
    restored.load_state(state)

    raw = {"logits": np.array([[0.0, 3.0], [2.0, 0.0]], dtype=np.float32)}
    assert restored.info() == task.info()
    assert restored.outputs(RAW) == task.outputs(RAW)
    assert restored.decode(raw, {})["label"].to_pylist() == ["späm", "ham"]


def test_softmax_agrees_with_scipy_in_float64():
    scores = np.random.default_rng(0).normal(scale=5, size=(200, 7)).astype(np.float32)

    ours = softmax(scores)

    assert ours.dtype == np.float64
    np.testing.assert_allclose(ours, reference_softmax(scores.astype(np.float64), axis=1), rtol=1e-14)


def test_huge_scores_neither_overflow_nor_warn():
    probability = softmax(np.array([[1e30, 0.0], [-1e30, -1e30], [700.0, -700.0], [-np.inf, 0.0]]))

    np.testing.assert_allclose(probability, [[1, 0], [0.5, 0.5], [1, 0], [0, 1]], atol=1e-300)


def test_first_of_equal_scores_gives_the_label():
    decoded = fitted(["b", "a"]).decode({"logits": np.zeros((1, 2))}, {})

    assert decoded["label"].to_pylist() == ["a"]
    np.testing.assert_array_equal(decoded["probability"], [[0.5, 0.5]])


def test_scores_that_are_no_numbers_give_no_label():
    raw = {"logits": np.array([[np.nan, 1.0], [np.inf, np.inf], [0.0, 1.0]])}

    decoded = fitted(["b", "a"]).decode(raw, {})

    assert decoded["label"].to_pylist() == [None, None, "b"]
    assert np.isnan(decoded["probability"][:2]).all()


def test_no_rows_decode_to_no_rows():
    decoded = fitted(["b", "a"]).decode({"logits": np.zeros((0, 2), dtype=np.float32)}, {})

    assert len(decoded["label"]) == 0
    assert decoded["probability"].shape == (0, 2)


def test_request_leaves_the_target_out():
    assert list(Classification(ClassificationConfig()).request(RAW).columns) == ["text"]


def test_discovery_imports_neither_arrays_nor_models_of_settings():
    code = "import sys, sci_tasks.plugin as p; p.sci_tasks(); print({'numpy', 'pydantic'} & set(sys.modules))"

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "set()"
