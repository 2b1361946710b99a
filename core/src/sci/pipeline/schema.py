"""From the columns of a table to what they mean: roles, kinds, target slots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import ConfigError, DataError, Dataset, Feature, Role, Schema, SciError, Task
from sci.api.errors import Place
from sci.api.gathering import ArrowColumns, size_of
from sci.api.rows import plain_feature
from sci.api.sizes import TEXT, bytes_of
from sci.api.spill import SMALL
from sci.experiment.load import together
from sci.experiment.writing import inline
from sci.pipeline.label_columns import NAME as LABELS
from sci.pipeline.label_columns import label_columns
from sci.pipeline.places import Places, nowhere
from sci.pipeline.reserved import PART

WORDS_OF_A_TEXT = 4
DISTINCT_OF_A_TEXT = 50
SAMPLE, SAMPLE_BYTES = 10_000, 2**22
"""Values that decide whether a column is text: at most so many, and no more when they have so many bytes."""
AT_ONCE = 256
ROW = "id"
"""Under this name every batch says which rows it holds, so that no other column of a batch can have it."""
IN_BATCHES = ("input", "target", "weight", "context")
"""Roles of columns that are read from batches."""


class Meaning:
    """Gives each column of a raw table its role and kind, as `data:` says or as its values show.

    Args:
        data: the experiment's `data` section as a plain mapping.
        task: knows the target slots and their kinds.
        place: where keys stand in the experiment file.
        used: columns that belong to the split.
        targets: whether the target columns must be there (not when predicting).
    """

    def __init__(
        self,
        data: Mapping[str, Any],
        task: Task,
        place: Places = nowhere,
        used: Mapping[str, str] | None = None,
        targets: bool = True,
    ) -> None:
        self.data = data
        self.task = task
        self.place = place
        self.used = used or {}
        self.targets = targets

    def __call__(self, raw: Dataset) -> Dataset:
        """The same rows under a schema with roles; ids from `data.id` where it is given."""
        names = list(raw.schema.columns)
        slots = self._slots()
        roles = self._roles(names, slots)
        table = raw.table()
        columns: dict[str, Any] = {}
        features: dict[str, Feature] = {}
        written = ArrowColumns(raw.spill) if raw.mapped and raw.spill is not None else None
        for name in names:
            given = raw.schema.columns[name]
            column = table.column(name)
            if name not in self._declared() and given != plain_feature(table.schema.field(name).type):
                columns[name], features[name] = raw.stored(name), given  # the source knows better
                continue
            slot = next((slot for slot, column_name in slots.items() if column_name == name), None)
            kinds = self.task.slots.get(slot, ()) if slot else ()
            columns[name], features[name] = self._column(name, column, kinds)
            if written is not None and columns[name] is not column and size_of(columns[name]) > SMALL:
                written.add(name, columns[name].type, columns.pop(name).chunks)
        columns.update(written.columns() if written is not None else {})
        schema = Schema(features, roles, {slot: name for slot, name in slots.items() if name in features})
        dataset = Dataset(columns, schema, raw.ids, raw.spill, raw.mapped)
        key = self.data.get("id")
        return dataset.with_ids(row_ids(dataset, key)) if key and key in names else dataset

    def _declared(self) -> Mapping[str, Any]:
        return self.data.get("columns") or {}

    def _slots(self) -> dict[str, str]:
        target = self.data.get("target")
        if label_columns(self.data):
            target = LABELS
        slots = {} if target is None else {"target": target} if isinstance(target, str) else dict(target)
        if self.targets and set(slots) != set(self.task.slots):
            raise ConfigError(
                f"data.target names {some(slots)}, and the task needs {some(self.task.slots)}",
                id="data.slots",
                where=self.place("data", "target"),
                hint=f"target: {wanted(list(self.task.slots))}",
            )
        return slots

    def _roles(self, names: list[str], slots: Mapping[str, str]) -> dict[str, Role]:
        roles: dict[str, Role] = {}
        named: list[tuple[Role, tuple[str | int, ...], list[str]]] = [
            ("target", ("data", "target"), list(slots.values())),
            *(
                (role, ("data", role), listed(self.data.get(role)))
                for role in ("id", "group", "time", "weight", "context")
            ),
        ]
        mistakes: list[SciError] = []
        for role, keys, columns in named:
            for column in columns:
                if column in names:
                    roles[column] = role
                elif self.targets or role == "context":
                    mistakes.append(self._missing(column, names, keys))
        for column in self._declared():
            if column not in names and column not in label_columns(self.data) and self.targets:
                mistakes.append(self._missing(column, names, ("data", "columns", column)))
        for purpose, column in self.used.items():
            if column not in names and self.targets:
                mistakes.append(self._missing(column, names, ("data", "split", purpose)))
        inputs = self.data.get("inputs")
        for position, column in enumerate(inputs or ()):
            if column not in names:
                mistakes.append(self._missing(column, names, ("data", "inputs", position)))
            if roles.get(column) == "target":
                mistakes.append(
                    DataError(
                        f"`{column}` is the target and cannot also be an input",
                        id="data.target-input",
                        where=self.place("data", "inputs", position),
                        hint="leave it out of data.inputs",
                    )
                )
        if mistakes:
            raise together(mistakes, (self.place("data") or Place("")).file)
        chosen = (
            inputs
            if inputs is not None
            else [name for name in names if name not in roles and name not in self.used.values() and name != PART]
        )
        roles.update(dict.fromkeys(chosen, "input"))
        grouped = self.used.get("group_by")
        if grouped in names and grouped not in roles and "group" not in roles.values():
            roles[str(grouped)] = "group"
        if roles.get(ROW) in IN_BATCHES:
            raise DataError(
                f"column `{ROW}` is {roles[ROW]}, and a column of this name can only be the id of its rows",
                id="data.id-column",
                where=self.place("data"),
                note="steps and models find under this name which row they see",
                hint=f"data: {{id: {ROW}}}   or another name in the file, where it means something",
            )
        if "input" not in roles.values():
            raise DataError("no column is left as an input", id="data.inputs", where=self.place("data", "inputs"))
        return roles

    def _missing(self, column: str, names: list[str], keys: tuple[str | int, ...]) -> DataError:
        near = get_close_matches(column, names, n=1, cutoff=0.75)
        shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
        return DataError(
            f"the data have no column `{column}`" + (f"; did you mean `{near[0]}`?" if near else ""),
            id="data.column",
            where=self.place(*keys),
            note=f"the data have: {shown}",
            hint=self._retyped(column, near[0], keys) if near else "",
        )

    def _retyped(self, column: str, near: str, keys: tuple[str | int, ...]) -> str:
        """The key as it is to be written, with the column that was most likely meant."""
        word = keys[1] if keys[1] != "split" else keys[-1]
        value = self.data.get(str(word))
        if word == "columns":
            said = {key: item for key, item in self._declared()[column].items() if item not in (None, [])}
            return f"columns: {inline({near: said})}"
        if isinstance(value, list):
            return f"{word}: {inline([near if one == column else one for one in value])}"
        if isinstance(value, Mapping):
            return f"{word}: {inline({slot: near if one == column else one for slot, one in value.items()})}"
        return f"{word}: {inline(near)}"

    def _column(self, name: str, column: pa.ChunkedArray, slot_kinds: tuple[str, ...]) -> tuple[Any, Feature]:
        declared = dict(self._declared().get(name) or {})
        column = without(column, declared.pop("missing", None) or (), name)
        kind = declared.pop("kind", None) or (slot_kinds[0] if slot_kinds else None)
        column, feature = self._typed(name, column, kind, bool(slot_kinds))
        known = {key: value for key, value in declared.items() if value is not None}
        return column, Feature(**{**vars(feature), **known})

    def _typed(self, name: str, column: pa.ChunkedArray, kind: str | None, target: bool) -> tuple[Any, Feature]:
        plain = plain_feature(column.type)
        if plain.dtype == "string" and plain.ragged:
            return column, self._listed(name, plain, kind)
        if kind is None:
            kind = plain.kind if plain.kind != "text" else "text" if is_text(column) else "category"
        if kind == plain.kind and kind not in ("category", "text"):
            return column, plain
        if kind in ("category", "text"):
            return self._names(name, column, kind, target)
        if kind == "number":
            return self._numbers(name, column, target), Feature("number", dtype="float64")
        if kind == "boolean":
            return booleans(name, column), Feature("boolean", dtype="int64")
        return column, Feature(**{**vars(plain), "kind": kind})

    def _listed(self, name: str, plain: Feature, kind: str | None) -> Feature:
        if kind in (None, "text", "category"):
            return Feature(**{**vars(plain), "kind": kind or plain.kind})
        raise DataError(
            f"column {name} holds lists of texts, which are no {kind}",
            id="data.lists",
            where=self.place("data", "columns", name),
            hint=f"data.columns: {{{name}: {{kind: category}}}}",
        )

    def _names(self, name: str, column: pa.ChunkedArray, kind: str, target: bool) -> tuple[Any, Feature]:
        feature = Feature("category" if kind == "category" else "text", dtype="string")
        type_ = column.type
        if pa.types.is_boolean(type_):
            return pc.cast(column, pa.large_string()), feature
        if pa.types.is_floating(type_):
            values = column.drop_null().to_numpy()
            if not np.array_equal(values, np.floor(values)):
                if target:
                    raise DataError(
                        f"`{name}` holds numbers with decimals, which are no classes",
                        id="data.target-kind",
                        where=self.place("data", "target"),
                        hint="task: regression",
                    )
                return pc.cast(column, pa.large_string()), feature
            column = pc.cast(column, pa.int64())
        return pc.cast(column, pa.large_string()), feature

    def _numbers(self, name: str, column: pa.ChunkedArray, target: bool) -> pa.ChunkedArray:
        try:
            return pc.cast(column, pa.float64())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            found = first_word(column)
            raise DataError(
                f"`{found}` in column {name} is not a number",
                id="data.target-kind" if target else "data.number",
                where=self.place("data", "target") if target else self.place("data", "columns", name),
                hint="task: classification" if target else f'data.columns: {{{name}: {{missing: ["{found}"]}}}}',
            ) from None


def some(slots: Iterable[str]) -> str:
    """Names of target slots for a message."""
    return " and ".join(f"`{slot}`" for slot in slots) or "nothing"


def wanted(slots: list[str]) -> str:
    """How `data.target` is written for a task with these slots."""
    if slots in ([], ["target"]):
        return "COLUMN" if slots else "null"
    return "{" + ", ".join(f"{slot}: COLUMN" for slot in slots) + "}"


def listed(value: Any) -> list[str]:
    """A column or a list of columns as a list."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def is_text(column: pa.ChunkedArray) -> bool:
    """Whether strings read as free text: several words a row, or hardly ever the same value twice."""
    sample = first_present(column, SAMPLE).cast(pa.large_string())
    if not len(sample):
        return False
    words = pc.mean(pc.list_value_length(pc.utf8_split_whitespace(sample))).as_py()
    distinct = pc.count_distinct(sample).as_py()
    return words >= WORDS_OF_A_TEXT or distinct > max(DISTINCT_OF_A_TEXT, 0.2 * len(sample))


def first_present(column: pa.ChunkedArray, count: int) -> pa.ChunkedArray:
    """The first values that are not null; no more of the column is looked at than they need."""
    found, left, size = [], count, 0
    for chunk in column.chunks:
        for start in range(0, len(chunk), AT_ONCE):
            present = chunk.slice(start, AT_ONCE).drop_null().slice(0, left)
            found.append(present)
            left -= len(present)
            size += int(bytes_of(present, TEXT, np.arange(len(present))).sum())
            if not left or size >= SAMPLE_BYTES:
                return pa.chunked_array(found, type=column.type)
    return pa.chunked_array(found, type=column.type)


def without(column: pa.ChunkedArray, missing: Iterable[Any], name: str) -> pa.ChunkedArray:
    """The column with the declared codes for "missing" turned into null."""
    for code in missing:
        try:
            equal = pc.equal(column, pa.scalar(code).cast(column.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            raise DataError(
                f"the missing code `{code}` of column {name} is not of the column's type ({column.type})",
                id="data.missing",
            ) from None
        column = pc.if_else(pc.fill_null(equal, False), pa.scalar(None, column.type), column)
    return column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])


def booleans(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column declared boolean: true and false, or 1 and 0."""
    try:
        return pc.cast(pc.cast(column, pa.bool_()), pa.int64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise DataError(
            f"`{first_word(column)}` in column {name} is neither true nor false",
            id="data.boolean",
            hint="kind: category",
        ) from None


def first_word(column: pa.ChunkedArray) -> str:
    """The first value that is not a number, for a message."""
    for value in column.to_pylist():
        try:
            float(value) if value is not None else 0.0
        except (TypeError, ValueError):
            return str(value)[:60]
    return ""


def row_ids(dataset: Dataset, name: str) -> np.ndarray:
    """Row ids from a column: its integers, or a stable hash of its words; every id occurs once."""
    stored = dataset.table().column(name)
    if stored.null_count:
        raise DataError(f"{stored.null_count} rows have no id in column `{name}`", id="data.id")
    if pa.types.is_floating(stored.type) or pa.types.is_integer(stored.type):
        ids = pc.cast(stored, pa.int64()).to_numpy()
    else:
        from hashlib import blake2b

        words = stored.to_pylist()
        ids = np.array(
            [int.from_bytes(blake2b(str(word).encode(), digest_size=8).digest(), "little") >> 1 for word in words],
            dtype=np.int64,
        )
    values, counts = np.unique(ids, return_counts=True)
    if (counts > 1).any():
        repeated = stored[int(np.flatnonzero(ids == values[counts > 1][0])[0])].as_py()
        raise DataError(
            f"the id `{repeated}` in column `{name}` occurs more than once",
            id="data.id",
            note=f"{int((counts > 1).sum())} ids repeat",
            hint="leave data.id out, or name it as data.group",
        )
    return ids
