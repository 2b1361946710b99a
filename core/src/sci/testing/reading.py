"""A source as its case builds it, in a folder with the files that the case gives."""

from __future__ import annotations

import pathlib
from typing import Any

from sci.api import Dataset
from sci.testing.check import Fault
from sci.testing.context import KitContext
from sci.testing.trial import Trial


def files(trial: Trial, folder: pathlib.Path | None = None) -> pathlib.Path:
    """A folder, by default a new one, with the files that the case claims: ``files`` is a mapping from names to text or
    bytes, or a function that is given the folder."""
    folder = folder or trial.subject.room()
    folder.mkdir(exist_ok=True)
    given = trial.claims.get("files") or {}
    if callable(given):
        given(folder)
        return folder
    for name, content in given.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else str(content).encode())
    return folder


def read(source: Any, folder: pathlib.Path) -> Dataset:
    """All rows of a source."""
    found = source.read(KitContext(folder))
    if not isinstance(found, Dataset):
        raise Fault(f"`read` returns a {type(found).__name__}", expected="a Dataset, made by `sci.api.dataset`")
    return found


def once(trial: Trial) -> Dataset:
    """The rows of a case, read once."""
    return trial.once("rows", lambda: read(trial.make(), files(trial)))
