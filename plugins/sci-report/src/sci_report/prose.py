"""From `Text` to HTML in two languages, or to plain text and Markdown in one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from sci.api.numbers import count
from sci_report.catalogue import LANGUAGES, PLACE, Language, recognize, sentence
from sci_report.markup import made
from sci_report.safe import NAME_CELLS, cut, middle, visible
from sci_report.words import Author, Code, Data, Listing, Name, Phrase, Sentence, Text

_TYPED = re.compile(r"`([^`\n]+)`")
_TYPED_ONES = re.compile(r"`[^`\n]+`(?:, `[^`\n]+`)*")
_NEGATIVE = re.compile(r"(?<![\w.)\]-])-(?=\d)")
_COMMA = {"en": ", ", "zh-Hans": "、"}


def html(text: Text | Markup) -> Markup:
    """Both languages: ``<span lang="en">…</span><span lang="zh-Hans">…</span>``, once where they are the same."""
    if isinstance(text, Markup):
        return text
    if isinstance(text, Sentence) and text.chinese is None:
        known = _recognized(text.english)
        if known is None:
            return Markup('<span lang="en" class="keep">{}</span>').format(_typed(typeset(text.english)))
        text = known
    if isinstance(text, Data):
        return _data(text.text, html)
    english, chinese = (html_in(text, language) for language in LANGUAGES)
    if english == chinese:
        return english
    return Markup('<span lang="en">{}</span><span lang="zh-Hans">{}</span>').format(english, chinese)


def html_in(text: Text, language: Language) -> Markup:
    """HTML in one language."""
    match text:
        case Phrase(id, values):
            shown = {name: html_in(value, language) for name, value in values.items()}
            return _fill(_typed(sentence(id, language)), shown)
        case Sentence():
            said = _said(text, language)
            return _typed(typeset(said)) if isinstance(said, str) else html_in(said, language)
        case Data(data):
            return _data(data, lambda more: html_in(more, language))
        case Author(english, chinese):
            return _data(english if language == "en" else chinese, lambda more: html_in(more, language))
        case Name(name):
            return _name(name)
        case Code(code):
            return Markup('<code dir="auto">{}</code>').format(_whole(code))
        case Listing(items):
            return made(_COMMA[language]).join(html_in(item, language) for item in items)
    return escape(visible(str(text)))


def _fill(template: Markup, values: dict[str, Markup]) -> Markup:
    return made(PLACE.sub(lambda place: str(values[place[1]]), str(template)))


def _typed(text: str) -> Markup:
    """Escaped, with what stands between backticks monospaced."""
    return made(_TYPED.sub(r'<code dir="auto">\1</code>', str(escape(visible(text)))))


def typeset(english: str) -> str:
    """The core writes for terminals, with a hyphen for minus."""
    return _NEGATIVE.sub("\N{MINUS SIGN}", cut(english, 4000).text).replace(" %", "\N{NO-BREAK SPACE}%")


def _said(sentence: Sentence, language: Language) -> Phrase | str:
    """The sentence in this language, or in English where nobody knows better."""
    if language == "en" or sentence.chinese is None:
        return _recognized(sentence.english) or sentence.english
    return sentence.chinese


def _recognized(english: str) -> Phrase | None:
    found = recognize(typeset(english))
    if found is None:
        return None
    return Phrase(found.id, {name: part(str(value), name) for name, value in found.values.items()})


def part(value: str, place: str = "") -> Text:
    """What stands in a place of a sentence: a sentence, names between backticks, data, or figures."""
    if (found := recognize(value, "unit." if place == "units" else "part.")) is not None:
        return Phrase(found.id, {name: part(str(item), name) for name, item in found.values.items()})
    if _TYPED_ONES.fullmatch(value):
        return Listing([Code(name) for name in _TYPED.findall(value)])
    return Data(value) if any(map(str.isalpha, value)) else value


def _data(text: str, write: Callable[[Phrase], Markup]) -> Markup:
    shown, more = cut(text)
    marked = Markup('<bdi dir="auto">{}</bdi>').format(shown)
    if not more:
        return marked
    rest = write(Phrase("data.more", {"count": count(more)}))
    return marked + Markup(' <span class="mut">{}</span>').format(rest)


def _name(name: str) -> Markup:
    shown = middle(name)
    if shown == visible(name):
        return Markup('<bdi dir="auto">{}</bdi>').format(shown)
    return Markup('<bdi dir="auto" title="{}">{}</bdi>').format(_whole(name), shown)


def _whole(text: str) -> str:
    shown, more = cut(text)
    return f"{shown} +{more:,}" if more else shown


def plain(text: Text, language: Language, name_cells: int = NAME_CELLS) -> str:
    """One language without markup, for figures, attributes and titles; backticks stay."""
    match text:
        case Phrase(id, values):
            shown = {name: plain(value, language, name_cells) for name, value in values.items()}
            return PLACE.sub(lambda place: shown[place[1]], sentence(id, language))
        case Sentence():
            said = text.english if language == "en" else _said(text, language)
            return visible(typeset(said)) if isinstance(said, str) else plain(said, language, name_cells)
        case Name(name):
            return middle(name, name_cells)
        case Data(data):
            return _whole(data)
        case Author(english, chinese):
            return _whole(english if language == "en" else chinese)
        case Code(code):
            return _whole(code)
        case Listing(items):
            return _COMMA[language].join(plain(item, language, name_cells) for item in items)
    return visible(str(text))


def markdown(language: Language) -> Callable[[Any], Markup]:
    """A function from `Text` to Markdown in one language; what comes from data can mark nothing up."""

    def write(text: Any) -> Markup:
        if isinstance(text, Markup):
            return text
        match text:
            case Phrase(id, values):
                return Markup("").join(_filled(part, typed, values) for part, typed in _parts(sentence(id, language)))
            case Sentence():
                said = text.english if language == "en" else _said(text, language)
                if not isinstance(said, str):
                    return write(said)
                return Markup("").join(
                    _ticked(part) if typed else _flat(visible(part)) for part, typed in _parts(typeset(said))
                )
            case Data(data):
                return _flat(_whole(data))
            case Author(english, chinese):
                return _flat(_whole(english if language == "en" else chinese))
            case Name(name):
                return _flat(middle(name, 4 * NAME_CELLS))
            case Code(code):
                return _ticked(_whole(code))
            case Listing(items):
                return made(_COMMA[language]).join(map(write, items))
        return _flat(visible(str(text)))

    def _filled(template: str, typed: bool, values: Mapping[str, Text]) -> Markup:
        if typed:
            return _ticked(PLACE.sub(lambda place: plain(values[place[1]], language), template))
        return made(PLACE.sub(lambda place: str(write(values[place[1]])), template))

    return write


def _parts(text: str) -> list[tuple[str, bool]]:
    """Pieces of a sentence, and whether each stands between backticks."""
    return [(part, index % 2 == 1) for index, part in enumerate(_TYPED.split(text)) if part]


_AMBIGUOUS = re.compile(r"([\\`*_\[\]<>|~&$^@]|:(?=//)|(?<=www)\.)")
_OPENING = re.compile(r"^(\s*\d*)([#+\-=.)])(?=[\s#+\-=]|$)")


def _flat(text: str) -> Markup:
    """Markdown in which no character marks anything up."""
    return made(_OPENING.sub(r"\1\\\2", _AMBIGUOUS.sub(r"\\\1", text)))


def _ticked(code: str) -> Markup:
    """Between backticks, unless a character would end the code or the table's cell."""
    return made(f"`{code}`") if code.strip() and not set("`|\\") & set(code) else _flat(code)
