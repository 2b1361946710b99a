"""Integrated gradients on every engine, against their definition and another implementation."""

from __future__ import annotations

import captum.attr
import numpy as np
import pytest
import torch

from sci_explain.answers import Answers
from sci_explain.patches import encoded
from sci_explain.paths import integrated
from sci_explain.target import Target

TRAINING = {"optimizer": {"name": "adam", "learning_rate": 0.02}, "epochs": 5, "batch_size": 16}
CLASSES = {
    "task": {"name": "classification", "positive": "high"},
    "preprocessing": ["one-hot", "standardize"],
    "training": TRAINING,
    "evaluation": {"metrics": ["accuracy"], "baselines": []},
}
NETWORK = {"name": "mlp", "hidden": [8], "activation": "tanh"}
EXPLAINED = [{"name": "integrated-gradients", "rows": 20, "points": 24}]


@pytest.fixture(scope="module", params=["torch", "tensorflow", "numpy"])
def network(request, studied, classes):
    model = "logistic" if request.param == "numpy" else NETWORK
    return studied(classes, **CLASSES, model=model, engine=request.param, analysis=EXPLAINED)


def test_shares_add_up_to_log_odds_on_every_engine(network):
    found = network.numbers("integrated-gradients")
    assert np.abs(found["differences"]).max() > 0.5
    assert np.abs(found["gaps"]).max() < 1e-4 * np.abs(found["differences"]).max()
    test = network.study.evaluations[0].test
    high = dict(zip(test.ids.tolist(), np.asarray(test.prediction("probability"))[:, 0].tolist(), strict=True))
    odds = np.log([high[id] / (1 - high[id]) for id in found["ids"]])
    np.testing.assert_allclose(odds - found["differences"], (odds - found["differences"])[0], atol=1e-4)


def test_weights_that_are_shuffled_give_other_shares(network, context):
    model = network.study.models[0]()
    engine, native = model.pipeline.engine, model.pipeline.native
    learned = engine.state(native)
    draw = np.random.default_rng(1)
    before = shares(model)
    try:
        arrays = {
            name: draw.permutation(array.ravel()).reshape(array.shape) if array.dtype.kind == "f" else array
            for name, array in learned.arrays.items()
        }
        engine.load_state(native, type(learned)(arrays, learned.meta))
        after = shares(model)
    finally:
        engine.load_state(native, learned)
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] < 0.8
    np.testing.assert_array_equal(shares(model), before)


def shares(model, points=16):
    arrays, _ = encoded(model.pipeline, model.test)
    target = Target.of(model.pipeline, Answers(model.pipeline), arrays)
    start = {"numbers": np.zeros_like(arrays["numbers"][:1])}
    return integrated(model.pipeline, target, arrays, start, ["numbers"], points).shares["numbers"]


def test_torch_gives_what_captum_gives(studied, classes):
    kept = studied(classes, **CLASSES, model=NETWORK, engine="torch", analysis=[])
    model = kept.study.models[0]()
    native = model.pipeline.native
    numbers = torch.as_tensor(encoded(model.pipeline, model.test)[0]["numbers"])

    def odds(rows):
        logits = native({"numbers": rows})["logits"]
        return logits[:, 0] - logits[:, 1]

    native.eval()
    expected = captum.attr.IntegratedGradients(odds).attribute(numbers, torch.zeros_like(numbers), n_steps=16)
    np.testing.assert_allclose(shares(model), expected.detach().numpy(), atol=1e-5)


def test_log_odds_of_several_classes_have_the_derivative_that_they_say():
    scores = np.random.default_rng(2).normal(size=(6, 4))
    target = Target("logits", np.array([0, 1, 2, 3, 1, 0]), {})
    step = 1e-6
    slopes = target.slopes({"logits": scores})
    for at in range(4):
        moved = scores.copy()
        moved[:, at] += step
        rise = (target.values({"logits": moved}) - target.values({"logits": scores})) / step
        np.testing.assert_allclose(slopes[:, at], rise, atol=1e-5)
    shifted = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    own = shifted[np.arange(6), target.chosen]
    np.testing.assert_allclose(target.values({"logits": scores}), np.log(own / (1 - own)))
