"""The word for a difference: better, worse, not separable."""

from __future__ import annotations

from typing import Literal

from sci.api import Difference, Study

Word = Literal["better", "worse", "inseparable", "undefined"]
_OF_WORD: dict[str, Word] = {
    "better": "better",
    "worse": "worse",
    "not separable": "inseparable",
    "undefined": "undefined",
}
_OF_STATE: dict[str, Word] = {"clears": "better", "worse": "worse", "not-separable": "inseparable"}


def word(difference: Difference | None) -> Word:
    """By the interval; where the test disagrees with it, the more cautious of the two."""
    return "undefined" if difference is None else _OF_WORD[difference.word]


def word_of(study: Study, metric: str, baseline: str) -> Word:
    """The word of a study's table; for the metric of the verdict it is the verdict's own."""
    verdict = study.verdict
    if (metric, baseline) == (verdict.metric, verdict.baseline) and verdict.state in _OF_STATE:
        return _OF_STATE[verdict.state]
    return word(study.differences.get(metric, {}).get(baseline))
