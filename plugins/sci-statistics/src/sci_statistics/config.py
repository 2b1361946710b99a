"""Settings of the intervals and comparisons."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sci.api import ComponentConfig


class BootstrapConfig(ComponentConfig):
    """Settings of the interval `bootstrap`."""

    resamples: int = Field(default=9999, ge=99)
    """How often the test rows are drawn anew; metrics without statistics are drawn at most 2,000 times."""

    method: Literal["bca", "percentile"] = "bca"
    """`bca` corrects the percentiles for bias and skewness; `percentile` takes them as they are."""


class PairedBootstrapConfig(ComponentConfig):
    """Settings of the comparison `paired-bootstrap`."""

    resamples: int = Field(default=9999, ge=99)
    """How often the test rows are drawn anew; metrics without statistics are drawn at most 2,000 times."""


class McNemarConfig(ComponentConfig):
    """Settings of the comparison `mcnemar`."""

    exact_below: int = Field(default=25, ge=0)
    """With fewer rows on which only one model is right, p is that of the exact binomial test."""
