"""BERT on engine torch, by the library transformers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from sci.api import Feature, MissingDependency, Schema
from sci_text.bert_names import adopted
from sci_text.bert_sizes import SPREAD, Sizes, sizes_of
from sci_text.bert_vocabulary import demand_same_tokens
from sci_text.model_config import BertConfig
from sci_text.reading import demand_length, tokens_input
from sci_text.torch.masked_lm import MaskedLmHead
from sci_torch.api import POOLING, Heads, Tensors, initialize, lengths_of, seen_positions

try:
    from transformers import BertConfig as Settings
    from transformers import BertModel
except ImportError as error:
    raise MissingDependency("transformers", "sci-text[torch]") from error

GELU_TANH = {"gelu-tanh": "gelu_pytorch_tanh"}


class Bert(nn.Module):
    """Encoder of tokens (Devlin et al. 2019, arXiv:1810.04805), and heads for rows or positions.

    A head of as many numbers as there are tokens predicts tokens, by `MaskedLmHead`. Weights: ``bert.embeddings``,
    ``bert.encoder.layer.<i>`` and ``bert.pooler`` as Hugging Face names them; ``head.<name>``.
    """

    def __init__(self, config: BertConfig, inputs: Schema, heads: Mapping[str, Feature]) -> None:
        super().__init__()
        self.name, tokens, vocabulary = tokens_input(inputs, "bert")
        self.tokens = tokens.values
        self.sizes = sizes_of(config.sizes, vocabulary, config.pretrained)
        self.pretrained = config.pretrained or ""
        self.pooling, self.dropout = config.pooling, config.dropout
        self.bert = BertModel(settings_of(self.sizes, config.dropout), add_pooling_layer=config.pooling == "pooler")
        self.head = Heads(
            self.sizes.hidden_size,
            heads,
            "bert",
            positions=True,
            layer=lambda width, size: self._predictor(size) if size == vocabulary else nn.Linear(width, size),
        )

    def _predictor(self, size: int) -> MaskedLmHead:
        return MaskedLmHead(self.bert.embeddings.word_embeddings, size, self.sizes.activation, self.sizes.epsilon)

    @property
    def tokens_head(self) -> str | None:
        """The head that predicts tokens."""
        return next((name for name, layer in self.head.named_children() if isinstance(layer, MaskedLmHead)), None)

    def forward(self, batch: Tensors) -> dict[str, torch.Tensor]:
        tokens, lengths = batch[self.name], lengths_of(batch, self.name)
        found = self.bert(
            input_ids=tokens,
            attention_mask=seen_positions(lengths, tokens.shape[1]),
            position_ids=self._places(tokens.shape[1], lengths),
        )
        values = found.last_hidden_state
        rows = self._silenced(found.pooler_output if self.pooling == "pooler" else self._pooled(values, lengths))
        emitted: dict[str, torch.Tensor] = self.head(
            rows, values if self.tokens_head else self._silenced(values), lengths
        )
        return emitted

    def adopt(self, saved: Mapping[str, Any], own: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
        """Weights that Hugging Face, or a run with another head, has saved."""
        demand_same_tokens(self.tokens or (), self.pretrained)
        return adopted(saved, own, self.tokens_head, self.pretrained)

    def _pooled(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        return POOLING["first" if self.pooling == "cls" else self.pooling](values, lengths)

    def _places(self, length: int, lengths: torch.Tensor) -> torch.Tensor:
        """Positions [1, length]; padding beyond the longest sequence repeats the last."""
        if length > self.sizes.max_length:
            demand_length(int(lengths.max()), self.sizes.max_length, "bert")
        return torch.arange(length, device=lengths.device).clamp(max=self.sizes.max_length - 1)[None]

    def _silenced(self, values: torch.Tensor) -> torch.Tensor:
        return functional.dropout(values, self.dropout, self.training) if self.dropout else values


def settings_of(sizes: Sizes, dropout: float) -> Settings:
    """The settings of transformers. Padding is no special token: it is never looked at."""
    return Settings(
        vocab_size=sizes.vocabulary_size,
        hidden_size=sizes.hidden_size,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward,
        hidden_act=GELU_TANH.get(sizes.activation, sizes.activation),
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
        max_position_embeddings=sizes.max_length,
        type_vocab_size=sizes.segments,
        layer_norm_eps=sizes.epsilon,
        pad_token_id=None,
        attn_implementation="sdpa",  # type: ignore[call-arg]  # a setting of every model there
    )


def build(config: BertConfig, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> Bert:
    """An encoder with its first weights."""
    network = Bert(config, inputs, heads)
    initialize(network, seed, {"*": SPREAD})
    return network
