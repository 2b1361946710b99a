"""Prints too."""

from __future__ import annotations

from sci.api import ComponentConfig

print("hello from the settings")


class PrintingConfig(ComponentConfig):
    loud: bool = True
    """Whether to shout."""
