"""N-grams in buckets, against counting them one by one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sci.api import ConfigError, Feature
from sci.testing.network import Rows
from sci_text.model_config import NgramLinearConfig
from sci_text.ngram_weights import weighing
from sci_text.ngrams import bags, counted, inverse_frequency, naive_bayes

TOKENS = np.array([[3, 4, 3, 4, 0, 0], [5, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [4, 3, 9, 9, 3, 4]])
LENGTHS = np.array([4, 1, 0, 6])
BUCKETS = 10_007


def kept(row: np.ndarray) -> set[int]:
    return set(row[row < BUCKETS].tolist())


def test_a_row_holds_each_of_its_ngrams_once() -> None:
    found = bags(TOKENS, LENGTHS, [1, 2], BUCKETS)
    assert [len(kept(row)) for row in found] == [2 + 2, 1, 0, 3 + 5]
    # 3, 4 and the pairs (3, 4), (4, 3) are in the first row and in the last one
    assert kept(found[0]) <= kept(found[3])


def test_the_order_of_tokens_counts_and_single_tokens_never_meet() -> None:
    [one] = bags(np.array([[3, 4]]), np.array([2]), [2], BUCKETS)
    [other] = bags(np.array([[4, 3]]), np.array([2]), [2], BUCKETS)
    assert kept(one) != kept(other)
    every = bags(np.arange(5_000)[None], np.array([5_000]), [1], BUCKETS)
    assert len(kept(every[0])) == 5_000


def test_few_ngrams_of_many_meet() -> None:
    draw = np.random.default_rng(0)
    tokens = draw.integers(0, 20_000, (40, 50))
    pairs = {tuple(pair) for row in tokens for pair in itertools.pairwise(row)}
    found = bags(tokens, np.full(40, 50), [2], 2**20)
    assert len(set(found[found < 2**20].tolist())) > 0.995 * len(pairs)


@pytest.mark.parametrize("several", [False, True], ids=["one class each", "several"])
def test_counts_are_of_rows_by_class(several: bool) -> None:
    target = np.array([0, 1, 1, 0])
    truth = np.eye(2)[target] if several else target
    feed = Rows({"id": np.arange(4), "text": TOKENS, "text.length": LENGTHS, "target": truth})
    counts, rows = counted(feed, "text", [1], BUCKETS, 2)
    bucket_of = {token: bags(np.array([[token]]), np.array([1]), [1], BUCKETS)[0, 0] for token in (3, 4, 5, 9)}
    assert rows == 4
    assert {token: counts[:, bucket].tolist() for token, bucket in bucket_of.items()} == {
        3: [2, 0],
        4: [2, 0],
        5: [0, 1],
        9: [1, 0],
    }
    assert counts.sum() == 6


def test_log_count_ratios_are_those_of_wang_and_manning() -> None:
    counts = np.array([[3.0, 0.0, 1.0], [1.0, 2.0, 1.0]])
    p, q = counts + 1
    expected = np.log((p / p.sum()) / (q / q.sum()))
    np.testing.assert_allclose(naive_bayes(counts), np.stack([expected, -expected], axis=1))


def test_rare_ngrams_weigh_more() -> None:
    np.testing.assert_allclose(inverse_frequency(np.array([[3.0, 0.0]]), 3), [[1.0], [np.log(4) + 1]])


@pytest.mark.parametrize("ngrams", [(2, 1), (0, 1)])
def test_ngrams_are_a_range(ngrams) -> None:
    with pytest.raises(ValueError, match="ngrams"):
        NgramLinearConfig(ngrams=ngrams)


def test_weighing_by_class_needs_classes(bench) -> None:
    with pytest.raises(ConfigError, match="the task has no classes"):
        bench("torch", {"name": "ngram-linear", "weighting": "naive-bayes"}, heads={"value": Feature("number")})


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_a_model_begins_as_naive_bayes_and_l2_keeps_it_there(bench, engine) -> None:
    made, held, free = (bench(engine, {"name": "ngram-linear", "buckets": 50, "l2": l2}) for l2 in (1e-5, 0.3, 0.0))
    assert (made.weights["head.logits.weight"] == 0.25).all()
    held.step(3), free.step(3)
    away = [np.abs(one.weights["head.logits.weight"] - 0.25).max() for one in (held, free)]
    assert 0 < away[0] < away[1]


def test_a_prior_needs_ratios_of_classes(bench) -> None:
    with pytest.raises(ConfigError, match="begins as naive Bayes, and n-grams are weighed by `idf`"):
        bench("torch", {"name": "ngram-linear", "weighting": "idf", "prior": 1.0})


@pytest.mark.parametrize("weighting", ["naive-bayes", "idf"])
def test_what_no_training_row_has_weighs_nothing(weighting) -> None:
    config = NgramLinearConfig(ngrams=(1, 1), buckets=BUCKETS, weighting=weighting)
    feed = Rows({"id": np.arange(4), "text": TOKENS, "text.length": LENGTHS, "target": np.array([0, 1, 1, 0])})
    found = weighing(config, {"logits": Feature("array", shape=(2,))}).of_rows(feed, "text", config)
    assert found.shape == (BUCKETS + 1, 2 if weighting == "naive-bayes" else 1)
    assert set(np.flatnonzero(found[:, 0])) == kept(bags(TOKENS, LENGTHS, [1], BUCKETS).reshape(-1))
