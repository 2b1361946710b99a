"""Transformer that turns a sequence into another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from sci.api import Feature, Initial, Schema
from sci_networks.answer import Search, ends
from sci_networks.config import EncoderDecoderConfig
from sci_networks.torch.search import beam_search
from sci_networks.torch.sequence import places
from sci_torch.api import (
    DecoderBlock,
    EncoderBlock,
    Memory,
    Tensors,
    fill,
    initialize,
    lengths_of,
    seen_positions,
    sinusoids,
)

NAME = "encoder-decoder"


class EncoderDecoder(nn.Module):
    """An encoder reads the input, a decoder writes the answer and looks at both (arXiv:1706.03762).

    Called with a target it scores each code of the target given those before it (teacher forcing). Without one it
    searches for the answer.

    Weights: ``embedding.weight`` [tokens, size] of the input; ``target_embedding.weight``, unless all tables are one;
    ``output.weight`` [tokens, size], unless it is that of the target; ``position.weight`` [max_length, size] where
    learned; ``encoder.<i>`` and ``decoder.<i>`` with ``attention.{query,key,value,output}``, ``attention_norm``,
    ``feed_forward.{up,down}``, ``feed_forward_norm``, in the decoder also ``cross`` and ``cross_norm``;
    ``encoder_norm`` and ``decoder_norm`` where normalization comes first.
    """

    place: torch.Tensor

    def __init__(self, config: EncoderDecoderConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        super().__init__()
        self.ends = ends(config, inputs, heads)
        size, first = config.hidden_size, config.norm == "first"
        self.size, self.dropout, self.longest = size, config.dropout, config.max_length
        self.embedding = nn.Embedding(self.ends.known, size)
        self.target_embedding = nn.Embedding(self.ends.classes, size) if config.tied != "all" else None
        self.output = nn.Embedding(self.ends.classes, size) if config.tied == "none" else None
        learned = config.position == "learned"
        self.position = nn.Embedding(config.max_length, size) if learned else None
        if not learned:
            self.register_buffer("place", sinusoids(config.max_length, size), persistent=False)
        arguments = (size, config.heads, config.units)
        self.encoder = nn.ModuleList(EncoderBlock(*arguments, **config.block()) for _ in range(config.layers))
        self.encoder_norm = nn.LayerNorm(size, eps=config.epsilon) if first else None
        layers = config.decoder_layers or config.layers
        self.decoder = nn.ModuleList(DecoderBlock(*arguments, **config.block()) for _ in range(layers))
        self.decoder_norm = nn.LayerNorm(size, eps=config.epsilon) if first else None

    def forward(self, batch: Tensors) -> dict[str, torch.Tensor]:
        encoded, seen = self._encoded(batch)
        target, lengths = batch["target"], lengths_of(batch, "target") + 1
        shifted = functional.pad(target, (1, 0), value=self.ends.end)
        values = self._placed(self._written(shifted), places(self._table, shifted.shape[1], lengths, NAME))
        for layer in self._blocks:
            values = layer(values, layer.cross.memory(encoded), seen)
        return {self.ends.head: self._scores(values), f"{self.ends.head}.length": lengths}

    def predict_step(self, batch: Tensors, options: Mapping[str, Any]) -> dict[str, torch.Tensor]:
        """Answers ``tokens`` int64 [n, L] with ``tokens.length``, and their ``score`` [n]."""
        search = Search.of(options, self.longest - 1)
        encoded, seen = self._encoded(batch)
        lengths = lengths_of(batch, self.ends.source)
        limits = (2 * lengths + 10).clamp(max=search.longest)
        sources = [seen, *(part for layer in self._blocks for part in layer.cross.memory(encoded))]
        beams = [part.new_zeros(len(encoded) * search.beam, *part.shape[1:2], 0, part.shape[3]) for part in sources[1:]]
        tokens, found, scores = beam_search(self._step, beams, sources, limits, self.ends.end, search)
        return {"tokens": tokens, "tokens.length": found, "score": scores}

    def _step(
        self, codes: torch.Tensor, place: int, beams: Sequence[torch.Tensor], sources: Sequence[torch.Tensor]
    ) -> tuple[torch.Tensor, Sequence[torch.Tensor]]:
        """Log-probabilities of the code after each of `codes` [n * k], and the memory with it."""
        seen, *read = sources
        values = self._placed(self._written(codes[:, None]), self._table[place : place + 1])
        grown: list[torch.Tensor] = []
        for position, layer in enumerate(self._blocks):
            values, kept = layer.step(values, memory_of(beams, position), memory_of(read, position), seen)
            grown += kept
        return functional.log_softmax(self._scores(values[:, 0]), dim=-1), grown

    def _encoded(self, batch: Tensors) -> tuple[torch.Tensor, torch.Tensor]:
        """The encoder's vectors [n, L, size], and which of them hold something."""
        codes, lengths = batch[self.ends.source], lengths_of(batch, self.ends.source)
        length = codes.shape[1]
        values = self._placed(self.embedding(codes), places(self._table, length, lengths, NAME))
        seen = seen_positions(lengths, length)
        for layer in self.encoder:
            values = layer(values, seen)
        return values if self.encoder_norm is None else self.encoder_norm(values), seen

    def _written(self, codes: torch.Tensor) -> torch.Tensor:
        """The vectors of codes of the answer."""
        found: torch.Tensor = (self.target_embedding or self.embedding)(codes)
        return found

    def _scores(self, values: torch.Tensor) -> torch.Tensor:
        """A score for each code, from the decoder's vectors."""
        values = values if self.decoder_norm is None else self.decoder_norm(values)
        return functional.linear(values, (self.output or self.target_embedding or self.embedding).weight)

    @property
    def _blocks(self) -> list[DecoderBlock]:
        return list(self.decoder)  # type: ignore[arg-type]  # torch says modules of any kind

    @property
    def _table(self) -> torch.Tensor:
        return self.place if self.position is None else self.position.weight

    def _placed(self, values: torch.Tensor, at: torch.Tensor) -> torch.Tensor:
        """Vectors of codes, scaled to the size of what tells their places, with that added."""
        values = values * self.size**0.5 + at.to(values.dtype)
        return functional.dropout(values, self.dropout, self.training) if self.dropout else values


def memory_of(parts: Sequence[torch.Tensor], layer: int) -> Memory:
    """Keys and values of one layer, which lie one after the other."""
    return parts[2 * layer], parts[2 * layer + 1]


def build(config: EncoderDecoderConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> EncoderDecoder:
    """A network with its first weights; vectors of tokens have length 1 on average."""
    network = EncoderDecoder(config, inputs, heads)
    initialize(network, seed, {"*coder.*.feed_forward.up": "he_uniform"})
    initial = Initial(seed)
    for name in ("embedding", "target_embedding", "output"):
        table = getattr(network, name)
        if table is not None:
            shape = tuple(table.weight.shape)
            fill(table.weight, initial.normal(f"{name}.weight", shape, config.hidden_size**-0.5))
    return network
