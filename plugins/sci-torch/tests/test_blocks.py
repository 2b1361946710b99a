from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from sci.api import ConfigError, Feature, Initial
from sci_torch.api import (
    POOLING,
    BatchNorm,
    Categories,
    ConvBlock,
    Dense,
    EncoderBlock,
    Heads,
    RecurrentLayer,
    dense_stack,
    initialize,
    seen_positions,
    side_after,
    sinusoids,
    weighted_mean,
)

LENGTHS = torch.tensor([5, 2, 0], dtype=torch.int32)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize("training", [True, False])
def test_batch_normalization_is_that_of_pytorch(training) -> None:
    ours, theirs = BatchNorm(3).train(training), nn.BatchNorm1d(3).train(training)
    for _ in range(3):
        values = torch.randn(8, 3) * 2 + 1
        torch.testing.assert_close(ours(values), theirs(values))
    torch.testing.assert_close(ours.running_var, theirs.running_var)
    assert set(ours.state_dict()) == {"weight", "bias", "running_mean", "running_var"}


def test_a_single_value_is_normalized_with_the_running_statistics() -> None:
    norm = BatchNorm(3)
    norm.running_mean.fill_(2.0)
    torch.testing.assert_close(norm(torch.full((1, 3), 3.0)), torch.ones(1, 3), rtol=1e-4, atol=0)
    assert norm.running_mean.tolist() == [2, 2, 2]


def test_a_dense_layer_is_linear_then_norm_then_activation() -> None:
    layer = Dense(4, 3, "gelu", normalize="layer").eval()
    values = torch.randn(6, 4)
    expected = nn.functional.gelu(nn.functional.layer_norm(layer.linear(values), (3,)))
    torch.testing.assert_close(layer(values), expected)
    assert Dense(4, 3, "relu", normalize="batch").linear.bias is None


def test_a_stack_without_layers_leaves_the_width() -> None:
    layers, width = dense_stack(7, [], "relu")
    assert (len(layers), width) == (0, 7)


@pytest.mark.parametrize(("side", "kernel", "pool"), [(8, 3, 2), (7, 3, 2), (9, 2, 1), (9, 5, 3), (8, 4, 2)])
def test_a_convolution_leaves_the_side_that_was_computed(side, kernel, pool) -> None:
    block = ConvBlock(2, 4, kernel=kernel, activation="relu", pool=pool)
    after = side_after(side, kernel, pool)
    assert block(torch.randn(3, 2, side, side)).shape == (3, 4, after, after)
    assert kernel % 2 == 0 or after == side // pool


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_two_directions_are_those_of_pytorch_on_packed_sequences(cell) -> None:
    layer = RecurrentLayer(cell, 3, 4, bidirectional=True)
    for parameter in layer.parameters():
        nn.init.normal_(parameter)
    theirs = {"lstm": nn.LSTM, "gru": nn.GRU}[cell](3, 4, batch_first=True, bidirectional=True)
    with torch.no_grad():
        for one, end in ((layer.onward, ""), (layer.reverse, "_reverse")):
            getattr(theirs, f"weight_ih_l0{end}").copy_(one.weight_ih)
            getattr(theirs, f"weight_hh_l0{end}").copy_(one.weight_hh)
            getattr(theirs, f"bias_ih_l0{end}").copy_(one.bias if cell == "lstm" else one.bias_ih)
            getattr(theirs, f"bias_hh_l0{end}").copy_(torch.zeros(16) if cell == "lstm" else one.bias_hh)
    values, lengths = torch.randn(3, 6, 3), torch.tensor([6, 4, 1])
    packed = nn.utils.rnn.pack_padded_sequence(values, lengths, batch_first=True)
    expected, _ = nn.utils.rnn.pad_packed_sequence(theirs(packed)[0], batch_first=True)

    found = layer(values, lengths)

    for row, length in enumerate(lengths.tolist()):
        torch.testing.assert_close(found[row, :length], expected[row, :length])


@pytest.mark.parametrize("first", [True, False])
def test_an_encoder_block_is_that_of_pytorch(first) -> None:
    block = EncoderBlock(8, 2, 16, norm_first=first).eval()
    theirs = nn.TransformerEncoderLayer(8, 2, 16, 0.0, "gelu", batch_first=True, norm_first=first).eval()
    attention = block.attention
    inward = [attention.query, attention.key, attention.value]
    with torch.no_grad():
        theirs.self_attn.in_proj_weight.copy_(torch.cat([layer.weight for layer in inward]))
        theirs.self_attn.in_proj_bias.copy_(torch.cat([layer.bias for layer in inward]))
    for ours, other in (
        (attention.output, theirs.self_attn.out_proj),
        (block.attention_norm, theirs.norm1),
        (block.feed_forward.up, theirs.linear1),
        (block.feed_forward.down, theirs.linear2),
        (block.feed_forward_norm, theirs.norm2),
    ):
        other.load_state_dict(ours.state_dict())
    values, lengths = torch.randn(2, 5, 8), torch.tensor([5, 3])
    padding = torch.arange(5)[None, :] >= lengths[:, None]

    with torch.enable_grad():  # its fast path for inference warns
        expected = theirs(values.requires_grad_(), src_key_padding_mask=padding)
    found = block(values, seen_positions(lengths, 5))

    torch.testing.assert_close(found[~padding], expected[~padding])


def test_sinusoids_are_those_of_the_paper() -> None:
    found = sinusoids(10, 5)
    assert found[3, 2].item() == pytest.approx(math.sin(3 / 10_000 ** (2 / 5)))
    assert found[3, 3].item() == pytest.approx(math.cos(3 / 10_000 ** (2 / 5)))


@pytest.mark.parametrize("name", ["first", "last", "mean", "max"])
def test_padding_never_counts(name) -> None:
    values = torch.randn(3, 5, 4)
    spoiled = values.clone()
    spoiled[1, 2:], spoiled[2] = 99.0, math.nan
    found = POOLING[name](spoiled, LENGTHS)
    torch.testing.assert_close(found, POOLING[name](values, LENGTHS))
    assert found[2].tolist() == [0, 0, 0, 0]
    expected = {
        "first": values[1, 0],
        "last": values[1, 1],
        "mean": values[1, :2].mean(0),
        "max": values[1, :2].amax(0),
    }
    torch.testing.assert_close(found[1], expected[name])


def test_heads_have_the_shapes_that_the_task_wants() -> None:
    wanted = {
        "value": Feature("number"),
        "logits": Feature("array", shape=(3,)),
        "boxes": Feature("array", shape=(2, 4)),
        "tags": Feature("array", shape=(6,), ragged=True),
    }
    found = Heads(8, wanted, "a model", positions=True)(torch.randn(3, 8), torch.randn(3, 5, 8), LENGTHS)
    shapes = {name: tuple(value.shape) for name, value in found.items()}
    assert shapes == {"value": (3,), "logits": (3, 3), "boxes": (3, 2, 4), "tags": (3, 5, 6), "tags.length": (3,)}


def test_heads_that_cannot_be_given_are_refused() -> None:
    with pytest.raises(ConfigError, match="`tags` for each position"):
        Heads(8, {"tags": Feature("array", shape=(6,), ragged=True)}, "mlp")
    with pytest.raises(ConfigError, match="open"):
        Heads(8, {"logits": Feature("array", shape=(None,))}, "mlp")


def test_a_missing_category_has_a_vector_of_its_own() -> None:
    layer = Categories((3, 2), 4)
    found = layer(torch.tensor([[-1, 0], [2, 1]]))
    torch.testing.assert_close(found[0, :4], layer.get_submodule("0").weight[0])
    torch.testing.assert_close(
        found[1], torch.cat([layer.get_submodule("0").weight[3], layer.get_submodule("1").weight[2]])
    )


def test_first_weights_follow_from_their_names() -> None:
    first, second = nn.ModuleDict({"a": nn.Linear(3, 2), "b": nn.Linear(2, 2)}), nn.ModuleDict({"b": nn.Linear(2, 2)})
    for network in (first, second):
        initialize(network, 4, {"b": "he_uniform"})
    torch.testing.assert_close(first["b"].weight, second["b"].weight)
    expected = Initial(4).he_uniform("b.weight", (2, 2)).astype(np.float32)
    np.testing.assert_array_equal(second["b"].weight.detach().numpy(), expected)
    assert second["b"].bias.tolist() == [0, 0]


def test_an_lstm_starts_by_remembering() -> None:
    layer = nn.ModuleDict({"layer": RecurrentLayer("lstm", 2, 3)})
    initialize(layer, 0)
    assert layer["layer"].onward.bias.tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    assert layer["layer"].onward.weight_hh.abs().max() <= 3**-0.5


def test_a_mean_counts_rows_by_their_weight() -> None:
    values = torch.tensor([1.0, 2.0, 6.0])
    assert weighted_mean(values, {"x": values}).item() == 3
    assert weighted_mean(values, {"weight": torch.tensor([1.0, 1.0, 0.0])}).item() == 1.5
    assert weighted_mean(values, {"weight": torch.zeros(3)}).item() == 0
