"""Names in tagged sentences against seqeval, in its default mode."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pyarrow as pa
import pytest
from seqeval import metrics as reference
from seqeval.metrics.sequence_labeling import get_entities

from sci.api import ComponentConfig, Feature, Predictions
from sci_metrics.entities import entities
from sci_metrics.entity_types import counted, line
from sci_metrics.tagging import EntityF1, EntityPrecision, EntityRecall, TokenAccuracy

NONE = ComponentConfig()
IOB = ["O", "O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
MALFORMED = [*IOB, "E-PER", "S-LOC", "I-", "B", "I", "NOUN", "."]


def tagged(truth, said, tags=IOB):
    """Predictions of the task `token-classification`."""
    lists = pa.large_list(pa.large_string())
    columns = {"target": pa.array(truth, lists), "prediction.tags": pa.array(said, lists)}
    features = dict.fromkeys(columns, Feature("category", dtype="string", ragged=True))
    return Predictions.of(np.arange(len(truth)), columns, features, info={"tags": sorted(set(tags))})


def sentences(random, tags, rows):
    """True and predicted tags, of which many agree."""
    truth = [random.choice(tags, random.integers(0, 9)).tolist() for _ in range(rows)]
    return truth, [
        [one if random.random() < 0.7 else str(random.choice(tags)) for one in sentence] for sentence in truth
    ]


@pytest.mark.parametrize("tags", [IOB, MALFORMED], ids=["IOB2", "malformed"])
def test_names_are_those_of_seqeval(tags):
    random = np.random.default_rng(0)
    for _ in range(2000):
        sentence = random.choice(tags, random.integers(0, 10)).tolist()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # seqeval warns of what is no tag
            assert list(entities(sentence)) == get_entities(sentence)


@pytest.mark.parametrize(
    ("metric", "function"),
    [
        (EntityPrecision, reference.precision_score),
        (EntityRecall, reference.recall_score),
        (EntityF1, reference.f1_score),
        (TokenAccuracy, reference.accuracy_score),
    ],
)
def test_values_are_those_of_seqeval(metric, function):
    random = np.random.default_rng(1)
    for _ in range(60):
        truth, said = sentences(random, IOB, 12)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = function(truth, said)
        assert metric(NONE)(tagged(truth, said)) == pytest.approx(wanted, abs=1e-12)


def test_a_word_without_an_answer_is_wrong_and_outside_of_names():
    predictions = tagged([["B-PER", "I-PER", "O"]], [["B-PER", None, None]])

    assert TokenAccuracy(NONE)(predictions) == pytest.approx(1 / 3)
    assert EntityF1(NONE)(predictions) == 0


def test_sums_of_rows_give_the_value_of_resampled_rows():
    truth, said = sentences(np.random.default_rng(2), IOB, 20)
    picks = np.arange(20) ** 2 % 20
    again = tagged([truth[row] for row in picks], [said[row] for row in picks])
    for metric in (EntityF1(NONE), TokenAccuracy(NONE)):
        sums = metric.statistics(tagged(truth, said))[picks].sum(axis=0)
        assert metric.value(sums, 20) == pytest.approx(metric(again), abs=1e-12)


def test_parts_of_speech_have_no_names():
    predictions = tagged([["NOUN", "VERB"]], [["NOUN", "NOUN"]], ["NOUN", "VERB"])

    assert math.isnan(EntityF1(NONE)(predictions))
    assert EntityF1(NONE).describe(predictions) == {"tags": "not in IOB form"}
    assert TokenAccuracy(NONE)(predictions) == 0.5


def test_each_type_has_its_own_line():
    said, real, found = counted([tagged([["B-PER", "O", "B-LOC"]], [["B-PER", "B-PER", "O"]])])

    assert line("PER", said["PER"], real["PER"], found["PER"]) == ["PER", 0.5, 1.0, pytest.approx(2 / 3), 2, 1, 1]
    assert line("LOC", said["LOC"], real["LOC"], found["LOC"]) == ["LOC", 0.0, 0.0, 0.0, 0, 1, 0]
