"""Predictions as plain JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import Feature

PREFIX = "prediction."


def answers(table: pa.Table, info: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One object for each row; an array with one number for each class becomes an object of class names."""
    classes = [str(name) for name in info.get("classes") or ()]
    columns = {
        name.removeprefix(PREFIX): _plain_column(table.column(name), classes)
        for name in table.column_names
        if name.startswith(PREFIX)
    }
    return [{name: values[row] for name, values in columns.items()} for row in range(table.num_rows)]


def _plain_column(column: pa.ChunkedArray, classes: list[str]) -> list[Any]:
    values = [plain(value) for value in column.to_pylist()]
    per_class = pa.types.is_fixed_size_list(column.type) and classes and column.type.list_size == len(classes)
    if not per_class:
        return values
    return [None if value is None else dict(zip(classes, value, strict=True)) for value in values]


def plain(value: Any) -> Any:
    """A value that JSON can hold: what is not a number becomes null, arrays become lists, keys become text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def answer_schema(outputs: Mapping[str, Feature], info: Mapping[str, Any]) -> dict[str, Any]:
    """JSON schema of the answer for one row."""
    properties = {name: _output_schema(feature, info) for name, feature in outputs.items()}
    return {"type": "object", "title": "Prediction", "properties": properties}


def _output_schema(feature: Feature, info: Mapping[str, Any]) -> dict[str, Any]:
    classes = [str(name) for name in info.get("classes") or ()]
    unit = {"description": f"in {feature.unit}"} if feature.unit else {}
    if feature.shape or feature.ragged:
        if classes and feature.shape == (len(classes),) and not feature.ragged:
            one = {"type": ["boolean" if feature.dtype == "bool" else "number", "null"]}
            return {"type": "object", "properties": dict.fromkeys(classes, one)}
        texts = {"items": {"type": ["string", "null"]}} if feature.dtype == "string" else {}
        return {"type": ["array", "null"], **texts, **unit}
    if feature.kind == "category" and feature.dtype == "string" and classes:
        return {"type": ["string", "null"], "enum": [*classes, None]}
    if feature.dtype == "string":
        return {"type": ["string", "null"]}
    return {"type": ["number", "null"], **unit}
