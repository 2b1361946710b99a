"""Rows as an engine sees them: scalars packed once, everything else padded at this door."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from sci.api import Batch, DataError, Dataset, Feature, Ragged, SampleRandom, Schema
from sci.api.gathering import Gathering
from sci.api.predictions import target_key
from sci.api.spill import RESIDENT_BYTES as RESIDENT_BYTES
from sci.pipeline.pieces import MULTIPLE as MULTIPLE
from sci.pipeline.pieces import together
from sci.pipeline.steps import Steps


class Unpadded(NamedTuple):
    """A ragged column on its way to an engine.

    Args:
        column: the rows.
        value: what they are padded with.
    """

    column: Ragged
    value: float

    def padded(self, rows: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """These rows, by default all, up to the longest of them: [n, longest, *shape], and the lengths int32 [n]."""
        if rows is None:
            return self.column.pad(self.value, MULTIPLE)
        values, offsets = self.column
        starts = offsets[rows]
        lengths = offsets[rows + 1] - starts
        longest = -(-max(int(lengths.max(initial=0)), 1) // MULTIPLE) * MULTIPLE
        places = np.arange(longest)
        if not len(values):
            found = np.full((len(rows), longest, *values.shape[1:]), self.value, dtype=values.dtype)
        else:
            found = values.take(starts[:, None] + places, axis=0, mode="clip")
            found[places >= lengths[:, None]] = self.value
        return found, lengths.astype(np.int32)


Held: TypeAlias = dict[str, "np.ndarray | Unpadded"]
"""Rows as an engine wants them, but that what is ragged is not padded yet."""


def laid_out(held: Held, rows: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """These rows, by default all, as arrays: what is ragged padded, with ``<key>.length`` beside it."""
    arrays: dict[str, np.ndarray] = {}
    for key, part in held.items():
        if isinstance(part, Unpadded):
            arrays[key], arrays[f"{key}.length"] = part.padded(rows)
        else:
            arrays[key] = part if rows is None else part[rows]
    return arrays


class Packing:
    """Which columns make up the engine's arrays, from the schema after the last step.

    Args:
        schema: after the last step.
        number_dtype: of the packed numbers.
        holes: whether the model reads missing numbers, as NaN; others are refused them.
    """

    def __init__(self, schema: Schema, number_dtype: str, holes: bool = False) -> None:
        self.schema = schema
        self.dtype = number_dtype
        self.holes = holes
        inputs = schema.inputs
        self.numbers = [name for name, feature in inputs.items() if is_scalar(feature)]
        self.categories = [name for name, feature in inputs.items() if feature.kind == "category"]
        self.others = [name for name in inputs if name not in self.numbers and name not in self.categories]
        self.ragged = [name for name in (*inputs, *schema.slots.values()) if schema.columns[name].ragged]

    def __call__(self, batch: Batch) -> dict[str, np.ndarray]:
        """The arrays of these rows, writable and contiguous; targets only where the batch has them."""
        return laid_out(self.held(batch))

    def held(self, batch: Batch) -> Held:
        """The same, but that what is ragged is not padded yet."""
        rows = len(np.asarray(batch["id"]))
        arrays: Held = {"id": np.array(batch["id"], dtype=np.int64)}
        if self.numbers:
            arrays["numbers"] = self._numbers(batch, rows)
        if self.categories:
            codes = [np.asarray(batch[name]).reshape(rows, 1) for name in self.categories]
            arrays["categories"] = np.ascontiguousarray(np.concatenate(codes, axis=1), dtype=np.int64)
        for name in self.others:
            self._other(name, batch, arrays)
        for slot, column in self.schema.slots.items():
            if column in batch:
                self._target(target_key(slot), column, batch, arrays)
        for column in self.schema.by("weight"):
            if column in batch:
                arrays["weight"] = np.array(batch[column], dtype=self.dtype)
        return arrays

    def _numbers(self, batch: Batch, rows: int) -> np.ndarray:
        columns = [np.asarray(batch[name]) for name in self.numbers]
        blocks = [column.reshape(rows, math.prod(column.shape[1:])) for column in columns]
        packed = np.empty((rows, sum(block.shape[1] for block in blocks)), dtype=self.dtype)
        at = 0
        for name, block in zip(self.numbers, blocks, strict=True):
            packed[:, at : at + block.shape[1]] = block
            absent = np.isnan(block) if np.issubdtype(block.dtype, np.floating) else np.zeros(block.shape, dtype=bool)
            if self.schema.columns[name].kind == "boolean":
                absent |= block < 0
            if absent.any() and not self.holes:
                missing(name, np.asarray(absent.any(axis=1)), batch)
            packed[:, at : at + block.shape[1]][absent] = np.nan
            at += block.shape[1]
        return packed

    def _other(self, name: str, batch: Batch, arrays: Held) -> None:
        feature, column = self.schema.columns[name], batch[name]
        if isinstance(column, Ragged):
            arrays[name] = Unpadded(column, feature.pad)
        elif isinstance(column, pa.Array | pa.ChunkedArray):
            raise DataError(
                f"`{name}` is still {feature.kind} after the last step, which no engine reads", id="flow.kind"
            )
        else:
            arrays[name] = np.array(column, dtype=feature.dtype)

    def _target(self, key: str, name: str, batch: Batch, arrays: Held) -> None:
        feature, column = self.schema.columns[name], batch[name]
        if isinstance(column, Ragged):
            arrays[key] = Unpadded(column, feature.pad)
        else:
            dtype = self.dtype if feature.kind == "number" else feature.dtype
            arrays[key] = np.array(column, dtype=dtype)


def is_scalar(feature: Feature) -> bool:
    """Whether an input is packed into `numbers`: numbers, booleans, and vectors of fixed length."""
    vector = feature.kind == "array" and not feature.ragged and len(feature.shape) == 1
    return (feature.kind in ("number", "boolean") and not feature.ragged) or vector


def missing(name: str, rows: np.ndarray, batch: Batch) -> None:
    """Stop for values that are missing where the model needs a number."""
    ids = np.asarray(batch["id"])[rows][:5]
    count = int(rows.sum())
    raise DataError(
        f"column `{name}` has {count} missing value{'' if count == 1 else 's'} after the last step,"
        " and the model needs numbers",
        id="data.missing-input",
        note="rows " + ", ".join(map(str, ids)),
        hint="preprocessing: [impute, ...]",
    )


def packed(schema: Schema) -> Schema:
    """The columns that a packing reads."""
    read = {*schema.by("input"), *schema.by("weight"), *schema.slots.values()}
    return schema.drop(*(name for name in schema.columns if name not in read))


class ArrayFeed:
    """A feed over rows in memory or in a mapped file, with the steps that draw applied batch by batch.

    Rows that nothing is drawn for are packed once: in memory up to `resident_bytes`, beyond that, where the data set
    has a place for it, in a file from which batches are read. What is ragged stays as it is, and is padded batch by
    batch.
    """

    def __init__(
        self, dataset: Dataset, steps: Steps, packing: Packing, seed: int, resident_bytes: int = RESIDENT_BYTES
    ) -> None:
        self._drawing = steps.random_from < len(steps.recipes)
        self.dataset = dataset if self._drawing else dataset.with_schema(packed(packing.schema))
        self.steps = steps
        self.packing = packing
        self.seed = seed
        self.resident_bytes = min(resident_bytes, dataset.spill.limit) if dataset.spill else resident_bytes
        self._resident: dict[str, np.ndarray] | None = None
        self._held: Held | None = None
        self._mapped: dict[str, np.ndarray] | None = None
        self._file: Gathering | None = None
        self._packing = threading.Lock()

    def __len__(self) -> int:
        return len(self.dataset)

    def signature(self) -> Mapping[str, tuple[str, tuple[int | None, ...]]]:
        """dtype and shape of every key, None where it varies."""
        sample = self._sample(np.arange(min(2, len(self)), dtype=np.int64))
        varying = {name for name in sample if f"{name}.length" in sample}
        return {
            name: (str(array.dtype), (None, None, *array.shape[2:]) if name in varying else (None, *array.shape[1:]))
            for name, array in sample.items()
        }

    def resident(self) -> dict[str, np.ndarray] | None:
        """All rows as arrays, computed once, when nothing is random or ragged and they fit."""
        with self._packing:
            if self._resident is None and self._dense() and self._bytes() <= self.resident_bytes:
                self._resident = self.packing(self.dataset.batch(np.arange(len(self), dtype=np.int64)))
            return self._resident

    def lengths(self) -> np.ndarray | None:
        """Positions that each row takes up before steps draw, int64 [n]; None where no row has a length."""
        ragged = {name for name, feature in self.dataset.schema.columns.items() if feature.ragged}
        return together(self.dataset.lengths(name) for name in self.packing.ragged if name in ragged)

    def _packed(self) -> Held | None:
        """All rows, packed once but for their padding, when nothing is random, something is ragged, and they fit."""
        with self._packing:
            if self._held is None and self._padding:
                columns = {name: self.dataset.column(name) for name in self.dataset.schema.columns}
                self._held = self.packing.held({**columns, "id": self.dataset.ids})
            return self._held

    @cached_property
    def _padding(self) -> bool:
        """Whether rows can be packed once but for their padding."""
        return bool(self.packing.ragged) and not self.dataset.mapped and self._bytes() <= self.resident_bytes

    def _on_file(self) -> dict[str, np.ndarray] | None:
        """All rows as arrays in a file, written once, when nothing is random or ragged."""
        with self._packing:
            if self._mapped is None and self._dense() and self.dataset.spill is not None:
                self._file = Gathering(self.dataset.spill, -1, len(self))
                for rows in self.dataset.batches():
                    for name, part in self.packing(rows).items():
                        self._file.add(name, part)
                self._mapped = self._file.columns()
            return self._mapped

    def _dense(self) -> bool:
        return not self._drawing and not self.packing.ragged

    def _bytes(self) -> int:
        if not len(self):
            return 0
        one = self.packing(self.dataset.batch(np.zeros(1, dtype=np.int64)))
        return len(self) * sum(array.nbytes for array in one.values())

    def _sample(self, indices: np.ndarray) -> dict[str, np.ndarray]:
        """A few rows without packing all of them."""
        return self._drawn(indices, 0) if self._drawing else self.packing(self.dataset.batch(indices))

    def batch(self, indices: np.ndarray, epoch: int) -> dict[str, np.ndarray]:
        """These rows; draws depend on seed, epoch and row id only. Several threads may ask at once."""
        if self._drawing:
            return self._drawn(indices, epoch)
        arrays = self.resident() or self._on_file()
        if arrays is None:
            held = self._packed()
            return self.packing(self.dataset.batch(indices)) if held is None else laid_out(held, indices)
        if self._file is not None and len(indices) == len(self) and np.array_equal(indices, np.arange(len(self))):
            return self._file.columns(private=True)  # models that are fitted at once ask for all rows
        return {name: array[indices] for name, array in arrays.items()}

    def _drawn(self, indices: np.ndarray, epoch: int) -> dict[str, np.ndarray]:
        rows = self.dataset.batch(indices)
        ids = np.asarray(rows["id"])
        drawn = self.steps.apply(rows, self.steps.random_from, lambda step: SampleRandom(self.seed, epoch, ids, step))
        return self.packing(drawn)
