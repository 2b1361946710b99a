"""The sizes of a BERT encoder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Literal

from sci.api import ConfigError

Activation = Literal["relu", "gelu", "gelu-tanh", "silu", "tanh"]
"""`gelu` is exact, with the error function; `gelu-tanh` is its approximation."""

SIZES = (
    "layers",
    "hidden_size",
    "heads",
    "feed_forward",
    "activation",
    "max_length",
    "epsilon",
    "segments",
    "vocabulary_size",
)
"""Settings that weights depend on, or what the weights mean."""

SPREAD = 0.02
"""Standard deviation of the first weights (Devlin et al. 2019)."""

PADDED = 128
"""Pretrained vocabularies are filled up to a multiple of this at most; a larger difference is another vocabulary."""


@dataclass(frozen=True)
class Sizes:
    """Everything that says what the weights of an encoder are; as the settings of the same names."""

    vocabulary_size: int
    layers: int = 2
    hidden_size: int = 128
    heads: int = 2
    feed_forward: int = 512
    activation: str = "gelu"
    max_length: int = 512
    epsilon: float = 1e-12
    segments: int = 2


def filled(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of `SIZES`, with what holds where nothing was said."""
    usual = {field.name: field.default for field in fields(Sizes) if field.default is not MISSING}
    width = said.get("hidden_size", Sizes.hidden_size)
    return {**usual, "heads": max(width // 64, 1), "feed_forward": 4 * width, **said}


def sizes_of(said: Mapping[str, Any], tokens: int, pretrained: str | None) -> Sizes:
    """The sizes of an encoder, with what nothing was said about filled in.

    Args:
        said: what the settings say of `SIZES`.
        tokens: how many different tokens the steps make.
        pretrained: what the settings name, for messages.

    Raises:
        ConfigError: the heads do not divide the width, or the steps make the tokens of another vocabulary.
    """
    found = Sizes(**filled({"vocabulary_size": tokens, **said}))
    try:
        demand_divisor(vars(found))
    except ValueError as error:
        raise ConfigError(str(error), id="config.value") from error
    demand_vocabulary(tokens, found.vocabulary_size, pretrained)
    return found


def demand_vocabulary(tokens: int, known: int, pretrained: str | None) -> None:
    """Stop where the steps make the tokens of another vocabulary than the weights were trained with."""
    if not known - PADDED < tokens <= known:
        raise ConfigError(
            f"the steps make {tokens:,} different tokens, and the model has vectors for {known:,}",
            id="model.vocabulary",
            note=f"the weights of `{pretrained}` go with its own tokenizer" if pretrained else "",
            hint=f"preprocessing: [{{name: tokenizer, pretrained: {pretrained or '...'}}}]",
        )


def demand_divisor(sizes: Mapping[str, Any]) -> None:
    """Raise `ValueError` where the heads of the attention do not divide the width."""
    width, heads = sizes["hidden_size"], sizes["heads"]
    if width % heads:
        fitting = max(number for number in range(1, heads + 1) if width % number == 0)
        raise ValueError(f"{heads} heads do not divide hidden_size `{width}`; `heads: {fitting}` would")
