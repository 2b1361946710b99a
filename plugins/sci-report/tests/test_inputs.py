from __future__ import annotations

import base64
import io

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from sci.api import Dataset, Feature, Ragged, Schema
from sci_report.inputs import COLUMNS, inputs, thumbnail
from sci_report.prose import plain


def shown(value, feature, at=0):
    data = Dataset({"x": value}, Schema({"x": feature}, {"x": "input"}))
    return inputs(data, at)[0]


@pytest.mark.parametrize(
    ("column", "feature", "expected"),
    [
        (pa.array(["hello"]), Feature("text", dtype="string"), "hello"),
        (pa.array([None], pa.string()), Feature("text", dtype="string"), "missing"),
        (np.array([np.nan]), Feature("number"), "missing"),
        (np.array([3.25]), Feature("number", unit="m²"), "3.25 m²"),
        (np.array([1]), Feature("category", dtype="int64", values=("no", "yes")), "yes"),
        (np.array([-1]), Feature("category", dtype="int64", values=("no", "yes")), "missing"),
        (pa.array([True]), Feature("boolean"), "yes"),
        (Ragged(np.array([1.0, 2.0]), np.array([0, 2])), Feature("series", ragged=True), "1, 2"),
        (np.zeros((1, 20, 30)), Feature("array"), "array, 20 × 30"),
        (pa.array([b"abc"], pa.large_binary()), Feature("audio", dtype="binary"), "audio, bytes: 3"),
        (pa.array(["ACGTACGTACGT"]), Feature("text", dtype="string", alphabet="dna"), "ACGTACGTAC GT"),
    ],
)
def test_a_value_is_shown_as_a_person_would_write_it(column, feature, expected):
    assert plain(shown(column, feature).text, "en") == expected


def test_a_picture_becomes_a_small_jpeg():
    buffer = io.BytesIO()
    Image.new("RGB", (640, 320), (200, 10, 10)).save(buffer, format="PNG")
    for value in (pa.array([buffer.getvalue()]), np.zeros((1, 28, 28, 1), dtype=np.uint8)):
        found = shown(value, Feature("image", dtype="binary" if isinstance(value, pa.Array) else "uint8"))
        picture = Image.open(io.BytesIO(base64.b64decode(found.image.removeprefix("data:image/jpeg;base64,"))))
        assert max(picture.size) <= 160


@pytest.mark.parametrize("value", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "text", np.zeros((3, 3)), None])
def test_what_is_no_picture_gives_none(value):
    assert thumbnail(value) == ""


def test_a_wide_row_shows_the_first_columns_and_counts_the_others():
    names = [f"c{at}" for at in range(COLUMNS + 3)]
    data = Dataset(
        {n: np.array([1.5]) for n in names},
        Schema({n: Feature("number") for n in names}, dict.fromkeys(names, "input")),
    )
    found = inputs(data, 0)
    assert len(found) == COLUMNS + 1
    assert plain(found[-1].text, "en") == "+ 3 more columns"
