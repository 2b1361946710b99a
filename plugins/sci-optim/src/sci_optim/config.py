"""Settings of the optimizers and schedules, with one meaning on every engine."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator

from sci.api import ComponentConfig


def _fraction_or_count(value: float) -> float:
    if value >= 1 and value != int(value):
        raise ValueError("is neither a fraction below 1 nor a whole number of updates")
    return value


Span = Annotated[float, AfterValidator(_fraction_or_count)]
"""A stretch of training: a fraction of all updates when below 1, otherwise a whole number of updates."""

Unit = Annotated[float, Field(ge=0, lt=1)]
"""A number from 0 to below 1: a momentum, or how much of a running mean is kept at each update."""


class OptimizerConfig(ComponentConfig):
    """What every optimizer has."""

    learning_rate: float = Field(default=0.01, gt=0)
    """Size of an update; the schedule multiplies it."""


class DecayConfig(OptimizerConfig):
    """What every optimizer with weight decay has."""

    weight_decay: float = Field(default=0.0, ge=0)
    """Strength of the pull of the weights towards zero."""

    no_decay: tuple[str, ...] = ("*bias*", "*norm*")
    """Patterns of the names of parameters that are not decayed; upper and lower case are alike."""

    def decay_of(self, name: str) -> float:
        """The weight decay of one parameter: 0 where a pattern of `no_decay` fits its name."""
        spared = any(fnmatchcase(name.lower(), pattern.lower()) for pattern in self.no_decay)
        return 0.0 if spared else self.weight_decay


class GradientDescentConfig(OptimizerConfig):
    """Plain gradient descent."""

    learning_rate: float = Field(default=0.1, gt=0)
    """Size of an update; the schedule multiplies it."""


class SgdConfig(DecayConfig):
    """Stochastic gradient descent with momentum."""

    momentum: Unit = 0.0
    """How much of the previous direction is kept."""

    dampening: float = Field(default=0.0, ge=0, le=1)
    """How much of the new gradient is left out of the direction; the first update takes all of it."""

    nesterov: bool = False
    """Look ahead along the direction before stepping; needs a momentum and no dampening."""

    @model_validator(mode="after")
    def _lookahead_has_momentum(self) -> Self:
        if self.nesterov and (self.momentum == 0 or self.dampening != 0):
            raise ValueError("nesterov needs a momentum above 0 and no dampening")
        return self


class MomentumConfig(DecayConfig):
    """Gradient descent with a velocity: sgd under the name of its momentum."""

    nesterov: ClassVar[bool] = False

    momentum: float = Field(default=0.9, gt=0, lt=1)
    """How much of the previous direction is kept."""

    dampening: float = Field(default=0.0, ge=0, le=1)
    """How much of the new gradient is left out of the direction; the first update takes all of it."""


class NesterovConfig(DecayConfig):
    """Gradient descent with a velocity that looks ahead along itself: sgd with `nesterov`."""

    nesterov: ClassVar[bool] = True
    dampening: ClassVar[float] = 0.0

    momentum: float = Field(default=0.9, gt=0, lt=1)
    """How much of the previous direction is kept."""


VelocityConfig = SgdConfig | MomentumConfig | NesterovConfig
"""Settings of gradient descent with momentum under its three names; all have momentum, dampening and nesterov."""


class AdagradConfig(DecayConfig):
    """Adagrad."""

    epsilon: float = Field(default=1e-10, gt=0)
    """Added to the root of the sum of squared gradients."""

    initial_accumulator: float = Field(default=0.0, ge=0)
    """Where the sum of squared gradients starts."""


class RmspropConfig(DecayConfig):
    """RMSprop."""

    alpha: Unit = 0.99
    """How much of the mean squared gradient is kept at each update."""

    epsilon: float = Field(default=1e-8, gt=0)
    """Added to the root of the mean squared gradient."""

    momentum: Unit = 0.0
    """How much of the previous direction is kept."""


class AdamConfig(DecayConfig):
    """Adam; the decay is part of the gradient."""

    learning_rate: float = Field(default=1e-3, gt=0)
    """Size of an update; the schedule multiplies it."""

    betas: tuple[Unit, Unit] = (0.9, 0.999)
    """How much of the mean gradient and of the mean squared gradient is kept at each update."""

    epsilon: float = Field(default=1e-8, gt=0)
    """Added to the root of the bias-corrected mean squared gradient."""


class AdamWConfig(AdamConfig):
    """AdamW; the decay acts on the weights, apart from the gradient."""

    weight_decay: float = Field(default=0.01, ge=0)
    """Share of a weight that an update takes away, times the learning rate of that update."""


class LionConfig(DecayConfig):
    """Lion; the decay acts on the weights, apart from the gradient."""

    learning_rate: float = Field(default=1e-4, gt=0)
    """Size of an update: every element moves by it; the schedule multiplies it."""

    betas: tuple[Unit, Unit] = (0.9, 0.99)
    """How much of the mean gradient is kept for the direction of an update, and how much after it."""


class ScheduleConfig(ComponentConfig):
    """What every schedule has."""

    warmup: Span = Field(default=0.0, ge=0)
    """Updates over which the rate rises in a straight line: a fraction of all updates below 1, else their number."""


class ConstantConfig(ScheduleConfig):
    """The full rate, after the warm-up."""


class StepConfig(ScheduleConfig):
    """A rate that falls at regular intervals."""

    every: Span = Field(default=0.25, gt=0)
    """Updates between two falls: a fraction of the updates after the warm-up below 1, else their number."""

    gamma: float = Field(default=0.1, gt=0, le=1)
    """What multiplies the rate at each fall."""


class CosineConfig(ScheduleConfig):
    """A rate that falls along half a cosine."""

    minimum: float = Field(default=0.0, ge=0, le=1)
    """Factor that the rate has fallen to when training ends."""


class LinearConfig(ScheduleConfig):
    """A rate that falls, or rises, in a straight line."""

    end: float = Field(default=0.0, ge=0)
    """Factor that the rate has come to when training ends."""


class OneCycleConfig(ScheduleConfig):
    """A rate that rises once and falls once, both along half a cosine."""

    warmup: Span = Field(default=0.3, ge=0)
    """Updates over which the rate rises: a fraction of all updates below 1, else their number."""

    start: float = Field(default=0.04, gt=0, le=1)
    """Factor of the first update."""

    end: float = Field(default=4e-6, ge=0, le=1)
    """Factor of the last update."""


class WarmUpConfig(ScheduleConfig):
    """A rate that rises in a straight line and then stays."""

    warmup: Span = Field(default=0.1, ge=0)
    """Updates over which the rate rises: a fraction of all updates below 1, else their number."""


class ReduceOnPlateauConfig(ScheduleConfig):
    """A rate that falls when the validation value no longer improves."""

    gamma: float = Field(default=0.1, gt=0, lt=1)
    """What multiplies the rate at each fall."""

    patience: int = Field(default=10, ge=0)
    """How many validation values without improvement are borne; the next one lets the rate fall."""

    threshold: float = Field(default=1e-4, ge=0)
    """Share of the best value by which a value must be better to count as an improvement."""

    minimum: float = Field(default=0.0, ge=0, le=1)
    """Factor below which the rate does not fall."""
