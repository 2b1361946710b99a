"""The learning rate over the updates of a training, for every engine."""

from __future__ import annotations

import abc
import math
from typing import Generic, TypeVar

from sci_optim.config import ConstantConfig, CosineConfig, LinearConfig, OneCycleConfig, ScheduleConfig, StepConfig

Config = TypeVar("Config", bound=ScheduleConfig)


def updates(span: float, total: int) -> int:
    """How many updates a span is: its fraction of `total`, rounded, when below 1; otherwise the span itself."""
    return round(span * total) if span < 1 else int(span)


def half_cosine(first: float, last: float, done: float) -> float:
    """From `first` to `last` along half a cosine; `done` is the part of the way, from 0 to 1."""
    return last + (first - last) * (1 + math.cos(math.pi * done)) / 2


class Schedule(abc.ABC, Generic[Config]):
    """A straight rise over the warm-up, then what the schedule says.

    The rise ends at the full rate with its last update, and its first update already has a part of it: with 4 updates
    the factors are 1/4, 2/4, 3/4, 1.
    """

    def __init__(self, config: Config) -> None:
        self.config = config

    def factor(self, step: int, total: int) -> float:
        """What multiplies every learning rate at this step (0 <= step < total)."""
        warmup = updates(self.config.warmup, total)
        if step < warmup:
            return self.rise(step, warmup)
        return self.after(step - warmup, total - warmup)

    def rise(self, step: int, warmup: int) -> float:
        """The factor within the warm-up (0 <= step < warmup)."""
        return (step + 1) / warmup

    @abc.abstractmethod
    def after(self, step: int, total: int) -> float:
        """The factor, counted from the end of the warm-up (0 <= step < total)."""


class Constant(Schedule[ConstantConfig]):
    """1."""

    def after(self, step: int, total: int) -> float:
        return 1.0


class Stairs(Schedule[StepConfig]):
    """``gamma`` to the power of the falls so far."""

    def after(self, step: int, total: int) -> float:
        every = max(updates(self.config.every, total), 1)
        return float(self.config.gamma ** (step // every))


class Cosine(Schedule[CosineConfig]):
    """Half a cosine from 1 to `minimum`, which is reached when the last update is done: no update is wasted on rate 0.

    One period of Loshchilov and Hutter 2017, without restarts.
    """

    def after(self, step: int, total: int) -> float:
        return half_cosine(1.0, self.config.minimum, step / total)


class Linear(Schedule[LinearConfig]):
    """A straight line from 1 to `end`, which is reached when the last update is done."""

    def after(self, step: int, total: int) -> float:
        return 1 + (self.config.end - 1) * step / total


class OneCycle(Schedule[OneCycleConfig]):
    """Half a cosine from `start` to 1 over the warm-up, another from 1 to `end` over what is left.

    Smith and Topin 2019, in the form of PyTorch's OneCycleLR: the first update has `start`, the last of the warm-up 1,
    the last of all `end`. The momentum is left alone.
    """

    def rise(self, step: int, warmup: int) -> float:
        return half_cosine(self.config.start, 1.0, step / (warmup - 1)) if warmup > 1 else 1.0

    def after(self, step: int, total: int) -> float:
        return half_cosine(1.0, self.config.end, (step + 1) / total)
