from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest

from sci.api import Dataset, Feature, Preprocessor, Ragged, Schema
from sci.api.spill import Spill
from sci.pipeline.feed import ArrayFeed, Packing
from sci.pipeline.steps import Recipe, Steps

ROWS = 1000


class Halve(Preprocessor):
    accepts = frozenset({"number"})

    def transform(self, batch, random=None):
        return {**batch, "x": batch["x"] / 2}


class Fill(Preprocessor):
    """Like an imputation: a batch without a gap is returned as it is."""

    accepts = frozenset({"number"})

    def transform(self, batch, random=None):
        gaps = np.isnan(batch["y"])
        return {**batch, "y": np.where(gaps, 0.0, batch["y"])} if gaps.any() else dict(batch)


class Positive(Preprocessor):
    rows = "drop"

    def transform(self, batch, random=None):
        kept = np.flatnonzero(batch["x"] > 0)
        return {name: column[kept] for name, column in batch.items() if name != "id"} | {"row": kept}


class Twice(Preprocessor):
    rows = "expand"

    def transform(self, batch, random=None):
        row = np.repeat(np.arange(len(batch["id"])), 2)
        return {name: column[row] for name, column in batch.items() if name != "id"} | {"row": row}


class Noise(Preprocessor):
    accepts = frozenset({"number"})
    random = True

    def transform(self, batch, random=None):
        return {**batch, "x": batch["x"] + random.normal("x")}


def recipe(step: type[Preprocessor], name: str) -> Recipe:
    return Recipe(name, lambda columns: step(None, columns), frozenset(step.accepts), "input", step.random)


def data(spill: Spill | None) -> Dataset:
    rng = np.random.default_rng(1)
    numbers = Feature("number", "float64")
    gaps = rng.standard_normal(ROWS)
    gaps[700:] = np.where(rng.random(ROWS - 700) < 0.2, np.nan, gaps[700:])
    columns = {"x": rng.standard_normal(ROWS), "y": gaps, "code": rng.integers(0, 5, ROWS), "t": rng.random(ROWS)}
    features = {"x": numbers, "y": numbers, "code": Feature("category", "int64", size=5), "t": numbers}
    roles = {"x": "input", "y": "input", "code": "input", "t": "target"}
    schema = Schema(features, roles, {"target": "t"})
    return Dataset(columns, schema, spill=spill, mapped=spill is not None)


@pytest.mark.parametrize(
    "chosen", [(), (Halve, Fill), (Fill, Halve), (Fill, Positive, Halve), (Twice, Fill)], ids=lambda found: len(found)
)
def test_steps_leave_the_same_rows_in_a_file_as_in_memory(tmp_path, monkeypatch, chosen):
    monkeypatch.setattr("sci.api.rows.CHUNK", 128)
    monkeypatch.setattr("sci.pipeline.steps.SMALL", 0)
    results = []
    for spill in (None, Spill(tmp_path, 0)):
        rows = data(spill).take(np.random.default_rng(2).permutation(ROWS)[:900])
        steps = Steps([recipe(step, step.__name__) for step in chosen])
        results.append((steps.fit(rows), steps.prepared(rows)))

    for one, other in zip(*results, strict=True):
        assert other.mapped
        assert one.fingerprint() == other.fingerprint()
        np.testing.assert_array_equal(one.ids, other.ids)


def test_a_column_that_no_step_changes_is_not_written_again(tmp_path, monkeypatch):
    monkeypatch.setattr("sci.api.rows.CHUNK", 128)
    rows = data(Spill(tmp_path, 0)).take(np.arange(500))
    fitted = Steps([recipe(Halve, "halve")]).fit(rows)

    assert fitted._columns["code"] is rows._columns["code"]
    np.testing.assert_array_equal(fitted.column("x"), rows.column("x") / 2)


@pytest.mark.parametrize("chosen", [(Fill,), (Fill, Noise)], ids=["nothing drawn", "drawn"])
def test_batches_from_a_file_are_those_from_memory(tmp_path, chosen):
    feeds = []
    for spill, limit in ((None, 2**30), (Spill(tmp_path, 0), 0)):
        steps = Steps([recipe(step, step.__name__) for step in chosen])
        rows = steps.fit(data(spill))
        feeds.append(ArrayFeed(rows, steps, Packing(steps.schemas[-1], "float32"), 7, limit))
    one, other = feeds

    assert (one.resident() is None) == (Noise in chosen)
    assert other.resident() is None
    assert dict(one.signature()) == dict(other.signature())
    for epoch, indices in enumerate([np.array([5, 999, 5]), np.arange(0), np.arange(ROWS)]):
        first, second = one.batch(indices, epoch), other.batch(indices, epoch)
        assert list(first) == list(second)
        for key, array in first.items():
            assert array.dtype == second[key].dtype
            assert second[key].flags.writeable
            assert second[key].flags.c_contiguous
            np.testing.assert_array_equal(array, second[key])


def test_what_a_caller_does_to_a_batch_changes_no_other_batch(tmp_path):
    steps = Steps([recipe(Fill, "fill")])
    feed = ArrayFeed(steps.fit(data(Spill(tmp_path, 0))), steps, Packing(data(None).schema, "float64"), 0)
    before = feed.batch(np.array([3]), 0)["target"].copy()
    for indices in (np.arange(ROWS), np.array([3])):
        feed.batch(indices, 0)["target"][:] = 99.0

    np.testing.assert_array_equal(feed.batch(np.array([3]), 0)["target"], before)


def test_batches_may_be_fetched_by_several_threads_in_any_order(tmp_path):
    schema = data(None).schema
    steps = Steps([recipe(Fill, "fill")])
    alone = ArrayFeed(steps.fit(data(None)), steps, Packing(schema, "float64"), 0)
    feed = ArrayFeed(steps.fit(data(Spill(tmp_path, 0))), steps, Packing(schema, "float64"), 0)
    batches = [np.random.default_rng(number).integers(0, ROWS, 64) for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda indices: feed.batch(indices, 0), reversed(batches)))

    for indices, batch in zip(reversed(batches), found, strict=True):
        np.testing.assert_array_equal(batch["numbers"], alone.batch(indices, 0)["numbers"])


def test_ragged_rows_are_padded_alike_from_a_file(tmp_path):
    rng = np.random.default_rng(4)
    offsets = np.concatenate([[0], np.cumsum(rng.integers(0, 9, 50))])
    tokens = Ragged(rng.integers(0, 30, offsets[-1]), offsets)
    schema = Schema({"s": Feature("tokens", "int64", ragged=True, size=30)}, {"s": "input"})
    feeds = []
    for spill in (None, Spill(tmp_path, 0)):
        rows = Dataset({"s": tokens}, schema, spill=spill, mapped=spill is not None).take(np.arange(40)[::-1])
        feeds.append(ArrayFeed(rows, Steps([]), Packing(schema, "float32"), 0))

    for key in ("s", "s.length"):
        np.testing.assert_array_equal(*(feed.batch(np.array([7, 0, 39]), 0)[key] for feed in feeds))


def test_a_result_that_outgrows_memory_is_put_into_a_file(tmp_path):
    spill = Spill(tmp_path, 10_000)
    plain = data(None).with_spill(spill)
    assert not plain.mapped
    fitted = Steps([recipe(Halve, "halve")]).fit(plain)

    assert fitted.mapped
    assert fitted.fingerprint() == Steps([recipe(Halve, "halve")]).fit(data(None)).fingerprint()


def test_the_first_values_decide_whether_a_column_is_text():
    from sci.pipeline.schema import first_present

    column = pa.chunked_array([pa.array([None, "a", None]), pa.array([], pa.string()), pa.array(["b", "c", None, "d"])])
    for count in (1, 2, 3, 4, 9):
        assert first_present(column, count).to_pylist() == column.drop_null().slice(0, count).to_pylist()
