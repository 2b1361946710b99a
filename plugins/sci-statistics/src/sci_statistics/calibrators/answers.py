"""The validation answers that a calibrator learns from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from sci.api import Batch, ConfigError, DataError, Predictions


class Chances(NamedTuple):
    """Probabilities float64 [n, k] and the true class int64 [n], of rows where both are known."""

    probability: np.ndarray
    truth: np.ndarray


def chances(validation: Predictions, name: str) -> Chances:
    """Those of the validation rows.

    Raises:
        ConfigError: the model gives no probabilities.
        DataError: no row has both.
    """
    if not validation.has("probability") or not validation.info.get("classes"):
        raise ConfigError(f"{name} needs the probabilities of classes, and the model gives none", id="fit.calibrator")
    probability, truth = probabilities(validation.prediction("probability")), validation.codes("target")
    known = (truth >= 0) & np.isfinite(probability).all(axis=1)
    return Chances(probability[known], enough(truth[known], name))


def enough(values: np.ndarray, name: str, least: int = 1, why: str = "") -> np.ndarray:
    """The values, if there are at least so many; otherwise a `DataError`."""
    if len(values) < least:
        raise DataError(
            f"{name} needs at least {least} validation row{'s' * (least > 1)} with a known answer{why}; "
            f"there {'is' if len(values) == 1 else 'are'} {len(values)}",
            id="data.calibration",
            hint="split: {validation: 0.2, ...}",
        )
    return values


def two_classes(info: Mapping[str, Any], name: str) -> None:
    """Refuse a classification with more than two classes, or with no positive one."""
    classes = list(info.get("classes") or ())
    if len(classes) != 2:
        raise ConfigError(
            f"{name} decides between two classes, and there are {len(classes):,}",
            id="fit.calibrator",
            hint="leave it out of calibration",
        )


def positive(info: Mapping[str, Any]) -> int:
    """Position of the positive one of two classes; the second where none is named."""
    classes, named = list(info["classes"]), info.get("positive")
    return classes.index(named) if named in classes else 1


def probabilities(column: Any) -> np.ndarray:
    """float64 [n, k]."""
    return np.asarray(column, dtype=np.float64)


def labels(codes: np.ndarray, classes: list[str], like: Batch) -> pa.Array:
    """Names of classes in the Arrow type of the outputs' own labels; null where a code is -1."""
    names = pa.array(classes, pa.large_string())
    found = names.take(pa.array(codes, mask=codes < 0, type=pa.int64()))
    old: Any = like.get("label")
    return found.cast(old.type) if isinstance(old, pa.Array | pa.ChunkedArray) else found
