"""Settings of {{ distribution }}."""

from __future__ import annotations

from pydantic import Field
from sci.api import ComponentConfig


class SqlConfig(ComponentConfig):
    """Settings of `{{ component }}`."""

    table: str = Field(default="rows", min_length=1)
    """The table that holds the rows, with a column `id`."""

    tolerance: float = Field(default=1e-6, gt=0)
    """By how much the query may differ from the model, relative to the largest prediction that was tried."""
