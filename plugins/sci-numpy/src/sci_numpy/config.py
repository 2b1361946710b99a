"""Settings of the engine, its models, losses and baselines."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sci.api import ComponentConfig


class NumpyConfig(ComponentConfig):
    """Settings of engine numpy."""

    threads: int = Field(default=1, ge=1)
    """Threads of the matrix products; with another number the last digits of a result may differ."""


class LeastSquaresConfig(ComponentConfig):
    """Settings of `least-squares`."""

    l2: float = Field(default=0.0, ge=0)
    """Times the sum of squared weights is added to the mean squared error (ridge); the intercept is left out of it."""

    intercept: bool = True
    """Whether there is a constant term."""


class LinearConfig(ComponentConfig):
    """Settings of `linear`, `logistic` and `softmax`."""

    l2: float = Field(default=0.0, ge=0)
    """Times the sum of squared weights is added to the mean loss; the intercept is left out of it."""

    intercept: bool = True
    """Whether there is a constant term."""

    initial_scale: float = Field(default=0.0, ge=0)
    """Standard deviation of the normal distribution that the first weights are drawn from; at 0 they start at zero."""


class ConstantConfig(ComponentConfig):
    """Settings of `constant`."""

    center: Literal["mean", "median"] = "mean"
    """What is predicted of a number; classes are predicted by their frequencies."""


class HuberConfig(ComponentConfig):
    """Settings of `huber`."""

    delta: float = Field(default=1.0, gt=0)
    """Size of an error, in the unit that the model predicts, from which on the loss grows in a straight line."""


class CrossEntropyConfig(ComponentConfig):
    """Settings of `cross-entropy`."""

    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of the probability that is asked for all classes alike instead of the true one (Szegedy et al. 2016,
    doi:10.1109/CVPR.2016.308); the validation loss has it, too."""


class LinearBaselineConfig(ComponentConfig):
    """Settings of baseline `linear`."""

    l2: float = Field(default=1e-4, ge=0)
    """Times the sum of squared weights is added to the mean loss: little, but enough where inputs outnumber rows."""

    epochs: int = Field(default=100, ge=1)
    """Passes over the training rows, for classification; regression is solved in closed form."""

    learning_rate: float = Field(default=0.1, gt=0)
    """Learning rate of Adam at the start, for classification; it falls along a cosine."""
