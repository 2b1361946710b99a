"""Multiplicative scatter correction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sci.api import Batch, ConfigError, DataError, Dataset, Preprocessor, SampleRandom, Schema, State

from {{ module }}.config import ScatterCorrectionConfig


class ScatterCorrection(Preprocessor):
    """Every spectrum as ``(x - a) / b``, where ``a + b m`` is the line that fits it best and m the training rows' mean.

    What grains scatter shifts and stretches a spectrum without telling of the substance. A spectrum without any slope
    against the mean loses its baseline only. Raises `ConfigError` for columns that are no arrays of one length, and
    `DataError` for spectra with gaps.
    """

    accepts = frozenset({"array"})
    config: ScatterCorrectionConfig

    def __init__(self, config: ScatterCorrectionConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._means: dict[str, np.ndarray] = {}

    def output_schema(self, schema: Schema) -> Schema:
        for name in self.columns:
            feature = schema.columns[name]
            if feature.kind != "array" or feature.ragged or len(feature.shape) != 1:
                raise ConfigError(f"column `{name}` is {feature.kind}, and this step reads spectra", id="flow.kind")
        corrected = {name: replace(schema.columns[name], dtype="float64") for name in self.columns}
        return replace(schema, columns={**schema.columns, **corrected})

    def fit(self, train: Dataset) -> None:
        for name in self.columns:
            total, count = 0.0, 0
            for batch in train.batches():
                spectra = _spectra(batch, name)
                total, count = total + spectra.sum(axis=0), count + len(spectra)
            if not count:
                raise DataError(f"column `{name}` has no value in any training row", id="data.empty-column")
            self._means[name] = np.asarray(total / count)

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        return {**batch, **{name: self._corrected(_spectra(batch, name), name) for name in self.columns}}

    def _corrected(self, spectra: np.ndarray, name: str) -> np.ndarray:
        centered = self._means[name] - self._means[name].mean()
        variance = float((centered * centered).sum())
        slopes = (spectra * centered).sum(axis=1, keepdims=True) / (variance or 1.0)
        offsets = spectra.mean(axis=1, keepdims=True) - slopes * self._means[name].mean()
        if not self.config.slope:
            return spectra - spectra.mean(axis=1, keepdims=True)
        return (spectra - offsets) / np.where(slopes == 0.0, 1.0, slopes)

    def state(self) -> State:
        """The mean spectrum of each column, float64 [k]."""
        return State(arrays={f"mean.{name}": mean for name, mean in self._means.items()})

    def load_state(self, state: State) -> None:
        self._means = {name: state.arrays[f"mean.{name}"] for name in self.columns}


def _spectra(batch: Batch, name: str) -> np.ndarray:
    """float64 [n, k]."""
    spectra = np.asarray(batch[name], dtype=np.float64)
    if not np.isfinite(spectra).all():
        raise DataError(f"a spectrum of column `{name}` has gaps", id="data.missing-input")
    return spectra
