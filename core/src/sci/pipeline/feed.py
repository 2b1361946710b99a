"""Rows as an engine sees them: scalars packed once, everything else padded at this door."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from sci.api import Batch, DataError, Dataset, Feature, Ragged, SampleRandom, Schema
from sci.pipeline.steps import Steps

RESIDENT_BYTES = 2 << 30
MULTIPLE = 8


class Packing:
    """Which columns make up the engine's arrays, from the schema after the last step."""

    def __init__(self, schema: Schema, number_dtype: str) -> None:
        self.schema = schema
        self.dtype = number_dtype
        inputs = schema.inputs
        self.numbers = [name for name, feature in inputs.items() if is_scalar(feature)]
        self.categories = [name for name, feature in inputs.items() if feature.kind == "category"]
        self.others = [name for name in inputs if name not in self.numbers and name not in self.categories]

    def __call__(self, batch: Batch) -> dict[str, np.ndarray]:
        """The arrays of these rows, writable and contiguous; targets only where the batch has them."""
        rows = len(np.asarray(batch["id"]))
        arrays: dict[str, np.ndarray] = {"id": np.array(batch["id"], dtype=np.int64)}
        if self.numbers:
            arrays["numbers"] = self._numbers(batch, rows)
        if self.categories:
            codes = [np.asarray(batch[name]).reshape(rows, 1) for name in self.categories]
            arrays["categories"] = np.ascontiguousarray(np.concatenate(codes, axis=1), dtype=np.int64)
        for name in self.others:
            self._other(name, batch, arrays)
        for slot, column in self.schema.slots.items():
            if column in batch:
                key = "target" if slot == "target" else f"target.{slot}"
                self._target(key, column, batch, arrays)
        for column in self.schema.by("weight"):
            if column in batch:
                arrays["weight"] = np.array(batch[column], dtype=self.dtype)
        return arrays

    def _numbers(self, batch: Batch, rows: int) -> np.ndarray:
        blocks = [np.asarray(batch[name]).reshape(rows, -1) for name in self.numbers]
        packed = np.empty((rows, sum(block.shape[1] for block in blocks)), dtype=self.dtype)
        at = 0
        for name, block in zip(self.numbers, blocks, strict=True):
            packed[:, at : at + block.shape[1]] = block
            absent = np.isnan(block) if np.issubdtype(block.dtype, np.floating) else np.zeros(block.shape, dtype=bool)
            if self.schema.columns[name].kind == "boolean":
                absent |= block < 0
            if absent.any():
                missing(name, np.asarray(absent.any(axis=1)), batch)
            at += block.shape[1]
        return packed

    def _other(self, name: str, batch: Batch, arrays: dict[str, np.ndarray]) -> None:
        feature, column = self.schema.columns[name], batch[name]
        if isinstance(column, Ragged):
            arrays[name], arrays[f"{name}.length"] = column.pad(feature.pad, MULTIPLE)
        elif isinstance(column, pa.Array | pa.ChunkedArray):
            raise DataError(
                f"`{name}` is still {feature.kind} after the last step, which no engine reads", id="flow.kind"
            )
        else:
            arrays[name] = np.array(column, dtype=feature.dtype)

    def _target(self, key: str, name: str, batch: Batch, arrays: dict[str, np.ndarray]) -> None:
        feature, column = self.schema.columns[name], batch[name]
        if isinstance(column, Ragged):
            arrays[key], arrays[f"{key}.length"] = column.pad(feature.pad, MULTIPLE)
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


class ArrayFeed:
    """A feed over rows in memory, with the steps that draw applied batch by batch."""

    def __init__(
        self, dataset: Dataset, steps: Steps, packing: Packing, seed: int, resident_bytes: int = RESIDENT_BYTES
    ) -> None:
        self.dataset = dataset
        self.steps = steps
        self.packing = packing
        self.seed = seed
        self.resident_bytes = resident_bytes
        self._drawing = steps.random_from < len(steps.recipes)
        self._arrays: dict[str, np.ndarray] | None = None

    def __len__(self) -> int:
        return len(self.dataset)

    def signature(self) -> Mapping[str, tuple[str, tuple[int | None, ...]]]:
        """dtype and shape of every key, None where it varies."""
        sample = self.batch(np.arange(min(2, len(self)), dtype=np.int64), 0)
        varying = {name for name in sample if f"{name}.length" in sample}
        return {
            name: (str(array.dtype), (None, None, *array.shape[2:]) if name in varying else (None, *array.shape[1:]))
            for name, array in sample.items()
        }

    def resident(self) -> dict[str, np.ndarray] | None:
        """All rows as arrays, computed once, when nothing is random or ragged and they fit."""
        if self._arrays is None and not self._drawing and self._bytes() <= self.resident_bytes:
            ragged = any(isinstance(self.dataset.stored(name), Ragged) for name in self.packing.schema.columns)
            if not ragged:
                self._arrays = self.packing(self.dataset.batch(np.arange(len(self), dtype=np.int64)))
        return self._arrays

    def _bytes(self) -> int:
        if not len(self):
            return 0
        one = self.packing(self.dataset.batch(np.zeros(1, dtype=np.int64)))
        return len(self) * sum(array.nbytes for array in one.values())

    def batch(self, indices: np.ndarray, epoch: int) -> dict[str, np.ndarray]:
        """These rows; draws depend on seed, epoch and row id only."""
        if not self._drawing:
            resident = self.resident()
            if resident is not None:
                return {name: array[indices] for name, array in resident.items()}
            return self.packing(self.dataset.batch(indices))
        rows = self.dataset.batch(indices)
        ids = np.asarray(rows["id"])
        drawn = self.steps.apply(rows, self.steps.random_from, lambda step: SampleRandom(self.seed, epoch, ids, step))
        return self.packing(drawn)
