"""How errors of the tasks write names and rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

import numpy as np

SHOWN = 5
"""How many names or rows an error shows before it says how many more there are."""

LONGEST = 40


def quoted(name: str) -> str:
    """A value from the data in backticks: what cannot be seen is escaped, what is long is cut."""
    seen = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name[:LONGEST])
    return f"`{seen}{'...' if len(name) > LONGEST else ''}`"


def listed(parts: Iterable[str], shown: int = SHOWN) -> str:
    """``a, b, c, and 4 more``."""
    parts = list(parts)
    more = len(parts) - shown
    return ", ".join([*parts[:shown], *([f"and {more:,} more"] if more > 0 else [])])


def rows(ids: np.ndarray | Sequence[int]) -> str:
    """``12 rows (ids 3, 17, 40, 41, 52, ...)``."""
    first = ", ".join(str(int(row)) for row in ids[:SHOWN])
    many = len(ids) != 1
    return f"{len(ids):,} row{'s' * many} (id{'s' * many} {first}{', ...' if len(ids) > SHOWN else ''})"


def yaml_value(name: str) -> str:
    """A name as it can be typed into the experiment file."""
    return name if re.fullmatch(r"[A-Za-z0-9_.+-]+", name) else json.dumps(name, ensure_ascii=False)
