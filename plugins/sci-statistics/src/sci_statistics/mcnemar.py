"""Whether two models are right on different shares of the same rows."""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import binomtest, chi2

from sci.api import ConfigError, Difference, Metric, Predictions
from sci_statistics.config import McNemarConfig
from sci_statistics.pairing import UNPAIRED, check_same_rows, detectable, nothing
from sci_statistics.proportion import hits, named, wilson


class McNemar:
    """Comparison `mcnemar`: the rows on which only one of two models is right (McNemar, Psychometrika 12, 1947).

    Where such rows are few, p is that of the exact binomial test; else of chi-squared without continuity correction, as
    Fagerland, Lydersen and Laake advise (BMC Medical Research Methodology 13:91, 2013). The interval is method 10 of
    Newcombe (Statistics in Medicine 17, 1998), from the Wilson intervals of both shares. The effect is Cohen's g: the
    share of a among the rows on which one model alone is right, minus a half (Cohen 1988, chapter 5). Rows are taken as
    independent of each other.

    Args:
        config: where few ends.
    """

    def __init__(self, config: McNemarConfig) -> None:
        self.config = config

    def compare(self, metric: Metric, a: Predictions, b: Predictions, confidence: float, seed: int) -> Difference:
        """The difference a - b of two shares of rows; NaN, with the reason as its method, where none is defined.

        Raises:
            ConfigError: the metric is not the share of ones in one column of statistics.
            DataError: the two are not predictions of the same rows.
        """
        check_same_rows(a, b)
        if not (a.paired and b.paired):
            return nothing(math.nan, confidence, UNPAIRED)
        if not len(a):
            return nothing(math.nan, confidence, "not defined for n = 0")
        values = [float(metric(one)) for one in (a, b)]
        if not all(map(math.isfinite, values)):
            return nothing(math.nan, confidence, "not defined: the metric has no value for these rows")
        right = [_right(metric, one, value) for one, value in zip((a, b), values, strict=True)]
        only = [int(np.count_nonzero(right[0] & ~right[1])), int(np.count_nonzero(right[1] & ~right[0]))]
        both = int(np.count_nonzero(right[0] & right[1]))
        if not metric.higher_is_better:
            only.reverse()
            both = len(a) - sum(only) - both
        low, high = newcombe(both, only[0], only[1], len(a), confidence)
        p, method = self._test(only[0], only[1])
        value = (only[0] - only[1]) / len(a)
        error = math.sqrt(sum(only) / len(a) - value**2) / math.sqrt(len(a))
        method = f"{method}, {only[0]:,} and {only[1]:,} rows differ; interval of Newcombe"
        effect = (only[0] / sum(only) - 0.5, "Cohen's g") if sum(only) else ()
        return Difference(value, low, high, confidence, p, method, detectable(error), *effect)

    def _test(self, only_a: int, only_b: int) -> tuple[float, str]:
        differ = only_a + only_b
        if differ < self.config.exact_below:
            p = float(binomtest(only_a, differ).pvalue) if differ else 1.0
            return p, "McNemar, exact"
        return float(chi2.sf((only_a - only_b) ** 2 / differ, 1)), "McNemar, chi-squared"


def _right(metric: Metric, predictions: Predictions, value: float) -> np.ndarray:
    found = hits(metric, predictions, value)
    if found is None:
        raise ConfigError(
            f"metric `{named(metric)}` is no proportion of rows, which comparison `mcnemar` needs",
            id="comparison.not-a-proportion",
            hint="evaluation.comparison: paired-bootstrap",
        )
    return found


def newcombe(both: int, only_a: int, only_b: int, n: int, confidence: float) -> tuple[float, float]:
    """Method 10 of Newcombe (1998) for the difference of two paired shares.

    Args:
        both: rows on which both are right.
        only_a: rows on which a alone is.
        only_b: rows on which b alone is.
        n: all rows, at least one.
        confidence: such as 0.95.
    """
    share_a, share_b = (both + only_a) / n, (both + only_b) / n
    low_a, high_a = wilson(both + only_a, n, confidence)
    low_b, high_b = wilson(both + only_b, n, confidence)
    together = _correlation(both, only_a, only_b, n - both - only_a - only_b)
    below, above = (share_a - low_a, high_b - share_b), (high_a - share_a, share_b - low_b)
    down, up = (math.sqrt(max(one**2 - 2 * together * one * other + other**2, 0.0)) for one, other in (below, above))
    difference = share_a - share_b
    return max(difference - down, -1.0), min(difference + up, 1.0)


def _correlation(both: int, only_a: int, only_b: int, neither: int) -> float:
    """Phi of the two models' hits, with Newcombe's correction of positive values for continuity; 0 where a model is
    always right or always wrong."""
    margins = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither)
    if margins == 0:
        return 0.0
    product = both * neither - only_a * only_b
    n = both + only_a + only_b + neither
    corrected = max(product - n / 2, 0.0) if product > 0 else float(product)
    return corrected / math.sqrt(margins)
