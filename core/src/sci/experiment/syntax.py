"""What is wrong with text that is not YAML, in words of our own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import yaml

from sci.api.errors import ConfigError, Place
from sci.experiment.document import lines_of

_FULL_WIDTH = re.compile(r"\s*(?:-\s+)?(?P<key>[A-Za-z_][\w.-]*)\s*(?P<colon>：)\s*(?P<value>.*)")
_GLUED = re.compile(r"\s*(?:-\s+)?(?P<key>[A-Za-z_][\w.-]*):(?P<value>[^\s/].*)")


def full_width_colon(line: str, place: Place) -> ConfigError | None:
    """The mistake of a line whose key ends in the colon of a Chinese keyboard; `place` names file and line."""
    found = _FULL_WIDTH.match(line)
    if not found:
        return None
    key, value = found["key"], found["value"]
    return ConfigError(
        f'full-width colon "：" after {key}; type ":"',
        id="config.full-width",
        where=Place(place.file, place.line, found.start("colon") + 1),
        hint=f"{key}: {value}".rstrip(),
    )


def glued_colon(line: str, place: Place) -> ConfigError | None:
    """The mistake of a line whose key and value have no space between them; `place` names file and line."""
    found = _GLUED.match(line)
    if not found:
        return None
    key, value = found["key"], found["value"]
    return ConfigError(
        f"`{key}:` needs a space after the colon",
        id="config.syntax",
        where=Place(place.file, place.line, found.start("key") + 1, len(key) + 1),
        hint=f"{key}: {value}",
    )


def explained(error: yaml.MarkedYAMLError, text: str, file: str) -> ConfigError:
    """One mistake in words of our own, from what the parser says about where and what."""
    lines = lines_of(text)
    mark, begun = error.problem_mark or error.context_mark, error.context_mark or error.problem_mark
    row = min(mark.line if mark else 0, len(lines) - 1)
    trouble = _Trouble(
        lines=lines,
        file=file,
        row=row,
        column=mark.column if mark else 0,
        opened=Place(file, min(begun.line + 1, len(lines)), begun.column + 1) if begun else Place(file, 1, 1),
        said=f"{error.context or ''}: {error.problem or ''}",
    )
    return trouble.slip() or trouble.mistake()


@dataclass(frozen=True)
class _Trouble:
    lines: list[str]
    file: str
    row: int
    column: int
    opened: Place
    """Where what is broken began."""
    said: str
    """The parser's words; they differ a little between its C and its Python edition."""

    @property
    def line(self) -> str:
        return self.lines[self.row]

    def at(self, column: int) -> Place:
        return Place(self.file, self.row + 1, column + 1)

    def slip(self) -> ConfigError | None:
        """A slip of the keyboard on this line, the one above, or where the broken thing began."""
        for row in dict.fromkeys((self.row, self.row - 1, (self.opened.line or 1) - 1)):
            if row < 0:
                continue
            line, place = self.lines[row], Place(self.file, row + 1)
            spaced = ": " in line or line.rstrip().endswith(":")
            found = full_width_colon(line, place) or (None if spaced else glued_colon(line, place))
            if found:
                return found
        return None

    def mistake(self) -> ConfigError:
        tabbed = self._tab()
        if tabbed:
            return tabbed
        for words, explain in _EXPLANATIONS:
            if any(word in self.said for word in words):
                message, hint, where = explain(self)
                return ConfigError(message, id="config.syntax", where=where, hint=hint)
        return ConfigError("the line cannot be read as YAML", id="config.syntax", where=self.at(self.column))

    def _tab(self) -> ConfigError | None:
        indent = self.line[: len(self.line) - len(self.line.lstrip())]
        if "\t" not in indent or not any(word in self.said for word in ("token", "tab", "not allowed")):
            return None
        begins = self.line.strip().split(":")[0]
        return ConfigError(
            "the line begins with a tab; YAML indents with spaces",
            id="config.tab",
            where=self.at(indent.index("\t")),
            hint=f"two spaces before {begins}" if begins else "two spaces",
        )


_Explained = tuple[str, str, Place]
"""Message, what to type, place."""


def _letter(trouble: _Trouble) -> _Explained:
    rest = trouble.line[trouble.column :]
    return f"a value cannot begin with `{rest[:1]}`", _quoted(rest), trouble.at(trouble.column)


def _colon(trouble: _Trouble) -> _Explained:
    before = trouble.line[: trouble.column]
    if ": " in before:
        key, value = trouble.line.split(": ", 1)
        text = "a text with `: ` in it stands in quotes"
        return text, f"{key.strip()}: {_quoted(value)}", trouble.at(before.index(": ") + 2)
    indent = len(trouble.line) - len(trouble.line.lstrip())
    return "the line is indented deeper than its neighbours", "the indentation of the line above", trouble.at(indent)


def _no_key(trouble: _Trouble) -> _Explained:
    word = trouble.lines[(trouble.opened.line or 1) - 1].strip()
    return "the line is no `key: value`", f"{word}: ..." if re.fullmatch(r"[\w.-]+", word) else "", trouble.opened


def _open_quotation(trouble: _Trouble) -> _Explained:
    return "the quotation that begins here is not closed", "", trouble.opened


def _escape(trouble: _Trouble) -> _Explained:
    text = "`\\` begins no escape that is known in double quotes"
    return text, "single quotes", trouble.at(trouble.line.find("\\"))


def _open_list(trouble: _Trouble) -> _Explained:
    return "the list that begins here is not closed by `]`, or lacks a comma", "", trouble.opened


def _open_mapping(trouble: _Trouble) -> _Explained:
    return "the mapping that begins here is not closed by `}`, or lacks a comma", "", trouble.opened


def _no_value(trouble: _Trouble) -> _Explained:
    letter = trouble.line[trouble.column : trouble.column + 1]
    text = f"a value lacks before `{letter}`" if letter else "the file ends before each `[` and `{` is closed"
    return text, "", trouble.at(trouble.column)


def _anchor(trouble: _Trouble) -> _Explained:
    start = max((trouble.opened.column or 1) - 1, 0)
    value = trouble.line[start:]
    return f"a value that begins with `{value[:1]}` stands in quotes", _quoted(value), trouble.at(start)


def _inline_list(trouble: _Trouble) -> _Explained:
    return "a list with `- ` begins on a line of its own", "[a, b]", trouble.at(trouble.column)


def _tag(trouble: _Trouble) -> _Explained:
    return "tags with `!` are not read", "the value alone", trouble.at(trouble.column)


def _misplaced(trouble: _Trouble) -> _Explained:
    here = trouble.at(trouble.column)
    if trouble.line[: trouble.column].strip():
        return "something stands after the end of the value", "quotes around the whole value", here
    return "the indentation fits no line above", "", here


def _content(trouble: _Trouble) -> _Explained:
    letter = trouble.line[trouble.column : trouble.column + 1]
    text = f"`{letter}` closes nothing" if letter else "the file ends in the middle of a value"
    return text, "", trouble.at(trouble.column)


_EXPLANATIONS: tuple[tuple[tuple[str, ...], Callable[[_Trouble], _Explained]], ...] = (
    (("cannot start any token",), _letter),
    (("mapping values are not allowed",), _colon),
    (("could not find expected ':'",), _no_key),
    (("end of stream",), _open_quotation),
    (("escape", "hexdecimal"), _escape),
    (("',' or ']'", "flow sequence"), _open_list),
    (("',' or '}'", "flow mapping"), _open_mapping),
    (("flow node",), _no_value),
    (("alphabetic or numeric",), _anchor),
    (("sequence entries are not allowed",), _inline_list),
    (("tag",), _tag),
    (("expected key", "<block end>", "'-' indicator"), _misplaced),
    (("node content",), _content),
)


def _quoted(value: str) -> str:
    text = re.split(r"\s#", value)[0].rstrip()
    return "'" + text.replace("'", "''") + "'" if '"' in text else f'"{text}"'
