"""What the weights of a BERT encoder are called: here, and in files of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sci.api import ConfigError
from sci_text.bert_sizes import demand_vocabulary

T = TypeVar("T")

ENCODER = "bert."
"""How the names of the encoder's weights begin, as in every BERT model of Hugging Face with a head."""

HEADS = "head."
POOLER = "bert.pooler."
WORDS = "bert.embeddings.word_embeddings.weight"
PREDICTIONS = "cls.predictions."
"""How Hugging Face begins the names of the head that predicts tokens."""

BARE = ("embeddings.", "encoder.", "pooler.")
"""How names begin where the encoder was saved alone."""

OTHER_HEADS = ("cls.", "classifier.", "qa_outputs.")
OLD = {"LayerNorm.gamma": "LayerNorm.weight", "LayerNorm.beta": "LayerNorm.bias"}
TIED = ("decoder.weight", "decoder.bias")
"""Weights that are saved beside those that they are the same as."""


def adopted(
    saved: Mapping[str, T], own: Mapping[str, tuple[int, ...]], tokens_head: str | None, pretrained: str
) -> dict[str, T]:
    """Saved weights under the names of a network, without those that it has no use for: other heads, the pooler.

    Args:
        saved: arrays or tensors by their names in the files.
        own: shapes of the network's weights by name.
        tokens_head: name of the head that predicts tokens, where the network has one.
        pretrained: where they are from, for messages.

    Raises:
        ConfigError: they go with another vocabulary, or have no pooler and the network has one.
    """
    found: dict[str, T] = {}
    for name, value in saved.items():
        new = _renamed(name, tokens_head)
        if new is not None and not (new.startswith(POOLER) and new not in own):
            found[new] = value
    words = getattr(found.get(WORDS), "shape", None)
    if words is not None and words[0] != own[WORDS][0]:
        demand_vocabulary(own[WORDS][0], words[0], pretrained)
    if any(name.startswith(POOLER) for name in own) and not any(name.startswith(POOLER) for name in found):
        raise ConfigError(
            f"`{pretrained}` has no pooler, and model.pooling is `pooler`",
            id="model.pretrained",
            hint="model: {name: bert, pooling: mean, ...}",
        )
    return found


def _renamed(name: str, tokens_head: str | None) -> str | None:
    """The name here; None for what is not used."""
    for old, new in OLD.items():
        name = name.replace(old, new)
    if name.endswith(".position_ids"):
        return None
    if name.startswith(PREDICTIONS):
        rest = name.removeprefix(PREDICTIONS)
        return None if tokens_head is None or rest in TIED else f"{HEADS}{tokens_head}.{rest}"
    if name.startswith(OTHER_HEADS):
        return None
    return ENCODER + name if name.startswith(BARE) else name
