"""Settings of {{ distribution }}."""

from __future__ import annotations

from pydantic import Field
from sci.api import ComponentConfig


class EngineConfig(ComponentConfig):
    """Settings of engine `{{ component }}`."""

    block: int = Field(default=256, ge=1)
    """Rows whose distances are computed together; more are faster and take more memory."""


class NeighborsConfig(ComponentConfig):
    """Settings of `k-nearest`."""

    neighbors: int = Field(default=5, ge=1)
    """How many rows answer together; all of them where there are fewer."""

    smoothing: float = Field(default=1.0, gt=0)
    """Votes that each class has before any row has voted; keeps probabilities away from 0."""
