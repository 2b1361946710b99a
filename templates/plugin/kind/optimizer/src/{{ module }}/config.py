"""Settings of {{ distribution }}."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sci.api import ComponentConfig

Share = Annotated[float, Field(ge=0, lt=1)]


class AdaBeliefConfig(ComponentConfig):
    """Settings of `{{ component }}`."""

    learning_rate: float = Field(default=1e-3, gt=0)
    """Size of a step; a schedule multiplies it."""

    betas: tuple[Share, Share] = (0.9, 0.999)
    """How slowly the mean of the gradients, and that of their squared distance from it, forget."""

    epsilon: float = Field(default=1e-16, gt=0)
    """Keeps the divisor away from 0."""
