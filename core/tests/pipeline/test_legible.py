from __future__ import annotations

import pyarrow as pa
import pytest

from sci.api import DataError, Feature, Task, dataset
from sci.pipeline.legible import require_legible, require_lists_alike
from sci.pipeline.places import nowhere


class Sort(Task):
    slots = {"target": ("category", "boolean")}


BROKEN = pa.array([b"a", None, b"\xff\xfe"], pa.binary())


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (pa.array([[1.0], [], [2.0]]), "`odd` holds lists of numbers, which are no {}"),
        (pa.array([[], None, []], pa.list_(pa.null())), "`odd` holds empty lists, which are no {}"),
        (BROKEN, "`odd` holds bytes that are not UTF-8 in row 2, which are no {}"),
        (pa.chunked_array([pa.array([b"a"]), BROKEN[1:]]), "bytes that are not UTF-8 in row 2"),
    ],
    ids=["numbers", "empty", "bytes", "chunks"],
)
def test_what_is_no_text_is_refused_by_name(column, message):
    rows = dataset(pa.table({"odd": column, "label": ["a", "b", "a"]}))

    with pytest.raises(DataError, match=message.format("text")):
        require_legible(rows, {"target": "label", "columns": {"odd": {"kind": "text"}}}, Sort(None), nowhere)
    with pytest.raises(DataError, match=message.format("names of classes")):
        require_legible(rows, {"target": "odd"}, Sort(None), nowhere)
    require_legible(rows, {"target": ["label"]}, Sort(None), nowhere)


@pytest.mark.parametrize("column", [pa.array([b"a", None, "ä".encode()]), pa.array([["a"], [], None]), pa.array([1.0])])
def test_bytes_that_are_text_lists_of_texts_and_numbers_are_read(column):
    require_legible(dataset(pa.table({"x": column})), {"columns": {"x": {"kind": "text"}}}, Sort(None), nowhere)


@pytest.mark.parametrize("ragged", [True, False])
def test_lists_stay_lists(ragged):
    features = {"x": Feature("category", dtype="string", ragged=ragged)}
    lists, texts = (dataset(pa.table({"x": column})) for column in ([["a"], ["b"]], ["a", "b"]))

    require_lists_alike(lists if ragged else texts, features)
    with pytest.raises(DataError, match="column `x` holds"):
        require_lists_alike(texts if ragged else lists, features)
