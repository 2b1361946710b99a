"""Words that somebody has cut already, as the pieces that a tokenizer makes of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from tokenizers import Encoding, Tokenizer

from sci.api import Ragged
from sci_text.stretches import portions


class Pieces(NamedTuple):
    """Rows of words as tokens.

    Args:
        tokens: codes int64 of each row.
        starts: for each word of each row the position of its first token in that row, int64; -1 for a word of which
            nothing is left: it was cut off, or holds no character that the tokenizer keeps. None where nobody asked.
        cut: how many tokens of each row were cut off, int64.
    """

    tokens: Ragged
    starts: Ragged | None
    cut: np.ndarray


def pieces(tokenizer: Tokenizer, rows: Sequence[Sequence[str]], longest: int) -> Pieces:
    """Tokens of rows of words, at most `longest` a row.

    A row is read as its words with blanks between, so that words have the same tokens as in running text; a token is of
    the word in which its last character stands.

    Args:
        tokenizer: cuts and pads nothing by itself.
        rows: lists of words.
        longest: most tokens, those among them that the tokenizer puts around a text.
    """
    texts = [" ".join(row) for row in rows]
    return _laid_out(tokenizer, texts, longest, lambda found, row: first_places(found, rows[row]))


def text_pieces(tokenizer: Tokenizer, texts: Sequence[str], longest: int) -> Pieces:
    """Tokens of running texts, at most `longest` each; a word ends where the tokenizer first cuts the text."""
    return _laid_out(tokenizer, texts, longest, lambda found, row: word_places(found))


def _laid_out(
    tokenizer: Tokenizer, texts: Sequence[str], longest: int, firsts: Callable[[Encoding, int], np.ndarray]
) -> Pieces:
    room = longest - tokenizer.num_special_tokens_to_add(False)
    ids, starts, cut = [], [], []
    encoded = (one for some in portions(texts) for one in tokenizer.encode_batch(some, add_special_tokens=False))
    for row, found in enumerate(encoded):
        cut.append(max(len(found) - room, 0))
        found.truncate(room)
        places = firsts(found, row)
        whole = tokenizer.post_process(found)
        before = next((place for place, special in enumerate(whole.special_tokens_mask) if not special), 0)
        ids.append(whole.ids)
        starts.append(np.where(places < 0, -1, places + before))
    return Pieces(_ragged(ids), _ragged(starts), np.array(cut, dtype=np.int64))


def first_places(found: Encoding, words: Sequence[str]) -> np.ndarray:
    """The first token of each word, int64 [words]; -1 where there is none."""
    ends = np.cumsum([len(word) + 1 for word in words])  # each word is followed by a blank
    last = np.array([end - 1 for _, end in found.offsets], dtype=np.int64)
    owners = np.searchsorted(ends, last, side="right")
    places = np.full(len(words), -1, dtype=np.int64)
    places[owners[::-1]] = np.arange(len(last) - 1, -1, -1)  # of several the first stays
    return places


def word_places(found: Encoding) -> np.ndarray:
    """Positions at which another word of the text begins, int64."""
    numbers = np.array([-1 if number is None else number for number in found.word_ids], dtype=np.int64)
    return np.flatnonzero(np.diff(numbers, prepend=-2))


def aligned(codes: Ragged, found: Pieces) -> Ragged:
    """What is known of words, given to the first token of each; -1 for every other token.

    Args:
        codes: int64, one for each word.
        found: the tokens of the same rows.
    """
    assert found.starts is not None
    values = np.full(len(found.tokens.values), -1, dtype=np.int64)
    rows = np.repeat(np.arange(len(found.starts.lengths)), found.starts.lengths)
    seen = found.starts.values >= 0
    values[found.tokens.offsets[rows[seen]] + found.starts.values[seen]] = codes.values[seen]
    return Ragged(values, found.tokens.offsets)


def _ragged(rows: Sequence[Sequence[int]] | Sequence[np.ndarray]) -> Ragged:
    offsets = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    values = np.fromiter(itertools.chain.from_iterable(rows), dtype=np.int64, count=int(offsets[-1]))
    return Ragged(values, offsets)
