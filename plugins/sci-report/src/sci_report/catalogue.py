"""The sentences of the report in English and Chinese: id to sentence with named places."""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from collections.abc import Mapping
from typing import Literal

from sci_report.words import Phrase

Language = Literal["en", "zh-Hans"]
LANGUAGES: tuple[Language, ...] = ("en", "zh-Hans")
PLACE = re.compile(r"\{(\w+)\}")


def language(setting: str) -> Language:
    """The tag of the language that a setting names."""
    return "zh-Hans" if setting == "zh" else "en"


@functools.cache
def sentences(language: Language) -> Mapping[str, str]:
    """One language's catalogue."""
    file = importlib.resources.files("sci_report") / "messages" / f"{language}.json"
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def sentence(id: str, language: Language) -> str:
    """The sentence in this language, else in English; an id that English lacks is a `KeyError`."""
    return (sentences(language).get(id) or sentences("en")[id]).replace(" %", "\N{NO-BREAK SPACE}%")


def has(id: str) -> bool:
    """Whether there is such a sentence."""
    return id in sentences("en")


def recognize(english: str, beginning: str = "finding.") -> Phrase | None:
    """The phrase that says this in English, among those whose id has this beginning.

    Findings and verdicts travel as plain English sentences, also through files. Where one has the form of a sentence of
    ours, it can be said in the other language too.
    """
    said = english.replace("\N{NO-BREAK SPACE}%", " %")
    for id, parts in _forms(beginning):
        values = _values(parts, said)
        if values is not None:
            return Phrase(id, values)
    return None


@functools.cache
def _forms(beginning: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Sentences as fixed text and names of places in turn; the most fixed letters first, so that a general sentence
    never takes the place of a particular one."""
    wanted = {id: tuple(PLACE.split(text)) for id, text in sentences("en").items() if id.startswith(beginning)}
    return tuple(sorted(wanted.items(), key=lambda entry: -sum(map(len, entry[1][::2]))))


def _values(parts: tuple[str, ...], said: str) -> dict[str, str] | None:
    """What stands in the places; found without going back, so that no text can make it slow."""
    if not said.startswith(parts[0]) or not said.endswith(parts[-1]):
        return None
    end = len(said) - len(parts[-1])
    at = len(parts[0])
    values: dict[str, str] = {}
    for name, following in zip(parts[1::2], parts[2::2], strict=True):
        last = following is parts[-1]
        stop = end if last else said.find(following, at + 1, end)
        if stop <= at:
            return None
        if values.setdefault(name, said[at:stop]) != said[at:stop]:
            return None
        at = stop + len(following)
    return values if parts[1:] or said == parts[0] else None
