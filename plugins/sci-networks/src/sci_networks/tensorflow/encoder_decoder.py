"""Transformer that turns a sequence into another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sci.api import Feature, Initial, Schema
from sci_networks.answer import Search, ends
from sci_networks.config import EncoderDecoderConfig
from sci_networks.limits import too_long
from sci_networks.tensorflow.search import beam_search
from sci_networks.tensorflow.sequence import places
from sci_tensorflow.api import (
    DecoderBlock,
    Dropout,
    Embedding,
    EncoderBlock,
    LayerNorm,
    Network,
    Tensors,
    fill,
    initialize,
    lengths_of,
    seen_positions,
    silenced,
    sinusoids,
    tf,
)

NAME = "encoder-decoder"


class EncoderDecoder(Network):
    """An encoder reads the input, a decoder writes the answer and looks at both (arXiv:1706.03762).

    Called with a target it scores each code of the target given those before it (teacher forcing). Without one it
    searches for the answer.

    Weights: ``embedding.weight`` [tokens, size] of the input; ``target_embedding.weight``, unless all tables are one;
    ``output.weight`` [tokens, size], unless it is that of the target; ``position.weight`` [max_length, size] where
    learned; ``encoder.<i>`` and ``decoder.<i>`` with ``attention.{query,key,value,output}``, ``attention_norm``,
    ``feed_forward.{up,down}``, ``feed_forward_norm``, in the decoder also ``cross`` and ``cross_norm``;
    ``encoder_norm`` and ``decoder_norm`` where normalization comes first.
    """

    def __init__(self, config: EncoderDecoderConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        self.ends = ends(config, inputs, heads)
        size, first = config.hidden_size, config.norm == "first"
        self.size, self.longest = size, config.max_length
        self.embedding = Embedding(self.ends.known, size)
        self.target_embedding = Embedding(self.ends.classes, size) if config.tied != "all" else None
        self.output = Embedding(self.ends.classes, size) if config.tied == "none" else None
        learned = config.position == "learned"
        self.position = Embedding(config.max_length, size) if learned else None
        self.place = None if learned else sinusoids(config.max_length, size)
        self.dropout = Dropout(config.dropout) if config.dropout else None
        self.target_dropout = Dropout(config.dropout) if config.dropout else None
        arguments = (size, config.heads, config.units)
        self.encoder = [EncoderBlock(*arguments, **config.block()) for _ in range(config.layers)]
        self.encoder_norm = LayerNorm(size, config.epsilon) if first else None
        layers = config.decoder_layers or config.layers
        self.decoder = [DecoderBlock(*arguments, **config.block()) for _ in range(layers)]
        self.decoder_norm = LayerNorm(size, config.epsilon) if first else None

    def check(self, batch: Mapping[str, np.ndarray]) -> None:
        """Stop for a sequence that is longer than what the network was built for."""
        for name, more in ((self.ends.source, 0), ("target", 1)):
            if name in batch:
                lengths = batch.get(f"{name}.length")
                found = batch[name].shape[1] if lengths is None else int(lengths.max(initial=0))
                if found + more > self.longest:
                    raise too_long(found + more, self.longest, NAME)

    def __call__(self, batch: Tensors, training: bool = False) -> dict[str, Any]:
        encoded, seen = self._encoded(batch, training)
        shifted = tf.pad(batch["target"], [[0, 0], [1, 0]], constant_values=self.ends.end)
        at = places(self._table, tf.shape(shifted)[1], encoded.dtype)
        values = silenced(self.target_dropout, self._placed(self._written(shifted), at), training)
        for layer in self.decoder:
            values = layer(values, layer.cross.memory(encoded), seen, training)
        return {self.ends.head: self._scores(values), f"{self.ends.head}.length": lengths_of(batch, "target") + 1}

    def predict_step(self, batch: Tensors, options: Mapping[str, Any]) -> dict[str, Any]:
        """Answers ``tokens`` int64 [n, L] with ``tokens.length``, and their ``score`` [n]."""
        search = Search.of(options, self.longest - 1)
        encoded, seen = self._encoded(batch, False)
        limits = tf.minimum(2 * lengths_of(batch, self.ends.source) + 10, search.longest)
        sources = [seen, *(part for layer in self.decoder for part in layer.cross.memory(encoded))]
        rows = tf.shape(encoded)[0] * search.beam
        beams = [tf.zeros([rows, part.shape[1], 0, part.shape[3]], part.dtype) for part in sources[1:]]
        tokens, found, scores = beam_search(self._step, beams, sources, limits, self.ends.end, search)
        return {"tokens": tokens, "tokens.length": found, "score": scores}

    def _step(self, codes: Any, place: Any, beams: Sequence[Any], sources: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
        """Log-probabilities of the code after each of `codes` [n * k], and the memory with it."""
        seen, *read = sources
        table = tf.cast(self._table, beams[0].dtype)
        values = self._placed(self._written(codes[:, None]), table[place][None, :])
        grown: list[Any] = []
        for position, layer in enumerate(self.decoder):
            pair = slice(2 * position, 2 * position + 2)
            values, kept = layer.step(values, tuple(beams[pair]), tuple(read[pair]), seen)
            grown += kept
        return tf.nn.log_softmax(self._scores(values[:, 0])), grown

    def _encoded(self, batch: Tensors, training: bool) -> tuple[Any, Any]:
        """The encoder's vectors [n, L, size], and which of them hold something."""
        codes = batch[self.ends.source]
        length = tf.shape(codes)[1]
        vectors = self.embedding(codes)
        placed = self._placed(vectors, places(self._table, length, vectors.dtype))
        values = silenced(self.dropout, placed, training)
        seen = seen_positions(lengths_of(batch, self.ends.source), length)
        for layer in self.encoder:
            values = layer(values, seen, training)
        return values if self.encoder_norm is None else self.encoder_norm(values), seen

    def _written(self, codes: Any) -> Any:
        """The vectors of codes of the answer."""
        return (self.target_embedding or self.embedding)(codes)

    def _scores(self, values: Any) -> Any:
        """A score for each code, from the decoder's vectors."""
        values = values if self.decoder_norm is None else self.decoder_norm(values)
        table = (self.output or self.target_embedding or self.embedding).embeddings.value
        return tf.matmul(values, tf.cast(table, values.dtype), transpose_b=True)

    @property
    def _table(self) -> Any:
        return self.place if self.position is None else self.position.embeddings.value

    def _placed(self, values: Any, at: Any) -> Any:
        """Vectors of codes, scaled to the size of what tells their places, with that added."""
        return values * tf.constant(self.size**0.5, values.dtype) + at


def build(config: EncoderDecoderConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> EncoderDecoder:
    """A network with its first weights; vectors of tokens have length 1 on average."""
    network = EncoderDecoder(config, inputs, heads)
    initialize(network, seed, {"*coder.*.feed_forward.up": "he_uniform"})
    initial = Initial(seed)
    for name in ("embedding", "target_embedding", "output"):
        table = getattr(network, name)
        if table is not None:
            [weight] = table.canonical()
            fill(weight, initial.normal(f"{name}.weight", weight.shape, config.hidden_size**-0.5))
    return network
