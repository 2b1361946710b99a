from __future__ import annotations

import pytest

from sci.api import ConfigError
from sci_metrics.binary import F1, Precision, Recall
from sci_metrics.config import PositiveConfig
from sci_metrics.ranking import PrAuc, RocAuc

PROBABILITY = [[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]]


@pytest.fixture
def mail(classification):
    return classification(["ham", "spam", "ham"], ["ham", "spam", "spam"], PROBABILITY, positive="spam")


def refused(metric, predictions) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        metric(predictions)
    return caught.value


def test_task_says_which_class_is_meant_and_describe_repeats_it(mail):
    assert Precision(PositiveConfig())(mail) == 0.5
    assert Precision(PositiveConfig()).describe(mail) == {"positive": "spam", "positives": 1}
    assert RocAuc(PositiveConfig()).describe(mail) == {"positive": "spam", "positives": 1}


def test_setting_of_the_metric_wins_over_the_task(mail):
    metric = Precision(PositiveConfig(positive="ham"))

    assert metric(mail) == 1.0
    assert metric.describe(mail) == {"positive": "ham", "positives": 2}


def test_class_may_be_written_as_a_number(classification):
    predictions = classification(["0", "1", "1"], ["0", "1", "0"])

    assert Recall(PositiveConfig(positive=0))(predictions) == 1.0
    assert Recall(PositiveConfig(positive=1))(predictions) == 0.5


@pytest.mark.parametrize(
    ("metric", "instead"),
    [(F1, "f1-macro"), (Recall, "recall-macro"), (RocAuc, "roc-auc-ovr"), (PrAuc, "pr-auc-ovr")],
)
def test_more_than_two_classes_are_sent_to_the_average(metric, instead, classification):
    error = refused(metric(PositiveConfig()), classification(list("abc"), list("abc"), [[1, 0, 0]] * 3))

    assert (error.exit_code, error.id) == (2, "metric.binary")
    assert instead in error.message
    assert error.hint == f"evaluation: {{metrics: [{instead}]}}"


def test_mistake_shows_before_there_is_any_row(classification):
    error = refused(F1(PositiveConfig()), classification([], [], [], classes=["a", "b", "c"]))

    assert error.id == "metric.binary"


def test_unknown_class_suggests_the_nearest_one(mail):
    error = refused(F1(PositiveConfig(positive="spma")), mail)

    assert error.message == "`spma` is no class for f1; did you mean `spam`?"
    assert error.hint == "evaluation: {metrics: [{name: f1, positive: spam}]}"


def test_nobody_naming_a_class_is_refused(classification):
    predictions = classification(["a", "b"], ["a", "b"])
    predictions.info["positive"] = None

    assert refused(F1(PositiveConfig()), predictions).id == "metric.positive-missing"
