"""The same studies on every engine by changing one word, with equal results where mathematics says so."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pyarrow.parquet as pq
import pytest
import safetensors.numpy
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

ENGINES = ("numpy", "torch", "tensorflow")
DOUBLE = "training.precision=float64"


def weights(run):
    return safetensors.numpy.load_file(run.path / "model" / "weights.safetensors")


def predictions(run, column, part="test"):
    table = pq.read_table(run.path / "predictions" / f"{part}.parquet", partitioning=None).sort_by("id")
    return np.array(table.column(column).to_pylist())


def accuracy(run):
    return run.metrics["test"]["accuracy"]["value"]


def test_every_way_to_a_straight_line_finds_the_same_coefficients_on_every_engine(study):
    ways = {
        "gradient-descent": ("model=linear",),
        "adam": (
            "model=linear",
            "training.optimizer={name: adam, learning_rate: 0.3}",
            "training.schedule=cosine",
            "training.epochs=150",
        ),
        "closed form": ("model=least-squares",),
    }
    found = {
        (way, engine): weights(study("linear-regression", f"engine={engine}", DOUBLE, *changes))
        for (way, changes), engine in itertools.product(ways.items(), ENGINES)
    }

    for (way, engine), coefficients in found.items():
        for name in ("weight", "bias"):
            np.testing.assert_allclose(
                coefficients[name], found[way, "numpy"][name], atol=1e-6, err_msg=f"{way} {engine}"
            )
            np.testing.assert_allclose(coefficients[name], found["closed form", "numpy"][name], atol=1e-3, err_msg=way)


def test_breast_cancer_is_told_apart_equally_well_on_every_engine(study):
    runs = {engine: study("breast-cancer", f"engine={engine}", DOUBLE) for engine in ENGINES}

    expected = predictions(runs["numpy"], "prediction.probability")
    for engine, run in runs.items():
        assert accuracy(run) >= 0.95, engine
        np.testing.assert_allclose(predictions(run, "prediction.probability"), expected, atol=1e-6, err_msg=engine)


def test_diabetes_is_ridge_regression_of_scikit_learn_on_every_engine(study):
    inputs, target = load_diabetes(return_X_y=True)
    for engine in ENGINES:
        run = study("diabetes", f"engine={engine}", DOUBLE)
        test, validation = (predictions(run, "id", part) for part in ("test", "validation"))
        train = np.setdiff1d(np.arange(len(target)), [*test, *validation])
        scaler = StandardScaler().fit(inputs[train])
        ridge = Ridge(alpha=0.01 * len(train)).fit(scaler.transform(inputs[train]), target[train])

        expected = ridge.predict(scaler.transform(inputs[test]))

        np.testing.assert_allclose(predictions(run, "prediction.value"), expected, rtol=1e-6, err_msg=engine)


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_digits_are_read_by_a_convolutional_network(study, engine):
    assert accuracy(study("digits", f"engine={engine}")) >= 0.985


def test_digits_are_read_alike_where_nothing_is_drawn(study):
    changes = (DOUBLE, "model={name: cnn, channels: [8, 8], hidden: [16]}", "training.epochs=2")

    on_torch, on_tensorflow = (study("digits", f"engine={engine}", *changes) for engine in ENGINES[1:])

    expected = predictions(on_torch, "prediction.probability")
    np.testing.assert_allclose(predictions(on_tensorflow, "prediction.probability"), expected, atol=1e-6)


PERCEPTRON = "model={name: mlp, hidden: [16], dropout: 0.2}"


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_a_perceptron_tells_breast_cancer_apart(study, engine):
    assert accuracy(study("breast-cancer", f"engine={engine}", PERCEPTRON)) >= 0.95


@pytest.mark.parametrize(
    ("engine", "model"),
    [("numpy", "model=logistic"), ("torch", PERCEPTRON), ("tensorflow", PERCEPTRON)],
    ids=ENGINES,
)
def test_two_runs_of_one_file_have_the_same_weights_to_the_last_bit(study, engine, model):
    changes = (f"engine={engine}", model, "training.epochs=3", "training.schedule=cosine")

    first, second, other = (study("breast-cancer", *changes, f"seed={seed}") for seed in (5, 5, 6))

    locks = [json.loads((run.path / "sci.lock").read_text()) for run in (first, second, other)]
    hashes = [lock["weights"] for lock in locks]
    assert locks[0]["determinism"] == "A"
    assert len(hashes[0]) == 64
    assert hashes[0] == hashes[1] != hashes[2]
    assert first.metrics["test"] == second.metrics["test"]
