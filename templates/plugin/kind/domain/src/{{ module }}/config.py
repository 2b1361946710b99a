"""Settings of {{ distribution }}."""

from __future__ import annotations

from pydantic import Field
from sci.api import ComponentConfig


class SpectraCsvConfig(ComponentConfig):
    """Settings of `spectra-csv`."""

    path: str
    """The file, relative to the experiment file. Columns whose names are numbers are wavelengths."""

    lowest: float | None = Field(default=None, ge=0)
    """Shorter wavelengths are left out, in the unit of the file."""

    highest: float | None = Field(default=None, gt=0)
    """Longer wavelengths are left out, in the unit of the file."""


class ScatterCorrectionConfig(ComponentConfig):
    """Settings of `scatter-correction`."""

    slope: bool = True
    """Whether the slope is corrected too, not the baseline alone."""


class BandNetworkConfig(ComponentConfig):
    """Settings of `band-network`."""

    hidden: int = Field(default=16, ge=1, le=4096)
    """Units of the hidden layer."""
