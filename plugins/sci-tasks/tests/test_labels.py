from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sci.api import DataError, Dataset, Feature, Fold, Schema
from sci.api.errors import SeveralErrors
from sci_tasks.classification import Classification
from sci_tasks.config import ClassificationConfig
from sci_tasks.labels import essence


def check(labels, train, validation=(), test=(), positive=None, ids=None, feature=None):
    schema = Schema({"label": feature or Feature("category", dtype="string")}, {"label": "target"}, {"target": "label"})
    column = pa.array(labels) if feature is None or feature.dtype == "string" else np.array(labels)
    fold = Fold("plain", *(np.array(part, dtype=np.int64) for part in (train, validation, test)))
    Classification(ClassificationConfig(positive=positive)).check(Dataset({"label": column}, schema, ids), fold)


def refused(*arguments, **named) -> DataError:
    with pytest.raises(DataError) as caught:
        check(*arguments, **named)
    assert caught.value.exit_code == 3
    return caught.value


def test_sound_labels_pass():
    check(["ham", "spam", "ham", "spam", "ham"], [0, 1], [2], [3, 4], positive="spam")


def test_boolean_codes_pass_and_are_named():
    check([0, 1, 0, 1], [0, 1], [2], [3], positive=True, feature=Feature("boolean", dtype="int64"))


def test_missing_boolean_is_a_missing_label():
    error = refused([0, 1, -1, 1], [0, 1, 2, 3], feature=Feature("boolean", dtype="int64"))

    assert error.message == "`label` has no label in 1 row (id 2)"


def test_missing_and_blank_labels_are_counted_and_the_first_five_rows_named():
    labels = ["a", "b", None, "", "  ", None, "\t", None, "a"]

    error = refused(labels, [0, 1, 2, 3], [4, 5], [6, 7, 8], ids=np.arange(100, 109))

    assert error.id == "data.missing-labels"
    assert error.message == "`label` has no label in 6 rows (ids 102, 103, 104, 105, 106, ...)"
    assert "leave them out" in error.hint


def test_rows_outside_the_fold_are_not_looked_at():
    check(["a", "b", None, "c"], [0, 1])


def test_one_class_only_is_refused():
    error = refused(["ham"] * 4, [0, 1], [2], [3])

    assert error.id == "data.one-class"
    assert error.message == "`label` has one class only: `ham` in all 4 rows"


def test_class_that_only_test_and_validation_hold_is_refused_with_its_rows():
    labels = ["a", "b", "c", "c", "d", "a"]

    error = refused(labels, [0, 1], [2], [3, 4, 5], ids=np.array([10, 11, 12, 13, 14, 15]))

    assert error.id == "data.class-absent"
    assert error.message == (
        "`label` has 2 classes without a row in train: "
        "`c` in 1 row (id 12) of validation and 1 row (id 13) of test, `d` in 1 row (id 14) of test"
    )
    assert error.hint.startswith("rows of such a class for train")


def test_lists_are_no_classes():
    lists = Schema(
        {"label": Feature("category", dtype="string", ragged=True)}, {"label": "target"}, {"target": "label"}
    )
    rows = Dataset({"label": pa.array([["a"], ["b"]])}, lists)

    with pytest.raises(DataError, match="`label` holds lists of labels") as caught:
        Classification(ClassificationConfig()).check(rows, Fold("split", np.array([0]), np.array([]), np.array([1])))
    assert caught.value.hint == "task: multi-label"


def test_many_absent_classes_are_counted_not_listed():
    labels = [f"c{number:04}" for number in range(1000)]

    error = refused(labels, range(2), [], range(2, 1000))

    assert "998 classes without a row in train" in error.message
    assert error.message.endswith("and 993 more")
    assert len(error.message) < 400


@pytest.mark.parametrize(
    "variants",
    [
        ["1", "1.0", " 1"],
        ["1", "1e0", "+1", "01"],
        ["spam", "spam "],
        ["not spam", "not  spam"],
        ["café", "cafe\u0301"],
        ["a", "a\u00a0"],
        ["0", "-0"],
    ],
)
def test_variants_of_one_label_are_shown(variants):
    labels = [*variants, "other", "other"]

    error = refused(labels, range(len(labels)))

    assert error.id == "data.label-variants"
    assert f"in {len(variants)} ways" in error.message
    assert "1 row" in error.note


def test_variant_with_an_invisible_blank_can_be_seen_in_the_message():
    error = refused(["a", "a\u00a0", "b"], [0, 1, 2])

    assert r"`a`, `a\xa0`" in error.message


def test_hint_for_variants_names_the_usual_form():
    error = refused(["1", "1.0", "1.0", "2"], range(4))

    assert error.hint == "write one form in the source, such as `1.0`"


@pytest.mark.parametrize(
    "different", [["a", "A"], ["1_0", "10"], ["nan", "NaN"], ["1", "1.0.0"], ["+", "-"], ["1e9999", "1"], ["٣", "3"]]
)
def test_different_labels_are_not_taken_for_variants(different):
    assert essence(different[0]) != essence(different[1])


def test_long_numbers_are_compared_exactly():
    assert essence("12345678901234567890") != essence("12345678901234567891")


def test_unknown_positive_class_suggests_the_nearest_one():
    error = refused(["ham", "spam"], [0, 1], positive="spma")

    assert error.id == "data.positive-unknown"
    assert error.message == "`spma` is no class of `label`; did you mean `spam`?"
    assert error.note == "classes: `ham`, `spam`"
    assert error.hint == "task: {name: classification, positive: spam}"


def test_unknown_positive_class_far_from_all_suggests_the_rarer_one_without_guessing():
    error = refused(["ham", "ham", "spam mail: yes"], [0, 1, 2], positive="fish")

    assert "did you mean" not in error.message
    assert error.hint == 'task: {name: classification, positive: "spam mail: yes"}'


def test_positive_with_three_classes_is_refused():
    error = refused(["a", "b", "c"], [0, 1, 2], positive="a")

    assert error.id == "data.positive-several"
    assert "has 3" in error.message
    assert "f1-macro" in error.hint


def test_missing_labels_and_variants_are_reported_together():
    with pytest.raises(SeveralErrors) as caught:
        check(["1", "1.0", None, "2"], range(4))

    assert [error.id for error in caught.value.errors] == ["data.missing-labels", "data.label-variants"]
    assert caught.value.exit_code == 3


def test_consequences_of_variants_are_held_back():
    error = refused(["a", "b", "b "], [0, 1], [], [2])

    assert error.id == "data.label-variants"


def test_hostile_names_are_cut_and_escaped():
    error = refused(["\u202ex" * 100, "\x00", "ok"], [2], [], [0, 1])

    assert "\u202e" not in error.message
    assert "\x00" not in error.message
    assert r"\u202e" in error.message


def outside(labels: list[str | None], classes: tuple[str, ...] = ("ham", "spam")) -> DataError:
    task = Classification(ClassificationConfig())
    task.classes_ = classes
    with pytest.raises(DataError) as caught:
        schema = Schema({"label": Feature("category", dtype="string")}, {"label": "target"}, {"target": "label"})
        task.check_outside(Dataset({"label": pa.array(labels)}, schema))
    return caught.value


def test_a_label_of_another_file_that_the_model_does_not_know_is_refused():
    error = outside(["HAM", "spam", "HAM"])

    assert (error.id, error.note) == ("data.class-unknown", "it knows `ham`, `spam`")
    assert error.message == "`label` has a class that the run does not know: `HAM` in 2 rows (ids 0, 2)"


def test_a_row_of_another_file_without_a_label_is_refused():
    assert outside(["ham", None]).id == "data.missing-labels"
