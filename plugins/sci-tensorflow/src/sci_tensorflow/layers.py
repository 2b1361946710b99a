"""Keras layers, built at once, with the conventions and the canonical weights that every engine shares."""

from __future__ import annotations

from typing import Any

from sci_tensorflow.lookups import passed_on
from sci_tensorflow.runtime import keras, tf
from sci_tensorflow.weights import Weight

MOMENTUM = 0.1
EPSILON = 1e-5
TURNED = (1, 0)


class Linear(keras.layers.Dense):
    """``x W^T + b``; canonical `weight` [outputs, inputs] and `bias` [outputs]."""

    def __init__(self, inputs: int, outputs: int, bias: bool = True) -> None:
        super().__init__(outputs, use_bias=bias, kernel_initializer="zeros")
        self.build((None, inputs))

    def canonical(self) -> list[Weight]:
        """Its weights."""
        return [Weight("weight", self.kernel.value, TURNED), *_bias(self)]


class Convolution(keras.layers.Conv2D):
    """Convolution of [n, height, width, inputs] with stride 1 and ``(size - 1) // 2`` zeros on each side.

    Canonical `weight` [outputs, inputs, size, size] and `bias` [outputs].
    """

    def __init__(self, inputs: int, outputs: int, size: int, bias: bool = True) -> None:
        around = (size - 1) // 2
        odd = size % 2 == 1
        super().__init__(outputs, size, padding="same" if odd else "valid", use_bias=bias, kernel_initializer="zeros")
        self.around = 0 if odd else around
        self.build((None, None, None, inputs))

    def call(self, inputs: Any) -> Any:
        if self.around:
            side = [self.around, self.around]
            inputs = tf.pad(inputs, [[0, 0], side, side, [0, 0]])
        return super().call(inputs)

    def canonical(self) -> list[Weight]:
        """Its weights."""
        return [Weight("weight", self.kernel.value, (3, 2, 0, 1)), *_bias(self)]


def _bias(layer: Any) -> list[Weight]:
    return [Weight("bias", layer.bias.value)] if layer.use_bias else []


class Embedding(keras.layers.Embedding):
    """A vector for each code; canonical `weight` [size, width]."""

    def __init__(self, size: int, width: int) -> None:
        super().__init__(size, width, embeddings_initializer="zeros")
        self.build(None)

    def call(self, inputs: Any) -> Any:
        return passed_on(self, inputs, super().call(inputs))

    def canonical(self) -> list[Weight]:
        """Its weight."""
        return [Weight("weight", self.embeddings.value)]


class LayerNorm(keras.layers.LayerNormalization):
    """Layer normalization over the last axis (arXiv:1607.06450); canonical `weight` and `bias` [width]."""

    def __init__(self, width: int, epsilon: float = EPSILON) -> None:
        super().__init__(epsilon=epsilon)
        self.build((None, width))

    def canonical(self) -> list[Weight]:
        """Its weights."""
        return [Weight("weight", self.gamma.value), Weight("bias", self.beta.value)]


class BatchNorm(keras.Layer):
    """Normalization over the rows (and positions) of a batch (Ioffe and Szegedy 2015, arXiv:1502.03167).

    In training the mean and the biased variance of the batch are used, and the running statistics move towards the
    mean and the unbiased variance by `MOMENTUM` (Keras moves towards the biased one). A batch with one value in each
    channel, which has no variance, is normalized with the running statistics and leaves them alone. Channels are the
    last axis. Canonical `weight`, `bias`, `running_mean` and `running_var` [channels].
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gamma, self.variance = (self._vector(channels, "ones", name) for name in ("weight", "running_var"))
        self.beta, self.mean = (self._vector(channels, "zeros", name) for name in ("bias", "running_mean"))
        self.built = True

    def _vector(self, channels: int, first: str, name: str) -> Any:
        running = name.startswith("running")
        return self.add_weight(shape=(channels,), initializer=first, name=name, trainable=not running, autocast=False)

    def call(self, inputs: Any, training: bool = False) -> Any:
        wide = tf.cast(inputs, self.mean.dtype)
        mean, variance = self._moments(wide) if training else (self.mean.value, self.variance.value)
        scale = tf.math.rsqrt(variance + EPSILON) * self.gamma.value
        return tf.cast(wide * scale + (self.beta.value - mean * scale), inputs.dtype)

    def _moments(self, inputs: Any) -> tuple[Any, Any]:
        """Mean and variance to normalize with, after which the running ones have moved."""
        axes = list(range(inputs.shape.rank - 1))
        mean, variance = tf.nn.moments(inputs, axes)
        count = tf.cast(tf.size(inputs) // tf.shape(inputs)[-1], variance.dtype)
        varies = count > 1
        rate = tf.where(varies, tf.constant(MOMENTUM, variance.dtype), 0)
        unbiased = variance * (count / tf.maximum(count - 1, 1))
        running = self.mean.value.read_value(), self.variance.value.read_value()
        self.mean.value.assign_add(rate * (tf.stop_gradient(mean) - running[0]))
        self.variance.value.assign_add(rate * (tf.stop_gradient(unbiased) - running[1]))
        return tf.where(varies, mean, running[0]), tf.where(varies, variance, running[1])

    def canonical(self) -> list[Weight]:
        """Its weights and its running statistics."""
        return [
            Weight("weight", self.gamma.value),
            Weight("bias", self.beta.value),
            Weight("running_mean", self.mean.value, trainable=False),
            Weight("running_var", self.variance.value, trainable=False),
        ]


class Dropout(keras.layers.Dropout):
    """Each number is silent with probability `rate` in training, the others are scaled up.

    Which are silent follows from the seed, the layer's name, and how often it was used in training; a network's
    `initialize` seeds it.
    """

    def __init__(self, rate: float) -> None:
        super().__init__(rate, seed=0)
        self.build(None)


def normalization(name: str, width: int) -> Any:
    """`batch`, `layer` or `none` over vectors [n, width]."""
    if name == "batch":
        return BatchNorm(width)
    return LayerNorm(width) if name == "layer" else None
