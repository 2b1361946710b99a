from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_softmax

from sci.api import ConfigError, Feature, Ragged, Schema
from sci_tasks.masked_lm import MaskedLm

TOKENS = Feature("tokens", "int64", ragged=True, size=5)
SCHEMA = Schema(
    {"text": TOKENS, "text.hidden": TOKENS}, {"text": "input", "text.hidden": "target"}, {"target": "text.hidden"}
)
ROWS = {
    "text": Ragged(np.array([1, 4, 2, 3]), np.array([0, 3, 4])),
    "text.hidden": Ragged(np.array([-1, 3, 2, -1]), np.array([0, 3, 4])),
}


def test_the_head_has_a_score_for_each_token_at_each_position():
    assert MaskedLm(None).heads(SCHEMA) == {"logits": Feature("array", shape=(5,), ragged=True)}


def test_hidden_tokens_are_counted_and_their_log_probabilities_added():
    logits = np.random.default_rng(0).normal(scale=4, size=(2, 8, 5)).astype(np.float32)
    logits[0, 1, 3] = 30

    decoded = MaskedLm(None).decode({"logits": logits}, ROWS)

    logs = log_softmax(logits.astype(np.float64), axis=-1)
    np.testing.assert_allclose(decoded["log_probability"], [logs[0, 1, 3] + logs[0, 2, 2], 0], rtol=1e-12)
    assert decoded["hidden"].tolist() == [2, 0]
    assert decoded["right"].tolist() == [1 + (logits[0, 2].argmax() == 2), 0]


def test_where_nothing_is_hidden_nothing_is_counted():
    decoded = MaskedLm(None).decode({"logits": np.zeros((2, 8, 5))}, {"text": ROWS["text"]})

    assert set(decoded) == {"hidden", "right", "log_probability"}
    assert all(column.tolist() == [0, 0] for column in decoded.values())


def test_tokens_have_to_be_hidden_by_a_step():
    schema = Schema({"text": TOKENS}, {"text": "input"})
    with pytest.raises(ConfigError, match="needs a step that hides tokens"):
        MaskedLm(None).heads(schema)
