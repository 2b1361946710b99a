"""Spectra from csv files."""

from __future__ import annotations

import pathlib
import re

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
from sci.api import DataError, Dataset, Place, RunContext, dataset

from {{ module }}.config import SpectraCsvConfig

WAVELENGTH = re.compile(r"\d+(\.\d+)?", re.ASCII)
SPECTRUM = "spectrum"


class SpectraCsv:
    """Reads a csv file with a column for each wavelength.

    Columns whose names are numbers become one column `spectrum`, an array in the order of the wavelengths; the others
    stay as they are.

    Args:
        config: the file, and which wavelengths are taken.
    """

    def __init__(self, config: SpectraCsvConfig) -> None:
        self.config = config

    def read(self, context: RunContext) -> Dataset:
        """All rows.

        Raises:
            DataError: the file is no csv, has no wavelengths in the range, or a spectrum has gaps.
        """
        path = context.resolve(self.config.path)
        try:
            table = pc.read_csv(path)
        except pa.ArrowInvalid as error:
            raise DataError(f"`{path.name}` is no csv file: {error}", id="data.type", where=Place(str(path))) from None
        known = {name for name in table.column_names if WAVELENGTH.fullmatch(name)}
        taken = sorted((name for name in known if self._is_taken(float(name))), key=float)
        if not taken or not table.num_rows:
            missing = "rows" if taken else "columns of wavelengths in the range"
            raise DataError(f"`{path.name}` has no {missing}", id="data.empty", where=Place(str(path)))
        others = {name: table.column(name) for name in table.column_names if name not in known}
        values = np.stack([self._absorbed(table.column(name), name, path) for name in taken], axis=1)
        spectra = pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), len(taken))
        return dataset(pa.table({**others, SPECTRUM: spectra}))

    def _is_taken(self, wavelength: float) -> bool:
        lowest, highest = self.config.lowest, self.config.highest
        return (lowest is None or wavelength >= lowest) and (highest is None or wavelength <= highest)

    def _absorbed(self, column: pa.ChunkedArray, name: str, path: pathlib.Path) -> np.ndarray:
        """float64 [n]; a spectrum with a gap is no spectrum."""
        numeric = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
        values = column.to_numpy().astype(np.float64) if numeric else np.full(len(column), np.nan)
        wrong = np.flatnonzero(~np.isfinite(values))
        if len(wrong):
            line = int(wrong[0]) + 2
            raise DataError(
                f"line {line} of `{path.name}` has no number at wavelength {name}",
                id="data.missing-input",
                where=Place(str(path), line),
            )
        return values
