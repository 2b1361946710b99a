"""How often what was called likely came true: bins of probabilities, the expected calibration error, and chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

from sci.api import Predictions, Score

AT_ONCE = 2**24
"""Numbers that a simulation holds at once."""

Asked = Callable[[Predictions], tuple[np.ndarray, np.ndarray]]
"""Predictions to a probability for each row, float64 [n], and whether it came true, bool [n]."""


@dataclass(frozen=True)
class Bin:
    """Rows whose predicted probability lies between two edges."""

    low: float
    high: float
    n: int
    predicted: float
    observed: float
    lower: float
    upper: float


def wilson(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a proportion. Wilson (1927), doi:10.1080/01621459.1927.10502953."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, extra = k / n, z**2 / n
    centre = (share + extra / 2) / (1 + extra)
    half = z * math.sqrt(share * (1 - share) / n + extra / (4 * n)) / (1 + extra)
    # At the ends the formula is exactly 0 or 1, but not in floating point.
    return 0.0 if k == 0 else centre - half, 1.0 if k == n else centre + half


def edges(probability: np.ndarray, bins: int, binning: Literal["width", "mass"]) -> np.ndarray:
    """Edges of bins of equal width, or with equally many rows, rising, float64 [bins + 1]; ties lie in one bin."""
    if binning == "width":
        return np.arange(bins + 1) / bins
    found = np.unique(np.quantile(probability, np.linspace(0, 1, bins + 1)))
    return found if len(found) > 1 else np.repeat(found, 2)


def places(probability: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The bin of each probability, int64 [n]; the last one includes its upper edge."""
    return np.clip(np.searchsorted(edges, probability, side="right") - 1, 0, len(edges) - 2)


def reliability(probability: np.ndarray, truth: np.ndarray, edges: np.ndarray) -> list[Bin]:
    """The bins that hold rows."""
    place = places(probability, edges)
    found = []
    for index in np.unique(place):
        inside = place == index
        n, k = int(inside.sum()), int(truth[inside].sum())
        low, high = float(edges[index]), float(edges[index + 1])
        found.append(Bin(low, high, n, float(probability[inside].mean()), k / n, *wilson(k, n)))
    return found


@dataclass
class ExpectedError:
    """Expected calibration error: the mean over rows of the gap between predicted and observed in the row's bin.

    Naeini, Cooper, Hauskrecht (2015), doi:10.1609/aaai.v29i1.9602. With few rows in a bin it is above 0 even where
    every probability is right; see `by_chance`.

    Args:
        asked: what was predicted for each row, and whether it came true.
        edges: of the bins, the same for every resample.
    """

    asked: Asked
    edges: np.ndarray
    higher_is_better: bool = False
    bounds: tuple[float | None, float | None] = (0.0, 1.0)

    def __call__(self, predictions: Predictions) -> float:
        return float(self.value(self.statistics(predictions).sum(axis=0), len(predictions)))

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """Observed minus predicted in the column of the row's bin, float64 [n, bins]."""
        probability, truth = self.asked(predictions)
        found = np.zeros((len(probability), len(self.edges) - 1))
        found[np.arange(len(probability)), places(probability, self.edges)] = truth - probability
        return found

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        """The error of rows with these sums."""
        return np.asarray(np.abs(sums).sum(axis=-1) / n)


def by_chance(
    probability: np.ndarray, edges: np.ndarray, samples: int, generator: np.random.Generator
) -> tuple[float, float]:
    """The error that exact probabilities would show: its mean, and what it exceeds in 5 of 100 test sets like this.

    Outcomes are drawn from the probabilities themselves: Bröcker and Smith, Increasing the reliability of reliability
    diagrams (2007), doi:10.1175/WAF993.1.
    """
    place = places(probability, edges)
    within = np.zeros((len(place), len(edges) - 1))
    within[np.arange(len(place)), place] = 1.0

    def drawn() -> Iterator[np.ndarray]:
        most = max(1, AT_ONCE // len(probability))
        for start in range(0, samples, most):
            came = generator.random((min(most, samples - start), len(probability))) < probability
            yield np.abs((came - probability) @ within).sum(axis=1) / len(probability)

    found = np.concatenate(list(drawn()))
    return float(found.mean()), float(np.quantile(found, 0.95))


DRAWS = 4000
"""Errors that are drawn for an interval."""
METHOD = f"inverted test along the observed gaps, {DRAWS:,} draws"
_WIDEST = 5.0
"""Times the observed gaps: no interval reaches further."""


def unsurprising(
    probability: np.ndarray, truth: np.ndarray, edges: np.ndarray, confidence: float, generator: np.random.Generator
) -> tuple[float, float]:
    """The least and the largest true error under which the observed one is no surprise, of independent rows.

    Resampled rows hold chance in their bins twice, so that intervals from them lie too high where errors are small.
    Here every true error t stands for gaps in the proportions of the observed ones, scaled to t, with the chance that
    their bins have; the interval holds the t that a two-sided test at the observed error does not refuse (Neyman 1937,
    doi:10.1098/rsta.1937.0005). At t = 0 that is the test of `by_chance`.
    """
    place, bins, n = places(probability, edges), len(edges) - 1, len(probability)
    gaps = np.bincount(place, truth - probability, bins) / n
    counts, came = np.bincount(place, minlength=bins), np.bincount(place, truth, bins)
    rate = (came + 1) / (counts + 2)
    exact = np.bincount(place, probability * (1 - probability), bins)
    normal = generator.standard_normal((DRAWS, bins)) / n
    observed, tail = float(np.abs(gaps).sum()), (1 - confidence) / 2

    def errors(scale: float) -> np.ndarray:
        share = min(scale, 1.0)
        chance = np.sqrt((1 - share) * exact + share * counts * rate * (1 - rate))
        return np.asarray(np.abs(scale * gaps + chance * normal).sum(axis=1))

    least = _first(lambda scale: bool((errors(scale) >= observed).mean() >= tail))
    most = _first(lambda scale: bool((errors(scale) <= observed).mean() < tail))
    return least * observed, most * observed


def _first(holds: Callable[[float], bool]) -> float:
    """The least scale from which on something holds."""
    low, high = 0.0, _WIDEST
    if holds(low):
        return low
    for _ in range(25):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def down_to_zero(error: Score, limit: float) -> Score:
    """The interval around the error, reaching 0 where chance alone explains it."""
    if math.isnan(error.low):
        return error
    low = 0.0 if error.value <= limit else min(error.low, error.value)
    return replace(error, low=low, high=max(error.high, error.value))
