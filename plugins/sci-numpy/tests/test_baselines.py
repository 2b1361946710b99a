from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from sci.api import ComponentConfig, ConfigError
from sci_numpy.baselines import LinearBaseline, Majority, Mean
from sci_numpy.config import LinearBaselineConfig, LinearConfig
from sci_numpy.linear import logistic
from sci_numpy.losses import CrossEntropy
from sci_optim.adam import Adam
from sci_optim.config import AdamConfig, CosineConfig
from sci_optim.schedule import Cosine


def experiment(task: str, **inputs: str):
    return {
        "task": {"name": task},
        "inputs": inputs,
        "preprocessing": [{"name": "clean-text"}],
        "model": {"name": "bert"},
        "engine": {"name": "torch"},
        "training": {"optimizer": {"name": "adamw"}, "precision": "bfloat16"},
    }


@pytest.mark.parametrize("baseline", [Majority, Mean])
def test_constant_baselines_keep_the_steps_of_the_experiment(baseline) -> None:
    patch = baseline(ComponentConfig()).patch(experiment("classification", note="text"))
    assert patch == {"model": {"name": "constant"}, "engine": {"name": "numpy"}, "training": {}}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"age": "number"}, ["impute", "one-hot", "standardize"]),
        ({"sex": "category", "smoker": "boolean"}, ["impute", "one-hot", "standardize"]),
        ({"note": "text"}, ["bag-of-words"]),
        ({"note": "text", "age": "number"}, ["impute", "one-hot", "standardize", "bag-of-words"]),
        ({}, []),
    ],
)
def test_linear_turns_the_raw_inputs_into_numbers(inputs, expected) -> None:
    patch = LinearBaseline(LinearBaselineConfig()).patch(experiment("regression", **inputs))
    assert [step["name"] for step in patch["preprocessing"]] == expected


def test_linear_solves_regression_in_closed_form() -> None:
    patch = LinearBaseline(LinearBaselineConfig(l2=0.1)).patch(experiment("regression", age="number"))
    assert patch["model"] == {"name": "least-squares", "l2": 0.1}
    assert patch["engine"] == {"name": "numpy"}
    assert patch["training"] == {}


def test_linear_trains_classification_with_adam() -> None:
    settings = LinearBaselineConfig(epochs=7, learning_rate=0.2)
    patch = LinearBaseline(settings).patch(experiment("classification", age="number"))
    assert patch["model"]["name"] == "logistic"
    assert patch["training"]["optimizer"] == {"name": "adam", "learning_rate": 0.2}
    assert patch["training"]["schedule"] == {"name": "cosine"}
    assert patch["training"]["epochs"] == 7


def test_linear_comes_close_to_the_logistic_regression_of_scikit_learn(bench, steps) -> None:
    numbers, target = load_digits(return_X_y=True)
    numbers = (numbers - numbers.mean(0)) / np.maximum(numbers.std(0), 1e-9)
    rows = np.random.default_rng(0).permutation(len(target))
    train, test = rows[:1200], rows[1200:]
    patch = LinearBaseline(LinearBaselineConfig()).patch(experiment("classification", x="array"))
    l2, training = patch["model"]["l2"], patch["training"]
    optimizer = AdamConfig(learning_rate=training["optimizer"]["learning_rate"])
    reference = LogisticRegression(C=1 / (2 * 1200 * l2), max_iter=2000).fit(numbers[train], target[train])

    made = bench(
        logistic,
        CrossEntropy,
        {"numbers": numbers[train], "target": target[train]},
        config=LinearConfig(l2=l2),
        classes=10,
        optimizer=lambda parameters: Adam(optimizer, parameters),
    )
    plan = steps(1200, training["batch_size"], training["epochs"])
    schedule = Cosine(CosineConfig())
    made.trainer.run([step._replace(rate=schedule.factor(step.number, len(plan))) for step in plan])

    logits = made.engine.predict(made.network, {"numbers": numbers[test]}, {})["logits"]
    reached = np.mean(logits.argmax(axis=1) == target[test])
    assert reached >= reference.score(numbers[test], target[test]) - 0.01


def test_linear_names_an_input_that_it_cannot_read() -> None:
    with pytest.raises(ConfigError, match="input `scan` is image") as caught:
        LinearBaseline(LinearBaselineConfig()).patch(experiment("classification", age="number", scan="image"))
    assert caught.value.id == "baseline.inputs"
