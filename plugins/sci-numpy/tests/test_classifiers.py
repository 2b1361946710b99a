"""Trained classifiers against scikit-learn, on its bundled data."""

from __future__ import annotations

import os
import pathlib

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.linear_model import LogisticRegression

from sci.api import Step
from sci_numpy.config import LinearConfig
from sci_numpy.linear import Softmax, logistic
from sci_numpy.losses import CrossEntropy
from sci_optim.adam import Adam
from sci_optim.config import AdamConfig, SgdConfig
from sci_optim.descent import Sgd


def standardized(numbers: np.ndarray) -> np.ndarray:
    return (numbers - numbers.mean(0)) / numbers.std(0)


def full_batch(rows: int, count: int) -> list[Step]:
    return [Step(number, number, np.arange(rows), 1.0) for number in range(count)]


def nesterov(parameters):
    return Sgd(SgdConfig(learning_rate=1.0, momentum=0.95, nesterov=True), parameters)


@pytest.mark.parametrize("weighted", [False, True])
def test_logistic_tends_to_the_coefficients_of_scikit_learn(bench, weighted) -> None:
    numbers, target = load_breast_cancer(return_X_y=True)
    numbers = standardized(numbers)[:, :6]
    weight = np.random.default_rng(0).uniform(0.2, 2, size=569) if weighted else None
    arrays = {"numbers": numbers, "target": target, **({} if weight is None else {"weight": weight})}
    mass = 569 if weight is None else weight.sum()
    reference = LogisticRegression(C=1 / (2 * mass * 1e-3), tol=1e-10, max_iter=1000)
    reference.fit(numbers, target, sample_weight=weight)

    made = bench(logistic, CrossEntropy, arrays, config=LinearConfig(l2=1e-3), classes=2, optimizer=nesterov)
    made.trainer.run(full_batch(569, 3000))

    np.testing.assert_allclose(made.weights["weight"][0], reference.coef_[0], atol=1e-4)
    np.testing.assert_allclose(made.weights["bias"], reference.intercept_, atol=1e-4)


def test_unpenalised_logistic_tends_to_the_maximum_of_the_likelihood(bench) -> None:
    numbers, target = load_breast_cancer(return_X_y=True)
    numbers = standardized(numbers)[:, [0, 1, 4]]  # radius, texture, smoothness: the classes overlap
    reference = LogisticRegression(C=np.inf, tol=1e-12, max_iter=1000).fit(numbers, target)

    made = bench(logistic, CrossEntropy, {"numbers": numbers, "target": target}, classes=2, optimizer=nesterov)
    made.trainer.run(full_batch(569, 4000))

    np.testing.assert_allclose(made.weights["weight"][0], reference.coef_[0], atol=1e-3)
    np.testing.assert_allclose(made.weights["bias"], reference.intercept_, atol=1e-3)


def test_softmax_tends_to_the_probabilities_of_scikit_learn(bench) -> None:
    numbers, target = load_wine(return_X_y=True)
    numbers = standardized(numbers)
    reference = LogisticRegression(C=1 / (2 * 178 * 1e-2), tol=1e-12, max_iter=1000).fit(numbers, target)

    made = bench(
        Softmax,
        CrossEntropy,
        {"numbers": numbers, "target": target},
        config=LinearConfig(l2=1e-2),
        classes=3,
        optimizer=nesterov,
    )
    made.trainer.run(full_batch(178, 2000))

    np.testing.assert_allclose(made.weights["weight"], reference.coef_, atol=1e-4)
    logits = made.engine.predict(made.network, {"numbers": numbers}, {})["logits"]
    probability = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(probability, reference.predict_proba(numbers), atol=1e-5)


def accuracy(bench, steps, numbers, target, train, test, epochs) -> float:
    mean, deviation = numbers[train].mean(0), numbers[train].std(0)
    numbers = (numbers - mean) / deviation
    made = bench(
        logistic,
        CrossEntropy,
        {"numbers": numbers[train], "target": target[train]},
        classes=2,
        optimizer=lambda parameters: Adam(AdamConfig(), parameters),
    )
    made.trainer.run(steps(len(train), 32, epochs))
    logits = made.engine.predict(made.network, {"numbers": numbers[test]}, {})["logits"]
    return float((logits.argmax(axis=1) == target[test]).mean())


def test_logistic_with_the_settings_of_adam_knows_breast_cancer_after_30_epochs(bench, steps) -> None:
    numbers, target = load_breast_cancer(return_X_y=True)
    rows = np.random.default_rng(0).permutation(569)
    assert accuracy(bench, steps, numbers, target, rows[:400], rows[400:], epochs=30) >= 0.95


def test_logistic_reaches_the_published_accuracy_on_the_wisconsin_table(bench, steps) -> None:
    folder = os.environ.get("SCI_REFERENCE_DATA")
    if not folder:
        pytest.skip("SCI_REFERENCE_DATA does not name the folder of reference data")
    file = pathlib.Path(folder, "breast_cancer_wisconsin", "breast-cancer-wisconsin.data")
    if not file.exists():
        pytest.skip(f"{file.parent.name} is not among the reference data")
    cells = [line.split(",") for line in file.read_text().split() if "?" not in line]
    table = np.array(cells, dtype=float)
    numbers, target = table[:, 1:10], (table[:, 10] == 4).astype(np.int64)
    draw = np.random.default_rng(0)
    found = []
    for _ in range(5):
        rows = draw.permutation(len(table))
        cut = len(table) * 2 // 3
        found.append(accuracy(bench, steps, numbers, target, rows[:cut], rows[cut:], epochs=30))
    assert np.mean(found) >= 0.959  # of two thirds of the rows: Wolberg and Mangasarian 1990, PNAS 87, 9193-9196
