"""Shapley values against their definition."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from sci_explain.attribution import lost
from sci_explain.shapley import shapley


class Played:
    """A game given by a function of who takes part."""

    def __init__(self, players, value):
        self.players = [str(at) for at in range(players)]
        self.value = value

    def values(self, coalitions):
        return np.array([[0.0, self.value(kept)] for kept in coalitions])


def products(kept):
    """Players that work together, one that spoils, one that does nothing."""
    a, b, c, d, _ = map(float, kept)
    return 1 + 2 * a + 3 * a * b - c * (1 + d) + 4 * b * c * d


def by_definition(game):
    """The mean over all orders of what a player adds when it joins."""
    n = len(game.players)
    parts = np.zeros(n)
    for player in range(n):
        others = [one for one in range(n) if one != player]
        for size in range(n):
            weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
            for joined in itertools.combinations(others, size):
                kept = np.isin(np.arange(n), joined)
                with_player = kept.copy()
                with_player[player] = True
                parts[player] += weight * (game.value(with_player) - game.value(kept))
    return parts


def test_values_are_those_of_the_definition_where_all_coalitions_fit():
    game = Played(5, products)
    found = shapley(game, 1, samples=64, seed=3)
    np.testing.assert_allclose(found.parts, by_definition(game), atol=1e-10)
    assert found.parts[4] == pytest.approx(0, abs=1e-10)
    assert found.base == products([0] * 5)
    assert found.full == products([1] * 5)
    assert found.gap < 1e-12


def test_estimates_add_up_repeat_and_come_near():
    weights = np.linspace(-1, 1, 10)
    game = Played(10, lambda kept: float(np.tanh(weights @ kept) + kept[0] * kept[9]))
    one, two = (shapley(game, 1, samples=200, seed=11) for _ in range(2))
    other = shapley(game, 1, samples=200, seed=12)
    exact = by_definition(game)
    assert one.gap < 1e-12
    np.testing.assert_array_equal(one.parts, two.parts)
    assert not np.array_equal(one.parts, other.parts)
    np.testing.assert_allclose(one.parts, exact, atol=0.1)


def test_the_global_generator_is_left_as_it_was():
    np.random.seed(4)
    expected = np.random.random(3)
    np.random.seed(4)
    shapley(Played(14, lambda kept: float(kept.sum())), 1, samples=100, seed=1)
    np.testing.assert_array_equal(np.random.random(3), expected)


@pytest.mark.parametrize("players", [0, 1])
def test_games_of_hardly_any_players(players):
    game = Played(players, lambda kept: 2.0 + kept.sum())
    assert shapley(game, 1, samples=32, seed=1).parts.tolist() == [1.0] * players
    assert lost(game, 1).parts.tolist() == [1.0] * players
    assert lost(game, 1).full == 2.0 + players


def test_occlusion_is_what_the_whole_loses_without_one():
    assert lost(Played(5, products), 1).parts.tolist() == [5.0, 7.0, 2.0, 3.0, 0.0]
