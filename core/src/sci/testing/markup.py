"""Whether markup that stands in data comes out as markup."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sci.testing.check import Fault
from sci.testing.rows import MARK

SHOWN = (".html", ".htm", ".xhtml", ".svg", ".xml", ".md", ".markdown")
"""Files that are shown with their markup."""

_ASKED = re.compile(
    rb"""<(?:script|img|link|iframe|object|embed|source|video|audio)\b[^>]*?\b(?:src|href|data)\s*=\s*["']?\s*(?:https?:)?//[^\s"'>]+""",
    re.IGNORECASE,
)


def escaped(files: Mapping[str, bytes]) -> None:
    """A fault where the mark that the kit puts into names stands in a file that is shown with its markup."""
    for name, content in files.items():
        at = content.find(MARK.encode())
        if name.lower().endswith(SHOWN) and at >= 0:
            around = content[max(at - 40, 0) : at + 40].decode(errors="replace")
            raise Fault(f"`{name}` holds {' '.join(around.split())!r}", expected="&lt; in the place of <")


def asked_for(files: Mapping[str, bytes]) -> str:
    """What a page would fetch from another machine as soon as it is opened; empty where there is nothing."""
    for name, content in files.items():
        found = _ASKED.search(content) if name.lower().endswith(SHOWN) else None
        if found:
            return f"`{name}` holds {found.group()[:200].decode(errors='replace')!r}"
    return ""
