from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from sci.api import ConfigError, DataError, Feature, Schema
from sci_networks.config import CnnConfig, LeastSquaresConfig, LinearConfig, MlpConfig, RnnConfig, TransformerConfig
from sci_networks.torch import cnn, least_squares, linear, mlp, rnn, transformer
from sci_numpy.config import LeastSquaresConfig as NumpyLeastSquaresConfig
from sci_numpy.config import LinearConfig as NumpyLinearConfig
from sci_numpy.least_squares import LeastSquares as NumpyLeastSquares
from sci_numpy.linear import BinaryLogistic, LinearRegression, Softmax

VALUE = {"value": Feature("number")}
TAGS = {"tags": Feature("array", shape=(3,), ragged=True)}


def logits(classes: int) -> dict[str, Feature]:
    return {"logits": Feature("array", shape=(classes,))}


def inputs(**features: Feature) -> Schema:
    return Schema(features, dict.fromkeys(features, "input"))


TABLE = inputs(a=Feature("array", shape=(4,)), b=Feature("category", dtype="int64", size=5), c=Feature("number"))
TOKENS = inputs(text=Feature("tokens", dtype="int64", ragged=True, size=11))
SERIES = inputs(wave=Feature("series", shape=(2,), ragged=True))


def table_batch() -> dict[str, torch.Tensor]:
    draw = torch.Generator().manual_seed(0)
    return {
        "numbers": torch.randn(6, 5, generator=draw),
        "categories": torch.randint(-1, 5, (6, 1), generator=draw),
        "id": torch.arange(6),
    }


def sequence_batch(name: str, extra: int = 0, filler: Any = 0) -> dict[str, torch.Tensor]:
    """Three sequences of 5, 8 and 1 positions; `extra` positions of `filler` behind all of them."""
    draw = torch.Generator().manual_seed(0)
    values = torch.randint(0, 11, (3, 8), generator=draw) if name == "text" else torch.randn(3, 8, 2, generator=draw)
    lengths = torch.tensor([5, 8, 1], dtype=torch.int32)
    values = torch.cat([values, values.new_full((3, extra, *values.shape[2:]), filler)], dim=1)
    values[torch.arange(8 + extra)[None, :] >= lengths[:, None]] = filler
    return {name: values, f"{name}.length": lengths}


@pytest.mark.parametrize(
    ("ours", "theirs", "heads"),
    [
        (linear.linear, LinearRegression, VALUE),
        (linear.logistic, BinaryLogistic, logits(2)),
        (linear.logistic, Softmax, logits(3)),
        (linear.softmax, Softmax, logits(2)),
    ],
)
@pytest.mark.parametrize("intercept", [True, False])
def test_linear_models_are_those_of_engine_numpy(ours, theirs, heads, intercept) -> None:
    schema = inputs(x=Feature("array", shape=(5,)))
    numbers = np.random.default_rng(0).normal(size=(6, 5))
    network = ours(LinearConfig(intercept=intercept, initial_scale=1.0), schema, heads, 0).double()
    other = theirs(NumpyLinearConfig(intercept=intercept), schema, heads, 0)
    with torch.no_grad():
        other.parameters["weight"] = network.weight.numpy()
        if intercept:
            network.bias.normal_()
            other.parameters["bias"] = network.bias.numpy()

    found = network({"numbers": torch.from_numpy(numbers)})

    for head, array in other({"numbers": numbers}).items():
        np.testing.assert_allclose(found[head].detach().numpy(), array, atol=1e-12)


def test_the_penalty_leaves_the_intercept_out() -> None:
    network = linear.linear(LinearConfig(l2=0.5), inputs(x=Feature("number")), VALUE, 0)
    with torch.no_grad():
        network.weight.fill_(3.0)
        network.bias.fill_(100.0)
    assert network.penalty().item() == 4.5


def test_a_perceptron_is_its_formula() -> None:
    network = mlp.build(MlpConfig(hidden=[7], embedding_size=2, activation="silu"), TABLE, logits(3), 0)
    weights = {name: value.detach() for name, value in network.named_parameters()}
    batch = table_batch()

    vectors = weights["embedding.0.weight"][batch["categories"][:, 0] + 1]
    values = torch.cat([batch["numbers"], vectors], dim=1) @ weights["hidden.0.linear.weight"].T
    values = values + weights["hidden.0.linear.bias"]
    values = values * torch.sigmoid(values)
    expected = values @ weights["head.logits.weight"].T + weights["head.logits.bias"]

    torch.testing.assert_close(network(batch)["logits"], expected)
    assert weights["embedding.0.weight"].shape == (6, 2)


def test_a_perceptron_reads_categories_alone() -> None:
    network = mlp.build(MlpConfig(), inputs(b=Feature("category", dtype="int64", size=5)), VALUE, 0)
    assert network({"categories": torch.tensor([[-1], [4]])})["value"].shape == (2,)


def test_names_of_weights_are_pinned() -> None:
    built = {
        "mlp": mlp.build(MlpConfig(hidden=[4], normalization="batch"), TABLE, VALUE, 0),
        "cnn": cnn.build(CnnConfig(channels=[2], hidden=[3]), inputs(x=Feature("image", shape=(4, 4))), VALUE, 0),
        "rnn": rnn.build(RnnConfig(bidirectional=True), TOKENS, VALUE, 0),
        "gru": rnn.build(RnnConfig(cell="gru"), SERIES, VALUE, 0),
        "transformer": transformer.build(TransformerConfig(layers=1), TOKENS, VALUE, 0),
    }
    norm = ["weight", "bias", "running_mean", "running_var"]
    head = ["head.value.weight", "head.value.bias"]
    dense = [f"{way}.{kind}" for way in ("query", "key", "value", "output") for kind in ("weight", "bias")]
    assert {name: list(network.state_dict()) for name, network in built.items()} == {
        "mlp": ["embedding.0.weight", "hidden.0.linear.weight", *(f"hidden.0.norm.{n}" for n in norm), *head],
        "cnn": [
            "block.0.conv.weight",
            *(f"block.0.norm.{n}" for n in norm),
            "hidden.0.linear.weight",
            "hidden.0.linear.bias",
            *head,
        ],
        "rnn": [
            "embedding.weight",
            *(f"layer.0.{way}.{n}" for way in ("onward", "reverse") for n in ("weight_ih", "weight_hh", "bias")),
            *head,
        ],
        "gru": [*(f"layer.0.onward.{n}" for n in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")), *head],
        "transformer": [
            "embedding.weight",
            "position.weight",
            *(f"layer.0.attention.{n}" for n in dense),
            *(f"layer.0.attention_norm.{n}" for n in ("weight", "bias")),
            *(f"layer.0.feed_forward.{way}.{n}" for way in ("up", "down") for n in ("weight", "bias")),
            *(f"layer.0.feed_forward_norm.{n}" for n in ("weight", "bias")),
            "norm.weight",
            "norm.bias",
            *head,
        ],
    }


def test_pixels_are_flattened_by_height_width_and_channel() -> None:
    image = inputs(x=Feature("image", shape=(2, 3, 1)))
    network = cnn.build(
        CnnConfig(channels=[2], kernel_size=1, pool=1, normalization="none", hidden=[]), image, VALUE, 0
    )
    weights = dict(network.named_parameters())
    with torch.no_grad():
        weights["block.0.conv.weight"].copy_(torch.tensor([1.0, 10.0]).reshape(2, 1, 1, 1))
        weights["block.0.conv.bias"].zero_()
        weights["head.value.weight"].copy_(torch.arange(12.0)[None])
        weights["head.value.bias"].zero_()
    pixels = torch.arange(1.0, 7.0).reshape(1, 2, 3, 1)
    flat = (pixels * torch.tensor([1.0, 10.0])).flatten()
    assert network({"x": pixels})["value"].item() == torch.arange(12.0) @ flat


def test_whole_number_pixels_are_shares_of_255() -> None:
    image = inputs(x=Feature("image", dtype="uint8", shape=(4, 4)))
    network = cnn.build(CnnConfig(channels=[3]), image, logits(2), 0).eval()
    pixels = torch.arange(16, dtype=torch.uint8).reshape(1, 4, 4) * 17
    torch.testing.assert_close(network({"x": pixels}), network({"x": pixels.float() / 255}))


def test_images_that_are_used_up_are_refused() -> None:
    with pytest.raises(ConfigError, match="too small for block 3 of 3") as caught:
        cnn.build(CnnConfig(channels=[2, 2, 2]), inputs(x=Feature("image", shape=(7, 5))), VALUE, 0)
    assert caught.value.id == "flow.size"


SEQUENCE_MODELS = [
    *(
        (
            rnn.build,
            RnnConfig(cell=cell, bidirectional=both, layers=2, hidden_size=4, embedding_size=3, pooling=pooling),
        )
        for cell in ("lstm", "gru")
        for both in (False, True)
        for pooling in ("last", "mean", "max")
    ),
    *(
        (transformer.build, TransformerConfig(layers=2, hidden_size=8, norm=norm, position=position, pooling=pooling))
        for norm in ("first", "last")
        for position in ("learned", "sinusoidal")
        for pooling in ("first", "mean", "max")
    ),
]


@pytest.mark.parametrize(("build", "config"), SEQUENCE_MODELS)
@pytest.mark.parametrize(("schema", "name", "filler"), [(TOKENS, "text", 7), (SERIES, "wave", 99.0)])
def test_padding_changes_no_answer(build, config, schema, name, filler) -> None:
    network = build(config, schema, {**logits(3), **TAGS}, 0).eval()
    short, long = network(sequence_batch(name)), network(sequence_batch(name, 8, filler))
    torch.testing.assert_close(long["logits"], short["logits"])
    for row, length in enumerate(short["tags.length"].tolist()):
        torch.testing.assert_close(long["tags"][row, :length], short["tags"][row, :length])
    assert short["tags"].shape == (3, 8, 3)


@pytest.mark.parametrize(("build", "config"), SEQUENCE_MODELS[::3])
def test_an_empty_sequence_has_an_answer(build, config) -> None:
    network = build(config, TOKENS, VALUE, 0)
    batch = {**sequence_batch("text"), "text.length": torch.tensor([0, 8, 1], dtype=torch.int32)}
    value = network(batch)["value"]
    value.sum().backward()
    assert torch.isfinite(value).all()
    assert all(torch.isfinite(p.grad).all() for p in network.parameters() if p.grad is not None)


def test_series_of_one_length_need_no_lengths() -> None:
    network = rnn.build(RnnConfig(hidden_size=4), inputs(wave=Feature("series", shape=(8, 2))), VALUE, 0)
    batch = sequence_batch("wave")
    full = {"wave": batch["wave"], "wave.length": torch.full((3,), 8)}
    torch.testing.assert_close(network({"wave": batch["wave"]}), network(full))


def test_the_last_state_of_both_directions_has_read_everything() -> None:
    network = rnn.build(RnnConfig(bidirectional=True, hidden_size=4, embedding_size=3), TOKENS, VALUE, 0)
    batch = sequence_batch("text")
    embedded = torch.zeros(3, 8, 3)

    def hook(module, arguments, output):
        nonlocal embedded
        embedded = output.detach().requires_grad_()
        return embedded

    network.embedding.register_forward_hook(hook)
    network(batch)["value"].sum().backward()
    touched = (embedded.grad != 0).any(dim=2)
    assert touched.sum(dim=1).tolist() == [5, 8, 1]


def test_sequences_longer_than_the_transformer_are_refused_by_their_length() -> None:
    network = transformer.build(TransformerConfig(max_length=10, hidden_size=8), TOKENS, VALUE, 0).eval()
    batch = sequence_batch("text", 8)
    assert network(batch)["value"].shape == (3,)  # padded beyond it, but not longer
    with pytest.raises(DataError, match="a sequence has 12 positions, and the transformer was built for 10"):
        network({**batch, "text.length": torch.tensor([12, 8, 1])})


def test_heads_that_do_not_divide_the_width_are_refused() -> None:
    with pytest.raises(ValueError, match="4 heads do not divide hidden_size `6`; `heads: 3` would"):
        TransformerConfig(hidden_size=6)


@pytest.mark.parametrize("position", ["learned", "sinusoidal"])
def test_positions_are_told_apart(position) -> None:
    config = TransformerConfig(position=position, hidden_size=8, dropout=0)
    network = transformer.build(config, TOKENS, VALUE, 0)
    forward, back = torch.tensor([[1, 2, 3, 4]]), torch.tensor([[4, 3, 2, 1]])
    first, second = (network({"text": tokens})["value"].item() for tokens in (forward, back))
    assert abs(first - second) > 1e-4


@pytest.mark.parametrize(
    ("build", "config", "schema", "batch"),
    [
        (mlp.build, MlpConfig(dropout=0.5), TABLE, table_batch()),
        (rnn.build, RnnConfig(dropout=0.5, layers=2), TOKENS, sequence_batch("text")),
        (transformer.build, TransformerConfig(dropout=0.5), SERIES, sequence_batch("wave")),
    ],
)
def test_dropout_acts_in_training_only(build, config, schema, batch) -> None:
    torch.manual_seed(0)
    network = build(config, schema, VALUE, 0)
    assert not torch.equal(network(batch)["value"], network(batch)["value"])
    network.eval()
    assert torch.equal(network(batch)["value"], network(batch)["value"])


def test_first_weights_follow_from_the_seed() -> None:
    same, again, other = (mlp.build(MlpConfig(), TABLE, VALUE, seed) for seed in (0, 0, 1))
    first, second, third = (list(network.parameters())[1] for network in (same, again, other))
    assert torch.equal(first, second)
    assert not torch.equal(first, third)


def test_a_perceptron_has_no_answer_for_each_position() -> None:
    with pytest.raises(ConfigError, match="mlp has one answer for each row"):
        mlp.build(MlpConfig(), TABLE, TAGS, 0)


@pytest.mark.parametrize("l2", [0.0, 0.3])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("intercept", [True, False])
def test_least_squares_are_those_of_engine_numpy(l2, weighted, intercept) -> None:
    draw = np.random.default_rng(0)
    batch = {"numbers": draw.normal(size=(9, 5)), "target": draw.normal(size=9)}
    batch["numbers"][:, 4] = batch["numbers"][:, 3]  # which of the two carries the weight, nothing decides
    if weighted:
        batch["weight"] = draw.uniform(0, 2, 9)
    schema = inputs(x=Feature("array", shape=(5,)))
    network = least_squares.LeastSquares(LeastSquaresConfig(l2=l2, intercept=intercept), schema, VALUE, 0).double()
    other = NumpyLeastSquares(NumpyLeastSquaresConfig(l2=l2, intercept=intercept), schema, VALUE, 0)

    other.fit(batch)
    with torch.no_grad():
        network.fit({key: torch.from_numpy(array) for key, array in batch.items()})

    for name, array in other.parameters.items():
        np.testing.assert_allclose(dict(network.named_parameters())[name].detach().numpy(), array, atol=1e-10)
