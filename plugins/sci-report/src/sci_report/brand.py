"""Whose report it is: the name, the line and the logo that the study brings."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from sci.api import Branding
from sci_report.words import Author, Text

MEDIA = ("image/png", "image/jpeg", "image/svg+xml")


@dataclass(frozen=True)
class Brand:
    """Branding as a page shows it; `logo` is a data address, empty when there is none."""

    name: Text
    line: Text
    logo: str


def brand(given: Branding | None) -> Brand | None:
    """The branding of a study; None where nobody asked for any."""
    if given is None:
        return None
    shown = bool(given.logo) and given.media_type in MEDIA
    logo = f"data:{given.media_type};base64,{base64.b64encode(given.logo).decode('ascii')}" if shown else ""
    return Brand(Author(given.name, given.name), Author(given.line, given.line) if given.line else "", logo)
