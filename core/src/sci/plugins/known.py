"""Which of the standard plugins brings a component that is not installed.

`known.json` is made from the plugins of the repository by ``tools/known_components.py``.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

Homes = dict[str, dict[str, str | dict[str, str]]]
"""Kind to name to distribution; for native kinds to engine to distribution."""


def home(kind: str, name: str, engine: str | None = None) -> str | None:
    """The distribution that brings this component, if it is one of the standard ones."""
    found = _homes().get(kind, {}).get(name)
    if isinstance(found, dict):
        return found.get(engine) if engine else next(iter(found.values()), None)
    return found


def brought_by(distribution: str) -> set[tuple[str, str]]:
    """Kind and name of everything that a standard plugin brings."""
    return {
        (kind, name)
        for kind, names in _homes().items()
        for name, where in names.items()
        if distribution in (where.values() if isinstance(where, dict) else (where,))
    }


@functools.cache
def _homes() -> Homes:
    homes: Homes = json.loads(Path(__file__).with_name("known.json").read_text(encoding="utf-8"))
    return homes
