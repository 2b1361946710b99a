from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from sklearn.preprocessing import OneHotEncoder

from sci.api import ConfigError, DataError, Dataset, Feature, Schema
from sci_tabular.config import OneHotConfig
from sci_tabular.one_hot import OneHot

NAMES = Feature("category", dtype="string")


def table(feature: Feature, column: object) -> Dataset:
    return Dataset({"city": column}, Schema({"city": feature}, {"city": "input"}))


def names(*values: str | None) -> Dataset:
    return table(NAMES, pa.array(values, type=pa.large_string()))


def whole(data: Dataset) -> dict:
    return data.batch(np.arange(len(data)))


def fitted(data: Dataset, **settings: object) -> OneHot:
    step = OneHot(OneHotConfig(**settings), ("city",))
    step.fit(data)
    return step


@pytest.mark.parametrize(("drop", "reference"), [("none", None), ("first", "first")])
def test_names_agree_with_scikit_learn(drop: str, reference: str | None) -> None:
    values = np.random.default_rng(2).choice(["Oslo", "Zürich", "上海", "", "oslo", "<script>"], 200)
    data = names(*values.tolist())

    found = fitted(data, drop=drop).transform(whole(data))["city"]

    encoder = OneHotEncoder(drop=reference, sparse_output=False, dtype=np.float32)
    np.testing.assert_array_equal(found, encoder.fit_transform(values[:, None].astype(object)))
    assert found.dtype == np.float32


def test_codes_become_the_categories_that_training_rows_hold() -> None:
    feature = Feature("category", dtype="int64", size=4, values=("low", "mid", "high", "never"))
    data = table(feature, np.array([2, 0, -1, 1, 0]))
    step = fitted(data)

    assert step.output_schema(data.schema).columns["city"].values == ("low", "mid", "high")
    assert step.transform(whole(data))["city"].tolist() == [[0, 0, 1], [1, 0, 0], [0, 0, 0], [0, 1, 0], [1, 0, 0]]
    assert step.transform({"city": np.array([3]), "id": np.array([0])})["city"].tolist() == [[0, 0, 0]]


def test_unseen_and_missing_are_all_zeros() -> None:
    step = fitted(names("a", "b"))

    assert step.transform(whole(names("c", None, "b")))["city"].tolist() == [[0, 0], [0, 0], [0, 1]]


def test_missing_can_have_a_place_of_its_own() -> None:
    data = names("a", None, "b")
    step = fitted(data, missing=True)

    assert step.output_schema(data.schema).columns["city"].values == ("a", "b", "missing")
    assert step.transform(whole(names(None, "a", "c")))["city"].tolist() == [[0, 0, 1], [1, 0, 0], [0, 0, 0]]


def test_the_first_category_can_be_left_out_beside_the_missing_one() -> None:
    step = fitted(names("a", None, "b"), missing=True, drop="first")

    assert step.transform(whole(names(None, "a", "b")))["city"].tolist() == [[0, 1], [0, 0], [1, 0]]


@pytest.mark.parametrize(
    ("train", "new"),
    [
        (names("a", "b"), names("b", None, "Paris")),
        (
            table(Feature("category", dtype="int64"), np.array([1, 2])),
            table(Feature("category", dtype="int64"), np.array([2, -1, 7])),
        ),
    ],
)
def test_unseen_can_be_an_error_that_names_the_category(train: Dataset, new: Dataset) -> None:
    step = fitted(train, unseen="error")

    with pytest.raises(DataError, match=r"`city` holds `(Paris|7)`") as caught:
        step.transform(whole(new))

    assert caught.value.id == "data.unseen-category"


def test_too_many_categories_are_an_error_that_counts_them() -> None:
    with pytest.raises(DataError, match=r"`city` has 1,200 categories .* up to 1,000"):
        fitted(names(*(str(number) for number in range(1200))))


def test_a_column_without_categories_is_an_error() -> None:
    with pytest.raises(DataError, match="`city` has no value"):
        fitted(names(None, None))


def test_a_number_column_is_refused() -> None:
    schema = Schema({"city": Feature("number")}, {"city": "input"})

    with pytest.raises(ConfigError, match="one-hot reads categories, but column `city` is number"):
        OneHot(OneHotConfig(), ("city",)).output_schema(schema)


def test_the_width_is_unknown_before_fit() -> None:
    data = names("a", "b")

    assert OneHot(OneHotConfig(), ("city",)).output_schema(data.schema).columns["city"].shape == (None,)
    assert fitted(data).output_schema(data.schema).columns["city"].shape == (2,)
