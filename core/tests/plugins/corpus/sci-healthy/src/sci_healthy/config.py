"""Settings."""

from __future__ import annotations

from pydantic import Field

from sci.api import ComponentConfig


class HealthyConfig(ComponentConfig):
    scale: float = Field(1.0, gt=0, le=10)
    """How much."""
