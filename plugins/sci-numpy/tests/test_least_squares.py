from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression as Reference
from sklearn.linear_model import Ridge

from sci.api import DataError, Step
from sci_numpy.config import LeastSquaresConfig, LinearConfig
from sci_numpy.least_squares import LeastSquares
from sci_numpy.linear import LinearRegression
from sci_numpy.losses import MeanSquaredError
from sci_optim.config import GradientDescentConfig
from sci_optim.descent import GradientDescent


@pytest.fixture
def diabetes() -> dict[str, np.ndarray]:
    """442 patients, 10 measurements, in their own units (Efron et al. 2004)."""
    numbers, target = load_diabetes(return_X_y=True, scaled=False)
    return {"numbers": numbers, "target": target}


@pytest.fixture
def solved(schema, heads):
    def solve(batch, **settings):
        network = LeastSquares(LeastSquaresConfig(**settings), schema(batch["numbers"].shape[1]), heads(None), 0)
        network.fit(batch)
        return network

    return solve


def test_solution_is_that_of_lstsq_with_a_column_of_ones(diabetes, solved) -> None:
    network = solved(diabetes)
    ones = np.column_stack([diabetes["numbers"], np.ones(442)])
    expected = np.linalg.lstsq(ones, diabetes["target"], rcond=None)[0]
    np.testing.assert_allclose(network.parameters["weight"][0], expected[:-1], rtol=1e-8)
    np.testing.assert_allclose(network.parameters["bias"], expected[-1:], rtol=1e-8)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("weighted", [False, True])
def test_solution_is_that_of_linear_regression(diabetes, solved, intercept, weighted) -> None:
    weight = np.random.default_rng(0).uniform(0.1, 3, size=442)
    batch = {**diabetes, "weight": weight} if weighted else diabetes
    reference = Reference(fit_intercept=intercept)
    reference.fit(diabetes["numbers"], diabetes["target"], sample_weight=weight if weighted else None)

    network = solved(batch, intercept=intercept)

    np.testing.assert_allclose(network.parameters["weight"][0], reference.coef_, rtol=1e-8)
    np.testing.assert_allclose(network(batch)["value"], reference.predict(diabetes["numbers"]), rtol=1e-8)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("weighted", [False, True])
def test_ridge_is_that_of_scikit_learn(diabetes, solved, intercept, weighted) -> None:
    weight = np.random.default_rng(0).uniform(0.1, 3, size=442)
    batch = {**diabetes, "weight": weight} if weighted else diabetes
    alpha = 0.3 * (weight.sum() if weighted else 442)
    reference = Ridge(alpha=alpha, fit_intercept=intercept, solver="svd")
    reference.fit(diabetes["numbers"], diabetes["target"], sample_weight=weight if weighted else None)

    network = solved(batch, l2=0.3, intercept=intercept)

    np.testing.assert_allclose(network.parameters["weight"][0], reference.coef_, rtol=1e-8)
    np.testing.assert_allclose(network(batch)["value"], reference.predict(diabetes["numbers"]), rtol=1e-8)


def test_a_repeated_input_shares_its_weight(solved) -> None:
    x = np.random.default_rng(1).normal(size=20)
    network = solved({"numbers": np.column_stack([x, x]), "target": 3 * x + 1})
    np.testing.assert_allclose(network.parameters["weight"][0], [1.5, 1.5])
    np.testing.assert_allclose(network.parameters["bias"], [1.0])


def test_more_inputs_than_rows_are_fitted_exactly_with_the_smallest_weights(solved) -> None:
    draw = np.random.default_rng(2)
    batch = {"numbers": draw.normal(size=(5, 9)), "target": draw.normal(size=5)}
    network = solved(batch, intercept=False)
    expected = np.linalg.pinv(batch["numbers"]) @ batch["target"]
    np.testing.assert_allclose(network.parameters["weight"][0], expected, rtol=1e-8)


def test_years_as_inputs_lose_no_digits(solved) -> None:
    year = np.arange(2000, 2020, dtype=float)
    network = solved({"numbers": year[:, None], "target": 1e-3 * year + 7})
    assert network.parameters["weight"][0, 0] == pytest.approx(1e-3, rel=1e-10)
    assert network.parameters["bias"][0] == pytest.approx(7.0, rel=1e-10)


def test_a_constant_target_is_its_own_prediction(solved) -> None:
    batch = {"numbers": np.arange(6.0).reshape(3, 2), "target": np.full(3, 4.0)}
    network = solved(batch)
    np.testing.assert_allclose(network.parameters["weight"], 0, atol=1e-12)
    np.testing.assert_allclose(network(batch)["value"], 4.0)


@pytest.mark.parametrize("key", ["numbers", "target"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # the trainer silences what overflows
def test_infinite_values_are_an_error(diabetes, solved, key) -> None:
    broken = {**diabetes, key: diabetes[key].copy()}
    broken[key][7] = np.inf
    with pytest.raises(DataError, match="infinite values"):
        solved(broken)


@pytest.mark.parametrize("l2", [0.0, 0.5])
def test_gradient_steps_tend_to_the_closed_form(diabetes, bench, l2) -> None:
    numbers = (diabetes["numbers"] - diabetes["numbers"].mean(0)) / diabetes["numbers"].std(0)
    arrays = {"numbers": numbers, "target": diabetes["target"]}
    closed = bench(LeastSquares, MeanSquaredError, arrays, config=LeastSquaresConfig(l2=l2))
    everything = np.arange(442)
    loss = closed.trainer.run([Step(0, 0, everything, 1.0)])

    open_ = bench(
        LinearRegression,
        MeanSquaredError,
        arrays,
        config=LinearConfig(l2=l2),
        optimizer=lambda parameters: GradientDescent(GradientDescentConfig(learning_rate=0.2), parameters),
    )
    losses = open_.trainer.run([Step(number, number, everything, 1.0) for number in range(12000)])

    np.testing.assert_allclose(open_.weights["weight"], closed.weights["weight"], rtol=1e-6)
    np.testing.assert_allclose(open_.weights["bias"], closed.weights["bias"], rtol=1e-6)
    assert losses[-1] == pytest.approx(loss[0], rel=1e-10)
    assert (losses >= loss[0] * (1 - 1e-12)).all()
