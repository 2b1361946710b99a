"""The coefficients of a function that is linear in its inputs, found by asking it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

TRIED = 16
"""Rows on which the coefficients are tried."""

Function = Callable[[np.ndarray], np.ndarray]
"""From rows [n, d] to numbers [n]."""


def coefficients(function: Function, inputs: int, tolerance: float) -> tuple[float, np.ndarray]:
    """Intercept, and one coefficient for each input.

    Raises:
        ValueError: the function is not linear: on rows that were not used to find them the coefficients err by more
            than `tolerance` times the largest value.
    """
    others = np.random.default_rng(0).normal(0.0, 10.0, (TRIED, inputs))
    found = np.asarray(function(np.concatenate([np.zeros((1, inputs)), np.eye(inputs), others])), dtype=np.float64)
    intercept, slopes, expected = float(found[0]), found[1 : inputs + 1] - found[0], found[inputs + 1 :]
    error = np.abs(intercept + others @ slopes - expected).max()
    if not error <= tolerance * max(1.0, np.abs(found).max()):  # not `>`, so that NaN is found too
        raise ValueError(f"not linear in its inputs: it errs by {error:.3g}")
    return intercept, slopes
