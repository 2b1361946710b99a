"""Convolutions over tokens, on engine tensorflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sci.api import Feature, Feed, Schema
from sci_tensorflow.api import (
    POOLING,
    Dropout,
    Heads,
    Linear,
    Network,
    Tensors,
    initialize,
    lengths_of,
    silenced,
    tf,
)
from sci_text.model_config import TextCnnConfig
from sci_text.reading import tokens_input
from sci_text.tensorflow.embedding import TokenEmbedding
from sci_text.word_vectors import SPREAD


class TextCnn(Network):
    """The largest answer of each filter to any stretch of a text (Kim 2014, arXiv:1408.5882).

    Stretches reach beyond both ends of a text, by zeros. Weights: ``embedding.weight`` [vocabulary, size],
    ``filters.<i>`` for the i-th width, over the vectors of its tokens one behind the other; ``head.<name>``.
    """

    def __init__(self, config: TextCnnConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        self.name, feature, size = tokens_input(inputs, "text-cnn")
        self.embedding = TokenEmbedding(config, feature, size)
        if config.static:
            self.frozen.add("embedding.weight")
        self.widths = config.widths
        self.filters = [Linear(width * config.width, config.filters) for width in config.widths]
        self.dropout = Dropout(config.dropout) if config.dropout else None
        layer = Linear if config.max_norm is None else partial(BoundedLinear, config.max_norm)
        self.head = Heads(config.filters * len(config.widths), heads, "text-cnn", layer=layer)

    def begin(self, feed: Feed) -> Sequence[str]:
        """Take over word vectors."""
        return self.embedding.begin()

    def __call__(self, batch: Tensors, training: bool = False) -> dict[str, Any]:
        lengths = lengths_of(batch, self.name)
        values = self.embedding.of(batch[self.name], lengths)
        pairs = zip(self.filters, self.widths, strict=True)
        found = tf.concat([largest(filters, values, lengths, width) for filters, width in pairs], axis=1)
        return self.head(silenced(self.dropout, found, training))


def largest(filters: Any, values: Any, lengths: Any, width: int) -> Any:
    """The largest answer of each filter to the stretches of `width` positions that touch a sequence: [n, filters].

    `values` [n, L, size] are 0 where a sequence has ended; an empty one has the answer 0.
    """
    around = tf.pad(values, [[0, 0], [width - 1, width - 1], [0, 0]])
    count = tf.shape(values)[1] + width - 1
    stretches = tf.concat([around[:, start : start + count] for start in range(width)], axis=2)
    return POOLING["max"](tf.nn.relu(filters(stretches)), tf.where(lengths > 0, lengths + (width - 1), 0))


class BoundedLinear(Linear):
    """A linear layer whose vector of weights of each output counts as no longer than `bound`."""

    def __init__(self, bound: float, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs)
        self.bound = bound

    def call(self, inputs: Any) -> Any:
        kernel = tf.convert_to_tensor(self.kernel)
        lengths = tf.reduce_sum(tf.square(kernel), axis=0, keepdims=True)
        longer = lengths > self.bound**2
        one = tf.ones_like(lengths)
        scale = tf.where(longer, self.bound * tf.math.rsqrt(tf.where(longer, lengths, one)), one)
        return tf.matmul(inputs, kernel * scale) + tf.convert_to_tensor(self.bias)


def build(config: TextCnnConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> TextCnn:
    """A network with its first weights."""
    network = TextCnn(config, inputs, heads)
    initialize(network, seed, {"embedding": SPREAD, "filters.*": "he_uniform"})
    return network
