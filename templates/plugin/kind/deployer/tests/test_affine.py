from __future__ import annotations

import numpy as np
import pytest

from {{ module }}.affine import Function, coefficients

SLOPES = np.array([2.0, -0.5, 0.0])


def line(rows: np.ndarray) -> np.ndarray:
    return np.asarray(1.5 + rows @ SLOPES)


def test_the_coefficients_of_a_line_are_found() -> None:
    intercept, slopes = coefficients(line, 3, 1e-9)

    assert intercept == 1.5
    assert slopes == pytest.approx(SLOPES)


@pytest.mark.parametrize(
    "function",
    [
        lambda rows: line(rows) ** 2,
        lambda rows: np.clip(line(rows), -5, 5),
        lambda rows: line(rows) + rows[:, 0] * rows[:, 1],
        lambda rows: np.full(len(rows), np.nan),
    ],
    ids=["square", "clipped", "product", "undefined"],
)
def test_what_is_not_a_line_is_refused(function: Function) -> None:
    with pytest.raises(ValueError, match="not linear"):
        coefficients(function, 3, 1e-6)
