"""Audits on planted cases."""

from __future__ import annotations

import os
import pathlib
import tracemalloc
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sci.api import Dataset, Feature, Ragged, Schema, dataset
from sci_statistics.audits.constants import ConstantColumns
from sci_statistics.audits.contradictions import ConflictingLabels
from sci_statistics.audits.duplicates import Duplicates
from sci_statistics.audits.groups import Groups
from sci_statistics.audits.identifiers import IdColumns
from sci_statistics.audits.prefitted import FittedOutsideTrain
from sci_statistics.hashing import row_hashes


def test_identical_inputs_in_train_and_test_are_an_error_with_count_and_ids(table: Any, fold: Any, audit: Any) -> None:
    rows = table(text=["a", "b", "c", "a", "d"], number=[1.0, 2.0, 3.0, 1.0, 2.0]).with_ids(np.arange(100, 105))

    error, *others = audit(Duplicates(), rows, fold([0, 1, 2], test=[3, 4]))

    assert (error.check, error.severity, error.count, error.rows) == ("duplicates", "error", 1, (103,))
    assert error.message == "1 test row also occurs in train, so the test would be too easy"
    assert error.columns == ("text", "number")
    assert not others


def test_the_message_counts_and_all_rows_are_named(table: Any, fold: Any, audit: Any) -> None:
    rows = table(value=[*range(58), *range(58)])

    (error,) = audit(Duplicates(), rows, fold(range(58), test=range(58, 116)))

    assert error.message == "58 test rows also occur in train, so the test would be too easy"
    assert error.count == 58
    assert error.rows == tuple(range(58, 116))


def test_each_pair_of_parts_has_its_own_error(table: Any, fold: Any, audit: Any) -> None:
    rows = table(value=[1, 1, 1, 2])

    findings = audit(Duplicates(), rows, fold([0], [1], [2, 3]))

    assert [finding.severity for finding in findings] == ["error", "error", "error"]
    assert "1 validation row also occurs in train" in findings[1].message
    assert "1 test row also occurs in validation" in findings[2].message


def test_identical_rows_in_another_fold_do_not_matter(table: Any, fold: Any, audit: Any) -> None:
    rows = table(value=[1, 1, 2, 3])

    findings = audit(Duplicates(), rows, fold([0, 1], test=[2, 3]), fold([2, 3], test=[0, 1], name="other"))

    assert [finding.severity for finding in findings] == ["passed", "note"]
    assert findings[1].count == 1


def test_identical_inputs_within_a_part_are_a_note(table: Any, fold: Any, audit: Any) -> None:
    passed, note = audit(Duplicates(), table(value=[1, 1, 1, 2]), fold([0, 1, 2], test=[3]))

    assert passed.severity == "passed"
    assert (note.severity, note.count, note.rows) == ("note", 2, (1, 2))
    assert note.message.startswith("2 rows repeat the inputs of another row of the same part")


def test_identical_inputs_with_other_targets_are_a_warning(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"label": "target"}, value=[1, 1, 2, 2, 3], label=["x", "y", "x", "x", "y"])

    (warning,) = audit(ConflictingLabels(), rows, fold(range(5)))

    assert (warning.count, warning.rows) == (2, (0, 1))
    assert warning.columns == ("value", "label")


def test_texts_that_are_written_may_differ_and_be_right(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"zh": "target"}, en=["Hi.", "Hi.", "Thanks."], zh=["嗨。", "你好。", "谢谢！"])
    written = Schema(
        {**rows.schema.columns, "zh": Feature("text", dtype="string")}, rows.schema.roles, {"target": "zh"}
    )

    (note,) = audit(ConflictingLabels(), rows.with_schema(written), fold(range(3)))

    assert (note.severity, note.count, note.rows) == ("note", 2, (0, 1))
    assert "may all be right" in note.message


def test_only_inputs_are_compared(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"name": "context", "label": "target"}, value=[1, 1], name=["p", "q"], label=["x", "x"])

    assert audit(Duplicates(), rows, fold([0], test=[1]))[0].severity == "error"


@pytest.mark.parametrize("role", ["group", "time"])
def test_equal_rows_of_two_groups_or_times_need_not_be_copies(table: Any, fold: Any, audit: Any, role: str) -> None:
    rows = table({"apart": role}, value=[1, 1], apart=[1, 2])

    (warning,) = audit(Duplicates(), rows, fold([0], test=[1]))

    assert (warning.severity, warning.count, warning.hint) == ("warning", 1, "")
    assert warning.message == "1 test row also occurs in train; if they are copies, the test would be too easy"


def test_different_rows_pass(table: Any, fold: Any, audit: Any) -> None:
    (passed,) = audit(Duplicates(), table(value=[1, 2, 3]), fold([0], [1], [2]))

    assert (passed.severity, passed.message) == ("passed", "no row occurs in two parts of the split")


def test_a_task_without_inputs_has_no_duplicates(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"label": "target"}, label=["x", "x"])

    assert audit(Duplicates(), rows, fold([0], test=[1])) == []


@pytest.mark.parametrize(
    ("values", "same"),
    [
        (["a", None, None], [(1, 2)]),
        ([0.0, -0.0, 1.0], [(0, 1)]),
        ([float("nan"), float("nan"), 0.0], [(0, 1)]),
        ([2**53, 2**53 + 1, 2**53], [(0, 2)]),
        ([True, False, None], []),
        ([[1, 2], [1], [1, 2]], [(0, 2)]),
        ([[1, 2], [2, 1], [1, 2, 0]], []),
        ([[], [0], []], [(0, 2)]),
        ([b"\x00", b"\x00\x00", b"\x00"], [(0, 2)]),
    ],
)
def test_rows_have_equal_hashes_where_their_values_are_equal(
    table: Any, values: list[Any], same: list[tuple[int, int]]
) -> None:
    hashes = row_hashes(table(column=values), ["column"])

    found = [(i, j) for i in range(3) for j in range(i + 1, 3) if hashes[i] == hashes[j]]
    assert found == same


def test_hashes_do_not_depend_on_chunks_dictionaries_or_offset_width(table: Any) -> None:
    names = ["b", "a", "b", None, "a"]
    plain = row_hashes(table(column=names), ["column"])
    for other in (
        pa.chunked_array([["b"], ["a", "b", None], ["a"]]),
        pa.array(names).dictionary_encode(),
        pa.array(names, type=pa.large_string()),
        pa.chunked_array([pa.array(["b", "a"]).dictionary_encode(), pa.array(["b", None, "a"]).dictionary_encode()]),
    ):
        assert np.array_equal(row_hashes(dataset(pa.table({"column": other})), ["column"]), plain)


def test_the_column_that_a_value_stands_in_matters(table: Any) -> None:
    rows = table(one=[1, 2], two=[2, 1])

    hashes = row_hashes(rows, ["one", "two"])

    assert hashes[0] != hashes[1]


def test_the_place_within_an_array_matters() -> None:
    images = np.array([[[1, 2], [3, 4]], [[1, 3], [2, 4]], [[1, 2], [3, 4]]])
    hashes = row_hashes(Dataset({"image": images}, Schema({"image": Feature("image")}, {"image": "input"})), ["image"])

    assert hashes[0] == hashes[2] != hashes[1]


def test_arrays_are_hashed_in_blocks_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    images, offsets = random.integers(0, 3, (50, 2, 2)), np.arange(0, 153, 3)
    schema = Schema({"image": Feature("image"), "series": Feature("series")}, {"image": "input", "series": "input"})
    rows = Dataset({"image": images, "series": Ragged(random.random((150, 2)), offsets)}, schema)
    whole = row_hashes(rows, ["image", "series"])

    monkeypatch.setattr("sci_statistics.hashing.ELEMENTS", 16)

    assert np.array_equal(row_hashes(rows, ["image", "series"]), whole)
    assert np.array_equal(row_hashes(rows, ["image"])[[3]], row_hashes(rows.take(np.array([3])), ["image"]))


@pytest.mark.timeout(120)  # comparing all pairs would take hours
def test_a_hundred_thousand_rows_are_audited(table: Any, fold: Any, audit: Any) -> None:
    random = np.random.default_rng(0)
    columns = {f"number{i}": random.normal(size=100_000) for i in range(20)}
    rows = table(**columns, text=[f"text {i}" for i in random.integers(0, 50_000, 100_000)])
    parts = np.array_split(np.arange(100_000), 3)

    findings = [finding for check in (Duplicates(), IdColumns()) for finding in audit(check, rows, fold(*parts))]

    assert [finding.severity for finding in findings] == ["passed", "passed"]


def test_a_group_in_two_parts_is_an_error_that_names_the_column(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"patient": "group"}, value=range(6), patient=["p", "p", "q", "q", "r", "p"])

    (error,) = audit(Groups(), rows, fold([0, 1, 2], [3], [4, 5]))

    assert (error.check, error.severity, error.count, error.rows) == ("groups", "error", 2, (3, 5))
    assert error.message == (
        "2 groups of `patient` lie in two parts of the split (2 held-out rows), so the test would be too easy"
    )
    assert error.columns == ("patient",)


def test_groups_that_stay_together_pass_in_every_fold(table: Any, fold: Any, audit: Any) -> None:
    rows = table({"patient": "group"}, value=range(4), patient=[1, 1, 2, 2])

    (passed,) = audit(Groups(), rows, fold([0, 1], test=[2, 3]), fold([2, 3], test=[0, 1]))

    assert passed.severity == "passed"


@pytest.mark.parametrize("missing", [["p", None, None, "q"], [1.0, None, None, 2.0], [1.0, np.nan, np.nan, 2.0]])
def test_rows_without_a_group_may_lie_anywhere(table: Any, fold: Any, audit: Any, missing: list[Any]) -> None:
    rows = table({"patient": "group"}, value=range(4), patient=missing)

    assert audit(Groups(), rows, fold([0, 1], test=[2, 3]))[0].severity == "passed"


def test_without_a_declared_group_there_is_nothing_to_say(table: Any, fold: Any, audit: Any) -> None:
    assert audit(Groups(), table(value=[1, 2]), fold([0], test=[1])) == []


RANDOM = np.random.default_rng(0)
WORDS = ["cheap", "win", "hello", "later", "今天", "call 0800", "see", "you", "now", "prize"]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("UDI", np.arange(1, 101)),
        ("UDI", np.arange(1, 101, dtype=np.float64)),
        ("number", RANDOM.permutation(100) + 5_000),
        ("code", np.cumsum(RANDOM.integers(1, 1000, 100))),
        ("Product", [f"M{14860 + 7 * i}" for i in range(100)]),
        ("uuid", [f"{i:08x}-9b1d-4c3e" for i in RANDOM.integers(0, 2**31, 100)]),
        ("PassengerId", RANDOM.integers(0, 10**9, 100)),
        ("patient_id", [*range(95), 0, 1, 2, 3, 4]),
    ],
)
def test_columns_that_name_rows_are_a_warning(table: Any, fold: Any, audit: Any, name: str, values: Any) -> None:
    (warning,) = audit(IdColumns(), table(**{name: values, "age": RANDOM.integers(20, 60, 100)}), fold(range(100)))

    assert (warning.check, warning.severity, warning.columns) == ("id-columns", "warning", (name,))
    assert f"`{name}`" in warning.message


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("income", RANDOM.integers(10_000, 90_000, 100)),
        ("height", RANDOM.normal(size=100)),
        ("price", RANDOM.integers(0, 10**6, 100).astype(np.float64)),
        ("message", [" ".join(RANDOM.choice(WORDS, 12)) + f" {i}" for i in range(100)]),
        ("review", ["".join(RANDOM.choice(list("今天的菜很好吃下次再来"), 30)) for _ in range(100)]),
        ("sequence", ["".join(RANDOM.choice(list("acgt"), 57)) for _ in range(100)]),
        ("city", RANDOM.choice(["A1", "B2", "C3"], 100)),
        ("address", [f"{i} Main Street" for i in range(100)]),
        ("grid", RANDOM.integers(0, 10**9, 100)),
        ("empty", pa.nulls(100, pa.string())),
    ],
)
def test_columns_that_describe_rows_pass(table: Any, fold: Any, audit: Any, name: str, values: Any) -> None:
    (passed,) = audit(IdColumns(), table(**{name: values}), fold(range(100)))

    assert passed.severity == "passed"


def test_few_rows_are_no_evidence_of_an_identifier(table: Any, fold: Any, audit: Any) -> None:
    assert audit(IdColumns(), table(UDI=range(10)), fold(range(10)))[0].severity == "passed"


def test_planted_copies_in_real_messages_are_all_found(table: Any, fold: Any, audit: Any) -> None:
    folder = os.environ.get("SCI_REFERENCE_DATA")
    if not folder or not (found := sorted(pathlib.Path(folder).glob("sms_spam/SMSSpamCollection*"))):
        pytest.skip("SCI_REFERENCE_DATA does not name a folder with sms_spam/SMSSpamCollection")
    lines = found[0].read_text(encoding="utf-8").split("\n")
    texts = [line.split("\t", 1)[1] for line in lines if "\t" in line]
    train, test = np.split(np.random.default_rng(0).permutation(len(texts)), [4000])
    known = {texts[i] for i in train}
    copies = [int(i) for i in test if texts[i] in known]

    error = audit(Duplicates(), table(text=texts), fold(train, test=test))[0]

    assert len(texts) == 5574
    assert error.count == len(copies) > 100
    assert error.rows == tuple(sorted(copies))


def test_inputs_that_never_change_in_training_are_one_warning(table: Any, fold: Any, audit: Any) -> None:
    rows = table(x=[1.0, 2.0, 3.0], same=[5, 5, 6], word=["a", "a", "a"], none=pa.nulls(3, pa.float64()))

    (finding,) = audit(ConstantColumns(), rows, fold([0, 1], test=[2]))

    assert (finding.severity, finding.columns, finding.count) == ("warning", ("same", "word", "none"), 3)
    assert "`same`, `word`, `none` have the same value in all training rows" in finding.message


def test_a_target_may_be_constant_without_a_word_of_this_audit(table: Any, fold: Any, audit: Any) -> None:
    rows = table(roles={"y": "target"}, x=[1.0, 2.0], y=[1, 1])

    assert [finding.severity for finding in audit(ConstantColumns(), rows, fold([0, 1]))] == ["passed"]


def test_a_column_that_is_constant_in_one_fold_only_is_found(table: Any, fold: Any, audit: Any) -> None:
    rows = table(x=[1.0, 1.0, 2.0, 3.0])

    (finding,) = audit(ConstantColumns(), rows, fold([2, 3], test=[0, 1]), fold([0, 1], test=[2, 3]))

    assert finding.columns == ("x",)
    assert finding.message == "input `x` has the same value in all training rows and tells the model nothing"


@pytest.mark.parametrize("kind", [ConflictingLabels, ConstantColumns, Duplicates, FittedOutsideTrain, IdColumns])
def test_audits_hold_a_few_columns_at_a_time(table: Any, fold: Any, audit: Any, kind: Any) -> None:
    rows, columns = 20_000, 60
    drawn = np.random.default_rng(0).standard_normal((columns, rows))
    data = table({"x0": "target"}, **{f"x{number}": values for number, values in enumerate(drawn)})
    for name in data.schema.columns:
        data.column(name)  # what is in memory already is kept in the form that it is asked for
    tracemalloc.start()
    try:
        audit(kind(), data, fold(range(15_000), test=range(15_000, rows)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < drawn.nbytes / 3
