from __future__ import annotations

import numpy as np
import pytest

from sci.api import ConfigError, Schema
from sci_numpy.config import ConstantConfig, CrossEntropyConfig, LeastSquaresConfig, LinearConfig
from sci_numpy.constant import Constant
from sci_numpy.least_squares import LeastSquares
from sci_numpy.linear import BinaryLogistic, LinearRegression, Softmax, logistic
from sci_numpy.losses import CrossEntropy, MeanSquaredError

MODELS = [(LinearRegression, None), (BinaryLogistic, 2), (Softmax, 2), (Softmax, 4)]


@pytest.fixture
def setting(schema, heads):
    def made(model, classes, **settings):
        draw = np.random.default_rng(8)
        target = draw.normal(size=6) if classes is None else draw.integers(0, classes, size=6)
        batch = {"numbers": draw.normal(size=(6, 3)), "target": target}
        config = LinearConfig(initial_scale=0.7, l2=0.2, **settings)
        network = model(config, schema(3), heads(classes), 4)
        loss = (MeanSquaredError if classes is None else CrossEntropy)(CrossEntropyConfig(), heads(classes))
        return network, loss, batch

    return made


def differences(of, array: np.ndarray) -> np.ndarray:
    """The derivative by an array that is changed in place, by central differences."""
    found = np.zeros_like(array)
    for position in np.ndindex(array.shape):
        kept = array[position]
        array[position] = kept + 1e-6
        above = of()
        array[position] = kept - 1e-6
        found[position] = (above - of()) / 2e-6
        array[position] = kept
    return found


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize(("model", "classes"), MODELS)
def test_gradients_match_finite_differences(model, classes, intercept, setting) -> None:
    network, loss, batch = setting(model, classes, intercept=intercept)

    _, slopes = loss(network(batch), batch)
    found = network.backward(batch, slopes)

    assert set(found) == set(network.parameters) == {"weight", *(["bias"] if intercept else [])}
    for name, array in network.parameters.items():
        expected = differences(lambda: loss(network(batch), batch)[0], array)
        np.testing.assert_allclose(found[name], expected, atol=1e-8)


@pytest.mark.parametrize(("model", "classes"), MODELS)
def test_derivative_of_the_penalty_matches_finite_differences(model, classes, setting) -> None:
    network, _, _ = setting(model, classes)
    expected = differences(lambda: network.penalty()[0], network.parameters["weight"])

    value, found = network.penalty()

    assert value == pytest.approx(0.2 * np.square(network.parameters["weight"]).sum())
    np.testing.assert_allclose(found["weight"], expected, atol=1e-8)
    assert "bias" not in found


@pytest.mark.parametrize(("model", "classes"), MODELS)
def test_derivative_by_the_inputs_matches_finite_differences(model, classes, setting) -> None:
    network, loss, batch = setting(model, classes)
    expected = differences(lambda: loss(network(batch), batch)[0], batch["numbers"])

    _, slopes = loss(network(batch), batch)

    np.testing.assert_allclose(network.input_gradients(batch, slopes)["numbers"], expected, atol=1e-8)


def test_weights_start_at_zero_or_are_drawn_from_the_seed(schema, heads) -> None:
    still = LinearRegression(LinearConfig(), schema(3), heads(None), 0)
    first, again, other = (
        LinearRegression(LinearConfig(initial_scale=1), schema(3), heads(None), s).parameters for s in (1, 1, 2)
    )
    assert not still.parameters["weight"].any()
    np.testing.assert_array_equal(first["weight"], again["weight"])
    assert not np.array_equal(first["weight"], other["weight"])
    assert not first["bias"].any()


def test_building_draws_from_no_global_generator(schema, heads) -> None:
    before = np.random.get_state()[1].tobytes()
    LinearRegression(LinearConfig(initial_scale=1), schema(3), heads(None), 1)
    assert np.random.get_state()[1].tobytes() == before


def test_logistic_has_one_vector_for_two_classes_and_one_for_each_of_more(schema, heads) -> None:
    shapes = {k: logistic(LinearConfig(), schema(3), heads(k), 0).parameters["weight"].shape for k in (2, 3)}
    assert shapes == {2: (1, 3), 3: (3, 3)}


def test_binary_logistic_is_softmax_with_one_class_at_zero(setting) -> None:
    network, _, batch = setting(BinaryLogistic, 2)
    logits = network(batch)["logits"]
    assert logits.shape == (6, 2)
    assert not logits[:, 0].any()


def test_models_without_any_input_still_have_their_intercept(heads) -> None:
    network = LinearRegression(LinearConfig(), Schema({}, {}), heads(None), 0)
    network.parameters["bias"][0] = 2.5
    np.testing.assert_array_equal(network({"id": np.arange(3)})["value"], [2.5, 2.5, 2.5])


def test_constant_answers_with_the_class_frequencies(schema, heads) -> None:
    network = Constant(ConstantConfig(), schema(2), heads(3), 0)
    network.fit({"id": np.arange(4), "target": np.array([0, 2, 2, 2])})

    logits = network({"id": np.arange(5)})["logits"]

    assert logits.shape == (5, 3)
    np.testing.assert_allclose(np.exp(logits), np.tile([0.25, 0, 0.75], (5, 1)))


@pytest.mark.parametrize(
    ("center", "weight", "expected"),
    [
        ("mean", None, 13.25),
        ("median", None, 2.0),
        ("mean", [1, 1, 1, 0], 4 / 3),
        ("median", [1, 1, 1, 1], 1.0),
        ("median", [1, 1, 1, 9], 49.0),
    ],
)
def test_constant_answers_with_the_center(center, weight, expected, schema, heads) -> None:
    network = Constant(ConstantConfig(center=center), schema(2), heads(None), 0)
    batch = {"target": np.array([0.0, 1.0, 3.0, 49.0])}
    network.fit(batch if weight is None else {**batch, "weight": np.array(weight, dtype=float)})
    np.testing.assert_allclose(network({"id": np.arange(2)})["value"], [expected, expected])


@pytest.mark.parametrize(("model", "config"), [(Softmax, LinearConfig()), (logistic, LinearConfig())])
def test_a_classifier_refuses_a_task_without_classes(model, config, schema, heads) -> None:
    with pytest.raises(ConfigError, match=r"the task wants value of shape \[\]"):
        model(config, schema(2), heads(None), 0)


def test_least_squares_refuses_a_task_with_classes(schema, heads) -> None:
    with pytest.raises(ConfigError, match="least squares has one number"):
        LeastSquares(LeastSquaresConfig(), schema(2), heads(3), 0)
