"""The word for a difference: better, worse, not separable."""

from __future__ import annotations

import math
from typing import Literal

from sci.api import Difference, Study

Word = Literal["better", "worse", "inseparable", "undefined"]
_OF_STATE: dict[str, Word] = {"clears": "better", "worse": "worse", "not-separable": "inseparable"}


def word(difference: Difference | None) -> Word:
    """By the interval; where the test disagrees with it, the more cautious of the two."""
    if difference is None or math.isnan(difference.low) or math.isnan(difference.high):
        return "undefined"
    if difference.low <= 0 <= difference.high or disagree(difference):
        return "inseparable"
    return "better" if difference.low > 0 else "worse"


def disagree(difference: Difference | None) -> bool:
    """Whether the interval leaves out 0 although the test does not."""
    if difference is None or math.isnan(difference.p) or math.isnan(difference.low):
        return False
    return not difference.low <= 0 <= difference.high and difference.p > 1 - difference.confidence


def word_of(study: Study, metric: str, baseline: str) -> Word:
    """The word of a study's table; for the metric of the verdict it is the verdict's own."""
    verdict = study.verdict
    if (metric, baseline) == (verdict.metric, verdict.baseline) and verdict.state in _OF_STATE:
        return _OF_STATE[verdict.state]
    return word(study.differences.get(metric, {}).get(baseline))
