"""BERT on engine tensorflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sci.api import Feature, Schema
from sci_tensorflow.api import (
    POOLING,
    Block,
    Dropout,
    Embedding,
    EncoderBlock,
    Heads,
    LayerNorm,
    Linear,
    Network,
    Tensors,
    initialize,
    lengths_of,
    seen_positions,
    silenced,
    tf,
)
from sci_text.bert_names import adopted
from sci_text.bert_sizes import SPREAD, Sizes, sizes_of
from sci_text.bert_vocabulary import demand_same_tokens
from sci_text.model_config import BertConfig
from sci_text.reading import demand_length, tokens_input
from sci_text.tensorflow.masked_lm import MaskedLmHead


class Layer(EncoderBlock):
    """A block whose weights have the names of Hugging Face."""

    def children(self) -> Mapping[str, Any]:
        looking = {name: getattr(self.attention, name) for name in ("query", "key", "value", "dropout")}
        return {
            "attention": {
                "self": looking,
                "output": {
                    "dense": self.attention.output,
                    "LayerNorm": self.attention_norm,
                    "dropout": self.attention_dropout,
                },
            },
            "intermediate": {"dense": self.feed_forward.up},
            "output": {
                "dense": self.feed_forward.down,
                "LayerNorm": self.feed_forward_norm,
                "dropout": self.feed_forward_dropout,
            },
        }


class Encoder(Block):
    """Embeddings and layers; with `pooled`, a dense layer and tanh for the first token."""

    def __init__(self, sizes: Sizes, dropout: float, pooled: bool) -> None:
        width = sizes.hidden_size
        self.words = Embedding(sizes.vocabulary_size, width)
        self.positions = Embedding(sizes.max_length, width)
        self.segments = Embedding(sizes.segments, width)
        self.norm = LayerNorm(width, sizes.epsilon)
        self.dropout = Dropout(dropout) if dropout else None
        self.layer = [
            Layer(
                width,
                sizes.heads,
                sizes.feed_forward,
                activation=sizes.activation,
                dropout=dropout,
                norm_first=False,
                epsilon=sizes.epsilon,
            )
            for _ in range(sizes.layers)
        ]
        self.pooler = Linear(width, width) if pooled else None
        self.longest = sizes.max_length

    def children(self) -> Mapping[str, Any]:
        embeddings = {
            "word_embeddings": self.words,
            "position_embeddings": self.positions,
            "token_type_embeddings": self.segments,
            "LayerNorm": self.norm,
            "dropout": self.dropout,
        }
        return {"embeddings": embeddings, "encoder": {"layer": self.layer}, "pooler": {"dense": self.pooler}}

    def __call__(self, tokens: Any, lengths: Any, training: bool = False) -> Any:
        """`tokens` [n, L], `lengths` [n]; [n, L, width]. Padding beyond the longest sequence has the last position."""
        length = tf.shape(tokens)[1]
        places = self.positions(tf.minimum(tf.range(length), self.longest - 1))
        values = self.norm(self.words(tokens) + self.segments(tf.zeros_like(tokens)) + places)
        values = silenced(self.dropout, values, training)
        seen = seen_positions(lengths, length)
        for layer in self.layer:
            values = layer(values, seen, training)
        return values


class Bert(Network):
    """Encoder of tokens (Devlin et al. 2019, arXiv:1810.04805), and heads for rows or positions.

    A head of as many numbers as there are tokens predicts tokens, by `MaskedLmHead`. Weights: ``bert.embeddings``,
    ``bert.encoder.layer.<i>`` and ``bert.pooler`` as Hugging Face names them; ``head.<name>``.
    """

    def __init__(self, config: BertConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        self.name, tokens, vocabulary = tokens_input(inputs, "bert")
        self.tokens = tokens.values
        self.sizes = sizes_of(config.sizes, vocabulary, config.pretrained)
        self.source = config.pretrained or ""
        self.pooling = config.pooling
        self.bert = Encoder(self.sizes, config.dropout, config.pooling == "pooler")
        self.head = Heads(
            self.sizes.hidden_size,
            heads,
            "bert",
            positions=True,
            layer=lambda width, size: self._predictor(size) if size == vocabulary else Linear(width, size),
        )
        self.row_dropout = Dropout(config.dropout) if config.dropout else None
        self.position_dropout = Dropout(config.dropout) if config.dropout and not self.tokens_head else None

    def _predictor(self, size: int) -> MaskedLmHead:
        sizes = self.sizes
        return MaskedLmHead(self.bert.words, sizes.hidden_size, size, sizes.activation, sizes.epsilon)

    @property
    def tokens_head(self) -> str | None:
        """The head that predicts tokens."""
        return next((name for name, layer in self.head.layers.items() if isinstance(layer, MaskedLmHead)), None)

    def check(self, batch: Mapping[str, np.ndarray]) -> None:
        """Stop for a sequence that is longer than what the encoder was built for."""
        if self.name in batch:
            lengths = batch.get(f"{self.name}.length")
            found = batch[self.name].shape[1] if lengths is None else int(lengths.max(initial=0))
            demand_length(found, self.sizes.max_length, "bert")

    def __call__(self, batch: Tensors, training: bool = False) -> dict[str, Any]:
        lengths = lengths_of(batch, self.name)
        values = self.bert(batch[self.name], lengths, training)
        rows = silenced(self.row_dropout, self._pooled(values, lengths), training)
        return self.head(rows, silenced(self.position_dropout, values, training), lengths)

    def adopt(self, saved: Mapping[str, Any], own: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
        """Weights that Hugging Face, or a run with another head, has saved."""
        demand_same_tokens(self.tokens or (), self.source)
        return adopted(saved, own, self.tokens_head, self.source)

    def _pooled(self, values: Any, lengths: Any) -> Any:
        if self.bert.pooler is not None:
            return tf.tanh(self.bert.pooler(values[:, 0]))
        return POOLING["first" if self.pooling == "cls" else self.pooling](values, lengths)


def build(config: BertConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Bert:
    """An encoder with its first weights."""
    network = Bert(config, inputs, heads)
    initialize(network, seed, {"*": SPREAD})
    return network
