from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits

from sci.api import ConfigError, DataError, Dataset, Feature, Schema
from sci_tabular.config import PixelsConfig
from sci_tabular.pixels import Pixels

NUMBER = Feature("number", dtype="float64")


def table(columns: dict) -> Dataset:
    return Dataset(columns, Schema(dict.fromkeys(columns, NUMBER), dict.fromkeys(columns, "input")))


def test_the_columns_of_the_digits_become_the_images_that_scikit_learn_gives() -> None:
    digits = load_digits()
    data = table(dict(zip(digits.feature_names, digits.data.T, strict=True)))
    step = Pixels(PixelsConfig(height=8, width=8, maximum=16), tuple(digits.feature_names))

    found = step.transform(data.batch(np.arange(len(data))))

    assert list(found) == ["id", "image"]
    assert found["image"].dtype == np.float32
    np.testing.assert_array_equal(found["image"][..., 0], (digits.images / 16).astype(np.float32))
    assert step.output_schema(data.schema).columns == {
        "image": Feature("image", dtype="float32", shape=(8, 8, 1), format="HWC-unit")
    }


def test_channels_are_innermost_and_other_columns_stay() -> None:
    data = table({name: np.array([float(i)]) for i, name in enumerate("abcdefg")})
    step = Pixels(PixelsConfig(height=1, width=2, channels=3, maximum=1, image="photo"), tuple("abcdef"))

    found = step.transform(data.batch(np.array([0])))

    np.testing.assert_array_equal(found["photo"], [[[[0, 1, 2], [3, 4, 5]]]])
    assert list(step.output_schema(data.schema).columns) == ["g", "photo"]
    assert step.output_schema(data.schema).roles["photo"] == "input"


def test_no_rows_make_no_images() -> None:
    data = table({"a": np.zeros(0), "b": np.zeros(0)})

    found = Pixels(PixelsConfig(height=2, width=1), ("a", "b")).transform(data.batch(np.zeros(0, dtype=np.int64)))

    assert found["image"].shape == (0, 2, 1, 1)


def test_a_wrong_number_of_columns_is_refused() -> None:
    data = table({"a": np.zeros(1), "b": np.zeros(1)})

    with pytest.raises(ConfigError, match="28 x 28 pixels of 1 channel are 784 numbers, and there are 2 columns"):
        Pixels(PixelsConfig(height=28, width=28), ("a", "b")).output_schema(data.schema)


def test_a_name_that_is_taken_is_refused() -> None:
    data = table({"a": np.zeros(1), "image": np.zeros(1)})

    with pytest.raises(ConfigError, match="there is a column `image` already"):
        Pixels(PixelsConfig(height=1, width=1), ("a",)).output_schema(data.schema)


def test_a_missing_pixel_is_refused_with_its_row() -> None:
    data = table({"a": np.array([1.0, 2.0]), "b": np.array([1.0, np.nan])})

    with pytest.raises(DataError, match="pixel `b` is missing in the row with id 1"):
        Pixels(PixelsConfig(height=1, width=2), ("a", "b")).transform(data.batch(np.arange(2)))
