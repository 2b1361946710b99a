from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sci.api import Batch, ConfigError, DataError, dataset

from {{ module }}.config import WinsorizeConfig
from {{ module }}.winsorize import Winsorize

COLUMN = np.arange(101.0)
"""Its quantile q is 100 q."""


def fitted(values: Any, **settings: float) -> Winsorize:
    step = Winsorize(WinsorizeConfig(**settings), ("x",))
    step.fit(dataset({"x": values}))
    return step


def rows(*values: float) -> Batch:
    return {"id": np.arange(len(values)), "x": np.array(values)}


def transformed(step: Winsorize, batch: Batch) -> np.ndarray:
    return np.asarray(step.transform(batch)["x"])


def test_values_beyond_the_quantiles_of_the_training_rows_become_them() -> None:
    step = fitted(COLUMN, lower=0.1, upper=0.8)

    assert transformed(step, rows(-1e9, 10.0, 50.0, 80.0, 81.0)).tolist() == [10.0, 10.0, 50.0, 80.0, 80.0]


def test_what_is_missing_stays_missing_and_teaches_nothing() -> None:
    step = fitted(np.append(COLUMN, [np.nan, np.inf]), lower=0.1, upper=0.8)

    found = transformed(step, rows(np.nan, np.inf, -np.inf))

    assert np.isnan(found[0])
    assert found[1:].tolist() == [80.0, 10.0]


def test_a_row_does_not_depend_on_the_others() -> None:
    step = fitted(COLUMN)
    values = np.random.default_rng(0).normal(50, 100, 20)

    together = transformed(step, rows(*values))

    assert together.tolist() == [transformed(step, rows(value))[0] for value in values]


def test_the_batch_is_left_as_it_is() -> None:
    values = np.array([1e9])
    values.flags.writeable = False

    fitted(COLUMN).transform({"id": np.array([0]), "x": values})

    assert values.tolist() == [1e9]


def test_a_restored_step_does_the_same() -> None:
    step, other = fitted(COLUMN, lower=0.3), Winsorize(WinsorizeConfig(lower=0.3), ("x",))
    other.load_state(step.state())

    assert transformed(other, rows(0.0, 200.0)).tolist() == transformed(step, rows(0.0, 200.0)).tolist()


def test_a_column_of_text_is_refused() -> None:
    with pytest.raises(ConfigError):
        Winsorize(WinsorizeConfig(), ("x",)).output_schema(dataset({"x": ["a"]}).schema)


def test_a_column_without_values_is_refused() -> None:
    with pytest.raises(DataError):
        fitted(pa.array([None, None], type=pa.float64()))
