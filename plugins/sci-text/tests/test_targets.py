"""Tokens of a target: one vocabulary for both sides, and texts from predicted codes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sci.api import Dataset, Feature, Ragged, Schema
from sci_text.pretrained import Pretrained
from sci_text.subwords import Bpe, WordPiece
from sci_text.token_config import BpeConfig, CharactersConfig, LearnedConfig, TokensConfig, WordsConfig
from sci_text.tokens import Tokens
from sci_text.units import Characters, Words

ENGLISH = ["Two dogs run.", "A dog sleeps, alone!", " odd  spaces ", "naïve café 今日は", ""] * 3
GERMAN = ["Zwei Hunde rennen.", "Ein Hund schläft, allein!", "a\tb", "Größe 🧬", "."] * 3
SCHEMA = Schema(
    {"en": Feature("text", dtype="string"), "de": Feature("text", dtype="string")},
    {"en": "input", "de": "target"},
    {"target": "de"},
)
STEPS: dict[type[Tokens], TokensConfig] = {
    Bpe: BpeConfig(vocabulary_size=300, min_count=1),
    WordPiece: LearnedConfig(min_count=1, lower=False),
    Characters: CharactersConfig(min_count=1, lower=False),
    Words: WordsConfig(min_count=1, lower=False),
}


def fitted(kind: type[Tokens], **more: object) -> Tokens:
    step = kind(STEPS[kind].model_copy(update=more), ("en", "de"))
    step.fit(rows())
    return step


def rows() -> Dataset:
    return Dataset({"en": pa.array(ENGLISH, pa.large_string()), "de": pa.array(GERMAN, pa.large_string())}, SCHEMA)


def codes(step: Tokens, column: str, texts: list[str]) -> Ragged:
    found = step.transform({column: pa.array(texts, pa.large_string())})[column]
    assert isinstance(found, Ragged)
    return found


@pytest.mark.parametrize("kind", STEPS, ids=lambda kind: kind.component)
@pytest.mark.parametrize("enclose", [False, True])
def test_predicted_codes_become_texts(kind, enclose) -> None:
    step = fitted(kind, enclose=enclose)
    texts = GERMAN[:5]

    found = step.inverse_transform("de", codes(step, "de", texts), {})

    assert found.type == pa.large_string()
    wanted = texts if kind in (Bpe, Characters) else [" ".join(text.split()) for text in texts]
    if kind is Words:
        wanted = [text.replace(".", " .").replace(",", " ,").replace("!", " !").strip() for text in wanted]
    assert found.to_pylist() == wanted


def test_what_is_no_text_is_readable_all_the_same() -> None:
    step = fitted(Bpe)
    half_of_a_letter = one_row(codes(step, "de", ["ö"]).values[1:])
    assert step.inverse_transform("de", half_of_a_letter, {}).to_pylist() == ["\ufffd"]
    unknown_and_padding = one_row(np.array([2, 1, 0, 3, 1]))
    assert fitted(Words).inverse_transform("de", unknown_and_padding, {}).to_pylist() == ["[UNK] [UNK]"]


def one_row(values: np.ndarray) -> Ragged:
    return Ragged(values, np.array([0, len(values)]))


@pytest.mark.parametrize("kind", STEPS, ids=lambda kind: kind.component)
def test_a_shared_vocabulary_is_learned_from_both_columns(kind) -> None:
    shared, own = fitted(kind, shared=True), fitted(kind)

    assert codes(shared, "en", ["dog Hund"]).values.tolist() == codes(shared, "de", ["dog Hund"]).values.tolist()
    assert codes(own, "en", ["dog Hund"]).values.tolist() != codes(own, "de", ["dog Hund"]).values.tolist()
    sizes = [shared.output_schema(SCHEMA).columns[name].size for name in ("en", "de")]
    assert sizes[0] == sizes[1]

    again = kind(shared.config, ("en", "de"))
    again.load_state(shared.state())
    for column in ("en", "de"):
        assert codes(again, column, ENGLISH).values.tolist() == codes(shared, column, ENGLISH).values.tolist()


def test_a_pretrained_tokenizer_turns_codes_into_text() -> None:
    from sci_text.conformance import LETTERS
    from sci_text.token_config import TokenizerConfig

    step = Pretrained(TokenizerConfig(pretrained=str(LETTERS)), ("de",))
    step.fit(rows())
    assert step.inverse_transform("de", codes(step, "de", ["abc"]), {}).to_pylist() == ["a b c"]
