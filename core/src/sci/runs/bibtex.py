"""What a run cites, as BibTeX. A field that is not known is left out: nothing is made up, and nothing is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Entry = dict[str, str]
"""``key``, ``type`` where it is not ``misc``, and the fields of one entry."""

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
    data = lock.get("data") or {}
    if data.get("fingerprint"):
        rows = f"{data['rows']:,} rows, " if isinstance(data.get("rows"), int) else ""
        yield _known(key="data", title="Data of the study", note=f"{rows}fingerprint {data['fingerprint']}")


def _works(lock: Mapping[str, Any]) -> Iterator[Entry]:
    """One entry for each work; its note says what it was used for."""
    used: dict[str, list[str]] = {}
    known: dict[str, Entry] = {}
    for one in lock.get("citations") or ():
        used.setdefault(one["cite"], []).append(f"{one['name']} ({one['kind']})")
        known[one["cite"]] = one.get("work") or {}
    for cite, names in used.items():
        fields = known[cite] or _identified(cite, re.sub(r"[^a-z0-9-]", "", names[0].partition(" ")[0]) or "work")
        note = fields.get("note", "")
        yield {**fields, "note": f"{note}Used as {', '.join(names)}"}


def _identified(cite: str, key: str) -> Entry:
    """A work of which no more is known than a reference in words, perhaps with an identifier."""
    doi, arxiv = _DOI.search(cite), _ARXIV.search(cite)
    return _known(
        key=key,
        doi=doi[1] if doi else "",
        eprint=arxiv[1] if arxiv else "",
        archiveprefix="arXiv" if arxiv else "",
        note="" if doi or arxiv else f"{cite}. ",
    )


def _known(**fields: str) -> Entry:
    return {name: value for name, value in fields.items() if value}


def bibtex(found: list[Entry]) -> str:
    """The entries as text; equal keys get a number."""
    seen: dict[str, int] = {}
    return "\n\n".join(_entry(dict(one), seen) for one in found) + "\n"


def _entry(fields: Entry, seen: dict[str, int]) -> str:
    key, kind = fields.pop("key"), fields.pop("type", "misc")
    seen[key] = seen.get(key, 0) + 1
    key = key if seen[key] == 1 else f"{key}-{seen[key]}"
    return (
        f"@{kind}{{" + ",\n".join([key, *(f"  {name} = {_value(name, text)}" for name, text in fields.items())]) + "\n}"
    )


def _value(name: str, text: str) -> str:
    if name in ("doi", "eprint"):
        return f"{{{text}}}"
    # A second pair of braces keeps the capitals of a title as they were printed.
    return f"{{{{{escaped(text)}}}}}" if name == "title" else f"{{{escaped(text)}}}"


def escaped(text: str) -> str:
    """Text in which nothing means anything to BibTeX or LaTeX."""
    return "".join(_SPECIAL.get(letter, letter) for letter in " ".join(text.split()))
