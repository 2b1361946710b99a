from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from sklearn.preprocessing import OrdinalEncoder

from sci.api import ConfigError, DataError, Dataset, Feature, Schema
from sci_tabular.config import OrdinalConfig
from sci_tabular.ordinal import Ordinal

NAMES = Feature("category", dtype="string")


def names(*values: str | None) -> Dataset:
    return Dataset({"size": pa.array(values, type=pa.large_string())}, Schema({"size": NAMES}, {"size": "input"}))


def whole(data: Dataset) -> dict:
    return data.batch(np.arange(len(data)))


def fitted(data: Dataset, **settings: object) -> Ordinal:
    step = Ordinal(OrdinalConfig(**settings), ("size",))
    step.fit(data)
    return step


def test_sorted_names_agree_with_scikit_learn() -> None:
    values = np.random.default_rng(4).choice(["S", "M", "L", "é", "中", "z"], 100)
    data = names(*values.tolist())

    found = fitted(data).transform(whole(data))["size"]

    np.testing.assert_array_equal(found, OrdinalEncoder().fit_transform(values[:, None].astype(object))[:, 0])
    assert found.dtype == np.int64


def test_a_declared_order_gives_the_codes_and_is_known_before_fit() -> None:
    data = names("L", "S")
    step = Ordinal(OrdinalConfig(order={"size": ["S", "M", "L"]}), ("size",))

    assert step.output_schema(data.schema).columns["size"] == Feature(
        "category", dtype="int64", size=3, values=("S", "M", "L")
    )
    step.fit(data)
    assert step.transform(whole(data))["size"].tolist() == [2, 0]


def test_unseen_and_missing_names_become_minus_one() -> None:
    assert fitted(names("a", "b")).transform(whole(names("c", None, "b")))["size"].tolist() == [-1, -1, 1]


def test_a_training_name_outside_the_order_is_an_error() -> None:
    with pytest.raises(DataError, match="`size` holds `XL`, which its order does not list"):
        fitted(names("S", "XL"), order={"size": ["S", "M"]})


def test_an_order_for_a_column_that_is_not_taken_is_refused() -> None:
    with pytest.raises(ConfigError, match="`colour`"):
        Ordinal(OrdinalConfig(order={"colour": ["a"]}), ("size",)).output_schema(names("a").schema)


def test_an_order_names_each_category_once() -> None:
    with pytest.raises(ValueError, match="once"):
        OrdinalConfig(order={"size": ["S", "S"]})


def test_codes_stay_as_they_are() -> None:
    feature = Feature("category", dtype="int64", size=2, values=("b", "a"))
    data = Dataset({"size": np.array([1, -1, 0])}, Schema({"size": feature}, {"size": "input"}))
    step = fitted(data)

    assert step.transform(whole(data))["size"].tolist() == [1, -1, 0]
    assert step.output_schema(data.schema).columns["size"] == feature


def test_a_column_without_names_is_an_error() -> None:
    with pytest.raises(DataError, match="`size` has no value"):
        fitted(names(None))
