from __future__ import annotations

import numpy as np
import pytest
import torch

from sci.api import ComponentConfig, ConfigError, Feature
from sci_networks.config import CrossEntropyConfig, HuberConfig
from sci_networks.torch import losses
from sci_numpy import losses as reference
from sci_numpy.config import CrossEntropyConfig as NumpyEntropyConfig
from sci_numpy.config import HuberConfig as NumpyHuberConfig

VALUE = {"value": Feature("number")}
LOGITS = {"logits": Feature("array", shape=(3,))}
CASES = [
    (losses.MeanSquaredError, reference.MeanSquaredError, ComponentConfig(), ComponentConfig(), VALUE),
    (losses.MeanAbsoluteError, reference.MeanAbsoluteError, ComponentConfig(), ComponentConfig(), VALUE),
    (losses.Huber, reference.Huber, HuberConfig(delta=0.7), NumpyHuberConfig(delta=0.7), VALUE),
    (losses.CrossEntropy, reference.CrossEntropy, CrossEntropyConfig(), NumpyEntropyConfig(), LOGITS),
    (losses.BinaryCrossEntropy, reference.BinaryCrossEntropy, ComponentConfig(), ComponentConfig(), LOGITS),
]


@pytest.mark.parametrize(("ours", "theirs", "config", "other", "heads"), CASES)
@pytest.mark.parametrize("weighted", [False, True])
def test_value_and_derivative_are_those_of_engine_numpy(ours, theirs, config, other, heads, weighted) -> None:
    draw = np.random.default_rng(0)
    (head,) = heads
    emitted = draw.normal(size=(8, 3) if head == "logits" else 8)
    batch = {"target": draw.integers(0, 3, 8) if head == "logits" else draw.normal(size=8)}
    if ours is losses.BinaryCrossEntropy:
        batch["target"] = draw.integers(0, 2, (8, 3)).astype(np.float32)
    if weighted:
        batch["weight"] = draw.uniform(0, 2, 8)
    value, slopes = theirs(other, heads)({head: emitted}, batch)

    tensor = torch.from_numpy(emitted).requires_grad_()
    found = ours(config, heads)({head: tensor}, {key: torch.from_numpy(array) for key, array in batch.items()})
    found.backward()

    assert found.item() == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(tensor.grad.numpy(), slopes[head], atol=1e-14)


def test_an_error_of_zero_has_no_slope() -> None:
    value = torch.zeros(3, requires_grad=True)
    losses.MeanAbsoluteError(ComponentConfig(), VALUE)({"value": value}, {"target": torch.zeros(3)}).backward()
    assert value.grad.tolist() == [0, 0, 0]


def test_rows_without_weight_teach_nothing() -> None:
    value = torch.ones(3, requires_grad=True)
    batch = {"target": torch.zeros(3), "weight": torch.zeros(3)}
    loss = losses.MeanSquaredError(ComponentConfig(), VALUE)({"value": value}, batch)
    loss.backward()
    assert (loss.item(), value.grad.tolist()) == (0, [0, 0, 0])


def test_large_logits_do_not_overflow() -> None:
    logits = torch.tensor([[1e4, 0.0, -1e4]])
    loss = losses.CrossEntropy(CrossEntropyConfig(), LOGITS)({"logits": logits}, {"target": torch.tensor([1])})
    assert loss.item() == pytest.approx(1e4)


def test_a_loss_refuses_heads_of_another_kind() -> None:
    with pytest.raises(ConfigError, match="a loss of errors has one number"):
        losses.MeanSquaredError(ComponentConfig(), LOGITS)
    with pytest.raises(ConfigError, match="cross-entropy has one vector"):
        losses.CrossEntropy(CrossEntropyConfig(), VALUE)
