"""What the network reads, by name and as real numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sci.api import Schema


def names_of(features: Schema) -> list[str]:
    """Names of the columns of ``numbers``: those of the inputs, with place or term where an input is a vector."""
    found: list[str] = []
    for name, feature in features.inputs.items():
        if feature.kind in ("number", "boolean") and not feature.ragged:
            found.append(name)
        elif feature.kind == "array" and not feature.ragged and len(feature.shape) == 1:
            parts = feature.values or [str(place) for place in range(feature.shape[0] or 0)]
            alone = len(features.inputs) == 1 and feature.values is not None
            found += list(parts) if alone else [f"{name}: {part}" for part in parts]
    return found


def real(features: Schema, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays with images of whole numbers, 0 to 255, as real numbers between 0 and 1."""
    found = dict(arrays)
    for name, feature in features.inputs.items():
        if feature.kind == "image" and name in found and np.issubdtype(found[name].dtype, np.integer):
            found[name] = found[name].astype(np.float32) / 255
    return found
