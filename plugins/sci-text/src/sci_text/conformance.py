"""What the conformance kit is told about the steps."""

from __future__ import annotations

import pathlib

from sci.testing import Case

STEPS = "preprocessors"
LETTERS = pathlib.Path(__file__).with_name("letters.json")
"""A pretrained tokenizer of 26 letters, in the format of the library tokenizers."""

ANY_ORDER = {"row_order_independent": True}


def cases() -> list[Case]:
    """Every step that learns, with settings small enough for a few texts."""
    return [
        Case(STEPS, "bag-of-words", claims=ANY_ORDER),
        Case(STEPS, "wordpiece", settings={"vocabulary_size": 40}, claims=ANY_ORDER),
        Case(STEPS, "wordpiece", settings={"max_length": 4, "enclose": True}, claims=ANY_ORDER),
        Case(STEPS, "bpe", settings={"vocabulary_size": 300, "lower": True}, claims=ANY_ORDER),
        Case(STEPS, "characters", settings={"max_length": 8}, claims=ANY_ORDER),
        Case(STEPS, "words", settings={"enclose": True}, claims=ANY_ORDER),
        Case(STEPS, "tokenizer", settings={"pretrained": str(LETTERS), "max_length": 8}, claims=ANY_ORDER),
    ]
