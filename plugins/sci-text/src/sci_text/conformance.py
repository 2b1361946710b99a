"""What the conformance kit is told about the steps and the models."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING

from sci.testing import Case, Expected

if TYPE_CHECKING:
    from sci.api import Dataset

STEPS = "preprocessors"
SYNONYMS = pathlib.Path(__file__).with_name("synonyms.tsv")
"""Words that occur in the texts of the kit."""
LETTERS = pathlib.Path(__file__).with_name("letters.json")
"""A pretrained tokenizer of 26 letters, in the format of the library tokenizers."""

ADAM = {"name": "adam", "learning_rate": 0.01}
ANY_ORDER = {"row_order_independent": True}


def cases() -> list[Case | Expected]:
    """Every step and every model, with settings small enough for a few texts."""
    runs = "its settings name two trained runs, which its own tests train"
    return [*steps(), *models(), Expected("SCI-DISC-008:back-translate", runs)]


def models() -> list[Case]:
    """Every model, in a size that trains in a moment."""
    small = {"layers": 1, "hidden_size": 8}
    return [
        Case("models", name, settings=settings, data="tokens", claims={"optimizer": ADAM})
        for name, settings in (
            ("ngram-linear", {"buckets": 64}),
            ("text-cnn", {"embedding_size": 4, "widths": [2, 3], "filters": 4}),
            ("bilstm", {**small, "embedding_size": 4, "pooling": "attention"}),
            ("bert", {**small, "heads": 2, "max_length": 16}),
        )
    ] + [Case("models", name, data="translation") for name in ("copy-source", "translation-memory")]


def steps() -> list[Case]:
    """Every step that learns."""
    return [
        Case(STEPS, "bag-of-words", claims=ANY_ORDER),
        Case(STEPS, "wordpiece", settings={"vocabulary_size": 40}, claims=ANY_ORDER),
        Case(STEPS, "wordpiece", settings={"max_length": 4, "enclose": True}, claims=ANY_ORDER),
        Case(STEPS, "bpe", settings={"vocabulary_size": 300, "lower": True}, claims=ANY_ORDER),
        Case(STEPS, "unigram", settings={"vocabulary_size": 40, "enclose": True}, claims=ANY_ORDER),
        Case(STEPS, "deduplicate", settings={"near": 0.8}),
        Case(STEPS, "token-dropout", settings={"rate": 0.4}),
        Case(STEPS, "token-dropout", settings={"rate": 0.4}, data="tokens"),
        Case(STEPS, "swap", settings={"rate": 0.4}),
        Case(STEPS, "swap", settings={"rate": 0.4, "distance": None}, data="tokens"),
        Case(STEPS, "synonyms", settings={"file": str(SYNONYMS), "rate": 0.9}),
        Case(STEPS, "characters", settings={"max_length": 8}, claims=ANY_ORDER),
        Case(STEPS, "words", settings={"enclose": True}, claims=ANY_ORDER),
        Case(STEPS, "tokenizer", settings={"pretrained": str(LETTERS), "max_length": 8}, claims=ANY_ORDER),
        Case(STEPS, "mask-tokens", data=maskable),
    ]


def maskable() -> Dataset:
    """Rows of tokens of which some have no letters, and one hides others."""
    from dataclasses import replace

    from sci.api import Schema
    from sci.testing.data import tokens

    data = tokens()
    words = replace(data.schema.columns["words"], special=(0, 1), mask=1)
    return data.with_schema(Schema({"words": words}, {"words": "input"}))
