"""Word vectors in the files that people have of them: GloVe, word2vec as text or binary, or an array beside a list of
words."""

from __future__ import annotations

import gzip
import pathlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

import numpy as np

from sci.api import ConfigError
from sci_text.binary_vectors import sizes, vectors

SPREAD = 0.144
"""Standard deviation of drawn vectors: that of Kim (2014), who draws uniformly up to 0.25."""

ARRAY = ".npy"
BINARY = ".bin"
WORDS = ".txt"
"""What stands in the place of ``.npy`` in the name of the list of words beside an array, one a line."""


def width_of(path: str) -> int:
    """Length of the vectors of a file.

    Raises:
        ConfigError: there is no such file, or it holds no vectors.
    """
    file = _file(path)
    if file.suffix == ARRAY:
        return int(_array(file).shape[1])
    if _is_binary(file):
        with _opened(file) as stream, _named(file):
            return sizes(stream)[1]
    with _opened(file) as lines:
        first = lines.readline().split()
        if _is_header(first):
            return int(first[1])
    if len(first) < 2:
        raise _unreadable(file, "its first line is no word with numbers behind it")
    return len(first) - 1


def with_vectors(table: np.ndarray, words: Sequence[str], path: str) -> tuple[np.ndarray, str]:
    """A table of embeddings with the vectors of a file in it, and how many there were, in words.

    The other rows are spread as widely as the vectors, which keeps unknown words from standing out (Kim 2014).

    Args:
        table: drawn embeddings [len(words), width].
        words: what stands for each row.
        path: the file.

    Raises:
        ConfigError: the file cannot be read, or has none of the words.
    """
    places = {word.encode(): place for place, word in reversed(list(enumerate(words)))}
    file = _file(path)
    found: dict[int, np.ndarray] = {}
    for word, vector in _rows(file, places):
        found.setdefault(places[word], vector)
    if not found:
        raise ConfigError(
            f"`{file.name}` has a vector for none of the {len(words):,} tokens",
            id="model.vectors",
            hint="preprocessing: [words], which makes whole words",
        )
    known = np.stack(list(found.values())).astype(table.dtype)
    filled = table * (known.std() / (table.std() or 1.0))
    filled[list(found)] = known
    return filled, f"{len(found):,} of {len(words):,} tokens have a vector in `{file.name}`"


def _file(path: str) -> pathlib.Path:
    file = pathlib.Path(path).expanduser()
    if not file.is_file():
        raise ConfigError(
            f"model.vectors is `{path}`, and there is no such file", id="model.vectors", note=f"{file.absolute()}"
        )
    return file


def _opened(file: pathlib.Path) -> BinaryIO:
    return gzip.open(file) if file.suffix == ".gz" else file.open("rb")  # type: ignore[return-value]


def _is_binary(file: pathlib.Path) -> bool:
    return BINARY in (file.suffix, pathlib.Path(file.stem).suffix)


@contextmanager
def _named(file: pathlib.Path) -> Iterator[None]:
    """Errors of what is read inside name the file."""
    try:
        yield
    except (ValueError, OSError, EOFError) as error:
        raise _unreadable(file, str(error)) from error


def _rows(file: pathlib.Path, wanted: dict[bytes, int]) -> Iterator[tuple[bytes, np.ndarray]]:
    """Word and vector wherever the word is wanted."""
    if file.suffix == ARRAY:
        yield from _array_rows(file, wanted)
    elif _is_binary(file):
        with _opened(file) as stream, _named(file):
            yield from vectors(stream, wanted)
    else:
        yield from _text_rows(file, wanted)


def _is_header(fields: Sequence[bytes]) -> bool:
    """Whether the first line says how many vectors of which length follow, as word2vec writes it."""
    return len(fields) == 2 and all(field.isdigit() for field in fields)


def _text_rows(file: pathlib.Path, wanted: dict[bytes, int]) -> Iterator[tuple[bytes, np.ndarray]]:
    """Word and vector of the lines whose word is wanted."""
    width = width_of(str(file))
    with _opened(file) as lines:
        for number, line in enumerate(lines, start=1):
            if line[: line.find(b" ")] not in wanted or (number == 1 and _is_header(line.split())):
                continue
            word, *numbers = line.split()
            if len(numbers) > width:
                continue  # a word with a space in it, which some files have
            try:
                vector = np.array(numbers, dtype=np.float32)
            except ValueError:
                vector = np.zeros(0, dtype=np.float32)
            if len(vector) != width or not np.isfinite(vector).all():
                raise _unreadable(file, f"line {number:,} does not hold {width} numbers behind its word")
            yield word, vector


def _array(file: pathlib.Path) -> np.ndarray:
    try:
        found: np.ndarray = np.load(file, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise _unreadable(file, str(error)) from error
    if found.ndim != 2 or not np.issubdtype(found.dtype, np.floating):
        raise _unreadable(file, f"it holds {found.dtype} {list(found.shape)}, not real numbers [words, width]")
    return found


def _array_rows(file: pathlib.Path, wanted: dict[bytes, int]) -> Iterator[tuple[bytes, np.ndarray]]:
    array, names = _array(file), file.with_suffix(WORDS)
    if not names.is_file():
        raise _unreadable(file, f"there is no `{names.name}` beside it, which says whose vectors they are, one a line")
    words = names.read_bytes().splitlines()
    if len(words) != len(array):
        raise _unreadable(file, f"it has {len(array):,} vectors, and `{names.name}` {len(words):,} words")
    for word, vector in zip(words, array, strict=True):
        if word in wanted:
            yield word, np.array(vector)


def _unreadable(file: pathlib.Path, why: str) -> ConfigError:
    return ConfigError(
        f"`{file.name}` holds no word vectors that can be read: {why}",
        id="model.vectors",
        note="GloVe as text, word2vec as text or .bin, or .npy beside .txt",
    )
