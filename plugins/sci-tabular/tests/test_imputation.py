from __future__ import annotations

import os
import pathlib

import numpy as np
import pyarrow as pa
import pytest
from sklearn.impute import SimpleImputer

from sci.api import ConfigError, DataError, Dataset, Feature, Schema
from sci_tabular.config import ImputeConfig
from sci_tabular.imputation import Impute

NUMBER = Feature("number", dtype="float64")
NAMES = Feature("category", dtype="string")
FLAG = Feature("boolean", dtype="int64")
CODES = Feature("category", dtype="int64", size=3, values=("a", "b", "c"))


def table(features: dict[str, Feature], **columns: object) -> Dataset:
    return Dataset(columns, Schema(features, dict.fromkeys(columns, "input")))


def names(*values: str | None) -> pa.Array:
    return pa.array(values, type=pa.large_string())


def whole(data: Dataset) -> dict:
    return data.batch(np.arange(len(data)))


def fitted(data: Dataset, **settings: object) -> Impute:
    step = Impute(ImputeConfig(**settings), tuple(data.schema.columns))
    step.fit(data)
    return step


@pytest.mark.parametrize("strategy", ["mean", "median", "most-frequent"])
def test_numbers_agree_with_scikit_learn(strategy: str) -> None:
    random = np.random.default_rng(8)
    values = np.round(random.gamma(2.0, 3.0, (500, 3)))
    values[random.random(values.shape) < 0.2] = np.nan
    data = table(dict.fromkeys("abc", NUMBER), **dict(zip("abc", values.T, strict=True)))

    found = fitted(data, strategy=strategy).transform(whole(data))

    expected = SimpleImputer(strategy=strategy.replace("-", "_"), add_indicator=True).fit_transform(values)
    columns = [found[name] for name in ("a", "b", "c", "a.missing", "b.missing", "c.missing")]
    np.testing.assert_allclose(np.stack(columns, axis=1), expected, rtol=1e-12)


def test_indicators_are_known_after_fit_and_only_where_values_were_missing() -> None:
    data = table({"a": NUMBER, "b": NUMBER}, a=np.array([1.0, np.nan]), b=np.array([1.0, 2.0]))
    step = Impute(ImputeConfig(), ("a", "b"))

    before = step.output_schema(data.schema)
    step.fit(data)
    after = step.output_schema(data.schema)

    assert list(before.columns) == ["a", "b"]
    assert list(after.columns) == ["a", "b", "a.missing"]
    assert after.columns["a.missing"] == Feature("boolean", dtype="int64")
    assert after.roles["a.missing"] == "input"


def test_a_value_missing_in_new_rows_only_is_filled_without_an_indicator() -> None:
    step = fitted(table({"b": NUMBER}, b=np.array([1.0, 3.0])))

    found = step.transform({"b": np.array([np.nan]), "id": np.array([0])})

    assert found["b"].tolist() == [2.0]
    assert "b.missing" not in found


def test_indicators_can_be_left_out() -> None:
    data = table({"a": NUMBER}, a=np.array([1.0, np.nan]))
    step = fitted(data, indicators=False)

    assert list(step.transform(whole(data))) == ["a", "id"]
    assert list(step.output_schema(data.schema).columns) == ["a"]


def test_booleans_get_the_most_frequent_value() -> None:
    data = table({"smoker": FLAG}, smoker=np.array([1, -1, 1, 0]))

    found = fitted(data).transform(whole(data))

    assert found["smoker"].tolist() == [1, 1, 1, 0]
    assert found["smoker.missing"].tolist() == [0, 1, 0, 0]


def test_category_names_get_a_category_of_their_own() -> None:
    data = table({"city": NAMES}, city=names("Rome", None, "Oslo"))

    found = fitted(data).transform(whole(data))

    assert found["city"].to_pylist() == ["Rome", "missing", "Oslo"]
    assert "city.missing" not in found


def test_the_most_frequent_category_wins_and_ties_go_to_the_first_name() -> None:
    data = table({"city": NAMES}, city=names("Rome", None, "Oslo", "Rome", "Oslo"))

    found = fitted(data, strategy="most-frequent").transform(whole(data))

    assert found["city"].to_pylist() == ["Rome", "Oslo", "Oslo", "Rome", "Oslo"]
    assert found["city.missing"].tolist() == [0, 1, 0, 0, 0]


def test_codes_get_a_new_code_at_the_end() -> None:
    data = table({"grade": CODES}, grade=np.array([0, -1, 2]))
    step = fitted(data)

    feature = step.output_schema(data.schema).columns["grade"]

    assert step.transform(whole(data))["grade"].tolist() == [0, 3, 2]
    assert (feature.size, feature.values) == (4, ("a", "b", "c", "missing"))


def test_codes_that_already_name_the_missing_keep_their_names() -> None:
    feature = Feature("category", dtype="int64", size=2, values=("missing", "x"))
    data = table({"grade": feature}, grade=np.array([1, -1]))
    step = fitted(data)

    assert step.output_schema(data.schema).columns["grade"] == feature
    assert step.transform(whole(data))["grade"].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("feature", "column", "value", "expected"),
    [
        (NUMBER, np.array([5.0, np.nan]), 0, [5.0, 0.0]),
        (FLAG, np.array([1, -1]), False, [1, 0]),
        (NAMES, names("x", None), "unknown", ["x", "unknown"]),
        (CODES, np.array([2, -1]), "b", [2, 1]),
    ],
)
def test_a_constant_fills_every_kind(feature: Feature, column: object, value: object, expected: list) -> None:
    data = table({"a": feature}, a=column)

    found = fitted(data, strategy="constant", value=value).transform(whole(data))["a"]

    assert (found.tolist() if isinstance(found, np.ndarray) else found.to_pylist()) == expected


@pytest.mark.parametrize(("feature", "value"), [(NUMBER, "x"), (NUMBER, True), (FLAG, 2.0), (NAMES, 0.0)])
def test_a_constant_of_the_wrong_kind_is_refused_before_fit(feature: Feature, value: object) -> None:
    schema = Schema({"a": feature}, {"a": "input"})

    with pytest.raises(ConfigError, match="column `a`"):
        Impute(ImputeConfig(strategy="constant", value=value), ("a",)).output_schema(schema)


@pytest.mark.parametrize("settings", [{"strategy": "constant"}, {"strategy": "mean", "value": 3.0}])
def test_value_and_constant_go_together(settings: dict) -> None:
    with pytest.raises(ValueError, match="go together"):
        ImputeConfig(**settings)


@pytest.mark.parametrize("strategy", ["mean", "median", "most-frequent"])
@pytest.mark.parametrize(
    ("feature", "column"), [(NUMBER, np.full(2, np.nan)), (FLAG, np.array([-1, -1])), (NAMES, names(None, None))]
)
def test_a_column_missing_everywhere_is_an_error(strategy: str, feature: Feature, column: object) -> None:
    with pytest.raises(DataError, match="`weight` has no value") as caught:
        fitted(table({"weight": feature}, weight=column), strategy=strategy)

    assert caught.value.id == "data.empty-column"


@pytest.mark.parametrize("strategy", ["mean", "median", "most-frequent"])
def test_an_infinite_number_is_an_error(strategy: str) -> None:
    with pytest.raises(DataError, match="`weight`") as caught:
        fitted(table({"weight": NUMBER}, weight=np.array([1.0, np.inf])), strategy=strategy)

    assert caught.value.id == "data.overflow"


def test_a_mean_that_overflows_is_an_error() -> None:
    with pytest.raises(DataError, match="too large"):
        fitted(table({"weight": NUMBER}, weight=np.full(3, 1.7e308)))


def test_a_target_is_never_filled() -> None:
    schema = Schema({"y": NUMBER}, {"y": "target"}, {"target": "y"})

    with pytest.raises(ConfigError, match="`y` is a target"):
        Impute(ImputeConfig(), ("y",)).output_schema(schema)


def test_the_seven_gaps_of_the_heart_data_are_filled() -> None:
    root = os.environ.get("SCI_REFERENCE_DATA")
    if not root:
        pytest.skip("SCI_REFERENCE_DATA names no folder, and heart_cleveland/heart.c.arff lies there")
    text = (pathlib.Path(root) / "heart_cleveland" / "heart.c.arff").read_text()
    rows = [line.split(",") for line in text.split("@data")[1].splitlines() if line.count(",") == 13]
    vessels = np.array([float("nan") if row[11] == "?" else float(row[11]) for row in rows])
    thal = names(*(None if row[12] == "?" else row[12] for row in rows))
    data = table({"vessels": NUMBER, "thal": NAMES}, vessels=vessels, thal=thal)

    found = fitted(data, strategy="median").transform(whole(data))

    assert len(rows) == 303
    assert found["vessels.missing"].sum() == 5
    assert not np.isnan(found["vessels"]).any()
    assert found["thal"].to_pylist().count("missing") == 2
