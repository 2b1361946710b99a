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
