"""Settings of the intervals, comparisons, calibrators and controls."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

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


class Cost(ComponentConfig):
    """What a wrong answer costs, in any unit."""

    false_positive: float = Field(default=1, gt=0)
    """Cost of calling a row positive that is not."""

    false_negative: float = Field(default=1, gt=0)
    """Cost of missing a positive row."""


class ThresholdConfig(ComponentConfig):
    """Settings of the calibrator `threshold`: what the threshold is best for."""

    cost: Cost | None = None
    """The cheapest on the validation rows, such as `{false_positive: 1, false_negative: 5}`."""

    metric: Literal["f1", "balanced-accuracy", "accuracy", "mcc"] | None = None
    """The best by this metric on the validation rows; `f1` where no cost is given."""

    @model_validator(mode="after")
    def _one_aim(self) -> Self:
        if self.cost is not None and self.metric is not None:
            raise ValueError("`cost` and `metric` both say what the threshold is best for; one of them stays")
        return self


class ConformalConfig(ComponentConfig):
    """Settings of the calibrator `conformal`."""

    coverage: float = Field(default=0.9, ge=0.5, le=0.999)
    """Share of new rows whose set or interval holds the truth, if they are like the validation rows."""

    method: Literal["lac", "aps"] = "lac"
    """Of classification: `lac` gives the smallest sets on average, `aps` sets that grow with the doubt about a row."""

    empty: bool = False
    """Whether a set may be empty; otherwise the likeliest class is always in it, and coverage may be higher."""


class LabelShuffleConfig(ComponentConfig):
    """Settings of the control `label-shuffle`."""

    shuffles: int = Field(default=5, ge=3, le=9999)
    """How often the targets are shuffled and the model trained; 19 are the fewest that can give p 0.05."""

    seed: int = Field(default=0, ge=0)
    """Another one gives other shuffles; they also follow from the seed of the study."""


class TrainingSizeConfig(ComponentConfig):
    """Settings of the control `training-size`."""

    shares: list[Annotated[float, Field(gt=0, lt=1)]] = Field(default=[0.1, 0.25, 0.5], min_length=1, max_length=20)
    """Parts of the training rows; the whole is the model itself."""

    seed: int = Field(default=0, ge=0)
    """Another one gives other parts; they also follow from the seed of the study."""
