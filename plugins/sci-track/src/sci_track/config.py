"""Settings of the trackers."""

from __future__ import annotations

from pydantic import Field

from sci.api import ComponentConfig


class CsvConfig(ComponentConfig):
    """What both trackers have."""

    every_steps: int = Field(default=1, ge=0)
    """One update in this many is written, counted from the beginning of training; 0 writes epochs only."""


class TensorBoardConfig(CsvConfig):
    """Settings of the tracker `tensorboard`."""

    figures: bool = True
    """Whether the figures of the run are added as images when it is finished."""
