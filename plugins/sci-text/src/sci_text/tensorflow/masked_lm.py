"""What predicts the tokens at positions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sci_tensorflow.api import ACTIVATIONS, Block, Embedding, LayerNorm, Linear, Weight, keras, tf


class MaskedLmHead(Block):
    """Dense layer, activation, layer normalization, and a score for each token (Devlin et al. 2019).

    The score of a token is the product with its embedding, plus a bias: the embeddings are weights of the encoder
    (Press and Wolf 2017, arXiv:1608.05859).

    Args:
        embedding: vectors of the tokens, of which the first `size` are scored.
        width: length of the vectors.
        size: number of tokens.
        activation: a name of `ACTIVATIONS`.
        epsilon: added to the variance in layer normalization.
    """

    def __init__(self, embedding: Embedding, width: int, size: int, activation: str, epsilon: float) -> None:
        self.dense = Linear(width, width)
        self.norm = LayerNorm(width, epsilon)
        self.scores = Scores(embedding, size)
        self.activation = ACTIVATIONS[activation]

    def children(self) -> Mapping[str, Any]:
        return {"transform": {"dense": self.dense, "LayerNorm": self.norm}}

    def named_layers(self, prefix: str = "") -> Iterator[tuple[str, Any]]:
        yield prefix.rstrip("."), self.scores
        yield from super().named_layers(prefix)

    def __call__(self, values: Any) -> Any:
        """`values` [..., width]; [..., size]."""
        return self.scores(self.norm(self.activation(self.dense(values))))


class Scores(keras.Layer):
    """Products with the vectors of another layer, plus a bias of its own; canonical `bias` [size]."""

    def __init__(self, embedding: Embedding, size: int) -> None:
        super().__init__()
        self.bias = self.add_weight(shape=(size,), initializer="zeros", name="bias")
        self.size = size
        self.shared = lambda: embedding.embeddings  # in a function, because Keras would count its weights here too
        self.built = True

    def call(self, values: Any) -> Any:
        table = tf.cast(tf.convert_to_tensor(self.shared())[: self.size], values.dtype)
        return tf.tensordot(values, table, [[-1], [1]]) + tf.cast(tf.convert_to_tensor(self.bias), values.dtype)

    def canonical(self) -> list[Weight]:
        """Its weight."""
        return [Weight("bias", self.bias.value)]
