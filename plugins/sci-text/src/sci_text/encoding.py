"""Texts as the codes of their tokens, through the library tokenizers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from tokenizers import Encoding, Tokenizer

from sci.api import Ragged
from sci_text.specials import UNKNOWN
from sci_text.stretches import SPACES, portions, stretches

_PADDING = ("[PAD]", "<pad>", "<PAD>")
_ENDS = ("</s>", "<|endoftext|>", "<|end_of_text|>", "<eos>")
_MASKS = ("[MASK]", "<mask>", "<MASK>")


def ready(tokenizer: Tokenizer) -> Tokenizer:
    """The tokenizer such that it pads and cuts nothing, and reads `[SEP]` in a text as that text."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.encode_special_tokens = True
    return tokenizer


def padding(tokenizer: Tokenizer) -> int | None:
    """The code of its padding token, or of the one that ends a text; None where it has neither."""
    found = (tokenizer.token_to_id(name) for name in (*_PADDING, *_ENDS))
    return next((code for code in found if code is not None), None)


def vocabulary(tokenizer: Tokenizer) -> tuple[str, ...]:
    """What stands for each code; empty for a code without a token."""
    found = tokenizer.get_vocab()
    names = [""] * (max(found.values(), default=-1) + 1)
    for token, code in found.items():
        names[code] = token
    return tuple(names)


def specials(tokenizer: Tokenizer) -> tuple[int, ...]:
    """The codes of its tokens that stand for no letters, ascending."""
    return tuple(sorted(code for code, token in tokenizer.get_added_tokens_decoder().items() if token.special))


def mask(tokenizer: Tokenizer) -> int | None:
    """The code of the token that hides another one; None where it has none."""
    found = (tokenizer.token_to_id(name) for name in _MASKS)
    return next((code for code in found if code is not None), None)


def encoded(
    tokenizer: Tokenizer, texts: Sequence[str], longest: int, between: re.Pattern[str] = SPACES
) -> tuple[Ragged, np.ndarray]:
    """Codes int64 of each text, at most `longest`, and how many tokens of it were cut off, int64 [texts].

    Tokens that the tokenizer puts around a text, such as ``[CLS]``, are among the `longest` and are never cut off.

    Args:
        tokenizer: cuts and pads nothing by itself.
        texts: of any length.
        longest: most tokens of a text.
        between: where a text can be cut in two and keeps its tokens.
    """
    around = tokenizer.num_special_tokens_to_add(False)
    room = longest - around
    parts = [np.zeros(0, dtype=np.int64)]
    lengths: list[int] = []
    cut: list[int] = []
    for some in portions(texts):
        rows = []
        for found, tokens in _encodings(tokenizer, some, room, between):
            cut.append(max(tokens - room, 0))
            if around:
                found.truncate(room)
                rows.append(tokenizer.post_process(found).ids)
            else:
                rows.append(found.ids[:room])
        lengths += map(len, rows)
        parts.append(np.fromiter(itertools.chain.from_iterable(rows), dtype=np.int64))
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Ragged(np.concatenate(parts), offsets), np.array(cut, dtype=np.int64)


def _encodings(
    tokenizer: Tokenizer, texts: list[str], room: int, between: re.Pattern[str]
) -> Iterator[tuple[Encoding, int]]:
    """What each text begins with, `room` tokens at least where it has so many, and how many tokens it has."""
    cut = list(stretches(texts[0], between))
    if len(texts) > 1 or len(cut) == 1:
        yield from ((found, len(found)) for found in _cut(tokenizer, texts))
        return
    [first] = _cut(tokenizer, cut[:1])
    if len(first) < room:  # the letters hardly become tokens
        [first] = _cut(tokenizer, texts)
        yield first, len(first)
        return
    yield first, len(first) + sum(len(_cut(tokenizer, [one])[0]) for one in cut[1:])


def _cut(tokenizer: Tokenizer, texts: list[str]) -> list[Encoding]:
    found: list[Encoding] = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
    return found


def decoded(tokenizer: Tokenizer, rows: Ragged) -> pa.Array:
    """The text of each row of codes, large_string [rows]; of the tokens without letters only ``[UNK]`` is shown."""
    silent = {*specials(tokenizer)} - {tokenizer.token_to_id(UNKNOWN)}
    told = np.isin(rows.values, list(silent), invert=True)
    codes, kept = rows.values.tolist(), told.tolist()
    spans = itertools.pairwise(rows.offsets.tolist())
    texts = tokenizer.decode_batch(
        [list(itertools.compress(codes[start:end], kept[start:end])) for start, end in spans], skip_special_tokens=False
    )
    return pa.array(texts, type=pa.large_string())


def placed(tokenizer: Tokenizer, texts: Sequence[str], longest: int) -> Ragged:
    """Where the tokens that `encoded` gives begin and end in their text, int64 [tokens, 2]."""
    around = tokenizer.num_special_tokens_to_add(False)
    rows = []
    for found in itertools.chain.from_iterable(
        tokenizer.encode_batch(some, add_special_tokens=False) for some in portions(texts)
    ):
        found.truncate(longest - around)
        rows.append((tokenizer.post_process(found) if around else found).offsets)
    offsets = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return Ragged(np.array([*itertools.chain.from_iterable(rows)], dtype=np.int64).reshape(-1, 2), offsets)
