"""Layers against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from sci_tensorflow.api import BatchNorm, Block, Dropout, Linear, Weight, initialize, keras, tf
from sci_tensorflow.block import weights_of
from sci_tensorflow.precision import applied


def test_batch_normalization_moves_towards_the_unbiased_variance() -> None:
    with applied("float64"):
        layer = BatchNorm(2)
    values = np.random.default_rng(0).normal(3, 2, size=(5, 2))

    normal = layer(tf.constant(values), training=True).numpy()

    np.testing.assert_allclose(normal, (values - values.mean(0)) / np.sqrt(values.var(0) + 1e-5), rtol=1e-10)
    np.testing.assert_allclose(layer.mean.numpy(), 0.1 * values.mean(0), rtol=1e-12)
    np.testing.assert_allclose(layer.variance.numpy(), 0.9 + 0.1 * values.var(0, ddof=1), rtol=1e-12)


def test_a_batch_of_one_value_has_no_variance_and_moves_nothing() -> None:
    layer = BatchNorm(2)
    normal = layer(tf.constant([[3.0, 4.0]]), training=True).numpy()
    np.testing.assert_allclose(normal, [[3, 4]], rtol=1e-4)
    assert layer.mean.numpy().tolist() == [0, 0]
    assert layer.variance.numpy().tolist() == [1, 1]


class Pair(Block):
    def __init__(self) -> None:
        self.first, self.second = Dropout(0.25), [Dropout(0.25)]


def test_dropout_silences_its_share_scales_the_rest_and_differs_by_name_and_seed() -> None:
    masks = []
    for seed in (0, 0, 1):
        pair = Pair()
        initialize(pair, seed)
        ones = tf.ones([100, 100])
        masks += [layer(ones, training=True).numpy() for _, layer in pair.named_layers()]

    assert set(np.unique(masks[0]).tolist()) == {0.0, np.float32(1 / 0.75)}
    assert abs((masks[0] == 0).mean() - 0.25) < 0.02
    assert np.array_equal(masks[0], masks[2])
    assert not np.array_equal(masks[0], masks[1])
    assert not np.array_equal(masks[0], masks[4])


class Odd(Block):
    def __init__(self) -> None:
        self.inner = {"a": Linear(3, 2)}
        self.dense = keras.layers.Dense(2)
        self.dense.build((None, 3))


def test_a_layer_that_does_not_name_its_weights_is_found_out() -> None:
    with pytest.raises(TypeError, match="Dense does not say the canonical names"):
        weights_of(Odd())


def test_names_follow_attributes_and_layouts_are_those_of_pytorch() -> None:
    odd = Odd()
    del odd.dense
    assert [(weight.name, weight.shape) for weight in weights_of(odd)] == [
        ("inner.a.weight", (2, 3)),
        ("inner.a.bias", (2,)),
    ]


def test_a_weight_gives_back_what_it_was_given() -> None:
    given = np.arange(24.0).reshape(2, 3, 4)
    weight = Weight("w", tf.Variable(np.zeros((4, 2, 3))), (1, 2, 0))
    weight.assign(given)
    assert np.array_equal(weight.array(), given)
    assert np.array_equal(weight.variable.numpy()[1], given[:, :, 1])
