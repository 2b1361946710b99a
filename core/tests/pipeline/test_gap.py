"""How far two engines are apart."""

from __future__ import annotations

import numpy as np

from sci.pipeline.parity import gap


def test_the_relative_difference_is_of_numbers_that_are_more_than_rounding():
    one = {"weight": np.array([1.0, 2.0]), "bias": np.array([3e-16])}
    two = {"weight": np.array([1.0, 2.000002]), "bias": np.array([1e-17])}
    found = gap("outputs", one, two)

    assert found.where == "weight"
    assert found.relative == (two["weight"][1] - 2.0) / two["weight"][1]
    assert found.equal


def test_arrays_of_other_shapes_or_names_are_never_equal():
    one = {"weight": np.zeros(2)}
    for other in ({"weight": np.zeros(3)}, {"bias": np.zeros(2)}):
        found = gap("outputs", one, other)
        assert not found.equal
        assert found.absolute == float("inf")
