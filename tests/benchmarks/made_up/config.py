"""Settings."""

from __future__ import annotations

from sci.api import ComponentConfig


class CodesConfig(ComponentConfig):
    """Settings of `made-up-codes`."""

    vocabulary: int = 100
    """Number of codes."""


class EndConfig(ComponentConfig):
    """Settings of `made-up-end`."""

    step: int = 0
    """The step that never comes."""
