from __future__ import annotations

import math

import numpy as np
import pytest

from sci.api import ComponentConfig, Feature, Predictions
from sci_metrics.hidden import MaskedAccuracy, Perplexity


def told(hidden, right, log_probability):
    columns = {"prediction.hidden": hidden, "prediction.right": right, "prediction.log_probability": log_probability}
    arrays = {name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}
    return Predictions.of(np.arange(len(hidden)), arrays, dict.fromkeys(arrays, Feature("number", dtype="float64")))


def test_tokens_count_alike_whatever_their_row():
    predictions = told([1, 3], [1, 0], [math.log(1 / 2), 3 * math.log(1 / 8)])

    assert Perplexity(ComponentConfig())(predictions) == pytest.approx(2 ** (10 / 4))
    assert MaskedAccuracy(ComponentConfig())(predictions) == 0.25
    assert Perplexity(ComponentConfig()).describe(predictions) == {"tokens": 4}


def test_equal_chances_have_the_perplexity_of_their_number():
    assert Perplexity(ComponentConfig())(told([2], [0], [-2 * math.log(50)])) == pytest.approx(50)


def test_nothing_hidden_has_no_value():
    assert math.isnan(Perplexity(ComponentConfig())(told([0, 0], [0, 0], [0, 0])))
    assert math.isnan(MaskedAccuracy(ComponentConfig())(told([0], [0], [0])))
