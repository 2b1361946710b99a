"""What the conformance kit is told about the tasks: rows with lists of labels and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sci.testing import Case

if TYPE_CHECKING:
    from sci.api import Dataset

STEPS = "preprocessors"


def cases() -> list[Case]:
    """The tasks whose targets are lists, and the steps that read them."""
    return [
        Case("tasks", "multi-label", data="labels"),
        Case("tasks", "token-classification", data=tagged),
        Case(STEPS, "label-sets", data=labels, claims={"row_order_independent": True}),
        Case(STEPS, "tag-index", data=labels, claims={"row_order_independent": True}),
    ]


def labels() -> Dataset:
    """Forty rows of words with none to three labels."""
    import numpy as np
    import pyarrow as pa

    from sci.api import Dataset, Feature, Schema

    lists = [[name for place, name in enumerate(("größe", "red", "今日")) if row >> place & 1] for row in range(40)]
    features = {"x": Feature("number", dtype="float64"), "y": Feature("category", dtype="string", ragged=True)}
    schema = Schema(features, {"x": "input", "y": "target"}, {"target": "y"})
    column = pa.array(lists, pa.large_list(pa.large_string()))
    return Dataset({"x": np.sin(np.arange(40.0)), "y": column}, schema)


def tagged() -> Dataset:
    """Rows of tokens with a tag for each."""
    from sci.api import Dataset, Feature, Ragged, Schema
    from sci.testing.data import tokens

    words = tokens().column("words")
    assert isinstance(words, Ragged)
    tag = Feature("category", dtype="int64", ragged=True, size=3, values=("B-X", "I-X", "O"), pad=-1)
    features = {"words": tokens().schema.columns["words"], "y": tag}
    schema = Schema(features, {"words": "input", "y": "target"}, {"target": "y"})
    return Dataset({"words": words, "y": Ragged(words.values % 3, words.offsets)}, schema)
