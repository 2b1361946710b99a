"""Settings of {{ distribution }}."""

from __future__ import annotations

from pydantic import Field
from sci.api import ComponentConfig


class GatedConfig(ComponentConfig):
    """Settings of `{{ component }}`."""

    hidden: int = Field(default=16, ge=1, le=4096)
    """Number of gated units."""
