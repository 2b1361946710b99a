from __future__ import annotations

import numpy as np
import pyarrow as pa
import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sci.api import DataError, Dataset, Feature, Schema, dataset
from sci_data.chronological import Chronological
from sci_data.split_config import TimeConfig


def timed(times):
    raw = dataset({"t": times, "x": np.arange(len(times)) * 1.0})
    return Dataset(
        {name: raw.stored(name) for name in ("t", "x")}, Schema(raw.schema.columns, {"t": "time", "x": "input"})
    )


def split(context, times, **options):
    (fold,) = Chronological(TimeConfig(**options)).split(timed(times), context, 0)
    return fold


@settings(max_examples=80, deadline=None)
@given(
    times=st.lists(st.integers(0, 40), min_size=10, max_size=100),
    validation=st.sampled_from([0.0, 0.1, 0.3]),
    test=st.sampled_from([0.1, 0.25, 0.5]),
)
def test_parts_follow_each_other_and_moments_stay_whole(quiet, times, validation, test):
    times = np.array(times) * 1.0
    if len(np.unique(times)) < 3:
        return
    fold = split(quiet, times, validation=validation, test=test)

    everything = np.concatenate([fold.train, fold.validation, fold.test])
    np.testing.assert_array_equal(np.sort(everything), np.arange(len(times)))
    for earlier, later in ((fold.train, fold.validation), (fold.train, fold.test), (fold.validation, fold.test)):
        if len(earlier) and len(later):
            assert times[earlier].max() < times[later].min()


def test_distinct_times_give_the_rounded_shares(context):
    random = np.random.default_rng(0)
    times = random.permutation(100) * 1.0

    fold = split(context, times, validation=0.15, test=0.25)

    np.testing.assert_array_equal(np.sort(times[fold.test]), np.arange(75, 100))
    np.testing.assert_array_equal(np.sort(times[fold.validation]), np.arange(60, 75))
    assert (np.diff(fold.test) > 0).all()


def test_a_border_moves_to_the_nearer_end_of_a_moment(context):
    assert split(context, [0.0, 1, 2, 3, 3, 3, 3, 4, 5, 6], test=0.4).test.tolist() == [7, 8, 9]
    assert split(context, [0.0, 1, 2, 3, 3, 3, 3, 4, 5, 6], test=0.6).test.tolist() == [3, 4, 5, 6, 7, 8, 9]


def test_a_gap_of_rows_leaves_out_the_latest_of_the_earlier_part(context):
    fold = split(context, np.arange(20.0), validation=0.2, test=0.2, gap={"rows": 2})

    assert fold.train.tolist() == list(range(10))
    assert fold.validation.tolist() == [12, 13]
    assert fold.test.tolist() == [16, 17, 18, 19]


def test_a_gap_of_seconds_leaves_out_what_is_nearer(context):
    stamps = [f"2024-01-01T{hour:02}:00:00" for hour in range(20)]

    fold = split(context, stamps, test=0.25, gap={"seconds": 7200})

    assert fold.train.tolist() == list(range(14))
    assert fold.test.tolist() == list(range(15, 20))


def test_a_gap_that_swallows_train_is_refused(context):
    with pytest.raises(DataError, match="no row for train"):
        split(context, np.arange(10.0), gap={"rows": 8})


@pytest.mark.parametrize(
    "times",
    [
        ["2024-03-01", "2023-12-31", "2024-01-15", "2024-02-01"],
        ["2024-03", "2023-12", "2024-01", "2024-02"],
        ["2024-01-01 00:00:04", "2024-01-01 00:00:01", "2024-01-01 00:00:02", "2024-01-01 00:00:03"],
        [
            "2024-01-01T03:00:00+00:00",
            "2024-01-01T01:00:00+01:00",
            "2024-01-01T01:00:00+00:00",
            "2024-01-01T03:30:00+01:00",
        ],
        [4, 1, 2, 3],
        pa.array([4, 1, 2, 3], type=pa.timestamp("ms")),
    ],
    ids=["days", "months", "seconds", "zones", "numbers", "timestamps"],
)
def test_times_are_read_from(context, times):
    fold = split(context, times, test=0.25, validation=0.25)

    assert (fold.train.tolist(), fold.validation.tolist(), fold.test.tolist()) == ([1, 2], [3], [0])


@pytest.mark.parametrize(
    ("times", "message"),
    [
        (["1/2/2024", "2/1/2024"], "`1/2/2024` in column t is not a time"),
        (["2024-01-01", "yesterday"], "`yesterday` in column t is not a time"),
        (["2024-01-01T00:00:00", "2024-01-01T00:00:00Z"], "is not a time"),
        (["2024-01-01", None, "2024-01-02", None], "`t` has no time in 2 rows"),
        ([1.0, float("nan")], "`t` has no time in 1 rows"),
        ([[1.0], [2.0]], "`t` holds no times"),
        ([3.0, 3.0, 3.0, 3.0], "leaves no row for test"),
    ],
)
def test_what_is_no_time_is_refused(context, times, message):
    with pytest.raises(DataError, match=message) as caught:
        split(context, times)
    assert caught.value.exit_code == 3


def test_a_column_is_named_by_the_split_or_has_the_role_time(context):
    rows = dataset({"a": np.arange(10.0), "b": -np.arange(10.0)})

    (fold,) = Chronological(TimeConfig(column="b")).split(rows, context, 0)
    assert fold.test.tolist() == [0, 1]
    with pytest.raises(DataError, match="no column has the times"):
        Chronological(TimeConfig()).split(rows, context, 0)
    twice = Schema({name: Feature("number") for name in "ab"}, {"a": "time", "b": "time"})
    with pytest.raises(DataError, match=r"2 columns have the times of `data\.time`"):
        Chronological(TimeConfig()).split(rows.with_schema(twice), context, 0)


def test_a_gap_has_one_measure():
    for gap in ({}, {"rows": 1, "seconds": 1.0}):
        with pytest.raises(pydantic.ValidationError, match="in `rows` or in `seconds`"):
            TimeConfig(gap=gap)
