from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_wine
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from sci.api import ComponentConfig, ConfigError, DataError, Dataset, Feature, Schema
from sci_tabular.config import MinMaxConfig
from sci_tabular.scaling import MinMax, ScaleTarget, Standardize

NUMBER = Feature("number", dtype="float64", unit="cm")


def table(**columns: np.ndarray) -> Dataset:
    features = {
        name: NUMBER if values.ndim == 1 else Feature("array", dtype=str(values.dtype), shape=values.shape[1:])
        for name, values in columns.items()
    }
    return Dataset(columns, Schema(features, dict.fromkeys(columns, "input")))


def standardize(train: Dataset) -> Standardize:
    step = Standardize(ComponentConfig(), tuple(train.schema.columns))
    step.fit(train)
    return step


def min_max(train: Dataset, **settings: object) -> MinMax:
    step = MinMax(MinMaxConfig(**settings), tuple(train.schema.columns))
    step.fit(train)
    return step


def whole(data: Dataset) -> dict:
    return data.batch(np.arange(len(data)))


def with_gaps(seed: int, shape: tuple[int, ...]) -> np.ndarray:
    random = np.random.default_rng(seed)
    values = random.normal(50.0, 7.0, shape)
    values[random.random(shape) < 0.1] = np.nan
    return values


def test_standardize_agrees_with_scikit_learn_on_wine() -> None:
    wine = load_wine().data
    data = table(**{f"x{column}": wine[:, column] for column in range(wine.shape[1])})

    found = standardize(data).transform(whole(data))

    expected = StandardScaler().fit_transform(wine)
    np.testing.assert_allclose(np.stack([found[f"x{column}"] for column in range(13)], axis=1), expected, atol=1e-12)


def test_missing_numbers_stay_missing_and_do_not_count() -> None:
    values = with_gaps(3, (200, 4))
    data = table(x=values[:, 0], spectrum=values)

    found = standardize(data).transform(whole(data))

    np.testing.assert_allclose(found["spectrum"], StandardScaler().fit_transform(values), atol=1e-12)
    np.testing.assert_allclose(found["x"], found["spectrum"][:, 0], atol=1e-12)


def test_a_large_mean_does_not_cost_the_digits_of_the_deviation() -> None:
    values = 1e9 + np.tile([4.0, 7.0, 13.0, 16.0], 500)  # the mean of squares minus the square of the mean gives 0 here

    step = standardize(table(x=values))

    assert step.state().arrays["scale.x"] == pytest.approx(np.sqrt(22.5), rel=1e-10)


def test_a_constant_column_is_only_centred() -> None:
    data = table(x=np.full(1000, 0.1), y=np.arange(1000.0))

    found = standardize(data).transform(whole(data))

    np.testing.assert_allclose(found["x"], 0.0, atol=1e-15)
    assert found["y"].std() == pytest.approx(1.0)


def test_min_max_agrees_with_scikit_learn_and_does_not_clip() -> None:
    train, new = with_gaps(5, (100, 3)), with_gaps(6, (50, 3)) * 2
    reference = MinMaxScaler(feature_range=(-1, 3)).fit(train)

    found = min_max(table(x=train), low=-1.0, high=3.0).transform(whole(table(x=new)))["x"]

    np.testing.assert_allclose(found, reference.transform(new), atol=1e-12)
    assert np.nanmax(found) > 3.0


def test_min_max_clips_new_values_when_told_to() -> None:
    step = min_max(table(x=np.array([0.0, 10.0])), clip=True)

    found = step.transform(whole(table(x=np.array([-5.0, 5.0, 15.0, np.nan]))))["x"]

    np.testing.assert_array_equal(found, [0.0, 0.5, 1.0, np.nan])


def test_min_max_sends_a_constant_column_to_the_low_end() -> None:
    data = table(x=np.full(5, 7.0))

    assert min_max(data, low=2.0, high=3.0).transform(whole(data))["x"].tolist() == [2.0] * 5


@pytest.mark.parametrize("fitted", [standardize, min_max])
def test_inverse_restores_the_unit(fitted: object) -> None:
    values = np.random.default_rng(1).lognormal(10, 2, 300)
    data = table(price=values)
    step = fitted(data)  # type: ignore[operator]

    scaled = step.transform(whole(data))["price"]

    np.testing.assert_allclose(step.inverse_transform("price", scaled, {}), values, rtol=1e-9)
    ends = np.stack([scaled - 1, scaled + 1], axis=1)
    restored = step.inverse_transform("price", ends, {})
    assert restored.shape == (300, 2)
    assert (restored[:, 0] < restored[:, 1]).all()
    assert step.inverse_transform("other", scaled, {}) is scaled


def test_scale_target_takes_targets_and_passes_rows_without_them() -> None:
    schema = Schema({"x": NUMBER, "y": NUMBER}, {"x": "input", "y": "target"}, {"target": "y"})
    data = Dataset({"x": np.arange(4.0), "y": np.array([10.0, 20.0, 30.0, 40.0])}, schema)
    step = ScaleTarget(ComponentConfig(), ("y",))
    step.fit(data)

    asked = {"x": np.arange(2.0), "id": np.arange(2)}

    assert ScaleTarget.role == "target"
    assert step.transform(asked).keys() == asked.keys()
    assert step.transform(whole(data))["y"] == pytest.approx(
        StandardScaler().fit_transform(np.array([[10.0], [20.0], [30.0], [40.0]]))[:, 0]
    )
    assert step.inverse_transform("y", np.zeros(2), asked).tolist() == [25.0, 25.0]


@pytest.mark.parametrize("fitted", [standardize, min_max])
@pytest.mark.parametrize("values", [[1.0, np.inf], [-np.inf, 1.0], [1.7e308, -1.7e308]])
def test_numbers_that_overflow_are_an_error_that_names_the_column(fitted: object, values: list[float]) -> None:
    with pytest.raises(DataError, match="`voltage`") as caught:
        fitted(table(voltage=np.array(values)))  # type: ignore[operator]

    assert caught.value.id == "data.overflow"


def test_an_infinity_in_new_rows_is_an_error_that_names_the_row() -> None:
    step = standardize(table(x=np.arange(3.0)))

    with pytest.raises(DataError, match="`inf` in row 12"):
        step.transform({"x": np.array([0.0, np.inf]), "id": np.array([11, 12])})


def test_new_numbers_that_overflow_only_when_scaled_are_an_error() -> None:
    step = standardize(table(x=np.array([0.0, 1e-9])))

    with pytest.raises(DataError, match="too large"):
        step.transform({"x": np.array([1e300]), "id": np.array([0])})


@pytest.mark.parametrize("values", [np.full(3, np.nan), np.zeros(0), np.array([[1.0, np.nan], [2.0, np.nan]])])
@pytest.mark.parametrize("fitted", [standardize, min_max])
def test_a_column_without_training_values_is_an_error(fitted: object, values: np.ndarray) -> None:
    with pytest.raises(DataError, match="`x` has no value"):
        fitted(table(x=values))  # type: ignore[operator]


def test_a_column_of_another_kind_is_refused_before_fit() -> None:
    schema = Schema({"age": NUMBER, "note": Feature("text", dtype="string")}, {"age": "input", "note": "input"})

    with pytest.raises(ConfigError, match=r"standardize reads numbers .*, but column `note` is text") as caught:
        Standardize(ComponentConfig(), ("age", "note")).output_schema(schema)

    assert caught.value.hint == "columns: [age]"


def test_the_scaled_column_has_no_unit() -> None:
    data = table(x=np.arange(3.0))

    feature = standardize(data).output_schema(data.schema).columns["x"]

    assert (feature.unit, feature.dtype) == (None, "float64")


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="not below"):
        MinMaxConfig(low=1.0, high=1.0)
