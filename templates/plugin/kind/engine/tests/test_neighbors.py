from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from sci.api import ConfigError, Feature, Schema

from {{ module }}.config import NeighborsConfig
from {{ module }}.neighbors import NearestNeighbors

INPUTS = Schema({"a": Feature("number"), "b": Feature("number")}, {"a": "input", "b": "input"})
NUMBER = {"value": Feature("number")}
CLASSES = {"logits": Feature("array", shape=(3,))}


def fitted(heads: dict[str, Feature], rows: Any, target: Any, **settings: float) -> NearestNeighbors:
    model = NearestNeighbors(NeighborsConfig(**settings), INPUTS, heads, 0)
    model.fit({"numbers": np.array(rows, dtype=float), "target": np.array(target)})
    return model


def asked(model: NearestNeighbors, *rows: tuple[float, float]) -> np.ndarray:
    [answer] = model({"numbers": np.array(rows).reshape(len(rows), 2)}).values()
    return answer


def test_a_number_is_the_mean_of_the_nearest_rows() -> None:
    model = fitted(NUMBER, [(0, 0), (1, 0), (5, 5), (6, 5)], [1.0, 3.0, 10.0, 20.0], neighbors=2)

    assert asked(model, (0.4, 0.1), (5.4, 5.0)).tolist() == [2.0, 15.0]


def test_the_nearest_rows_are_those_of_the_definition() -> None:
    random = np.random.default_rng(0)
    rows, target, new = random.normal(size=(40, 2)), random.normal(size=40), random.normal(size=(9, 2))

    found = asked(fitted(NUMBER, rows, target, neighbors=3), *new)

    for row, answer in zip(new, found, strict=True):
        ranked = sorted(range(40), key=lambda other: math.dist(rows[other], row))
        assert answer == pytest.approx(np.mean(target[ranked[:3]]))


def test_classes_get_shares_of_votes() -> None:
    model = fitted(CLASSES, [(0, 0), (0, 1), (1, 0), (9, 9)], [0, 0, 2, 1], neighbors=3, smoothing=1.0)

    assert np.exp(asked(model, (0, 0)))[0] == pytest.approx([3 / 6, 1 / 6, 2 / 6])


def test_of_equally_near_rows_the_earlier_one_counts() -> None:
    assert asked(fitted(NUMBER, [(1, 0), (-1, 0)], [1.0, 2.0], neighbors=1), (0, 0)).tolist() == [1.0]


def test_all_rows_answer_where_there_are_fewer_than_asked_for() -> None:
    assert asked(fitted(NUMBER, [(0, 0), (9, 9)], [1.0, 2.0], neighbors=50), (0, 0)).tolist() == [1.5]


def test_a_row_votes_with_its_weight() -> None:
    model = NearestNeighbors(NeighborsConfig(neighbors=2), INPUTS, NUMBER, 0)
    model.fit({"numbers": np.zeros((2, 2)), "target": np.array([1.0, 5.0]), "weight": np.array([3.0, 1.0])})

    assert asked(model, (0, 0)).tolist() == [2.0]


def test_answers_do_not_depend_on_how_many_rows_are_asked_at_once() -> None:
    random = np.random.default_rng(1)
    model = fitted(NUMBER, random.normal(size=(30, 2)), random.normal(size=30))
    new = random.normal(size=(20, 2))
    together = asked(model, *new)

    model.block = 3

    assert asked(model, *new).tolist() == together.tolist()
    assert asked(model).shape == (0,)


def test_inputs_that_are_no_numbers_are_refused() -> None:
    text = Schema({"a": Feature("text", dtype="string")}, {"a": "input"})
    with pytest.raises(ConfigError):
        NearestNeighbors(NeighborsConfig(), text, NUMBER, 0)
