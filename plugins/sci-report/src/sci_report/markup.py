"""The one door through which text becomes markup without being escaped."""

from __future__ import annotations

from markupsafe import Markup


def made(text: str) -> Markup:
    """Markup of our own making: whatever came from elsewhere was escaped on its way into it."""
    return Markup(text)  # noqa: S704
