"""Lists of words that may stand for one another, as users write them."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sci.api import ConfigError, Place

LARGEST = 2**28
"""Bytes of a file that is read."""

Thesaurus = Mapping[str, Sequence[str]]
"""What may stand for a word, which is written as `key` gives it."""


def key(words: str) -> str:
    """How a word, or some, is looked up: case and white space do not matter."""
    return " ".join(words.casefold().split())


def read(path: pathlib.Path) -> Thesaurus:
    """The list in a file.

    Raises:
        ConfigError: there is no such file, or a line of it is no list of words; it names the line.
    """
    text = _text(path)
    if path.suffix.lower() == ".json":
        pairs = list(_of_json(path, text))
    else:
        pairs = [pair for group in _lines(path, text) for pair in _of_group(group)]
    found: dict[str, list[str]] = {}
    for word, others in pairs:
        known = found.setdefault(key(word), [])
        known += [other for other in others if key(other) != key(word) and other not in known]
    if not found:
        raise wrong(Place(str(path)), "holds no words")
    return found


def _text(path: pathlib.Path) -> str:
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise wrong(Place(str(path)), f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    if data is None:
        raise wrong(Place(str(path)), f"is larger than {LARGEST >> 20} MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise wrong(Place(str(path), line), "is no UTF-8", f"iconv -t UTF-8 {path.name}") from error


def _lines(path: pathlib.Path, text: str) -> Iterator[list[str]]:
    """The words of each line that is neither empty nor a remark."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        words = [word.strip() for word in line.rstrip("\r").split("\t")]
        if len(words) < 2:
            raise wrong(
                Place(str(path), number), f"has one word, `{words[0]}`", "film\tmovie   with a tab between words"
            )
        yield _sound(words, Place(str(path), number))


def _of_group(words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    for word in words:
        yield word, [other for other in words if other != word]


def _of_json(path: pathlib.Path, text: str) -> Iterator[tuple[str, list[str]]]:
    place = Place(str(path))
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise wrong(Place(str(path), line), "is no JSON", '{"film": ["movie", "picture"]}') from error
    if not isinstance(document, dict):
        raise wrong(place, "is no object of words", '{"film": ["movie", "picture"]}')
    for word, others in document.items():
        if not isinstance(others, list) or not others or not all(isinstance(other, str) for other in others):
            raise wrong(place, f"gives no list of words for `{word}`", f'{{"{word}": ["..."]}}')
        yield word, _sound([word, *others], place)[1:]


def _sound(words: Iterable[str], place: Place) -> list[str]:
    found = list(words)
    for word in found:
        if not word.strip() or not word.isprintable():
            raise wrong(place, f"has an empty word, or one with control characters: {word!r}")
    return found


def wrong(place: Place, what: str, hint: str = "") -> ConfigError:
    """The error about a list."""
    return ConfigError(f"the list of synonyms {what}", id="text.synonyms", where=place, hint=hint)
