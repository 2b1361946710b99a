"""Source `arff`: Weka's attribute-relation file format (Witten, Frank, Hall and Pal, Data Mining, 2016)."""

from __future__ import annotations

import math
import pathlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import pyarrow as pa

from sci.api import DataError, Dataset, RunContext, dataset
from sci.api.errors import Place
from sci_data.config import ArffConfig
from sci_data.files import located
from sci_data.names import check_names
from sci_data.notation import shown
from sci_data.text import Text
from sci_data.tokens import FIELD

NUMBERS = ("numeric", "real", "integer")
_QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
_VALUE = re.compile(rf"\s*({_QUOTED}|[^,'\"]*?)\s*(,|$)")
_ATTRIBUTE = re.compile(rf"({_QUOTED}|[^\s{{'\"]+)\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_DIGITS = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass
class Attribute:
    """A column as the header declares it; `names` are the values of a nominal one."""

    name: str
    kind: str
    names: dict[str, int] = field(default_factory=dict)
    cells: list[Any] = field(default_factory=list)

    def array(self) -> pa.Array:
        """The column: numbers, a dictionary for a nominal one, or text."""
        if self.kind == "nominal":
            codes = pa.array(self.cells, type=pa.int32())
            return pa.DictionaryArray.from_arrays(codes, pa.array(list(self.names), type=pa.large_string()))
        type_ = {"integer": pa.int64(), "string": pa.large_string()}.get(self.kind, pa.float64())
        return pa.array(self.cells, type=type_)


class Arff:
    """Reads an ARFF file: attributes that are numeric, real, integer, nominal or string; ``?`` is missing.

    Args:
        config: the file and its encoding.
    """

    def __init__(self, config: ArffConfig) -> None:
        self.config = config

    def read(self, context: RunContext) -> Dataset:
        """All rows; `DataError` names the line that does not fit what the header declares."""
        path = located(self.config.path, "arff", context)
        lines = Text(path, self.config).lines(FIELD)
        reading = _Reading(path)
        reading.header(lines)
        for line, text in lines:
            if text.strip() and not text.lstrip().startswith("%"):
                reading.row(line, text)
        if not reading.attributes[0].cells:
            raise DataError(f"`{path.name}` has no rows", id="data.empty", where=Place(str(path)))
        return dataset(pa.table({attribute.name: attribute.array() for attribute in reading.attributes}))


class _Reading:
    """One pass over one file."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        self.attributes: list[Attribute] = []

    def header(self, lines: Iterator[tuple[int, str]]) -> None:
        """Takes the declarations, up to and with ``@data``."""
        line = 0
        for line, text in lines:
            text = text.strip()
            if not text or text.startswith("%"):
                continue
            keyword, rest = [*text.split(None, 1), ""][:2]
            if keyword.lower() == "@attribute":
                self._attribute(line, rest.strip())
            elif keyword.lower() == "@data":
                if not self.attributes:
                    self._refuse(line, "begins the data, but no attribute is declared")
                check_names([attribute.name for attribute in self.attributes], Place(str(self.path), line))
                return
            elif keyword.lower() != "@relation":
                self._refuse(
                    line, f"begins with `{shown(keyword)}`", "before @data stand @relation, @attribute and comments (%)"
                )
        if not line:
            raise DataError(f"`{self.path.name}` is empty", id="data.empty", where=Place(str(self.path)))
        raise DataError(
            f"`{self.path.name}` has no line `@data`", id="data.arff", where=Place(str(self.path), line), hint="@data"
        )

    def _attribute(self, line: int, text: str) -> None:
        found = _ATTRIBUTE.fullmatch(text)
        if found is None or not found[2]:
            self._refuse(line, "declares an attribute without a type", "@attribute NAME numeric")
        name, kind = _plain(found[1]), found[2]
        if kind.startswith("{"):
            if not kind.endswith("}"):
                self._refuse(line, f"opens a brace for `{shown(name)}` that is not closed")
            names = [_plain(value) for value in self._values(line, kind[1:-1].strip())]
            repeated = [value for value, count in Counter(names).items() if count > 1]
            if repeated:
                self._refuse(line, f"declares the value `{shown(repeated[0])}` of `{shown(name)}` more than once")
            self.attributes.append(Attribute(name, "nominal", {value: code for code, value in enumerate(names)}))
        elif kind.lower() in (*NUMBERS, "string"):
            self.attributes.append(Attribute(name, kind.lower()))
        else:
            self._refuse(
                line,
                f"declares `{shown(name)}` as `{shown(kind.split()[0])}`",
                "numeric, real, integer, string, or {the, values}",
            )

    def row(self, line: int, text: str) -> None:
        """Takes one row."""
        text = text.strip()
        if text.startswith("{"):
            self._refuse(line, "is a sparse row, which is not read", "a value for every attribute")
        values = text.split(",") if "'" not in text and '"' not in text else self._values(line, text)
        if len(values) != len(self.attributes):
            if len(values) == len(self.attributes) + 1 and values[-1].strip().startswith("{"):
                self._refuse(line, "ends with a weight, which is not read", "the weight as an attribute")
            self._refuse(line, f"has {len(values):,} values; the header declares {len(self.attributes):,} attributes")
        for attribute, value in zip(self.attributes, values, strict=True):
            attribute.cells.append(self._cell(line, attribute, value.strip()))

    def _cell(self, line: int, attribute: Attribute, value: str) -> Any:
        if value == "?":
            return None
        if attribute.kind in NUMBERS:
            return self._number(line, attribute, value)
        plain = _plain(value)
        if attribute.kind == "string":
            if not value:
                self._refuse(line, f"has no value for `{shown(attribute.name)}`", "?   where it is missing")
            return plain
        if plain not in attribute.names:
            declared = ", ".join(f"`{shown(name)}`" for name in list(attribute.names)[:8])
            more = f" and {len(attribute.names) - 8} more" if len(attribute.names) > 8 else ""
            self._refuse(
                line,
                f"has `{shown(plain)}` for `{shown(attribute.name)}`, which declares {declared}{more}",
                "?   where it is missing" if not plain else "",
            )
        return attribute.names[plain]

    def _number(self, line: int, attribute: Attribute, value: str) -> float | int:
        number = float(value) if _NUMBER.fullmatch(value) else math.nan
        if attribute.kind != "integer" and math.isfinite(number):
            return number
        if attribute.kind == "integer" and number.is_integer():
            whole = int(value) if _DIGITS.fullmatch(value) else int(number)
            if -(2**63) <= whole < 2**63:
                return whole
        kind = "whole number of 64 bits" if attribute.kind == "integer" else "number"
        where = f"for `{shown(attribute.name)}`"
        return self._refuse(line, f"has `{shown(value)}` {where}, which is no {kind}", "?   where it is missing")

    def _values(self, line: int, text: str) -> list[str]:
        """Values between commas, quotes kept."""
        values, at = [], 0
        while True:
            found = _VALUE.match(text, at)
            if found is None:
                self._refuse(line, "has a quote that is not closed, or something beside a quoted value")
            values.append(found[1])
            at = found.end()
            if not found[2]:
                return values

    def _refuse(self, line: int, fault: str, hint: str = "") -> NoReturn:
        raise DataError(
            f"line {line} of `{self.path.name}` {fault}", id="data.arff", where=Place(str(self.path), line), hint=hint
        )


def _plain(value: str) -> str:
    """A name or value without the quotes around it and the backslashes inside."""
    if value[:1] in ("'", '"'):
        return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), value[1:-1])
    return value
