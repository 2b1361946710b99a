"""Audits that compare the parts of a split: shift, order in time, missing classes, suspected groups, outside steps."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sci_statistics.audits.groups import Groups
from sci_statistics.audits.leaking import LeakingColumns
from sci_statistics.audits.missing_classes import MissingClasses
from sci_statistics.audits.near_duplicates import NearDuplicates
from sci_statistics.audits.prefitted import FittedOutsideTrain
from sci_statistics.audits.shift import Shift
from sci_statistics.audits.time_order import TimeOrder

RANDOM = np.random.default_rng(2)
N = 600
HALVES = range(300), (), range(300, N)


def test_parts_that_are_alike_pass_with_their_area(table: Any, fold: Any, audit: Any) -> None:
    rows = table(x=RANDOM.normal(size=N), word=RANDOM.choice(["a", "b", "c"], N))

    (passed,) = audit(Shift(), rows, fold(*HALVES))

    assert passed.severity == "passed"
    assert passed.message.startswith("test rows look like training rows: AUC 0.")


@pytest.mark.parametrize(
    "column",
    [
        RANDOM.normal(size=N) + (np.arange(N) >= 300) * 0.8,
        RANDOM.normal(size=N) * np.where(np.arange(N) >= 300, 3, 1),
        np.where(np.arange(N) >= 300, RANDOM.choice(["a", "b"], N), RANDOM.choice(["a", "b", "c", "d"], N)),
        np.where((np.arange(N) >= 300) & (RANDOM.random(N) < 0.5), np.nan, RANDOM.normal(size=N)),
        [f"the {word} is here" for word in RANDOM.choice(["cat", "dog"], 300)]
        + [f"the {word} is here" for word in RANDOM.choice(["dog", "bus", "car"], 300)],
    ],
)
def test_a_part_that_differs_is_a_warning(table: Any, fold: Any, audit: Any, column: Any) -> None:
    rows = table(noise=RANDOM.normal(size=N), column=column)

    (warning,) = audit(Shift(), rows, fold(*HALVES))

    assert (warning.check, warning.severity) == ("shift", "warning")
    assert "test rows can be told from training rows, AUC 0." in warning.message


def test_a_shift_is_to_be_expected_over_time(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"day": "time"}, x=np.arange(N) / 100, day=np.arange(N))

    assert [one.severity for one in audit(Shift(), rows, fold(*HALVES))] == ["note"]


def test_random_divisions_hardly_ever_look_shifted(table: Any, fold: Any, audit: Any) -> None:
    found = []
    for seed in range(60):
        random = np.random.default_rng(seed)
        rows = table(**{f"x{place}": random.normal(size=150) for place in range(10)})
        found += audit(Shift(), rows, fold(range(100), (), range(100, 150)))

    assert sum(one.severity == "warning" for one in found) <= 1
    assert len(found) == 60


def test_identical_rows_count_once(table: Any, fold: Any, audit: Any) -> None:
    values = np.concatenate([RANDOM.normal(size=300), RANDOM.normal(size=100), np.full(200, 0.5)])

    assert [one.severity for one in audit(Shift(), table(x=values), fold(*HALVES))] == ["passed"]


DAYS = [datetime.date(2024, 1, 1) + datetime.timedelta(days=day) for day in range(10)]


@pytest.mark.parametrize("times", [range(10), DAYS, [str(day) for day in DAYS], [float(day) for day in range(10)]])
def test_the_past_in_train_and_the_future_in_test_pass(table: Any, fold: Any, audit: Any, times: Any) -> None:
    rows = table({"day": "time"}, x=range(10), day=times)

    (passed,) = audit(TimeOrder(), rows, fold(range(6), [6, 7], [8, 9]))

    assert passed.severity == "passed"


@pytest.mark.parametrize("times", [range(10), DAYS, [str(day) for day in DAYS]])
def test_a_test_row_older_than_training_rows_is_an_error(table: Any, fold: Any, audit: Any, times: Any) -> None:
    rows = table({"day": "time"}, x=range(10), day=times)

    (error,) = audit(TimeOrder(), rows, fold([0, 1, 2, 5], test=[3, 4, 6, 7]))

    assert (error.severity, error.count, error.rows) == ("error", 2, (3, 4))
    assert error.message == "2 test rows are older than the latest train row, so the model would learn from the future"


def test_rows_of_one_moment_or_without_a_time_are_in_order(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"day": "time"}, x=range(5), day=[1.0, 2.0, 2.0, None, 3.0])

    assert [one.severity for one in audit(TimeOrder(), rows, fold([0, 1], test=[2, 3, 4]))] == ["passed"]


def test_groups_may_have_clocks_of_their_own(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"day": "time", "engine": "group"}, x=range(4), day=[1, 2, 1, 2], engine=["a", "a", "b", "b"])

    assert audit(TimeOrder(), rows, fold([0, 1], test=[2, 3])) == []


def test_an_input_that_is_a_time_is_a_note(table: Any, fold: Any, audit: Any) -> None:
    (note,) = audit(TimeOrder(), table(x=range(10), day=DAYS), fold([0, 1, 9], test=[2, 3]))

    assert (note.severity, note.columns, note.count) == ("note", ("day",), 2)


LABELS = [*"ab" * 10, *"c" * 5, *"ab" * 10]


def test_a_class_that_is_not_tested_is_a_warning(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"label": "target"}, x=range(45), label=LABELS)

    (warning,) = audit(MissingClasses(), rows, fold(range(25), (), range(25, 45)))

    assert (warning.severity, warning.columns) == ("warning", ("label",))
    assert warning.message == ("1 of 3 classes has no row in test, so the test could not say how well it is recognized")


def test_a_class_that_is_not_learned_or_not_validated(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"label": "target"}, x=range(45), label=LABELS)

    warning, note = audit(MissingClasses(), rows, fold(range(20), range(30, 45), range(20, 30)))

    assert "no row in train, so the model could not learn it" in warning.message
    assert (note.severity, "no row in validation" in note.message) == ("note", True)


def test_a_class_counts_as_tested_when_any_fold_tests_it(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"label": "target"}, x=range(45), label=LABELS)
    whole = np.arange(45)
    folds = [fold(np.delete(whole, part), test=part, name=str(part)) for part in (np.r_[0:23], np.r_[23:45])]

    assert [one.severity for one in audit(MissingClasses(), rows, *folds)] == ["passed"]


@pytest.mark.parametrize("target", [np.arange(45) / 7, [f"sentence {row}" for row in range(45)]])
def test_targets_that_are_no_classes_lack_none(table: Any, fold: Any, audit: Any, target: Any) -> None:
    rows = table({"y": "target"}, x=range(45), y=target)

    assert audit(MissingClasses(), rows, fold(range(30), test=range(30, 45))) == []


@pytest.mark.parametrize("name", ["patient", "Speaker", "subject_id", "userId", "customer no", "batch_id"])
@pytest.mark.parametrize("role", ["input", "context"])
def test_a_column_that_says_whose_row_it_is_is_suspected(
    table: Any, fold: Any, audit: Any, name: str, role: str
) -> None:
    rows = table({name: role}, **{"x": range(60), name: [f"p{row % 12}" for row in range(60)]})

    (warning,) = audit(Groups(), rows, fold(range(40), test=range(40, 60)))

    assert (warning.severity, warning.columns, warning.count) == ("warning", (name,), 20)


@pytest.mark.parametrize("name", ["households", "grid", "valid", "user_rating", "paid", "clientele"])
def test_other_names_are_not(table: Any, fold: Any, audit: Any, name: str) -> None:
    rows = table(**{"x": range(60), name: [f"p{row % 12}" for row in range(60)]})

    assert audit(Groups(), rows, fold(range(40), test=range(40, 60))) == []


def test_a_suspected_group_that_stays_together_is_none(table: Any, fold: Any, audit: Any) -> None:
    rows = table(x=range(60), patient=[f"p{row // 5}" for row in range(60)])

    assert audit(Groups(), rows, fold(range(40), test=range(40, 60))) == []


RAW = RANDOM.gamma(2.0, 3.0, (N, 3))


def scaled(values: np.ndarray, rows: Any) -> np.ndarray:
    return (values - values[rows].mean(axis=0)) / values[rows].std(axis=0)


@pytest.mark.parametrize("decimals", [4, 17])
def test_numbers_that_were_standardized_over_all_rows(table: Any, fold: Any, audit: Any, decimals: int) -> None:
    whole = np.round(scaled(RAW, slice(None)), decimals)

    (warning,) = audit(FittedOutsideTrain(), table(raw=RAW[:, 1], x=whole[:, 0]), fold(*HALVES))

    assert (warning.severity, warning.columns) == ("warning", ("x",))
    assert "standardized over all rows before the split" in warning.message


def test_numbers_that_were_standardized_on_the_training_rows(table: Any, fold: Any, audit: Any) -> None:
    part = scaled(RAW, slice(0, 300))

    assert audit(FittedOutsideTrain(), table(x=part[:, 0], y=part[:, 1]), fold(*HALVES))[0].severity == "passed"


def test_numbers_that_were_brought_to_0_to_1_over_all_rows(table: Any, fold: Any, audit: Any) -> None:
    low, high = RAW.min(axis=0), RAW.max(axis=0)
    whole = (RAW - low) / (high - low)
    train = np.setdiff1d(np.arange(N), np.argmax(whole[:, :2], axis=0))[:400]
    rows = table(x=whole[:, 0], y=whole[:, 1])

    (warning,) = audit(FittedOutsideTrain(), rows, fold(train, test=np.setdiff1d(np.arange(N), train)))

    assert "brought to 0 to 1 over all rows" in warning.message


@pytest.mark.parametrize(("off", "severity"), [(0.0, "warning"), (5e-5, "passed")])
def test_normal_numbers_of_many_rows_have_been_through_nothing(
    table: Any, fold: Any, audit: Any, off: float, severity: str
) -> None:
    drawn = np.random.default_rng(3).standard_normal(100_000)
    values = np.round((drawn - drawn.mean()) / drawn.std() + off, 4)  # so near to 0 comes one mean in fifty by chance

    (finding,) = audit(FittedOutsideTrain(), table(x=values), fold(range(70_000), test=range(70_000, 100_000)))

    assert finding.severity == severity


@pytest.mark.parametrize(("fitted", "severity"), [(slice(None), "warning"), (slice(0, 300), "passed")])
def test_a_mean_that_was_filled_in(table: Any, fold: Any, audit: Any, fitted: slice, severity: str) -> None:
    values, gaps = RAW[:, 0].copy(), np.arange(N) % 10 == 0
    values[gaps] = values[fitted][~gaps[fitted]].mean()

    assert [one.severity for one in audit(FittedOutsideTrain(), table(x=values), fold(*HALVES))] == [severity]


@pytest.mark.parametrize("check", [FittedOutsideTrain, Shift, NearDuplicates, LeakingColumns])
@pytest.mark.parametrize("largest", [np.finfo(np.float64).max, np.inf])
def test_the_largest_numbers_are_looked_at(table: Any, fold: Any, audit: Any, check: Any, largest: float) -> None:
    columns = {f"x{place}": RANDOM.normal(size=N) for place in range(8)}
    columns["x0"][::7], columns["x0"][3::7] = largest, -largest
    columns["x1"][:] = RANDOM.choice([largest, -largest, 0.5], N)
    target = RANDOM.normal(size=N)
    target[::11] = largest

    found = audit(check(), table({"y": "target"}, **columns, y=target), fold(*HALVES))

    assert [one.severity for one in found] == ["passed"]


def test_without_numbers_nothing_can_have_been_fitted(table: Any, fold: Any, audit: Any) -> None:
    rows = table(word=pa.array(["a", "b"] * 300))

    assert audit(FittedOutsideTrain(), rows, fold(*HALVES)) == []
