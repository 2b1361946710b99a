from __future__ import annotations

import numpy as np
import pytest
from scipy.special import huber
from sklearn.metrics import log_loss, mean_absolute_error, mean_squared_error

from sci.api import ConfigError, DataError
from sci_numpy.config import CrossEntropyConfig, HuberConfig
from sci_numpy.losses import BinaryCrossEntropy, CrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError

ERRORS = [MeanSquaredError, MeanAbsoluteError, Huber]


@pytest.fixture
def numbers():
    draw = np.random.default_rng(5)
    return draw.normal(size=7) * 3, draw.normal(size=7), draw.uniform(0.1, 2, size=7)


@pytest.fixture
def classes():
    draw = np.random.default_rng(6)
    return draw.normal(size=(9, 4)) * 2, draw.integers(0, 4, size=9), draw.uniform(0.1, 2, size=9)


def differences(of, at: np.ndarray) -> np.ndarray:
    """The derivative of a function of an array, by central differences."""
    found = np.zeros_like(at)
    for position in np.ndindex(at.shape):
        shift = np.zeros_like(at)
        shift[position] = 1e-6
        found[position] = (of(at + shift) - of(at - shift)) / 2e-6
    return found


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", ERRORS)
def test_derivative_of_an_error_loss_matches_finite_differences(kind, weighted, numbers, heads) -> None:
    value, target, weight = numbers
    batch = {"target": target, **({"weight": weight} if weighted else {})}
    loss = kind(HuberConfig(delta=1.5), heads(None))

    _, gradient = loss({"value": value}, batch)

    expected = differences(lambda at: loss({"value": at}, batch)[0], value)
    np.testing.assert_allclose(gradient["value"], expected, atol=1e-8)


def test_smoothed_cross_entropy_asks_a_share_of_every_class(classes, heads) -> None:
    logits, target, _ = classes
    asked = 0.7 * np.eye(4)[target] + 0.3 / 4
    sure = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))

    value, _ = CrossEntropy(CrossEntropyConfig(label_smoothing=0.3), heads(4))({"logits": logits}, {"target": target})

    assert value == pytest.approx(-(asked * sure).sum(axis=1).mean())


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_derivative_of_cross_entropy_matches_finite_differences(smoothing, weighted, classes, heads) -> None:
    logits, target, weight = classes
    batch = {"target": target, **({"weight": weight} if weighted else {})}
    loss = CrossEntropy(CrossEntropyConfig(label_smoothing=smoothing), heads(4))

    _, gradient = loss({"logits": logits}, batch)

    expected = differences(lambda at: loss({"logits": at}, batch)[0], logits)
    np.testing.assert_allclose(gradient["logits"], expected, atol=1e-8)


@pytest.mark.parametrize("weighted", [False, True])
def test_values_are_those_of_scikit_learn_and_scipy(weighted, numbers, classes, heads) -> None:
    value, target, weight = numbers
    w = weight if weighted else None
    batch = {"target": target, **({"weight": weight} if weighted else {})}
    logits, codes, mass = classes
    v = mass if weighted else None
    coded = {"target": codes, **({"weight": mass} if weighted else {})}
    probability = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)

    found = {
        "squared": MeanSquaredError(None, heads(None))({"value": value}, batch)[0],
        "absolute": MeanAbsoluteError(None, heads(None))({"value": value}, batch)[0],
        "huber": Huber(HuberConfig(delta=1.5), heads(None))({"value": value}, batch)[0],
        "entropy": CrossEntropy(CrossEntropyConfig(), heads(4))({"logits": logits}, coded)[0],
    }

    assert found == pytest.approx(
        {
            "squared": mean_squared_error(target, value, sample_weight=w),
            "absolute": mean_absolute_error(target, value, sample_weight=w),
            "huber": np.average(huber(1.5, value - target), weights=w),
            "entropy": log_loss(codes, probability, sample_weight=v, labels=range(4)),
        },
        rel=1e-12,
    )


def test_cross_entropy_of_equal_logits_is_the_logarithm_of_the_number_of_classes(heads) -> None:
    value, _ = CrossEntropy(CrossEntropyConfig(), heads(4))(
        {"logits": np.zeros((3, 4))}, {"target": np.array([0, 1, 3])}
    )
    assert value == pytest.approx(np.log(4))


def test_cross_entropy_does_not_overflow(heads) -> None:
    logits = np.array([[1e4, 0.0], [-1e4, 1e4]])
    value, gradient = CrossEntropy(CrossEntropyConfig(), heads(2))({"logits": logits}, {"target": np.array([1, 1])})
    assert value == pytest.approx(5000.0)
    np.testing.assert_allclose(gradient["logits"], [[0.5, -0.5], [0, 0]])


def test_a_class_of_probability_zero_costs_infinitely_much(heads) -> None:
    logits = np.array([[0.0, -np.inf]])
    with np.errstate(all="ignore"):
        assert CrossEntropy(CrossEntropyConfig(), heads(2))({"logits": logits}, {"target": np.array([1])})[0] == np.inf
    assert CrossEntropy(CrossEntropyConfig(), heads(2))({"logits": logits}, {"target": np.array([0])})[0] == 0.0


def test_a_row_without_a_class_is_an_error(heads) -> None:
    with pytest.raises(DataError, match="2 rows have no class"):
        CrossEntropy(CrossEntropyConfig(), heads(2))({"logits": np.zeros((3, 2))}, {"target": np.array([-1, 0, -1])})


def test_rows_of_weight_zero_teach_nothing(heads) -> None:
    loss, gradient = MeanSquaredError(None, heads(None))(
        {"value": np.ones(3)}, {"target": np.zeros(3), "weight": np.zeros(3)}
    )
    assert loss == 0.0
    assert not gradient["value"].any()


def test_a_weight_counts_as_so_many_rows(heads) -> None:
    loss = MeanSquaredError(None, heads(None))
    value, target = np.array([1.0, 4.0]), np.array([0.0, 1.0])

    weighted = loss({"value": value}, {"target": target, "weight": np.array([3.0, 1.0])})[0]

    repeated = np.array([0, 0, 0, 1])
    assert weighted == pytest.approx(loss({"value": value[repeated]}, {"target": target[repeated]})[0])


def test_single_precision_gradients_stay_single(heads) -> None:
    batch = {"target": np.zeros(3, dtype="float32")}
    _, gradient = MeanSquaredError(None, heads(None))({"value": np.ones(3, dtype="float32")}, batch)
    assert gradient["value"].dtype == np.float32


@pytest.mark.parametrize(("loss", "classes"), [(MeanSquaredError, 3), (CrossEntropy, None)])
def test_a_loss_says_which_head_it_cannot_read(loss, classes, heads) -> None:
    with pytest.raises(ConfigError, match="the task wants") as caught:
        loss(CrossEntropyConfig(), heads(classes))
    assert caught.value.id == "flow.head"


def test_binary_cross_entropy_is_that_of_scikit_learn_and_falls_along_its_slope(heads) -> None:
    draw = np.random.default_rng(2)
    logits, target = draw.normal(scale=3, size=(20, 4)), draw.integers(0, 2, (20, 4))
    loss = BinaryCrossEntropy(None, heads(4))

    value, slopes = loss({"logits": logits}, {"target": target})

    wanted = np.mean([log_loss(target.ravel(), 1 / (1 + np.exp(-logits.ravel())))])
    assert value == pytest.approx(wanted, rel=1e-12)
    step = 1e-6 * draw.normal(size=logits.shape)
    moved = (
        loss({"logits": logits + step}, {"target": target})[0] - loss({"logits": logits - step}, {"target": target})[0]
    )
    assert moved == pytest.approx(2 * (slopes["logits"] * step).sum(), rel=1e-6)


def test_binary_cross_entropy_does_not_overflow(heads) -> None:
    loss = BinaryCrossEntropy(None, heads(2))
    value, slopes = loss({"logits": np.array([[1e4, -np.inf]])}, {"target": np.array([[0.0, 0.0]])})
    assert value == 5e3
    np.testing.assert_array_equal(slopes["logits"], [[0.5, 0.0]])
