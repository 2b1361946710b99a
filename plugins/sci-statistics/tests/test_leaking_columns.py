"""Inputs that give the target away, and inputs that are only good."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sci.api import Dataset, Feature, Schema
from sci_statistics.audits import telling
from sci_statistics.audits.leaking import LeakingColumns
from sci_statistics.audits.values import coded

N = 400
RANDOM = np.random.default_rng(1)
YES = RANDOM.random(N) < 0.4
LABEL = np.where(YES, "yes", "no")
NOISE = RANDOM.normal(size=N)
RARE = np.where(RANDOM.random(N) < 0.1, "rare", "plain")
NUMBER = RANDOM.normal(size=N)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (np.where(YES, 7, 3), "is the target in other words"),
        (np.where(YES, "agreed", "refused"), "is the target in other words"),
        (np.where(np.arange(N) % 150 == 0, ~YES, YES).astype(int), "nearly determines the target by itself"),
        (np.where(YES, 3.0, 0.0) + RANDOM.random(N), "nearly determines the target by itself"),
        (np.where(YES, np.nan, RANDOM.normal(size=N)), "nearly determines the target by itself"),
        ([f"X{i}-{'POS' if yes else 'NEG'}-{i * 7}" for i, yes in enumerate(YES)], "nearly determines the target"),
        (np.where(YES, 2.0, 0.0) + 0.45 * RANDOM.normal(size=N), "nearly determines the target by itself"),
    ],
)
def test_an_input_that_gives_a_class_away(table: Any, fold: Any, audit: Any, column: Any, words: str) -> None:
    rows = table({"label": "target"}, noise=NOISE, column=column, label=LABEL)

    (warning,) = audit(LeakingColumns(), rows, fold(range(300), test=range(300, N)))

    assert (warning.severity, warning.columns) == ("warning", ("column",))
    assert words in warning.message


@pytest.mark.parametrize(
    "column",
    [
        np.where(YES, 1.0, 0.0) + RANDOM.normal(size=N),
        np.where(np.arange(N) % 20 == 0, ~YES, YES).astype(int),
        RANDOM.integers(0, 5, N),
        [f"X{i}" for i in range(N)],
    ],
)
def test_an_input_that_is_only_good_or_useless_passes(table: Any, fold: Any, audit: Any, column: Any) -> None:
    rows = table({"label": "target"}, noise=NOISE, column=column, label=LABEL)

    (passed,) = audit(LeakingColumns(), rows, fold(range(300), test=range(300, N)))

    assert passed.severity == "passed"


def test_a_flag_that_is_set_for_a_rare_class_alone(table: Any, fold: Any, audit: Any) -> None:
    flag = ((RARE == "rare") & (np.arange(N) % 2 == 0)).astype(int)
    rows = table({"label": "target"}, noise=NOISE, cause=flag, other=1 - flag[::-1], label=RARE)

    (warning,) = audit(LeakingColumns(), rows, fold(range(N)))

    assert warning.columns == ("cause",)
    assert warning.message == "input `cause` is set almost only where the target has one rare class"


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (3 * NUMBER - 5, "is the target in other words"),
        (NUMBER + 0.05 * RANDOM.normal(size=N), "nearly determines the target by itself"),
        (np.exp(NUMBER), "nearly determines the target by itself"),
    ],
)
def test_an_input_that_gives_a_number_away(table: Any, fold: Any, audit: Any, column: Any, words: str) -> None:
    rows = table({"y": "target"}, noise=NOISE, column=column, y=NUMBER)

    (warning,) = audit(LeakingColumns(), rows, fold(range(N)))

    assert (warning.columns, words in warning.message) == (("column",), True)


def test_a_number_that_goes_with_the_target_passes(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"y": "target"}, noise=NOISE, column=NUMBER + 0.5 * RANDOM.normal(size=N), y=NUMBER)

    assert [one.severity for one in audit(LeakingColumns(), rows, fold(range(N)))] == ["passed"]


def test_the_only_input_is_suspected_as_a_copy_only(table: Any, fold: Any, audit: Any) -> None:
    near, copy = NUMBER + 0.01 * RANDOM.normal(size=N), 2 * NUMBER

    assert audit(LeakingColumns(), table({"y": "target"}, x=near, y=NUMBER), fold(range(N)))[0].severity == "passed"
    assert audit(LeakingColumns(), table({"y": "target"}, x=copy, y=NUMBER), fold(range(N)))[0].severity == "warning"


def test_free_text_is_what_a_model_reads(table: Any, fold: Any, audit: Any) -> None:
    texts = [f"{'win a prize' if yes else 'see you soon'} number {i} {i * 13 % 97}" for i, yes in enumerate(YES)]
    rows = table({"label": "target"}, text=texts, noise=NOISE, label=LABEL)

    assert [one.severity for one in audit(LeakingColumns(), rows, fold(range(N)))] == ["passed"]


def test_only_training_rows_are_asked(table: Any, fold: Any, audit: Any) -> None:
    column = np.where(np.arange(N) < 300, YES, ~YES).astype(int)
    rows = table({"label": "target"}, noise=NOISE, column=column, label=LABEL)

    assert audit(LeakingColumns(), rows, fold(range(300), test=range(300, N)))[0].columns == ("column",)


def test_numbers_without_end_are_looked_at(table: Any, fold: Any, audit: Any) -> None:
    column, target = NOISE.copy(), NUMBER.copy()
    column[:5], target[3:8] = np.inf, -np.inf

    for rows in (
        table({"y": "target"}, noise=column, other=NOISE, y=target),
        table({"y": "target"}, noise=column, other=NOISE, y=LABEL),
    ):
        assert [one.severity for one in audit(LeakingColumns(), rows, fold(range(N)))] == ["passed"]


def test_few_rows_are_no_evidence(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"label": "target"}, noise=NOISE, column=YES.astype(int), label=LABEL)

    assert audit(LeakingColumns(), rows, fold(range(30))) == []


def test_skill_is_the_share_of_errors_that_is_avoided() -> None:
    classes = np.tile([0, 0, 0, 1], 100)

    assert telling.skill(classes, classes) == 1.0
    assert telling.skill(np.zeros(400, dtype=np.int64), classes) == 0.0


def test_explained_is_r2_out_of_fold() -> None:
    codes = np.arange(1000) % 7

    assert telling.explained(codes, codes.astype(float)) == pytest.approx(1.0)
    assert abs(telling.explained(codes, RANDOM.normal(size=1000))) < 0.05


def test_area_counts_the_pairs_in_order() -> None:
    values, positive = RANDOM.integers(0, 5, 60).astype(float), np.arange(60) % 2 == 0
    pairs = [(a > b) + (a == b) / 2 for a in values[positive] for b in values[~positive]]

    assert telling.area(values, positive) == pytest.approx(max(np.mean(pairs), 1 - np.mean(pairs)))


POOL = pa.proxy_memory_pool(pa.default_memory_pool())
"""Outlives everything that is taken from it."""


def test_long_texts_are_looked_at_without_a_copy() -> None:
    texts = pa.chunked_array([pa.array([f"{chunk} " + "x" * 1000] * 100, pa.large_string()) for chunk in range(40)])
    data = Dataset({"text": texts}, Schema({"text": Feature("text", dtype="string")}, {"text": "input"}))
    before = pa.default_memory_pool()
    pa.set_memory_pool(POOL)
    try:
        held = POOL.bytes_allocated()
        assert coded(data, "text", 64) is None
        most = POOL.max_memory() - held
    finally:
        pa.set_memory_pool(before)

    assert 0 < most < texts.nbytes / 4
