"""Settings of the reporters and analyses."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sci.api import ComponentConfig


class ReportConfig(ComponentConfig):
    """How a report is written."""

    language: Literal["en", "zh"] = "en"
    """Language: of a page, the one that it opens in (it holds both); of Markdown, the only one."""


class CalibrationConfig(ComponentConfig):
    """How calibration is looked at."""

    bins: int = Field(default=10, ge=2, le=50)
    """Bins of probabilities."""
    binning: Literal["width", "mass"] = "width"
    """`width`: bins of equal width between 0 and 1; `mass`: bins with equally many rows."""
    samples: int = Field(default=1000, ge=100, le=100_000)
    """Outcomes drawn from the probabilities themselves, to see which error exact probabilities would show."""


class SlicesConfig(ComponentConfig):
    """How the test rows are divided."""

    columns: list[str] | None = None
    """Columns to divide by; those under `data.context` first, then groups and inputs, where None."""
    most: int = Field(default=6, ge=1, le=100)
    """Columns that are looked at where `columns` names none."""
    metric: str | None = None
    """One of the experiment's metrics; that of the verdict where None."""
    bins: int = Field(default=4, ge=2, le=20)
    """Parts that the range of a number is divided into at its quantiles."""
    minimum: int = Field(default=5, ge=2)
    """Slices with fewer rows are counted and not shown."""


class SelectiveConfig(ComponentConfig):
    """What is said of the risk-coverage curve."""

    coverage: float = Field(default=0.8, ge=0.01, le=1)
    """Share of rows that are answered, for which the risk is said in words."""


class ConformalCoverageConfig(ComponentConfig):
    """By what coverage is looked at, besides classes and sizes of sets."""

    columns: list[str] = Field(default_factory=list)
    """Columns of the data to divide by."""
    bins: int = Field(default=4, ge=2, le=20)
    """Parts that the range of a number is divided into at its quantiles."""
    minimum: int = Field(default=5, ge=2)
    """Parts with fewer rows are not shown."""


class ThresholdCostConfig(ComponentConfig):
    """What wrong answers cost, in any unit."""

    false_positive: float = Field(default=1.0, gt=0)
    """Cost of calling a row positive that is not."""
    false_negative: float = Field(default=1.0, gt=0)
    """Cost of missing a positive row."""


class ErrorBrowserConfig(ComponentConfig):
    """Which rows are shown, and what of them."""

    most: int = Field(default=20, ge=1, le=100)
    """Rows that are listed and shown with their inputs."""
    columns: list[str] | None = None
    """Columns that are shown of each row; the first inputs where None."""
