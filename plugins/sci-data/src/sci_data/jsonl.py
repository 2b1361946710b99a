"""Source `jsonl`: one JSON object a line."""

from __future__ import annotations

import json
import pathlib
import sys
from typing import Any, NoReturn

import pyarrow as pa

from sci.api import DataError, Dataset, RunContext, dataset
from sci.api.errors import Place
from sci_data.config import JsonlConfig
from sci_data.files import located
from sci_data.names import check_names
from sci_data.notation import shown
from sci_data.text import Text
from sci_data.tokens import FIELD

EXACT = 2**53
MOST = sys.float_info.max
KINDS = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list"}
TEXTS = "a list of texts"
EMPTY = "an empty list"
"""Goes with both kinds of lists."""
LISTS = (KINDS[list], TEXTS, EMPTY)


class Jsonl:
    """Reads a file of JSON objects. Columns are their keys, in the order in which they first occur.

    A key that a line lacks is missing there, and so is ``null``. Values are text, numbers, true and false, and lists of
    numbers or of texts. A column of whole numbers beyond int64 becomes text, as in `csv`.

    Args:
        config: the file and its encoding.
    """

    def __init__(self, config: JsonlConfig) -> None:
        self.config = config

    def read(self, context: RunContext) -> Dataset:
        """All rows; `DataError` names the line that is no flat JSON object."""
        path = located(self.config.path, "jsonl", context)
        columns = _Columns(path)
        for line, text in Text(path, self.config).lines(FIELD):
            columns.add(line, text)
        if not columns.rows:
            raise DataError(f"`{path.name}` is empty", id="data.empty", where=Place(str(path)))
        check_names(list(columns.values), Place(str(path)))
        return dataset(columns.table(context))


class _Columns:
    """The columns so far, and the kind of value that each holds."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        self.rows = 0
        self.values: dict[str, list[Any]] = {}
        self._kinds: dict[str, tuple[str, int]] = {}

    def add(self, line: int, text: str) -> None:
        """One object; `DataError` when it is none, or a value is of another kind than before."""
        for name, value in self._object(line, text).items():
            column = self.values.setdefault(name, [])
            column.extend([None] * (self.rows - len(column)))
            if value is not None:
                self._check(line, name, value)
            column.append(value)
        self.rows += 1

    def table(self, context: RunContext) -> pa.Table:
        """All columns, each with the narrowest type that holds its values exactly."""
        for column in self.values.values():
            column.extend([None] * (self.rows - len(column)))
        if not self.values:
            raise DataError(f"`{self.path.name}` has no columns", id="data.empty", where=Place(str(self.path)))
        return pa.table({name: self._array(name, column, context) for name, column in self.values.items()})

    def _object(self, line: int, text: str) -> dict[str, Any]:
        def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            found = dict(pairs)
            if len(found) < len(pairs):
                names = [name for name, _ in pairs]
                repeated = next(name for name in names if names.count(name) > 1)
                self._refuse(line, f"names `{shown(repeated)}` twice")
            return found

        def constant(name: str) -> NoReturn:
            self._refuse(line, f"holds `{name}`, which is not JSON", hint="null, where there is no value")

        if not text.strip():
            self._refuse(line, "is blank; each line is a JSON object", hint="the file without this line")
        try:
            value = json.loads(text, object_pairs_hook=distinct, parse_constant=constant)
        except json.JSONDecodeError as error:
            self._refuse(line, f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}", column=error.colno)
        except RecursionError:
            self._refuse(line, "is nested too deeply")
        except ValueError as error:  # a number with thousands of digits
            self._refuse(line, f"holds a number that is too long: {error}")
        if not isinstance(value, dict):
            self._refuse(line, f"is {KINDS.get(type(value), 'null')}, not an object", hint='{"column": value, ...}')
        return value

    def _check(self, line: int, name: str, value: Any) -> None:
        if isinstance(value, dict):
            self._refuse(line, f"holds an object in `{shown(name)}`", hint="a key for each of its values")
        texts = value if isinstance(value, list) and all(isinstance(item, str) for item in value) else []
        if isinstance(value, list) and not texts and not all(_is_number(item) for item in value):
            self._refuse(
                line, f"holds a list in `{shown(name)}` with something else than numbers up to 1.8e308, or than texts"
            )
        if any(map(_is_broken, texts)) or (isinstance(value, str) and _is_broken(value)):
            self._refuse(line, f"holds half of a surrogate pair in `{shown(name)}`, which is no character")
        if isinstance(value, float) and abs(value) > MOST:
            self._refuse(line, f"holds a number in `{shown(name)}` that is larger than 1.8e308")
        kind = EMPTY if value == [] else TEXTS if texts else KINDS[type(value)]
        first, where = self._kinds.setdefault(name, (kind, line))
        if first == EMPTY and kind in LISTS:
            self._kinds[name] = kind, line
        elif first != kind and not (kind == EMPTY and first in LISTS):
            self._refuse(line, f"holds {kind} in `{shown(name)}`, where line {where} holds {first}")

    def _array(self, name: str, column: list[Any], context: RunContext) -> pa.Array:
        kind = self._kinds.get(name, ("a number", 0))[0]
        if kind == TEXTS:
            return pa.array(column, type=pa.large_list(pa.large_string()))
        if kind in LISTS:
            lists = [None if row is None else [float(item) for item in row] for row in column]
            return pa.array(lists, type=pa.large_list(pa.float64()))
        if kind == "text":
            return pa.array(column, type=pa.large_string())
        if kind == "true or false":
            return pa.array(column, type=pa.bool_())
        present = [value for value in column if value is not None]
        whole = [value for value in present if isinstance(value, int)]
        if len(whole) == len(present) and whole:
            if min(whole) >= -(2**63) and max(whole) < 2**63:
                return pa.array(column, type=pa.int64())
        elif not whole or max(map(abs, whole)) <= EXACT:
            return pa.array(column, type=pa.float64())
        largest = max(whole, key=abs)
        context.warn(
            "data.kept-as-text", f"column {name} becomes text, because `{largest}` would lose digits as a number"
        )
        return pa.array([None if value is None else str(value) for value in column], type=pa.large_string())

    def _refuse(self, line: int, fault: str, hint: str = "", column: int | None = None) -> NoReturn:
        raise DataError(
            f"line {line} of `{self.path.name}` {fault}",
            id="data.json",
            where=Place(str(self.path), line, column),
            hint=hint,
        )


def _is_number(item: Any) -> bool:
    return type(item) in (int, float) and abs(item) <= MOST


def _is_broken(text: str) -> bool:
    """Whether there is half of a surrogate pair, which is no character."""
    return any("\ud800" <= character <= "\udfff" for character in text)
