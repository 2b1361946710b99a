"""Linear scores of n-grams, on engine tensorflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sci.api import Feature, Feed, Schema
from sci_tensorflow.api import Network, Tensors, Weight, fill, inside, keras, lengths_of, tf
from sci_text.model_config import NgramLinearConfig
from sci_text.ngram_weights import Weighing, weighing
from sci_text.ngrams import TINY, hashed
from sci_text.reading import tokens_input


class NgramLinear(Network):
    """The sum of the weights of the n-grams that occur in a text (Wang and Manning 2012).

    An n-gram counts once, however often it occurs, times its `weighting` in the training rows; rows are divided by
    their length. Only the buckets of a row are looked up. Weights: ``head.<name>.weight`` [buckets + 1, outputs],
    ``head.<name>.bias`` [outputs], and ``head.<name>.weighting`` [buckets + 1, 1 or outputs], counted, not learned.
    """

    def __init__(self, config: NgramLinearConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        self.config = config
        self.name, _, _ = tokens_input(inputs, "ngram-linear")
        self.weighing = weighing(config, heads)
        self.head = {self.weighing.head: Scores(config.buckets, self.weighing)}

    def begin(self, feed: Feed) -> Sequence[str]:
        """Count the n-grams of the training rows."""
        counted = next(weight for weight in self.scores.canonical() if not weight.trainable)
        fill(counted, self.weighing.of_rows(feed, self.name, self.config))
        return ()

    @property
    def scores(self) -> Scores:
        """The weights of the only head."""
        return self.head[self.weighing.head]

    def __call__(self, batch: Tensors, training: bool = False) -> dict[str, Any]:
        lengths = lengths_of(batch, self.name)
        scores = self.scores(different(batch[self.name], lengths, self.config.orders, self.config.buckets))
        return {self.weighing.head: scores[:, 0] if self.weighing.scalar else scores}

    def penalty(self) -> Any:
        """`l2` times the sum of squared distances from the prior, the intercepts left out."""
        if not self.config.l2:
            return None
        return self.config.l2 * tf.reduce_sum(tf.square(self.scores.weight.value - self.weighing.prior))


class Scores(keras.Layer):
    """A weight of each bucket for each output, times what was counted in the training rows."""

    def __init__(self, buckets: int, weighing: Weighing) -> None:
        super().__init__(autocast=False)
        begin = keras.initializers.Constant(weighing.prior)
        self.weight = self.add_weight(shape=(buckets + 1, weighing.outputs), initializer=begin, name="weight")
        self.bias = self.add_weight(shape=(weighing.outputs,), initializer="zeros", name="bias")
        self.weighting = self.add_weight(
            shape=(buckets + 1, weighing.width), initializer="zeros", name="weighting", trainable=False
        )
        self.built = True

    def call(self, found: Any) -> Any:
        """`found` [n, K] buckets; [n, outputs]."""
        weighting = tf.gather(self.weighting.value, found)
        length = tf.sqrt(tf.maximum(tf.reduce_sum(tf.square(weighting), axis=1), TINY))
        return tf.reduce_sum(tf.gather(self.weight.value, found) * weighting, axis=1) / length + self.bias.value

    def canonical(self) -> list[Weight]:
        """Its weights, and what was counted."""
        return [
            Weight("weight", self.weight.value),
            Weight("bias", self.bias.value),
            Weight("weighting", self.weighting.value, trainable=False),
        ]


def different(tokens: Any, lengths: Any, orders: Sequence[int], buckets: int) -> Any:
    """The different buckets of each row in ascending order [n, K]; what fills a row up is `buckets`."""
    longest = tf.shape(tokens)[1]
    codes = hashed(tf.pad(tokens, [[0, 0], [0, max(orders) - 1]]), longest, orders, buckets)
    filler = tf.constant(buckets, tokens.dtype)
    found = [
        tf.where(inside(lengths - (order - 1), longest), code, filler)
        for order, code in zip(orders, codes, strict=True)
    ]
    ordered = tf.sort(tf.concat(found, axis=1), axis=1)
    again = tf.pad(ordered[:, 1:] == ordered[:, :-1], [[0, 0], [1, 0]])
    return tf.where(again, filler, ordered)


def build(config: NgramLinearConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> NgramLinear:
    """A model whose weights are those of the prior: the loss has one minimum, and nothing is drawn."""
    return NgramLinear(config, inputs, heads)
