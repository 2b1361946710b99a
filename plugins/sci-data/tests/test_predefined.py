from __future__ import annotations

import numpy as np
import pyarrow as pa
import pydantic
import pytest

from sci.api import DataError, Dataset, Schema, dataset
from sci_data.predefined import Predefined
from sci_data.split_config import PredefinedConfig


def rows(count=10, **columns):
    raw = dataset({"x": np.arange(count) * 1.0, **columns})
    return Dataset(
        {name: raw.stored(name) for name in raw.schema.columns},
        Schema(raw.schema.columns, {name: "input" if name == "x" else "context" for name in raw.schema.columns}),
    )


def split(context, data, seed=0, **options):
    return Predefined(PredefinedConfig(**options)).split(data, context, seed)


def write(context, **files):
    for name, text in files.items():
        (context.directory / f"{name}.txt").write_text(text)
    return {f"{name}_index": f"{name}.txt" for name in files}


PARTS = ["train"] * 6 + ["validation"] * 2 + ["test"] * 2


@pytest.mark.parametrize("encoded", [False, True])
def test_a_column_names_the_parts(context, encoded):
    column = pa.array(PARTS).dictionary_encode() if encoded else pa.array(PARTS)

    (fold,) = split(context, rows(part=column), column="part")

    assert fold.name == "split"
    assert [part.tolist() for part in fold[1:]] == [[0, 1, 2, 3, 4, 5], [6, 7], [8, 9]]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (["train"] * 7 + ["dev", "Test", "test"], "column part says `dev`, `Test` in 2 rows, which is no part"),
        (["train"] * 8 + [None, "test"], "says no value in 1 rows"),
        ([0] * 8 + [1, 2], "says `0`, `1`, `2` in 10 rows"),
        (["train"] * 10, "leaves no row for test"),
        (["test"] * 10, "leaves no row for train"),
    ],
)
def test_other_words_and_empty_parts_are_refused(context, column, message):
    with pytest.raises(DataError, match=message):
        split(context, rows(part=column), column="part")


def test_files_are_handed_to_the_core_and_come_back_as_a_column(context):
    options = {"files": {"train": "a.csv", "test": "b.csv"}}

    assert PredefinedConfig(**options).parts() == {"train": "a.csv", "test": "b.csv"}
    (fold,) = split(context, rows(**{"split.part": ["train"] * 7 + ["test"] * 3}), **options)
    assert fold.test.tolist() == [7, 8, 9]


def test_folds_come_from_files_of_row_numbers(context):
    first = write(context, train="4\n2\n0\n1\n3\n", validation="5.0\n6.000e+00\n", test="9\r\n7\r\n8\r\n")

    (fold,) = split(context, rows(), folds=[first])

    assert fold.name == "fold-1"
    assert [part.tolist() for part in fold[1:]] == [[0, 1, 2, 3, 4], [5, 6], [7, 8, 9]]
    assert all(part.dtype == np.int64 for part in fold[1:])
    assert context.warnings == []


def test_rows_in_no_part_are_counted(context):
    (fold,) = split(context, rows(), folds=[write(context, train="0\n1\n", test="2\n")])

    assert len(fold.train) == 2
    assert context.warnings == [("split.unused-rows", "7 of 10 rows are in no part of fold-1")]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("0\nx\n", 2, "`x` in line 2 of `train.txt` is no row number"),
        ("0\n-1\n", 2, "is no row number"),
        ("0\n1.5\n", 2, "is no row number"),
        ("0 1\n", 1, "is no row number"),
        ("0\n\n1\n", 2, "`` in line 2"),
        ("0\n10\n", 2, "is beyond the last row"),
        ("1e15\n", 1, "is beyond the last row"),
        ("0\n1\n0\n", 3, "names row 0 again"),
    ],
)
def test_what_is_no_row_number_is_refused_with_its_line(context, text, line, message):
    files = write(context, train=text, test="9\n")

    with pytest.raises(DataError, match=message) as caught:
        split(context, rows(), folds=[files])
    assert caught.value.where.line == line


def test_a_row_in_two_parts_is_refused(context):
    with pytest.raises(DataError, match="1 rows of fold-1 are in train and in test"):
        split(context, rows(), folds=[write(context, train="0\n1\n", test="1\n2\n")])


def test_an_empty_file_leaves_its_part_empty(context):
    with pytest.raises(DataError, match="no row for test"):
        split(context, rows(), folds=[write(context, train="0\n1\n", test="")])


def test_validation_rows_are_drawn_from_train_where_none_are_given(context):
    data = rows(100, part=["train"] * 80 + ["test"] * 20)

    (fold,) = split(context, data, seed=1, column="part", validation=0.25)

    assert len(fold.validation) == 20
    np.testing.assert_array_equal(np.sort(np.concatenate([fold.train, fold.validation])), np.arange(80))
    np.testing.assert_array_equal(fold.test, np.arange(80, 100))
    (again,) = split(context, data, seed=1, column="part", validation=0.25)
    (other,) = split(context, data, seed=2, column="part", validation=0.25)
    np.testing.assert_array_equal(again.validation, fold.validation)
    assert not np.array_equal(other.validation, fold.validation)


def test_identical_training_rows_do_not_part_for_validation(context):
    data = dataset({"x": np.arange(100) // 4 * 1.0, "part": ["train"] * 80 + ["test"] * 20})
    data = data.with_schema(Schema(data.schema.columns, {"x": "input", "part": "context"}))

    (fold,) = split(context, data, column="part", validation=0.25)

    values = np.asarray(data.column("x"))
    assert not set(values[fold.train]) & set(values[fold.validation])


def test_validation_rows_are_not_drawn_where_some_are_given(context):
    with pytest.raises(DataError, match="`part` names 2 validation rows"):
        split(context, rows(part=PARTS), column="part", validation=0.1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "none of them"),
        ({"column": "a", "files": {"train": "a", "test": "b"}}, "has `column` and `files`"),
        ({"folds": []}, "at least 1"),
        ({"files": {"train": "a"}}, "test"),
        ({"files": {"train": "a", "test": "b", "validation": "c"}, "validation": 0.1}, "`files` gives validation rows"),
    ],
)
def test_one_way_to_name_the_parts(options, message):
    with pytest.raises(pydantic.ValidationError, match=message):
        PredefinedConfig(**options)


def test_a_star_stands_for_many_folds_in_the_order_of_their_numbers(context):
    for number in (0, 2, 10):
        write(context, **{f"train_{number}": "0\n1\n2\n3\n", f"test_{number}": f"{4 + number % 4}\n"})

    found = split(context, rows(), folds=[{"train_index": "train_*.txt", "test_index": "test_*.txt"}])

    assert [fold.name for fold in found] == ["fold-0", "fold-2", "fold-10"]
    assert [fold.test.tolist() for fold in found] == [[4], [6], [6]]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"train_index": "train_*.txt", "test_index": "test_0.txt"}, r"every name of the folds has one `\*`"),
        ({"train_index": "*/*.txt", "test_index": "*/*.txt"}, r"every name of the folds has one `\*`"),
        ({"train_index": "nothing_*.txt", "test_index": "nichts_*.txt"}, "no file has this name"),
        ({"train_index": "train_*.txt", "test_index": "test_*.txt"}, "the fold `1` lacks a file"),
    ],
)
def test_a_star_that_stands_for_nothing_or_for_half_a_fold_is_refused(context, names, message):
    write(context, train_0="0\n", test_0="1\n", train_1="0\n")

    with pytest.raises(DataError, match=message):
        split(context, rows(), folds=[names])


def test_the_published_splits_of_concrete_are_twenty_folds_of_ninety_to_ten(reference, context):
    folder = reference("uci_concrete")
    names = {f"{part}_index": str(folder / f"index_{part}_*.txt") for part in ("train", "test")}

    found = split(context, rows(1030), folds=[names])

    assert [fold.name for fold in found] == [f"fold-{number}" for number in range(20)]
    assert {(len(fold.train), len(fold.test)) for fold in found} == {(927, 103)}
