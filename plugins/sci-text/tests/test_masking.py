from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from sci.api import ConfigError, Feature, Ragged, SampleRandom, Schema
from sci_text.config import MaskTokensConfig
from sci_text.masking import MaskTokens

SPECIAL = (0, 1, 2, 3, 4)
TOKENS = Feature("tokens", "int64", ragged=True, size=300, special=SPECIAL, mask=4)
SCHEMA = Schema({"t": TOKENS}, {"t": "input"})
STARTS = SCHEMA.add("context", **{"t.starts": Feature("array", "int64", ragged=True)})


def step(schema: Schema = SCHEMA, **settings) -> MaskTokens:
    made = MaskTokens(MaskTokensConfig(**settings), ("t",))
    made.output_schema(schema)
    return made


def rows(count: int = 600, length: int = 40) -> Ragged:
    """Rows that begin with code 2 and end with 3."""
    values = np.random.default_rng(0).integers(5, 300, (count, length))
    values[:, 0], values[:, -1] = 2, 3
    return Ragged(values.ravel(), np.arange(count + 1) * length)


def hidden(made: MaskTokens, tokens: Ragged, epoch: int = 0, ids=None, **more):
    ids = np.arange(len(tokens.lengths)) if ids is None else ids
    return made.transform({"t": tokens, "id": ids, **more}, SampleRandom(7, epoch, ids, "mask"))


def test_shares_are_those_of_bert():
    tokens = rows()
    found = hidden(step(), tokens)
    shown, target = found["t"].values, found["t.hidden"].values
    chosen = target >= 0

    assert chosen.sum() == 600 * round(0.15 * 38)
    assert (shown[chosen] == 4).mean() == pytest.approx(0.8, abs=0.02)
    assert (shown[chosen] == target[chosen]).mean() == pytest.approx(0.1, abs=0.02)
    np.testing.assert_array_equal(target[chosen], tokens.values[chosen])
    np.testing.assert_array_equal(shown[~chosen], tokens.values[~chosen])


def test_special_tokens_are_never_hidden_and_never_put_in():
    found = hidden(step(share=0.9, masked=0.0, replaced=1.0), rows())

    assert not np.isin(found["t.hidden"].values, SPECIAL).any()
    assert np.isin(found["t"].values, (0, 1, 4)).sum() == 0


def test_a_row_is_hidden_alike_in_any_batch_and_otherwise_in_another_epoch():
    tokens, picks = rows(20), np.array([7, 3])
    whole, part = hidden(step(), tokens), hidden(step(), tokens.take(picks), ids=picks)

    np.testing.assert_array_equal(part["t.hidden"].values, whole["t.hidden"].take(picks).values)
    np.testing.assert_array_equal(part["t"].values, whole["t"].take(picks).values)
    assert (hidden(step(), tokens, epoch=1)["t.hidden"].values != whole["t.hidden"].values).any()


def test_one_token_at_least_is_hidden_and_rows_without_any_stay():
    tokens = Ragged(np.array([2, 9, 3, 2, 3]), np.array([0, 3, 5, 5]))

    assert hidden(step(), tokens)["t.hidden"].values.tolist() == [-1, 9, -1, -1, -1]


def test_whole_words_are_hidden_with_all_their_pieces():
    tokens = rows(300)
    starts = Ragged(np.tile(np.arange(1, 39, 2), 300), np.arange(301) * 19)  # words of two pieces

    found = hidden(step(STARTS, whole_words=True), tokens, **{"t.starts": starts})["t.hidden"].values.reshape(300, 40)

    pairs = found[:, 1:39].reshape(300, 19, 2) >= 0
    np.testing.assert_array_equal(pairs[..., 0], pairs[..., 1])
    assert (pairs[..., 0].sum(axis=1) == 3).all()


def test_where_nothing_is_drawn_nothing_is_hidden():
    tokens = rows(3)
    assert step().transform({"t": tokens, "id": np.arange(3)}) == {"t": tokens, "id": pytest.approx(np.arange(3))}


@pytest.mark.parametrize(
    ("schema", "columns", "settings", "message"),
    [
        (Schema({"t": Feature("number")}, {"t": "input"}), ("t",), {}, "reads tokens, but column `t` is number"),
        (SCHEMA, (), {}, "there is no column of tokens"),
        (Schema({"t": Feature("tokens", size=9)}, {"t": "input"}), ("t",), {}, "have none that hides others"),
        (SCHEMA, ("t",), {"whole_words": True}, "where the words of `t` begin"),
    ],
)
def test_tokens_that_cannot_be_hidden_are_refused(schema, columns, settings, message):
    with pytest.raises(ConfigError, match=message):
        MaskTokens(MaskTokensConfig(**settings), columns).output_schema(schema)


def test_shares_above_one_are_refused():
    with pytest.raises(ValidationError, match="more than 1 together"):
        MaskTokensConfig(masked=0.8, replaced=0.3)
