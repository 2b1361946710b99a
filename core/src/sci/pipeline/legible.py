"""Columns that are to be text or names of classes, and hold what is neither."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sci.api import DataError, Dataset, Feature, Task
from sci.api.errors import Place
from sci.api.rows import is_arrow, is_text_list, plain_feature
from sci.pipeline.places import Places

WORDS = ("text", "category")


def require_legible(raw: Dataset, data: Mapping[str, Any], task: Task, place: Places) -> None:
    """Stop for a column of words that no reading makes words of: lists of numbers, and bytes that are not UTF-8.

    Args:
        raw: the rows as the source gave them.
        data: the experiment's `data` section, which declares kinds and names the target.
        task: says of which kind a target is that nothing declares.
        place: where keys stand in the experiment file.
    """
    declared = {name: settings.get("kind") for name, settings in (data.get("columns") or {}).items()}
    target = data.get("target")
    slots = {"target": target} if isinstance(target, str) else target if isinstance(target, Mapping) else {}
    for slot, name in slots.items():
        if not declared.get(name) and task.slots.get(slot) and is_plain(raw, name):
            _require_words(raw, name, task.slots[slot][0], place("data", "target"))
    for name, kind in declared.items():
        _require_words(raw, name, kind, place("data", "columns", name, "kind"))


def require_lists_alike(raw: Dataset, features: Mapping[str, Feature]) -> None:
    """Stop for a column of lists of words where the run had one word or text a row, and the other way round."""
    for name, feature in features.items():
        stored: Any = raw.stored(name)
        if feature.kind in WORDS and is_arrow(stored) and is_text_list(stored.type) != feature.ragged:
            found, wanted = ("no lists", "lists") if feature.ragged else ("lists", "no lists")
            raise DataError(
                f"column `{name}` holds {found} of texts, and {wanted} in the rows that the run learned from",
                id="data.lists",
            )


def is_plain(raw: Dataset, name: str) -> bool:
    """Whether the source says no more about a column than its type does."""
    schema = raw.table().schema
    return name in schema.names and raw.schema.columns[name] == plain_feature(schema.field(name).type)


def _require_words(raw: Dataset, name: str, kind: str | None, where: Place | None) -> None:
    if kind not in WORDS or name not in raw.schema.columns:
        return
    column = raw.table().column(name)
    plain = plain_feature(column.type)
    what = "text" if kind == "text" else "names of classes"
    if plain.kind == "array" and plain.dtype != "binary":
        filled = pc.max(pc.list_value_length(column)).as_py()
        raise DataError(
            f"column `{name}` holds {'lists of numbers' if filled else 'empty lists'}, which are no {what}",
            id="data.lists",
            where=where,
            hint=f"one value in quotes, or a list of such values, in each row of `{name}`",
        )
    if plain.dtype == "binary":
        row = _first_broken(column)
        if row is not None:
            raise DataError(
                f"column `{name}` holds bytes that are not UTF-8 in row {raw.ids[row]}, which are no {what}",
                id="data.type",
                where=where,
                hint=f"a file in which `{name}` is text",
            )


def _first_broken(column: pa.ChunkedArray) -> int | None:
    """The first row whose bytes are no text."""
    start = 0
    for chunk in column.chunks:
        try:
            chunk.cast(pa.large_string())
        except pa.ArrowInvalid:
            return start + next(row for row, value in enumerate(chunk.to_pylist()) if _is_broken(value))
        start += len(chunk)
    return None


def _is_broken(value: bytes | None) -> bool:
    try:
        (value or b"").decode()
    except UnicodeDecodeError:
        return True
    return False
