"""Whose study it is, as the policies in force say: handed to every reporter with the study."""

from __future__ import annotations

from pathlib import Path

from sci.api import Branding
from sci.api.errors import PolicyError
from sci.plugins.policy import Policy
from sci.plugins.policyfile import LOGOS

LARGEST = 500_000
"""Bytes of a logo; it becomes part of every page."""


def branding(policy: Policy) -> Branding | None:
    """The branding of the highest level that has one.

    Raises:
        PolicyError: its logo cannot be read, or is larger than 500 kB.
    """
    found = next((file.branding for file in policy.files if file.branding is not None), None)
    if found is None:
        return None
    if found.logo is None:
        return Branding(found.name, found.line)
    data = _bytes(found.logo)
    if data is None or len(data) > LARGEST:
        what = "cannot be read" if data is None else "is larger than 500 kB"
        raise PolicyError(f"the logo `{found.logo.name}` {what}", id="policy.logo", where=found.place)
    return Branding(found.name, found.line, data, LOGOS[found.logo.suffix.lower()])


def _bytes(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError:
        return None
