"""Settings of {{ distribution }}."""

from __future__ import annotations

from pydantic import Field
from sci.api import ComponentConfig


class WinsorizeConfig(ComponentConfig):
    """Settings of `{{ component }}`."""

    lower: float = Field(default=0.01, ge=0, lt=0.5)
    """The quantile of the training rows that smaller values become."""

    upper: float = Field(default=0.99, gt=0.5, le=1)
    """The quantile of the training rows that larger values become."""
