"""What {{ distribution }} offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sci.api import ComponentSpec, hookimpl

if TYPE_CHECKING:
    from sci.testing import Case


@hookimpl
def sci_sources() -> list[ComponentSpec]:
    """The sources."""
    return [
        ComponentSpec(
            name="{{ component }}",
            summary="Text files whose columns have a fixed width",
            target="{{ module }}.fixed_width:FixedWidth",
            config="{{ module }}.config:FixedWidthConfig",
        )
    ]


@hookimpl
def sci_conformance_cases() -> list[Case]:
    """A file for the checks to read, and what it holds."""
    from sci.testing import Case

    columns = {"element": [1, 2], "number": [3, 5], "mass": [6, 12]}
    settings = {"path": "elements.txt", "skip": 1, "columns": columns}
    holds = {"element": ["H", "He", "Li"], "number": [1, 2, 3], "mass": [1.008, 4.003, None]}
    claims = {"files": {"elements.txt": ELEMENTS}, "rows": 3, "values": holds}
    return [Case("sources", "{{ component }}", settings=settings, claims=claims)]


ELEMENTS = """\
EL NO   MASS
H   1  1.008
He  2  4.003
Li  3
"""
