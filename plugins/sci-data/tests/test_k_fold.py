from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import datasets
from sklearn.model_selection import StratifiedKFold

from sci.api import DataError, Dataset, Feature, Schema
from sci_data.k_fold import KFold
from sci_data.split_config import KFoldConfig


def table(**columns):
    roles = {name: {"y": "target", "g": "group"}.get(name, "input") for name in columns}
    slots = {"target": "y"} if "y" in columns else {}
    return Dataset(columns, Schema({name: Feature("number") for name in columns}, roles, slots))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.integers(10, 150),
    folds=st.integers(2, 8),
    seed=st.integers(0, 2**32),
    validation=st.sampled_from([0.0, 0.2]),
)
def test_every_row_is_tested_once(quiet, rows, folds, seed, validation):
    found = KFold(KFoldConfig(folds=folds, validation=validation)).split(table(x=np.arange(rows) * 1.0), quiet, seed)

    assert [fold.name for fold in found] == [f"fold-{number}" for number in range(1, folds + 1)]
    np.testing.assert_array_equal(np.sort(np.concatenate([fold.test for fold in found])), np.arange(rows))
    sizes = [len(fold.test) for fold in found]
    assert max(sizes) - min(sizes) <= 1
    for fold in found:
        everything = np.concatenate([fold.train, fold.validation, fold.test])
        np.testing.assert_array_equal(np.sort(everything), np.arange(rows))
        assert len(fold.validation) == int(validation * (rows - len(fold.test)) + 0.5)


@pytest.mark.parametrize("load", [datasets.load_iris, datasets.load_wine, datasets.load_digits])
def test_stratified_folds_have_the_class_counts_of_scikit_learn(context, load):
    target = load().target
    rows = table(x=np.arange(len(target)) * 1.0, y=target * 1.0)

    found = KFold(KFoldConfig(folds=5, stratified=True)).split(rows, context, 1)

    counts = sorted(tuple(np.bincount(target[fold.test])) for fold in found)
    expected = [tuple(np.bincount(target[test])) for _, test in StratifiedKFold(5).split(target, target)]
    assert counts == sorted(expected)


@settings(max_examples=40, deadline=None)
@given(groups=st.lists(st.integers(0, 20), min_size=40, max_size=120), seed=st.integers(0, 1000))
def test_groups_and_identical_rows_are_tested_in_one_fold(quiet, groups, seed):
    groups = np.array(groups) * 1.0
    inputs = np.arange(len(groups)) // 2 * 1.0
    if len(np.unique(groups)) < 12:
        return
    try:
        found = KFold(KFoldConfig(folds=3, validation=0.2)).split(table(x=inputs, g=groups), quiet, seed)
    except DataError:  # everything hangs together
        return

    for fold in found:
        sides = [fold.train, fold.validation, fold.test]
        for column in (groups, inputs):
            assert sum(len(np.unique(column[side])) for side in sides) == len(np.unique(column))


def test_the_seed_decides(context):
    rows = table(x=np.arange(30) * 1.0)

    def tests(seed):
        return [fold.test.tolist() for fold in KFold(KFoldConfig(folds=3)).split(rows, context, seed)]

    assert tests(1) == tests(1)
    assert tests(1) != tests(2)


def test_too_few_rows_for_the_folds_are_refused(context):
    with pytest.raises(DataError, match="5 folds need 5 rows; there are 4"):
        KFold(KFoldConfig()).split(table(x=np.arange(4) * 1.0), context, 0)
    with pytest.raises(DataError, match="5 folds need 5 groups of rows that stay together; there are 2"):
        KFold(KFoldConfig()).split(table(x=np.arange(8) % 2 * 1.0), context, 0)
    rare = table(x=np.arange(20) * 1.0, y=np.array([0.0] * 17 + [1.0] * 3))
    with pytest.raises(DataError, match=r"fewer rows than there are folds \(5\): `1.0` \(3\)"):
        KFold(KFoldConfig(stratified=True)).split(rare, context, 0)


@settings(max_examples=30, deadline=None)
@given(rows=st.integers(30, 90), folds=st.integers(2, 4), inner=st.integers(2, 4), seed=st.integers(0, 1000))
def test_nested_folds_validate_each_row_of_training_once_and_never_a_test_row(quiet, rows, folds, inner, seed):
    found = KFold(KFoldConfig(folds=folds, inner=inner)).split(table(x=np.arange(rows) * 1.0), quiet, seed)

    assert len(found) == folds * inner
    for number in range(folds):
        mine = found[number * inner : (number + 1) * inner]
        test = mine[0].test
        assert [fold.name for fold in mine] == [f"fold-{number + 1}.inner-{one + 1}" for one in range(inner)]
        assert all(np.array_equal(fold.test, test) for fold in mine)
        validated = np.sort(np.concatenate([fold.validation for fold in mine]))
        np.testing.assert_array_equal(validated, np.setdiff1d(np.arange(rows), test))


def test_nested_folds_and_a_share_for_validation_exclude_each_other():
    with pytest.raises(ValueError, match="`inner` and `validation` both say"):
        KFoldConfig(inner=3, validation=0.1)
