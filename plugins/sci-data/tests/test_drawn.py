from __future__ import annotations

import numpy as np
import pyarrow as pa
import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import datasets
from sklearn.model_selection import train_test_split

from sci.api import ConfigError, DataError, Dataset, Feature, Schema, dataset
from sci_data.drawn import Drawn, Grouped, Stratified
from sci_data.split_config import GroupConfig, RandomConfig, StratifiedConfig

SHARES = st.tuples(st.sampled_from([0.0, 0.1, 0.15, 0.25]), st.sampled_from([0.1, 0.2, 0.33, 0.5]))


def parts(fold):
    return fold.train, fold.validation, fold.test


def unique_rows(rows, **more):
    columns = {"x": np.arange(rows) + 0.5, **more}
    roles = {"x": "input", **{name: {"y": "target", "g": "context"}[name] for name in more}}
    return Dataset(
        columns, Schema({name: Feature("number") for name in columns}, roles, {"target": "y"} if "y" in more else {})
    )


def check_partition(fold, rows):
    for part in parts(fold):
        assert part.dtype == np.int64
        assert (np.diff(part) > 0).all()
    np.testing.assert_array_equal(np.sort(np.concatenate(parts(fold))), np.arange(rows))


@settings(max_examples=80, deadline=None)
@given(rows=st.integers(12, 300), shares=SHARES, seed=st.integers(0, 2**32))
def test_random_parts_are_a_partition_with_rounded_shares(quiet, rows, shares, seed):
    validation, test = shares
    splitter = Drawn(RandomConfig(validation=validation, test=test))

    (fold,) = splitter.split(unique_rows(rows), quiet, seed)

    check_partition(fold, rows)
    assert len(fold.test) == int(round(test * 100) * rows + 50) // 100
    assert len(fold.validation) == int(round(validation * 100) * rows + 50) // 100
    (again,) = splitter.split(unique_rows(rows), quiet, seed)
    for one, other in zip(parts(fold), parts(again), strict=True):
        np.testing.assert_array_equal(one, other)


def test_another_seed_gives_another_split(context):
    tests = {tuple(Drawn(RandomConfig()).split(unique_rows(50), context, seed)[0].test) for seed in range(20)}

    assert len(tests) == 20


def test_every_row_is_as_likely_to_be_tested(context):
    counts = np.zeros(20)
    for seed in range(2000):
        counts[Drawn(RandomConfig(test=0.25)).split(unique_rows(20), context, seed)[0].test] += 1

    # 2000 draws with probability 1/4: standard deviation 19.4
    assert np.abs(counts - 500).max() < 5 * 19.4


@settings(max_examples=80, deadline=None)
@given(
    classes=st.lists(st.integers(0, 5), min_size=30, max_size=200),
    shares=SHARES,
    seed=st.integers(0, 2**32),
)
def test_stratified_parts_keep_the_shares_of_every_class(quiet, classes, shares, seed):
    validation, test = shares
    classes = np.array(classes)
    rows = unique_rows(len(classes), y=classes.astype(float))

    (fold,) = Stratified(StratifiedConfig(validation=validation, test=test)).split(rows, quiet, seed)

    check_partition(fold, len(classes))
    needed = 3 if validation else 2
    for code in np.unique(classes):
        size = (classes == code).sum()
        found = [(classes[part] == code).sum() for part in parts(fold)]
        if size < needed:
            assert found == [size, 0, 0]
            continue
        assert abs(found[2] - test * size) <= 1
        assert abs(found[1] - validation * size) <= 1
        assert abs(found[0] - (1 - test - validation) * size) < 2
        assert found[0] >= 1


@pytest.mark.parametrize("load", [datasets.load_iris, datasets.load_wine])
def test_stratified_takes_as_many_rows_of_each_class_as_scikit_learn(context, load):
    target = load().target
    rows = unique_rows(len(target), y=target.astype(float))

    (fold,) = Stratified(StratifiedConfig(test=0.2)).split(rows, context, 0)

    _, expected = train_test_split(target, test_size=0.2, stratify=target, random_state=0)
    np.testing.assert_array_equal(np.bincount(target[fold.test]), np.bincount(expected))


def test_train_is_within_one_row_of_its_share_too(context):
    target = np.repeat([0.0, 1.0, 2.0, 3.0], 5)

    (fold,) = Stratified(StratifiedConfig(validation=0.1, test=0.1)).split(unique_rows(20, y=target), context, 0)

    assert sorted(np.bincount(target[fold.train].astype(int))) == [4, 4, 4, 4]
    assert len(fold.test) == len(fold.validation) == 2


def test_a_class_with_fewer_rows_than_parts_goes_to_train_with_a_warning(context, labelled):
    rows = labelled({"x": list(range(22)), "y": ["a"] * 10 + ["b"] * 10 + ["rare"] * 2}, y="target")

    (fold,) = Stratified(StratifiedConfig(validation=0.3, test=0.3)).split(rows, context, 0)

    assert {20, 21} <= set(fold.train.tolist())
    ((id, message),) = context.warnings
    assert id == "split.rare-classes"
    assert "`rare` (2)" in message


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.integers(0, 30), min_size=20, max_size=120),
    shares=SHARES,
    seed=st.integers(0, 2**32),
    stratified=st.booleans(),
)
def test_rows_with_identical_inputs_stay_together(quiet, values, shares, seed, stratified):
    values = np.array(values)
    columns = {
        "a": values % 7 * 1.0,
        "b": pa.array([f"w{value // 7}" for value in values]),
        "y": np.arange(len(values)) % 2 * 1.0,
    }
    roles = {"a": "input", "b": "input", "y": "target"}
    raw = dataset(columns)
    rows = Dataset({name: raw.stored(name) for name in columns}, Schema(raw.schema.columns, roles, {"target": "y"}))
    chosen = {"validation": shares[0], "test": shares[1]}
    splitter = Stratified(StratifiedConfig(**chosen)) if stratified else Drawn(RandomConfig(**chosen))
    if len(np.unique(values)) < 4:
        return
    (fold,) = splitter.split(rows, quiet, seed)

    check_partition(fold, len(values))
    train, validation, test = (set(values[part].tolist()) for part in parts(fold))
    assert not train & test
    assert not train & validation
    assert not validation & test


def test_a_few_identical_rows_do_not_move_the_shares(context):
    random = np.random.default_rng(0)
    text = np.array([f"message {number}" for number in range(1000)])
    text[random.choice(1000, 80, replace=False)] = "hello"
    text[random.choice(1000, 30, replace=False)] = "bye"
    target = np.where(random.random(1000) < 0.13, 1.0, 0.0)
    columns = {"text": pa.array(text), "y": target}
    raw = dataset(columns)
    rows = Dataset(
        {n: raw.stored(n) for n in columns},
        Schema(raw.schema.columns, {"text": "input", "y": "target"}, {"target": "y"}),
    )

    (fold,) = Stratified(StratifiedConfig(validation=0.1, test=0.2)).split(rows, context, 3)

    assert len(fold.test) == 200
    assert len(fold.validation) == 100
    for part in parts(fold):
        assert abs(target[part].mean() - target.mean()) < 0.01
    assert any("rows repeat the inputs of another row" in report for report in context.reports)
    assert context.warnings == []


def test_identical_ignore_takes_rows_one_by_one(context, labelled):
    rows = labelled({"x": [1.0] * 10})

    (fold,) = Drawn(RandomConfig(test=0.3, identical="ignore")).split(rows, context, 0)

    assert len(fold.test) == 3
    with pytest.raises(DataError, match=r"all 10 rows have the same inputs \(x\), and such rows stay in one part"):
        Drawn(RandomConfig(test=0.3)).split(rows, context, 0)


def test_missing_values_and_negative_zero_are_identical(context, labelled):
    rows = labelled({"x": pa.array([None, float("nan"), 0.0, -0.0, 1.0, 2.0, 3.0, 4.0])})

    for seed in range(20):
        (fold,) = Drawn(RandomConfig(test=0.25)).split(rows, context, seed)
        for part in parts(fold):
            assert len({0, 1} & set(part.tolist())) != 1
            assert len({2, 3} & set(part.tolist())) != 1


@settings(max_examples=60, deadline=None)
@given(
    groups=st.lists(st.integers(0, 15), min_size=20, max_size=150),
    shares=SHARES,
    seed=st.integers(0, 2**32),
    name=st.sampled_from(["group", "random", "stratified"]),
)
def test_groups_stay_together(quiet, groups, shares, seed, name):
    groups = np.array(groups)
    rows = unique_rows(len(groups), g=groups * 1.0, y=np.arange(len(groups)) % 2 * 1.0)
    options = {"validation": shares[0], "test": shares[1], "group_by": "g"}
    splitter = {
        "group": lambda: Grouped(GroupConfig(**options)),
        "random": lambda: Drawn(RandomConfig(**options)),
        "stratified": lambda: Stratified(StratifiedConfig(**options)),
    }[name]()
    if len(np.unique(groups)) < 4:
        return
    (fold,) = splitter.split(rows, quiet, seed)

    check_partition(fold, len(groups))
    found = [set(groups[part].tolist()) for part in parts(fold)]
    assert sum(map(len, found)) == len(np.unique(groups))


def test_groups_of_equal_size_fill_the_shares_exactly(context):
    groups = np.repeat(np.arange(50), 4) * 1.0

    for seed in range(10):
        (fold,) = Grouped(GroupConfig(validation=0.1, test=0.2, group_by="g")).split(
            unique_rows(200, g=groups), context, seed
        )
        assert [len(part) for part in parts(fold)] == [140, 20, 40]


def test_groups_are_stratified_as_well_as_possible(context):
    random = np.random.default_rng(5)
    groups = np.sort(random.integers(0, 120, 600))
    target = (random.random(600) < 0.1 + 0.4 * (groups % 3 == 0)).astype(float)
    rows = unique_rows(600, g=groups * 1.0, y=target)

    for seed in range(10):
        (fold,) = Stratified(StratifiedConfig(test=0.2, group_by="g")).split(rows, context, seed)
        assert abs(len(fold.test) - 120) <= 5
        assert abs(target[fold.test].mean() - target.mean()) < 0.03


def test_every_group_is_as_likely_to_be_tested_whatever_its_size(context):
    groups = np.concatenate([np.repeat(np.arange(10), 6), np.repeat(np.arange(10, 40), 2)]) * 1.0
    counts = np.zeros(40)
    for seed in range(400):
        (fold,) = Grouped(GroupConfig(test=0.25, group_by="g")).split(unique_rows(120, g=groups), context, seed)
        counts[np.unique(groups[fold.test]).astype(int)] += 1

    assert counts[:10].mean() == pytest.approx(100, abs=12)
    assert counts[10:].mean() == pytest.approx(100, abs=12)


def test_groups_and_identical_rows_hang_together_through_each_other(context):
    columns = {"x": np.array([1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), "g": np.array([0.0, 1, 1, 2, 3, 4, 5, 6])}
    roles = {"x": "input", "g": "group"}
    rows = Dataset(columns, Schema({name: Feature("number") for name in columns}, roles))

    for seed in range(20):
        (fold,) = Drawn(RandomConfig(test=0.4)).split(rows, context, seed)
        for part in parts(fold):
            assert len({0, 1, 2} & set(part.tolist())) in (0, 3)


def test_a_row_without_a_group_is_on_its_own_and_that_is_said(context):
    groups = np.array([0.0, 0, 1, 1, np.nan, np.nan, np.nan, np.nan])

    (fold,) = Grouped(GroupConfig(test=0.5, group_by="g")).split(unique_rows(8, g=groups), context, 1)

    assert len(fold.test) == 4
    assert context.warnings[0] == ("split.no-group", "4 rows have no value in `g`; each is split on its own")


def test_a_large_group_moves_the_shares_and_that_is_said(context):
    groups = np.array([0.0] * 50 + list(range(1, 51)))

    (fold,) = Grouped(GroupConfig(test=0.6, group_by="g")).split(unique_rows(100, g=groups), context, 0)

    check_partition(fold, 100)
    two = np.repeat([0.0, 1.0], 50)
    (fold,) = Grouped(GroupConfig(test=0.1, group_by="g")).split(unique_rows(100, g=two), context, 0)
    assert len(fold.test) == 50
    assert (
        "split.shares",
        "test has 50 of 100 rows (50.0%) rather than 10.0%: at most 50 rows belong together and stay so",
    ) in context.warnings


def test_the_role_group_serves_where_no_column_is_named(context):
    columns = {"x": np.arange(8) * 1.0, "g": np.array([0.0, 0, 1, 1, 2, 2, 3, 3])}
    rows = Dataset(columns, Schema({name: Feature("number") for name in columns}, {"x": "input", "g": "group"}))

    for splitter in (Grouped(GroupConfig(test=0.25)), Drawn(RandomConfig(test=0.25))):
        (fold,) = splitter.split(rows, context, 0)
        assert len(set(columns["g"][fold.test])) == 1


def test_several_group_columns_all_stay_whole(context):
    columns = {"x": np.arange(12.0), "a": np.arange(12) // 2 * 1.0, "b": (np.arange(12) + 2) // 4 * 1.0}
    roles = {"x": "input", "a": "group", "b": "group"}
    rows = Dataset(columns, Schema({name: Feature("number") for name in columns}, roles))

    for splitter in (Grouped(GroupConfig(test=0.4)), Drawn(RandomConfig(test=0.4))):
        (fold,) = splitter.split(rows, context, 0)
        for name in "ab":
            assert not set(columns[name][fold.train]) & set(columns[name][fold.test])


def test_what_cannot_be_split_is_refused(context, labelled):
    rows = labelled({"x": [1.0, 2.0, 3.0]})
    with pytest.raises(DataError, match="leaves no row for test") as caught:
        Drawn(RandomConfig(test=0.1)).split(rows, context, 0)
    assert caught.value.exit_code == 3
    with pytest.raises(DataError, match="no column `patiend`"):
        Grouped(GroupConfig(group_by="patiend")).split(rows, context, 0)
    with pytest.raises(DataError, match="no column tells the groups apart"):
        Grouped(GroupConfig()).split(rows, context, 0)
    with pytest.raises(ConfigError, match="needs a target with classes"):
        Stratified(StratifiedConfig()).split(rows, context, 0)
    numbers = labelled({"x": [1.0, 2.0], "y": [1.5, 2.5]}, y="target")
    with pytest.raises(ConfigError, match="`y` holds numbers with decimals"):
        Stratified(StratifiedConfig()).split(numbers, context, 0)


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ({"validation": 0.1, "test": 0.95}, r"splits take 1.05 of the rows: validation 0.1 \+ test 0.95"),
        ({"validation": 0.5, "test": 0.5}, "nothing is left for train"),
        ({"test": 0}, "greater than 0"),
        ({"test": 1}, "less than 1"),
        ({"validation": -0.1}, "greater than or equal to 0"),
        ({"test": float("nan")}, "finite"),
        ({"identical": "drop"}, "together"),
    ],
)
def test_shares_that_make_no_sense_are_refused(shares, message):
    with pytest.raises(pydantic.ValidationError, match=message):
        RandomConfig(**shares)


def test_an_empty_validation_part_is_said(context):
    (fold,) = Drawn(RandomConfig(validation=0.05, test=0.3)).split(unique_rows(8), context, 0)

    assert len(fold.validation) == 0
    assert context.warnings == [
        ("split.shares", "validation has 0 of 8 rows (0.0%) rather than 5.0%: there are few rows"),
    ]
