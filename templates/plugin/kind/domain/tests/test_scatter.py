from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sci.api import Batch, ConfigError, DataError, Dataset, Feature, Schema, dataset

from {{ module }}.config import ScatterCorrectionConfig
from {{ module }}.scatter import ScatterCorrection

SHAPE = np.array([1.0, 3.0, 2.0, 5.0])


def spectra(values: Any) -> Dataset:
    array = np.asarray(values, dtype=np.float64)
    schema = Schema({"x": Feature("array", dtype="float64", shape=array.shape[1:])}, {"x": "input"})
    return Dataset({"x": array}, schema)


def rows(values: Any) -> Batch:
    return {"id": np.arange(len(values)), "x": np.asarray(values, dtype=np.float64)}


def fitted(values: Any, slope: bool = True) -> ScatterCorrection:
    step = ScatterCorrection(ScatterCorrectionConfig(slope=slope), ("x",))
    step.fit(spectra(values))
    return step


def test_shifted_and_stretched_spectra_become_the_mean_again() -> None:
    step = fitted([SHAPE, SHAPE])

    corrected = step.transform(rows([SHAPE * 2 + 3, SHAPE * 0.5 - 1, SHAPE]))["x"]

    np.testing.assert_allclose(corrected, [SHAPE] * 3)


def test_the_line_is_that_of_least_squares() -> None:
    random = np.random.default_rng(0)
    train, new = random.normal(size=(20, 6)), random.normal(size=(3, 6))
    mean = train.mean(axis=0)

    corrected = np.asarray(fitted(train).transform(rows(new))["x"])

    for spectrum, found in zip(new, corrected, strict=True):
        slope, offset = np.polyfit(mean, spectrum, 1)
        np.testing.assert_allclose(found, (spectrum - offset) / slope)


def test_the_baseline_alone_can_be_corrected() -> None:
    np.testing.assert_allclose(fitted([SHAPE], slope=False).transform(rows([SHAPE + 9]))["x"], [SHAPE - SHAPE.mean()])


def test_a_flat_spectrum_loses_its_baseline_only() -> None:
    corrected = np.asarray(fitted([SHAPE]).transform(rows([np.full(4, 7.0)]))["x"])

    assert np.isfinite(corrected).all()


def test_a_restored_step_does_the_same() -> None:
    step, other = fitted([SHAPE, SHAPE + 1]), ScatterCorrection(ScatterCorrectionConfig(), ("x",))
    other.load_state(step.state())

    np.testing.assert_array_equal(other.transform(rows([SHAPE**2]))["x"], step.transform(rows([SHAPE**2]))["x"])


def test_a_spectrum_with_a_gap_is_refused() -> None:
    with pytest.raises(DataError):
        fitted([SHAPE]).transform(rows([[1.0, np.nan, 2.0, 3.0]]))


def test_columns_that_are_no_spectra_are_refused() -> None:
    with pytest.raises(ConfigError):
        ScatterCorrection(ScatterCorrectionConfig(), ("a",)).output_schema(dataset({"a": [1.0]}).schema)
