"""What a run cites, as BibTeX. A field that is not known is left out: nothing is made up, and nothing is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Entry = dict[str, str]
"""``key`` and the fields of one ``@misc``."""

_DOI = re.compile(r"(?:^|\bdoi:)(10\.\d{4,9}/\S+)")
_ARXIV = re.compile(r"\barXiv:(\d{4}\.\d{4,5})")
_SPECIAL = {"\\": "{\\textbackslash}", "~": "{\\textasciitilde}", "^": "{\\textasciicircum}"}
_SPECIAL |= {letter: f"\\{letter}" for letter in "&%$#_{}"}


def entries(lock: Mapping[str, Any]) -> list[Entry]:
    """sci and the plugins with their versions, the data by their fingerprint, and what each component cites."""
    return [*_software(lock), *_data(lock), *_works(lock)]


def _software(lock: Mapping[str, Any]) -> Iterator[Entry]:
    versions = {"sci-core": str(lock.get("sci", ""))}
    versions |= {one["distribution"]: one["version"] for one in lock.get("plugins") or ()}
    for name, version in versions.items():
        yield _known(key=name, title=name, version=version, note="software")


def _data(lock: Mapping[str, Any]) -> Iterator[Entry]:
    fingerprint = (lock.get("data") or {}).get("fingerprint")
    if fingerprint:
        yield _known(key="data", note=f"data of the study, fingerprint {fingerprint}")


def _works(lock: Mapping[str, Any]) -> Iterator[Entry]:
    """One entry for each work; its note says what it was used for."""
    used: dict[str, list[str]] = {}
    for one in lock.get("citations") or ():
        used.setdefault(one["cite"], []).append(f"{one['name']} ({one['kind']})")
    for cite, names in used.items():
        doi, arxiv = _DOI.search(cite), _ARXIV.search(cite)
        said = "" if doi or arxiv else f"{cite}. "
        yield _known(
            key=re.sub(r"[^a-z0-9-]", "", names[0].partition(" ")[0]) or "work",
            doi=doi[1] if doi else "",
            eprint=arxiv[1] if arxiv else "",
            archiveprefix="arXiv" if arxiv else "",
            note=f"{said}Used as {', '.join(names)}",
        )


def _known(**fields: str) -> Entry:
    return {name: value for name, value in fields.items() if value}


def bibtex(found: list[Entry]) -> str:
    """The entries as text; equal keys get a number."""
    seen: dict[str, int] = {}
    return "\n\n".join(_entry(dict(one), seen) for one in found) + "\n"


def _entry(fields: Entry, seen: dict[str, int]) -> str:
    key = fields.pop("key")
    seen[key] = seen.get(key, 0) + 1
    key = key if seen[key] == 1 else f"{key}-{seen[key]}"
    lines = [
        f"  {name} = {{{value if name in ('doi', 'eprint') else escaped(value)}}}" for name, value in fields.items()
    ]
    return "@misc{" + ",\n".join([key, *lines]) + "\n}"


def escaped(text: str) -> str:
    """Text in which nothing means anything to BibTeX or LaTeX."""
    return "".join(_SPECIAL.get(letter, letter) for letter in " ".join(text.split()))
