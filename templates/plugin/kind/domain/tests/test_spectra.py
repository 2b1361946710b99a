from __future__ import annotations

import pathlib
from typing import Any, cast

import numpy as np
import pytest
from sci.api import DataError, Dataset, RunContext

from {{ module }}.config import SpectraCsvConfig
from {{ module }}.spectra import SpectraCsv

FILE = "sample,1200,1100.5,protein\na,2,1,11.5\nb,4,3,9\n"


class Folder:
    """A run whose paths lie in one folder."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder

    def resolve(self, path: str) -> pathlib.Path:
        return self.folder / path


@pytest.fixture
def read(tmp_path: pathlib.Path) -> Any:
    def reading(text: str, **settings: Any) -> Dataset:
        (tmp_path / "a.csv").write_text(text, encoding="utf-8")
        source = SpectraCsv(SpectraCsvConfig(path="a.csv", **settings))
        return source.read(cast("RunContext", Folder(tmp_path)))

    return reading


def test_columns_of_wavelengths_become_one_spectrum_in_their_order(read: Any) -> None:
    found = read(FILE)

    assert list(found.schema.columns) == ["sample", "protein", "spectrum"]
    assert found.schema.columns["spectrum"].shape == (2,)
    np.testing.assert_array_equal(found.column("spectrum"), [[1, 2], [3, 4]])


def test_a_range_of_wavelengths_is_taken(read: Any) -> None:
    np.testing.assert_array_equal(read(FILE, lowest=1150).column("spectrum"), [[2], [4]])


@pytest.mark.parametrize("cell", ["", "n/a", "?"])
def test_a_gap_in_a_spectrum_is_refused_with_its_line(read: Any, cell: str) -> None:
    with pytest.raises(DataError) as refused:
        read(f"sample,1100,1200\na,1,2\nb,{cell},4\n")

    assert refused.value.where is not None


@pytest.mark.parametrize("text", ["sample,protein\na,1\n", "sample,1100\n", "a,b\n1\n"])
def test_a_file_without_spectra_is_refused(read: Any, text: str) -> None:
    with pytest.raises(DataError):
        read(text)
