"""Settings of the reporters and analyses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from sci.api import ComponentConfig, UnknownName

if TYPE_CHECKING:
    from sci.api import Schema

ROLES = ("context", "group", "input")
KINDS = ("category", "boolean", "number", "text")
"""What rows can be divided by."""


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

    def demand_names(self, schema: Schema, metrics: Sequence[str]) -> None:
        """Rows can be divided by the columns, and the metric is measured."""
        demand_dividing(schema, self.columns)
        UnknownName.demand("metric", self.metric, metrics, "the experiment does not measure `{}`", id="analysis.metric")


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

    def demand_names(self, schema: Schema, metrics: Sequence[str]) -> None:
        """Rows can be divided by the columns."""
        demand_dividing(schema, self.columns)


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

    def demand_names(self, schema: Schema, metrics: Sequence[str]) -> None:
        """The columns are there."""
        UnknownName.demand(
            "columns", self.columns, list(schema.columns), "the data have no column `{}`", id="analysis.column"
        )


def dividing(schema: Schema) -> list[str]:
    """Columns that rows can be divided by: those that travel along first, then groups, then inputs."""
    known = [name for role in ROLES for name in schema.columns if schema.roles.get(name) == role]
    found = {name: schema.columns[name] for name in known}
    return [name for name, one in found.items() if one.kind in KINDS and not one.shape and not one.ragged]


def demand_dividing(schema: Schema, names: Sequence[str] | None) -> None:
    """Raise `UnknownName` where rows cannot be divided by one of the columns that the setting `columns` names."""
    UnknownName.demand("columns", names, dividing(schema), "rows cannot be divided by `{}`", id="analysis.column")
