"""Number columns, and arrays of one axis, in the precision that steps compute in."""

from __future__ import annotations

import numpy as np

from sci.api import Batch, Feature
from sci_tabular.faults import infinite

READS = "numbers and arrays of one axis"


def is_numeric(feature: Feature) -> bool:
    """Whether a column holds one number in each row, or the same number of them."""
    array = feature.kind == "array" and not feature.ragged and len(feature.shape) == 1 and feature.dtype != "binary"
    return feature.kind == "number" or array


def read_numbers(batch: Batch, name: str) -> np.ndarray:
    """The column as float64, [n] or [n, k]; NaN is missing. Raises `DataError` for an infinity."""
    values = np.asarray(batch[name], dtype=np.float64)
    found = np.isinf(values)
    if found.any():
        first = int(np.argwhere(found)[0][0])
        row = int(np.asarray(batch["id"])[first]) if "id" in batch else None
        raise infinite(name, float(values[found][0]), row)
    return values
