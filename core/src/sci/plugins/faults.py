"""What a plugin's exception says, in one line and with its place."""

from __future__ import annotations

import linecache
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType

LONGEST = 200
_MACHINERY = ("stevedore", "pluggy", "pydantic", "pydantic_core")
_OWN = Path(__file__).parent
_STANDARD = Path(linecache.__file__).parent


@dataclass(frozen=True)
class Frame:
    """One line on the way from the plugin's light module to where the exception was raised."""

    file: str
    line: int
    code: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def cause(error: BaseException) -> str:
    """The exception's type and the first line of its message."""
    try:
        text = str(error)
    except Exception:
        text = ""
    first = " ".join(text.strip().splitlines()[:1])[:LONGEST]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def frames(error: BaseException) -> list[Frame]:
    """The plugin's own lines, outermost first, without those of the import system and the core."""
    return list(_frames(error))


def place(error: BaseException) -> str:
    """Where the plugin's own code begins to fail, as ``package/module.py:4``; empty where there is none."""
    return str(next(_frames(error), ""))


def summary(error: BaseException) -> str:
    """Cause and place in one line."""
    where = place(error)
    return f"{cause(error)} ({where})" if where else cause(error)


def traceback_of(error: BaseException) -> str:
    """The whole traceback, for `sci plugins doctor` and `--debug`."""
    return "".join(traceback.format_exception(error))


def _frames(error: BaseException) -> Iterator[Frame]:
    foreign, short = cache(_is_foreign), cache(_short)  # of a thousand lines most are of one file
    for file, line in _walk(error.__traceback__):
        if foreign(file):
            yield Frame(short(file), line, linecache.getline(file, line).strip())
    if isinstance(error, SyntaxError) and error.filename:
        yield Frame(short(error.filename), error.lineno or 0, (error.text or "").strip())


def _walk(step: TracebackType | None) -> list[tuple[str, int]]:
    places = []
    while step is not None:
        places.append((step.tb_frame.f_code.co_filename, step.tb_lineno))
        step = step.tb_next
    return places


def _is_foreign(file: str) -> bool:
    if file.startswith("<"):
        return False
    path = Path(file)
    standard = path.is_relative_to(_STANDARD) and "site-packages" not in path.parts
    return not (standard or path.is_relative_to(_OWN) or set(_MACHINERY) & set(path.parts))


def _short(file: str) -> str:
    """The path below the folder from which it was imported."""
    path = Path(file)
    roots = sorted((Path(entry) for entry in sys.path if entry), key=lambda root: -len(root.parts))
    root = next((root for root in roots if path.is_relative_to(root)), None)
    return str(path.relative_to(root) if root else Path(*path.parts[-2:]))
