"""What a variant changes, what it cannot reach, and what it does to the verdict."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sci.api import Conclusion, ControlResult, Feature, Fold, Schema, Variant, Verdict, dataset
from sci.pipeline.controls import as_json, changed_rows, doubted, fault


def data():
    features = {"x": Feature("number"), "y": Feature("category", dtype="string")}
    schema = Schema(features, {"x": "input", "y": "target"}, {"target": "y"})
    return dataset({"x": pa.array(np.arange(8.0)), "y": pa.array(list("abcdefgh"))}, schema)


FOLD = Fold("split", np.array([6, 0, 2]), np.array([3, 5]), np.array([1, 4, 7]))


def test_targets_move_within_a_part_and_those_of_test_rows_stay():
    variant = Variant("1", np.arange(3), np.arange(2), np.array([1, 2, 0]), np.array([1, 0]))
    changed, fold = changed_rows(data(), FOLD, variant)
    assert changed.column("y").to_pylist() == list("cbgfedah")
    assert changed.column("x").tolist() == list(range(8))
    assert [part.tolist() for part in fold[1:]] == [[6, 0, 2], [3, 5], [1, 4, 7]]
    assert changed.take(fold.test).fingerprint() == data().take(FOLD.test).fingerprint()


def test_fewer_rows_keep_their_own_targets():
    rows = data()
    changed, fold = changed_rows(rows, FOLD, Variant("half", np.array([2, 0]), np.array([0, 1])))
    assert changed is rows
    assert fold.train.tolist() == [2, 6]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"name": "../up"}, "cannot be a part of a folder's name"),
        ({"train": np.array([0, 3])}, "`train` of variant v are no positions in 3 rows"),
        ({"validation": np.array([0, -1])}, "`validation`"),
        ({"train_targets": np.array([0])}, "`train_targets`"),
        ({"validation_targets": np.array([0.0, 1.0])}, "`validation_targets`"),
        ({"train": np.array([1, 1, 0])}, "trains on no row, or on one row twice"),
        ({"train": np.zeros(0, dtype=np.int64)}, "trains on no row"),
    ],
)
def test_a_variant_that_reaches_beyond_its_rows_is_told(changes, said):
    whole = {"name": "v", "train": np.arange(3), "validation": np.arange(2), **changes}
    found = fault(Variant(**whole), 3, 2)
    assert said in found
    assert bool(found) == bool(said)


def test_a_doubt_stands_beside_the_verdict():
    said = Verdict("clears", "It clears.", "f1", cautions=("Before.",), weakened_by=("opened",))
    results = {
        "calm": ControlResult(3, [], {"f1": Conclusion("Fine.")}, 1),
        "stern": ControlResult(3, [], {"f1": Conclusion("Not fine.", "May be chance.", {"p": 0.5})}, 1),
    }
    found = doubted(said, results)
    assert found.state == "clears"
    assert found.cautions == ("Before.", "May be chance.")
    assert found.weakened_by == ("opened", "stern")
    assert doubted(said, {"calm": results["calm"]}) == said
    assert as_json({}) == {}
    assert as_json(results)["controls"]["stern"]["conclusions"]["f1"] == {
        "sentence": "Not fine.",
        "doubt": "May be chance.",
        "p": 0.5,
    }
