"""The settings of the steps."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from sci.api import ComponentConfig


class ImputeConfig(ComponentConfig):
    """What takes the place of a missing value."""

    strategy: Literal["mean", "median", "most-frequent", "constant"] = "mean"
    """What a number column receives, computed on the training rows. With `mean` and `median` a boolean column receives
    its most frequent value and a category column the category `missing`; the other two strategies apply to every
    kind."""

    value: bool | float | str | None = None
    """With `strategy: constant`: a number, true or false, or the name of a category, as the columns are."""

    indicators: bool = True
    """Add a boolean column `<name>.missing` for each column with missing values in the training rows, except where a
    category of its own says so already."""

    @model_validator(mode="after")
    def _value_belongs_to_constant(self) -> Self:
        if (self.value is not None) != (self.strategy == "constant"):
            raise ValueError("`value` and `strategy: constant` go together")
        return self


class MinMaxConfig(ComponentConfig):
    """Where the smallest and the largest training value go."""

    low: float = 0.0
    """What the smallest training value becomes."""

    high: float = 1.0
    """What the largest training value becomes."""

    clip: bool = False
    """Cut new values that lie outside the range of the training rows; otherwise they go beyond `low` and `high`."""

    @model_validator(mode="after")
    def _low_is_below_high(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low is {self.low:g}, which is not below high {self.high:g}")
        return self


class OneHotConfig(ComponentConfig):
    """What stands for which category."""

    unseen: Literal["zeros", "error"] = "zeros"
    """A category that no training row has: all zeros, or stop."""

    missing: bool = False
    """Give missing values a place of their own, the last one; otherwise they are all zeros."""

    drop: Literal["none", "first"] = "none"
    """Leave out the first category, so that the places do not add up to 1. All zeros then mean that category, and an
    unseen or missing one is no longer told from it."""

    max_categories: int = Field(1000, gt=0)
    """Stop when a column has more categories than this in the training rows."""


class OrdinalConfig(ComponentConfig):
    """Which name gets which code."""

    order: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Names in the order of their codes, for each column that has an order; the names of other columns are sorted."""

    @field_validator("order")
    @classmethod
    def _names_are_distinct(cls, order: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for column, names in order.items():
            if not names or len(set(names)) < len(names):
                raise ValueError(f"the order of `{column}` names each category once, and at least one")
        return order


class CleanRowsConfig(ComponentConfig):
    """Which training rows stay."""

    missing: bool = True
    """Leave out rows with a missing value in one of the columns of this step."""

    ranges: dict[str, tuple[float | None, float | None]] = Field(default_factory=dict)
    """Lowest and highest allowed value of number columns, both included; null for no bound. A missing value is not
    outside."""

    @field_validator("ranges")
    @classmethod
    def _low_is_not_above_high(
        cls, ranges: dict[str, tuple[float | None, float | None]]
    ) -> dict[str, tuple[float | None, float | None]]:
        for column, (low, high) in ranges.items():
            if low is not None and high is not None and low > high:
                raise ValueError(f"the range of `{column}` begins at {low:g}, above its end {high:g}")
        return ranges


class PixelsConfig(ComponentConfig):
    """How columns lie in an image."""

    height: int = Field(ge=1)
    """Rows of pixels."""

    width: int = Field(ge=1)
    """Pixels of a row."""

    channels: int = Field(default=1, ge=1)
    """Numbers of a pixel: 1 for grey, 3 for red, green and blue."""

    maximum: float = Field(default=255.0, gt=0)
    """The value of a pixel at its brightest, which becomes 1."""

    image: str = Field(default="image", min_length=1)
    """Name of the new column."""
