from __future__ import annotations

import math
from dataclasses import replace

import pytest

from sci.api import Score
from sci.api.numbers import (
    confidence,
    count,
    decimals,
    difference,
    duration,
    fixed,
    p_value,
    percent,
    row_decimals,
    score,
    scored,
    significant,
    size,
)


@pytest.mark.parametrize(
    ("width", "expected"),
    [(0.057, 3), (0.50, 2), (680, -1), (0.1, 2), (0.0999, 3), (1.0, 1), (10, 0), (100, -1), (0.002, 4), (1.24, 1)],
)
def test_decimals_follow_the_width_of_the_interval(width, expected):
    assert decimals(width) == expected


@pytest.mark.parametrize("width", [0.003, 0.0171, 0.057, 0.2, 0.5, 0.99, 3.7, 68, 680, 12345])
def test_rounding_error_is_at_most_a_twentieth_of_the_width_and_one_decimal_fewer_is_not_enough(width):
    places = decimals(width)
    assert places is not None
    assert 0.5 * 10.0**-places <= width / 20 * (1 + 1e-9)
    assert 0.5 * 10.0 ** -(places - 1) > width / 20


@pytest.mark.parametrize("width", [0.0, -1.0, math.nan, math.inf])
def test_no_width_gives_no_decimals(width):
    assert decimals(width) is None


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (0.95137, 0.9203, 0.9773, ("0.951", "0.920", "0.977")),
        (0.8, 0.5, 1.0, ("0.80", "0.50", "1.00")),
        (48123.4, 47790, 48470, ("48,120", "47,790", "48,470")),
        (0.9996, 0.97, 1.0, ("> 0.999", "0.970", "1.000")),
        (0.0004, 0.0, 0.02, ("< 0.001", "0.000", "0.020")),
        (0.866, math.nan, math.nan, ("0.866", "–", "–")),
        (-0.0123, -0.03, 0.01, ("−0.012", "−0.030", "0.010")),
        (math.nan, math.nan, math.nan, ("–", "–", "–")),
    ],
)
def test_score_and_interval_share_their_decimals(value, low, high, expected):
    assert score(value, low, high) == expected


def test_differences_carry_their_sign_and_zero_has_none():
    assert difference(0.02885, 0.00335, 0.0572) == ("+0.029", "+0.003", "+0.057")
    assert difference(0.035, 0.0, 0.073) == ("+0.035", "0.000", "+0.073")
    assert difference(-0.012, -0.026, -0.0002, minus="-") == ("-0.012", "-0.026", "> -0.001")


def test_a_row_takes_the_finest_decimals_that_any_interval_needs():
    assert row_decimals([0.987, 0.98], [0.014, 0.3]) == 3
    assert row_decimals([0.5, 0.9996], [0.0, math.nan]) == 3
    assert row_decimals([0.0, math.nan], []) == 0


def test_a_rival_that_hardly_varies_does_not_lengthen_its_row():
    assert row_decimals([0.55, -0.0000058], [0.22, 0.000005]) == 2
    assert score(-0.0000058, -0.000005, 0.0, digits=2) == ("> −0.01", "> −0.01", "0.00")


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (0.9996, 3, "> 0.999"),
        (1.0, 3, "1.000"),
        (1.0004, 3, "1.000"),
        (-0.0004, 3, "> −0.001"),
        (4.0, -1, "< 10"),
        (12345.678, 1, "12,345.7"),
        (math.inf, 2, "∞"),
        (-math.inf, 2, "−∞"),
        (1.234e-7, 9, "1.23e-7"),
        (3.5e15, -13, "3.50e15"),
        (5.0, 9, "5.000000"),
    ],
)
def test_fixed_never_rounds_to_zero_or_up_to_one(value, places, expected):
    assert fixed(value, places) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0.8659, "0.866"), (48123, "48,100"), (0.00123, "0.00123"), (0, "0"), (0.99996, "> 0.999")]
)
def test_a_number_without_an_interval_has_three_significant_digits(value, expected):
    assert significant(value) == expected


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        (0.0571, "0.057"),
        (0.62, "0.62"),
        (0.0009, "< 0.001"),
        (0.0034, "0.0034"),
        (0.999, "> 0.99"),
        (1.0, "1"),
        (0.0, "< 0.001"),
    ],
)
def test_p_values_have_two_digits(p, expected):
    assert p_value(p) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(58, 1116, "5.2"), (0, 9, "0"), (9, 9, "100"), (1, 10000, "< 0.1"), (9999, 10000, "> 99.9"), (1, 0, "–")],
)
def test_shares_are_zero_or_whole_only_when_exact(part, whole, expected):
    assert percent(part, whole) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.4, "0.4 s"),
        (0.01, "< 0.1 s"),
        (9.97, "10 s"),
        (59.7, "1 min 00 s"),
        (192, "3 min 12 s"),
        (3599.6, "1 h 00 min"),
        (7500, "2 h 05 min"),
        (math.nan, "–"),
    ],
)
def test_durations_carry_over(seconds, expected):
    assert duration(seconds) == expected


@pytest.mark.parametrize(
    ("bytes", "expected"), [(812, "812 B"), (12_000, "12 kB"), (3_600_000, "3.6 MB"), (999_600, "1.0 MB"), (0, "0 B")]
)
def test_sizes_are_powers_of_a_thousand(bytes, expected):
    assert size(bytes) == expected


def test_counts_are_exact_and_levels_short():
    assert count(1116) == "1,116"
    assert count(-5) == "−5"
    assert [confidence(level) for level in (0.95, 0.999, 0.5)] == ["95", "99.9", "50"]


def test_one_is_no_bound_of_a_figure_that_is_better_when_it_is_smaller():
    loss = Score(0.85, 0.73, 0.99934, 0.95, "bootstrap", 40, higher_is_better=False)
    assert scored(loss) == ("0.85", "0.73", "1.00")
    assert scored(replace(loss, higher_is_better=True)).high == "> 0.99"
