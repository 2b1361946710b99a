"""What a plugin's exception says, in one line and with its place."""

from __future__ import annotations

import linecache
import sys
import traceback
from dataclasses import dataclass
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
    found = [_frame(*place) for place in _walk(error.__traceback__) if _is_foreign(place[0])]
    if isinstance(error, SyntaxError) and error.filename:
        found.append(Frame(_short(error.filename), error.lineno or 0, (error.text or "").strip()))
    return found


def place(error: BaseException) -> str:
    """Where the plugin's own code begins to fail, as ``package/module.py:4``; empty where there is none."""
    return str(next(iter(frames(error)), ""))


def summary(error: BaseException) -> str:
    """Cause and place in one line."""
    where = place(error)
    return f"{cause(error)} ({where})" if where else cause(error)


def traceback_of(error: BaseException) -> str:
    """The whole traceback, for `sci plugins doctor` and `--debug`."""
    return "".join(traceback.format_exception(error))


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


def _frame(file: str, line: int) -> Frame:
    return Frame(_short(file), line, linecache.getline(file, line).strip())


def _short(file: str) -> str:
    """The path below the folder from which it was imported."""
    path = Path(file)
    roots = sorted((Path(entry) for entry in sys.path if entry), key=lambda root: -len(root.parts))
    root = next((root for root in roots if path.is_relative_to(root)), None)
    return str(path.relative_to(root) if root else Path(*path.parts[-2:]))
