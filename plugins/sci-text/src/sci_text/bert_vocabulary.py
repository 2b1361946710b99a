"""Whether the steps make the tokens that a pretrained encoder has learned vectors of."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Mapping, Sequence

from tokenizers import Tokenizer

from sci.api import ConfigError, pretrained_folder
from sci_text.kept_tokenizers import FILE as KEPT
from sci_text.kept_tokenizers import kept_tokenizers
from sci_text.pretrained import FILE

OTHERS = 0.01
"""Share of the tokens that may have other codes: people add some of their own."""


def demand_same_tokens(tokens: Sequence[str], pretrained: str) -> None:
    """Stop where codes mean other tokens to the steps than to the weights; a folder that says nothing of its tokens is
    taken at its word.

    Args:
        tokens: what stands for each code.
        pretrained: where the weights are from.

    Raises:
        ConfigError: they mean something else.
    """
    known = known_tokens(pretrained_folder(pretrained))
    differ = sum(known.get(token) != code for code, token in enumerate(tokens) if token)
    if known and differ > OTHERS * len(tokens):
        raise ConfigError(
            f"{differ:,} of {len(tokens):,} codes stand for other tokens than those that `{pretrained}` has learned",
            id="model.vocabulary",
            note="the weights go with their own tokenizer",
            hint=f"preprocessing: [{{name: tokenizer, pretrained: {pretrained}}}]",
        )


def known_tokens(folder: pathlib.Path) -> Mapping[str, int]:
    """Token to code, of the tokenizer beside weights; empty where there is none, or several."""
    own, foreign = folder / KEPT, folder / FILE
    try:
        if own.is_file():
            found = [json.dumps(kept) for kept in kept_tokenizers(own).values()]
        else:
            found = [foreign.read_text(encoding="utf-8")] if foreign.is_file() else []
        return Tokenizer.from_str(found[0]).get_vocab() if len(found) == 1 else {}
    except Exception:  # the library raises nothing more exact for what it cannot read
        return {}
