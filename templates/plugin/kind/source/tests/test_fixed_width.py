from __future__ import annotations

import pathlib
from typing import Any, cast

import pydantic
import pytest
from sci.api import DataError, RunContext

from {{ module }}.config import FixedWidthConfig
from {{ module }}.fixed_width import FixedWidth

COLUMNS = {"name": (1, 4), "count": (5, 7), "size": (8, 13)}


class Folder:
    """A run whose paths lie in one folder."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder

    def resolve(self, path: str) -> pathlib.Path:
        return self.folder / path


@pytest.fixture
def read(tmp_path: pathlib.Path) -> Any:
    def reading(data: str | bytes, **settings: Any) -> dict[str, list[Any]]:
        (tmp_path / "a.txt").write_bytes(data.encode() if isinstance(data, str) else data)
        config = FixedWidthConfig(path="a.txt", **{"columns": COLUMNS, **settings})
        found = FixedWidth(config).read(cast("RunContext", Folder(tmp_path)))
        return dict(found.table().to_pydict())

    return reading


def test_columns_are_cut_out_of_lines_and_typed_by_what_they_hold(read: Any) -> None:
    found = read("Ann  12  1.50\nBob   3 -2e3 \n")

    assert found == {"name": ["Ann", "Bob"], "count": [12, 3], "size": [1.5, -2000.0]}


def test_what_is_missing_is_null_and_so_is_what_a_short_line_lacks(read: Any) -> None:
    assert read("Ann  12  1.50\nBob\nCyd   ?  2.5 \n", missing=["", "?"]) == {
        "name": ["Ann", "Bob", "Cyd"],
        "count": [12, None, None],
        "size": [1.5, None, 2.5],
    }


def test_titles_are_skipped_and_blank_lines_are_no_rows(read: Any) -> None:
    assert read("NAME CNT SIZE\r\n\r\nAnn  12  1.50\r\n", skip=1)["name"] == ["Ann"]


@pytest.mark.parametrize("text", ["nan", "inf", "1_0", "0x1", "12a", "\u0661"])
def test_only_plain_decimals_are_numbers(read: Any, text: str) -> None:
    assert read(f"{text:4}", columns={"a": (1, 4)}) == {"a": [text]}


def test_a_whole_number_beyond_int64_is_no_int64(read: Any) -> None:
    assert read("9" * 20, columns={"a": (1, 20)}) == {"a": [1e20]}


def test_letters_beyond_ascii_take_one_place_each(read: Any) -> None:
    assert read("Zo\u00eb\u4e2d  7", columns={"name": (1, 4), "count": (5, 7)}) == {
        "name": ["Zo\u00eb\u4e2d"],
        "count": [7],
    }


def test_a_file_in_another_encoding_is_refused_with_its_line(read: Any) -> None:
    with pytest.raises(DataError) as refused:
        read(b"Ann  12\nZo\xeb   7\n")

    assert refused.value.where is not None
    assert refused.value.where.line == 2
    assert read(b"Zo\xeb   7\n", encoding="latin-1")["name"] == ["Zo\u00eb"]


@pytest.mark.parametrize("data", ["", "\n \n", "title only\n"])
def test_a_file_without_rows_is_refused(read: Any, data: str) -> None:
    with pytest.raises(DataError):
        read(data, skip=1)


@pytest.mark.parametrize("settings", [{"columns": {"a": (4, 2)}}, {"columns": {}}, {"encoding": "utf-9"}])
def test_settings_that_cannot_be_meant_are_refused(read: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(pydantic.ValidationError):
        read("a", **settings)
