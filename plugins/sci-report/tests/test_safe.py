from __future__ import annotations

import pytest

from sci_report.safe import cells, cut, middle, visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\0b", "a␀b"),
        ("tab\there\n", "tab␉here␊"),
        ("a\u202eb", "a⟨RLO⟩b"),
        ("\ufeffx\u200b", "⟨BOM⟩x⟨ZWSP⟩"),
        ("\x85", "⟨U+0085⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("naïve 中文 زنبق 👩‍👧", "naïve 中文 زنبق 👩‍👧"),
        ("\x7f\x1b", "␡␛"),
    ],
)
def test_what_is_invisible_becomes_visible_and_the_rest_stays(text, expected):
    assert visible(text) == expected


def test_chinese_takes_two_cells_and_marks_none():
    assert (cells("ab"), cells("中文"), cells("e\u0301")) == (2, 4, 1)


def test_a_long_text_is_cut_at_600_cells_and_says_how_much_is_left():
    shown, more = cut("x" * 1_048_576)
    assert len(shown) == 600
    assert more == 1_047_976
    assert len(cut("中" * 400).text) == 300


@pytest.mark.timeout(60)
def test_a_megabyte_or_a_pile_of_marks_is_cut():
    assert len(cut("a" + "\u0301" * 1_000_000).text) < 4000
    cut("x" * 5_000_000)
    middle("y" * 5_000_000)


def test_a_long_name_is_cut_in_the_middle():
    assert middle("short") == "short"
    assert middle("a" * 40 + "b" * 40) == "a" * 16 + "…" + "b" * 15
    assert cells(middle("中" * 100)) <= 32
