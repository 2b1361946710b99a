from __future__ import annotations

import math
import re

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sci.api import DataError
from sci_data.config import CsvConfig
from sci_data.delimited import Delimited


def column(context, cells, **options):
    lines = "\n".join(f'x,"{cell}"' for cell in cells)
    (context.directory / "a.csv").write_text("k,v\n" + lines + "\n", encoding="utf-8")
    return Delimited(CsvConfig(path="a.csv", **options)).read(context).table().column("v")


def refusal(context, cells, **options):
    with pytest.raises(DataError) as caught:
        column(context, cells, **options)
    assert caught.value.id == "data.number"
    return caught.value


@pytest.mark.parametrize(
    ("cells", "kind", "expected"),
    [
        (["1", "-2", "+3", " 4 "], "int64", [1, -2, 3, 4]),
        (["9223372036854775807", "-9223372036854775808"], "int64", [2**63 - 1, -(2**63)]),
        (["1", "2.5", "3e2", ".5", "6.", "+1.5"], "double", [1, 2.5, 300, 0.5, 6, 1.5]),
        (["9300000000000124.0", "0.5"], "double", [9300000000000124.0, 0.5]),
        (["1.000000000000000000e+00", "0.10000000000000000555"], "double", [1.0, 0.1]),
        (["", "", ""], "double", [None, None, None]),
        (["true", "false"], "large_string", ["true", "false"]),
        (["0x10", "0x11"], "large_string", ["0x10", "0x11"]),
        (["nan", "NaN"], "large_string", ["nan", "NaN"]),
        (["2024-05-31", "2024-06-01"], "large_string", ["2024-05-31", "2024-06-01"]),
        (["1/2/2024", "2/1/2024"], "large_string", ["1/2/2024", "2/1/2024"]),
        (["12.05.2024", "13.05.2024"], "large_string", ["12.05.2024", "13.05.2024"]),
        (["1.2.3", "1.2.4"], "large_string", ["1.2.3", "1.2.4"]),
        (["a", "1", "b"], "large_string", ["a", "1", "b"]),
        (["1", "a"], "large_string", ["1", "a"]),
        (["-999", "5"], "int64", [-999, 5]),
    ],
)
def test_a_column_becomes(context, cells, kind, expected):
    found = column(context, cells)

    assert str(found.type) == kind
    assert found.to_pylist() == expected
    assert context.warnings == []


@pytest.mark.parametrize(
    "cells",
    [
        ["12345678901234567890", "12345678901234567891"],
        ["9223372036854775808", "1"],
        ["9007199254740993", "0.5"],
        ["12345678901234567.5", "1.5"],
        ["007", "7"],
    ],
    ids=["20 digits", "beyond int64", "beyond float64", "long with decimals", "leading zeros"],
)
def test_numbers_that_would_lose_digits_stay_text(context, cells):
    assert column(context, cells).to_pylist() == cells
    assert [id for id, _ in context.warnings] == ["data.kept-as-text"]


@pytest.mark.parametrize("mapped", [False, True])
def test_lists_cuts_cells_at_blanks(context, monkeypatch, mapped):
    context.experiment = {"training": {"resident_bytes": 0}} if mapped else {}
    monkeypatch.setattr("sci_data.cells.ROWS", 2)
    found = column(context, ["Anna  left ", "7 1", "", "-", " ", "字 字"], lists=["v"], missing=["", "-"])

    assert str(found.type) == "large_list<item: large_string>"
    assert found.to_pylist() == [["Anna", "left"], ["7", "1"], [], [], [], ["字", "字"]]


def test_lists_may_name_a_target_that_rows_to_be_predicted_do_not_have(context):
    (context.directory / "a.csv").write_text("k,v\nx,a b\n", encoding="utf-8")
    source = Delimited(CsvConfig(path="a.csv", lists=["v", "tags"]))
    with pytest.raises(DataError, match="no column `tags`"):
        source.read(context)
    context.purpose = "predict"

    assert source.read(context).table().column("v").to_pylist() == [["a", "b"]]


def test_strings_keeps_text_without_a_warning(context):
    assert column(context, ["007", "7"], strings=["v"]).to_pylist() == ["007", "7"]
    assert context.warnings == []


@pytest.mark.parametrize("cells", [["1.50", "+2", "1e5"], ["1", "2", " 7 "], ["1,5", "2", "3"], ["007", ""], ["", ""]])
def test_a_column_that_the_experiment_declares_as_text_is_what_the_file_says(context, cells):
    context.experiment = {"data": {"columns": {"v": {"kind": "text"}, "k": None}}}

    found = column(context, cells)

    assert str(found.type) == "large_string"
    assert found.to_pylist() == [cell or None for cell in cells]
    assert context.warnings == []
    assert column(context, ["1", "2"], numbers=["v"]).to_pylist() == [1, 2]


def test_numbers_forces_numbers(context):
    assert column(context, ["007", "-08"], numbers=["v"]).to_pylist() == [7, -8]
    assert column(context, ["12345678901234567890", "1"], numbers=["v"]).to_pylist() == [12345678901234567890.0, 1.0]


def test_numbers_refuses_any_other_cell(context):
    assert "`x` in column v is not a number" in refusal(context, ["x", "y", "1"], numbers=["v"]).message


def test_a_word_among_numbers_is_refused_with_place_text_count_and_what_to_type(context):
    error = refusal(context, ["1", "2", "N/A", "4", "null", "N/A", "7"])

    assert error.message == "`N/A` in column v is not a number; 3 cells look like this"
    assert error.where.line == 4
    assert error.hint == 'missing: ["N/A", "null"]   or strings: [v]'
    assert "`N/A`, `null`" in error.note


def test_what_the_hint_says_helps(context):
    found = column(context, ["1", "2", "N/A", "4", "null", "N/A", "7"], missing=["N/A", "null"])

    assert found.to_pylist() == [1, 2, None, 4, None, None, 7]


def test_the_line_counts_line_ends_within_cells(context):
    (context.directory / "a.csv").write_bytes(b'k,v\n"x\ny\nz",1\n"p\nq",2\nr,?\n')
    with pytest.raises(DataError) as caught:
        Delimited(CsvConfig(path="a.csv")).read(context)
    assert caught.value.where.line == 7


@pytest.mark.parametrize(
    ("cells", "hint"),
    [
        (["3,5", "1,25"], 'decimal: ","'),
        (["3", "4", "3,5"], 'decimal: ","'),
        (["1", "3,5", "4,5"], 'decimal: ","'),
        (["1,234", "5,678"], 'thousands: ","   or decimal: ","'),
        (["1,234.5", "5,678.25"], 'thousands: ","'),
        (["1.234,5", "5.678,25"], 'decimal: ",", thousands: "."'),
        (["1 234", "5 678"], 'thousands: " "'),
    ],
)
def test_numbers_in_another_notation_are_refused_and_the_notation_is_named(context, cells, hint):
    assert refusal(context, cells).hint == f"{hint}   or strings: [v]"


def test_declared_notations_are_read(context):
    assert column(context, ["3,5", "-1,25", "4"], decimal=",").to_pylist() == [3.5, -1.25, 4]
    assert column(context, ["1.234,5", "5.678", "9"], decimal=",", thousands=".").to_pylist() == [1234.5, 5678, 9]
    assert column(context, ["1,234", "5,678,901"], thousands=",").to_pylist() == [1234, 5678901]


def test_a_point_where_a_comma_is_declared_is_refused(context):
    assert refusal(context, ["3.5", "4.25"], decimal=",").hint == 'decimal: "."   or strings: [v]'


def test_a_number_beyond_float64_is_refused(context):
    assert "larger than a number can be" in refusal(context, ["1.5", "1e999"]).message


def test_infinity_among_numbers_is_refused(context):
    assert refusal(context, ["1.5", "2.5", "inf"]).hint.startswith('missing: ["inf"]')


def test_missing_is_exact_and_may_be_written_as_a_number(context):
    assert column(context, ["1", "-999", "3"], missing=[-999]).to_pylist() == [1, None, 3]
    assert column(context, ["a", "?", " ?"], missing=["?"]).to_pylist() == ["a", None, " ?"]


def test_half_numbers_are_text_and_more_than_half_an_error(context):
    assert column(context, ["1", "2", "a", "b"]).to_pylist() == ["1", "2", "a", "b"]
    assert refusal(context, ["1", "2", "3", "a", "b"]).message.startswith("`a` in column v")


def test_a_control_character_in_a_message_is_escaped(context):
    assert "`\\x1b[31m`" in refusal(context, ["1", "2", "\x1b[31m"]).message


def test_labels_that_differ_in_spelling_only_stay_apart_in_a_target(context, monkeypatch):
    cells = ["1", "1.0", " 1", "0"]

    assert column(context, cells).to_pylist() == [1.0, 1.0, 1.0, 0.0]
    monkeypatch.setattr(context, "experiment", {"data": {"target": "v"}}, raising=False)
    assert column(context, cells).to_pylist() == cells
    assert column(context, ["1", " 1", "0"]).to_pylist() == ["1", " 1", "0"]
    assert column(context, ["1.0", "0.0", "1.0"]).to_pylist() == [1.0, 0.0, 1.0]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_every_float_is_read_as_python_wrote_it(quiet, numbers):
    found = column(quiet, [repr(number) for number in numbers], numbers=["v"]).to_pylist()

    assert [math.copysign(1, one) * abs(one) for one in found] == numbers


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1).filter(lambda text: text != "\n"),
        min_size=1,
        max_size=8,
    )
)
def test_every_text_survives_quoting(quiet, texts):
    found = column(quiet, [text.replace('"', '""') for text in texts], strings=["v"]).to_pylist()

    assert found == texts


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="0123+-.eExXdDf_ ,\t", min_size=1, max_size=6))
def test_arrow_reads_no_cell_as_a_number_that_the_grammar_refuses(text):
    try:
        pc.cast(pa.array([text]), pa.float64())
    except pa.ArrowInvalid:
        return
    assert re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text)
