"""Shares along straight paths from a beginning to each row: the mathematics of integrated gradients.

Sundararajan, Taly and Yan (2017), arXiv:1703.01365.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sci.api import ConfigError, Pipeline
from sci_explain.target import Target

Arrays = dict[str, np.ndarray]
ELEMENTS = 1 << 21
"""Numbers that change along the path at once; rows of more are taken in parts."""


class Paths(NamedTuple):
    """Shares along the paths of several rows.

    Args:
        shares: key of the network's input to shares of its elements, in its shape.
        gaps: float64 [n], sum of the shares minus the difference of outputs.
        differences: float64 [n], output of the row minus that of its baseline.
    """

    shares: Mapping[str, np.ndarray]
    gaps: np.ndarray
    differences: np.ndarray


def derivable(arrays: Mapping[str, np.ndarray]) -> list[str]:
    """Keys of real numbers.

    Raises:
        ConfigError: the network reads codes and tokens only, and does not tell what it looks up for them.
    """
    odd = ("id", "weight", "target")
    found = [
        key
        for key, array in arrays.items()
        if np.issubdtype(array.dtype, np.floating) and key not in odd and not key.startswith("target.")
    ]
    if not found:
        raise ConfigError(
            "the network reads no real numbers, and its engine does not tell which vectors it looks up for codes",
            id="engine.gradient",
            hint="analysis: [shap] or [occlusion]",
        )
    return found


def integrated(
    pipeline: Pipeline, target: Target, arrays: Arrays, start: Arrays, keys: Sequence[str], points: int
) -> Paths:
    """Shares by Gauss-Legendre quadrature along straight paths.

    Args:
        pipeline: the model.
        target: what of its output is shared out.
        arrays: the rows as the network reads them; vectors of `Pipeline.lookups` may be among them.
        start: one row for each key where paths begin.
        keys: inputs that change along the path; all others stay as they are.
        points: of the quadrature.
    """
    parts = [
        _integrated(
            pipeline, target.take(some), {key: array[some] for key, array in arrays.items()}, start, keys, points
        )
        for some in _parts(arrays, keys)
    ]
    return Paths(
        {key: np.concatenate([part.shares[key] for part in parts]) for key in keys},
        np.concatenate([part.gaps for part in parts]),
        np.concatenate([part.differences for part in parts]),
    )


def _parts(arrays: Arrays, keys: Sequence[str]) -> Iterator[slice]:
    rows = len(arrays[keys[0]])
    step = max(1, ELEMENTS // max(1, sum(arrays[key][0].size for key in keys)))
    return (slice(first, first + step) for first in range(0, rows, step))


def _integrated(
    pipeline: Pipeline, target: Target, arrays: Arrays, start: Arrays, keys: Sequence[str], points: int
) -> Paths:
    places, weights = np.polynomial.legendre.leggauss(points)
    sums = {key: np.zeros(arrays[key].shape) for key in keys}
    ways = {key: arrays[key].astype(np.float64) - start[key].astype(np.float64) for key in keys}

    def at(place: float) -> Arrays:
        moved = {key: (start[key] + place * ways[key]).astype(arrays[key].dtype) for key in keys}
        return {**arrays, **moved}

    for place, weight in zip((places + 1) / 2, weights / 2, strict=True):
        here = at(float(place))
        slopes = pipeline.gradients(here, target.head, keys, target.slopes(pipeline.network(here)))
        for key in keys:
            sums[key] += weight * slopes[key]
    shares = {key: sums[key] * ways[key] for key in keys}
    differences = target.values(pipeline.network(at(1.0))) - target.values(pipeline.network(at(0.0)))
    totals = sum(array.reshape(len(array), -1).sum(axis=1) for array in shares.values())
    return Paths(shares, totals - differences, differences)
