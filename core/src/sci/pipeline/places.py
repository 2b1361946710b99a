"""Where keys of an experiment stand in its file."""

from __future__ import annotations

from typing import Protocol

from sci.api.errors import Place


class Places(Protocol):
    """Where keys of the experiment file stand."""

    def __call__(self, *keys: str | int) -> Place | None: ...


def nowhere(*keys: str | int) -> Place | None:
    """For experiments that come from no file."""
    return None
