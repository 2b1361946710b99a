from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from sklearn.model_selection import LeaveOneGroupOut as Known

from sci.api import DataError, Dataset, Feature, Schema
from sci_data.leave_out import LeaveOneGroupOut, LeaveOneOut
from sci_data.split_config import LeaveOneGroupOutConfig, LeaveOneOutConfig


def table(x, site=None):
    columns = {"x": np.asarray(x, dtype=float)}
    features, roles = {"x": Feature("number")}, {"x": "input"}
    if site is not None:
        columns["site"] = pa.array(site)
        features["site"], roles["site"] = Feature("category", dtype="string"), "group"
    return Dataset(columns, Schema(features, roles, {}))


def by_group(context, rows, **options):
    return LeaveOneGroupOut(LeaveOneGroupOutConfig(**options)).split(rows, context, 0)


def test_each_row_is_left_out_once(context):
    found = LeaveOneOut(LeaveOneOutConfig()).split(table(range(7)), context, 0)

    assert [fold.name for fold in found] == [f"fold-{number}" for number in range(1, 8)]
    assert [fold.test.tolist() for fold in found] == [[row] for row in range(7)]
    assert all(len(fold.train) == 6 for fold in found)


def test_identical_rows_are_left_out_together(context):
    found = LeaveOneOut(LeaveOneOutConfig()).split(table([1, 2, 1, 3]), context, 0)

    assert [fold.test.tolist() for fold in found] == [[0, 2], [1], [3]]


def test_each_group_is_left_out_once_as_in_scikit_learn(context):
    site = list("abcabcabca")
    rows = table(range(10), site)

    found = by_group(context, rows)

    assert [fold.name for fold in found] == ["group-a", "group-b", "group-c"]
    expected = [test.tolist() for _, test in Known().split(np.zeros(10), groups=site)]
    assert [fold.test.tolist() for fold in found] == expected


def test_validation_rows_are_whole_groups_of_the_training_rows(context):
    site = np.repeat(list("abcdef"), 5).tolist()

    for fold in by_group(context, table(range(30), site), validation=0.3):
        assert len(fold.validation)
        sides = [{site[row] for row in part} for part in fold[1:]]
        assert sum(map(len, sides)) == 6


def test_groups_whose_names_are_no_names_of_folders_are_counted(context):
    assert [fold.name for fold in by_group(context, table(range(4), ["a/b", "c", "a/b", "c"]))] == ["fold-1", "fold-2"]
    assert [fold.name for fold in by_group(context, table(range(4), ["A", "a", "A", "a"]))] == ["fold-1", "fold-2"]


def test_one_unit_and_too_many_are_refused(context):
    with pytest.raises(DataError, match="there are 1 groups in `site`; from 2 to 2,000 can be left out"):
        by_group(context, table(range(3), ["a", "a", "a"]))
    with pytest.raises(DataError, match="there are 2,001 rows that are not of one group"):
        LeaveOneOut(LeaveOneOutConfig()).split(table(range(2001)), context, 0)
    with pytest.raises(DataError, match="no column tells the groups apart"):
        by_group(context, table(range(3)))
