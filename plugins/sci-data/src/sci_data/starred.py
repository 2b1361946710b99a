"""Files of row numbers of many folds under one name with a star."""

from __future__ import annotations

import re

from sci.api import DataError, RunContext
from sci_data.split_config import IndexFiles

STAR = "*"


def expanded(files: IndexFiles, context: RunContext) -> dict[str, IndexFiles]:
    """What the star stands for to the files of that fold, numbers in their order; empty without a star.

    Raises `DataError` where a name lacks the star that others have, where nothing matches, and where a fold has a file
    of one part only."""
    named = {part: path for part, path in vars(files).items() if path is not None}
    if not any(STAR in path for path in named.values()):
        return {}
    if any(path.count(STAR) != 1 or STAR in path.rpartition("/")[0] for path in named.values()):
        raise DataError(
            "every name of the folds has one `*`, in the name of the file",
            id="data.folds",
            note=", ".join(named.values()),
        )
    found = {part: _matches(path, context) for part, path in named.items()}
    first = found["train_index"]
    for part, stands in found.items():
        odd = sorted(set(stands) ^ set(first))
        if odd or not first:
            words = f"the fold `{odd[0]}` lacks a file" if odd else "no file has this name"
            raise DataError(f"{words}: {named[part]}", id="data.folds", note=f"for train: {named['train_index']}")
    order = sorted(first, key=_natural)
    return {star: IndexFiles(**{part: path.replace(STAR, star) for part, path in named.items()}) for star in order}


def _matches(path: str, context: RunContext) -> list[str]:
    folder, _, name = path.rpartition("/")
    before, _, after = name.partition(STAR)
    form = re.compile(f"{re.escape(before)}([A-Za-z0-9_-]{{1,40}}){re.escape(after)}")
    names = (found.name for found in context.resolve(folder or ("/" if path.startswith("/") else ".")).iterdir())
    return [match[1] for match in map(form.fullmatch, names) if match]


def _natural(text: str) -> tuple[int, int, str]:
    return (0, int(text), text) if text.isdigit() else (1, 0, text)
