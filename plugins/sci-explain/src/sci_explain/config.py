"""Settings of the explanations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from sci.api import ComponentConfig, UnknownName

if TYPE_CHECKING:
    from sci.api import Schema


class PermutationConfig(ComponentConfig):
    """How columns are shuffled."""

    metric: str | None = None
    """One of the study's metrics; that of the verdict by default."""
    columns: list[str] | None = None
    """Raw columns to shuffle; all inputs by default."""
    rows: int = Field(default=2000, ge=10)
    """Most test rows."""
    repeats: int = Field(default=10, ge=2, le=1000)
    """Shuffles of each column."""
    samples: int = Field(default=1000, ge=100, le=100_000)
    """Bootstrap samples for the intervals."""
    predictions: int = Field(default=500_000, ge=1000)
    """Most rows that are predicted; shuffles and then rows are saved where there are many columns."""

    def demand_names(self, schema: Schema, metrics: Sequence[str]) -> None:
        """The columns are inputs, and the metric is measured."""
        demand_inputs(schema, self.columns)
        UnknownName.demand("metric", self.metric, metrics, "the study has no metric `{}`", id="explain.metric")


class OutputConfig(ComponentConfig):
    """Which answer is explained."""

    output: str | None = None
    """A class."""

    def named_classes(self) -> Mapping[str, str]:
        """The class whose answer is explained."""
        return {} if self.output is None else {"output": self.output}


class ShapConfig(OutputConfig):
    """How Shapley values are estimated."""

    output: str | None = None
    """The class whose probability is explained; by default the positive one, and of more than two the likeliest."""
    columns: list[str] | None = None
    """Raw columns that take part; all inputs by default. The others stay as they are."""
    rows: int = Field(default=30, ge=1)
    """Test rows that are explained."""
    background: int = Field(default=20, ge=1)
    """Training rows that stand in for what is left out."""
    samples: int = Field(default=512, ge=32)
    """Coalitions for each row; values are exact where there are no more."""
    patch: int | None = Field(default=None, ge=1)
    """Side of the patches of an image, in pixels; a seventh of the shorter side by default."""

    def demand_names(self, schema: Schema, metrics: Sequence[str]) -> None:
        """The columns are inputs."""
        demand_inputs(schema, self.columns)


class OcclusionConfig(OutputConfig):
    """What is left out."""

    output: str | None = None
    """The class whose probability is explained; by default the positive one, and of more than two the likeliest."""
    columns: list[str] | None = None
    """Raw columns to leave out; all inputs by default."""
    rows: int = Field(default=50, ge=1)
    """Test rows that are explained."""
    background: int = Field(default=20, ge=1)
    """Training rows that stand in for a column that is left out."""
    patch: int | None = Field(default=None, ge=1)
    """Side of the patches of an image, in pixels; a seventh of the shorter side by default."""

    def demand_names(self, schema: Schema, metrics: Sequence[str]) -> None:
        """The columns are inputs."""
        demand_inputs(schema, self.columns)


class GradientsConfig(OutputConfig):
    """The path that is integrated along."""

    output: str | None = None
    """The class whose log-odds are explained; by default the positive one, and of more than two the likeliest."""
    rows: int = Field(default=100, ge=1)
    """Test rows that are explained."""
    points: int = Field(default=64, ge=2, le=1000)
    """Points on each path."""
    baseline: Literal["mean", "zero"] = "mean"
    """Where paths begin: the mean of training rows, or zero. Sequences of different lengths begin at zero."""
    background: int = Field(default=500, ge=1)
    """Training rows that the mean is taken over."""


class DependenceConfig(OutputConfig):
    """Values that columns are set to."""

    output: str | None = None
    """The class whose probability is shown; by default the positive one, and of more than two the commonest."""
    columns: list[str] | None = None
    """Raw columns to show; by default the six inputs whose curves vary most."""
    rows: int = Field(default=200, ge=2)
    """Test rows that are averaged over."""
    points: int = Field(default=20, ge=2, le=200)
    """Values of each column."""

    def demand_names(self, schema: Schema, metrics: Sequence[str]) -> None:
        """The columns are inputs."""
        demand_inputs(schema, self.columns)


def demand_inputs(schema: Schema, columns: Sequence[str] | None) -> None:
    """Raise `UnknownName` where the setting `columns` names something else than an input."""
    UnknownName.demand("columns", columns, list(schema.inputs), "`{}` is no input of the model", id="explain.columns")
