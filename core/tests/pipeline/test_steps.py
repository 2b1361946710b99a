from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sci.api import ConfigError, DataError, Dataset, Feature, PluginError, Preprocessor, Ragged, Schema
from sci.pipeline.feed import ArrayFeed, Packing
from sci.pipeline.steps import Recipe, Steps, unread
from sci.pipeline.tally import Tally


class Centre(Preprocessor):
    accepts = frozenset({"number"})

    def fit(self, train):
        self.mean_ = {name: np.concatenate([batch[name] for batch in train.batches(7)]).mean() for name in self.columns}

    def transform(self, batch, random=None):
        return {**batch, **{name: batch[name] - self.mean_[name] for name in self.columns if name in batch}}

    def inverse_transform(self, column, values, batch):
        return values + self.mean_[column]

    def state(self):
        from sci.api import State

        return State({}, {"mean": {name: float(value) for name, value in self.mean_.items()}})

    def load_state(self, state):
        self.mean_ = state.meta["mean"]


class Positive(Preprocessor):
    accepts = frozenset({"number"})
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


class Liar(Preprocessor):
    def output_schema(self, schema):
        return schema.add("input", extra=Feature("number", "float64"))


def recipe(kind, columns=None, role="input"):
    return Recipe(
        kind.__name__.lower(),
        lambda taken: kind(None, taken),
        kind.accepts,
        role,
        kind.random,
        columns,
        evaluated=kind.random and kind.random_in_evaluation,
        owner="sci-test 1.0",
    )


def rows(n=20, seed=0):
    random = np.random.default_rng(seed)
    schema = Schema(
        {"x": Feature("number", "float64"), "y": Feature("number", "float64")},
        {"x": "input", "y": "target"},
        {"target": "y"},
    )
    return Dataset({"x": random.normal(size=n), "y": random.normal(size=n)}, schema, np.arange(100, 100 + n))


def test_steps_are_fitted_on_the_training_rows_and_applied_to_others():
    train, other = rows(), rows(seed=1)
    steps = Steps([recipe(Centre)])
    fitted = steps.fit(train)
    assert abs(np.mean(fitted.column("x"))) < 1e-12
    np.testing.assert_allclose(steps.prepared(other).column("x"), other.column("x") - np.mean(train.column("x")))


def test_rows_are_dropped_from_training_only_and_ids_follow():
    train = rows()
    steps = Steps([recipe(Positive)])
    fitted = steps.fit(train)
    assert (fitted.column("x") > 0).all()
    assert fitted.ids.tolist() == train.ids[train.column("x") > 0].tolist()
    assert len(steps.prepared(rows(seed=1))) == 20
    assert len(steps.apply(train.batch(np.arange(3)))["id"]) == 3


def test_expanded_rows_keep_the_ids_that_they_come_from():
    fitted = Steps([recipe(Twice)]).fit(rows(3))
    assert fitted.ids.tolist() == [100, 100, 101, 101, 102, 102]


def test_random_steps_draw_for_training_batches_only_and_the_same_in_any_batch():
    train = rows()
    steps = Steps([recipe(Centre), recipe(Noise)])
    fitted = steps.fit(train)
    feed = ArrayFeed(fitted, steps, Packing(steps.schemas[-1], "float64"), seed=3)
    assert feed.resident() is None
    whole, part = feed.batch(np.arange(20), 1), feed.batch(np.array([7, 2]), 1)
    np.testing.assert_array_equal(part["numbers"], whole["numbers"][[7, 2]])
    assert not np.array_equal(feed.batch(np.arange(20), 2)["numbers"], whole["numbers"])
    np.testing.assert_array_equal(steps.prepared(train).column("x"), fitted.column("x"))


def test_a_restored_pipeline_does_what_the_fitted_one_did():
    train = rows()
    steps = Steps([recipe(Centre), recipe(Centre, role="target")])
    steps.fit(train)
    again = Steps(steps.recipes)
    again.restore(train.schema, steps.state())
    batch = rows(seed=2).batch(np.arange(5))
    np.testing.assert_array_equal(again.apply(batch)["x"], steps.apply(batch)["x"])
    np.testing.assert_allclose(again.inverse("y", np.zeros(2), {}), np.mean(train.column("y")))


def test_a_promised_column_that_does_not_come_is_the_fault_of_its_plugin():
    with pytest.raises(PluginError, match="liar promised column `extra`") as caught:
        Steps([recipe(Liar)]).fit(rows())
    assert caught.value.note == "sci-test 1.0"


def test_a_step_on_a_column_that_is_not_there_is_found_without_data():
    with pytest.raises(ConfigError, match="centre reads column `z`, which is not there"):
        Steps([recipe(Centre, ("z",))]).flow(rows().schema)


def test_an_empty_part_passes_through_every_step():
    steps = Steps([recipe(Centre), recipe(Positive)])
    steps.fit(rows())
    assert len(steps.prepared(rows().take(np.zeros(0, dtype=np.int64)))) == 0


def test_scalars_are_packed_once_and_ragged_columns_padded():
    schema = Schema(
        {
            "a": Feature("number", "float64"),
            "v": Feature("array", "float32", shape=(2,)),
            "c": Feature("category", "int64", size=3),
            "t": Feature("tokens", "int64", ragged=True, pad=-1),
        },
        dict.fromkeys("avct", "input"),
    )
    batch = {
        "id": np.arange(2),
        "a": np.array([1.0, 2.0]),
        "v": np.array([[3.0, 4.0], [5.0, 6.0]], dtype=np.float32),
        "c": np.array([0, 2]),
        "t": Ragged(np.array([7, 8, 9]), np.array([0, 1, 3])),
    }
    arrays = Packing(schema, "float32")(batch)
    np.testing.assert_array_equal(arrays["numbers"], np.array([[1, 3, 4], [2, 5, 6]], dtype=np.float32))
    assert arrays["numbers"].dtype == np.float32
    np.testing.assert_array_equal(arrays["categories"], [[0], [2]])
    np.testing.assert_array_equal(arrays["t"][:, :3], [[7, -1, -1], [8, 9, -1]])
    assert arrays["t.length"].tolist() == [1, 2]
    assert all(array.flags.writeable and array.flags.c_contiguous for array in arrays.values())


def test_a_missing_number_at_the_engines_door_is_named():
    schema = Schema({"a": Feature("number", "float64")}, {"a": "input"})
    with pytest.raises(DataError, match="column `a` has 1 missing value after the last step") as caught:
        Packing(schema, "float64")({"id": np.array([4, 9]), "a": np.array([1.0, np.nan])})
    assert caught.value.note == "rows 9"


def test_names_that_no_step_has_coded_are_not_readable():
    inputs = {"c": Feature("category", "string"), "n": Feature("number"), "k": Feature("category", "int64", size=2)}
    assert list(unread(inputs, ("number", "category"))) == ["c"]
    assert list(unread(inputs, ("number",))) == ["c", "k"]


class Counting(Preprocessor):
    accepts = frozenset({"number"})

    def tally(self, batch):
        return {"rows": len(batch["id"]), "large": int((batch["x"] > 3).sum())}

    def told(self, part, tally):
        return [f"{tally['large']} of {tally['rows']} {part} rows are large"]


def test_what_a_step_counts_is_added_up_over_the_rows_that_it_gets():
    data = Dataset({"x": np.arange(10.0)}, Schema({"x": Feature("number", "float64")}, {"x": "input"}))
    steps = Steps([recipe(Centre), recipe(Counting), recipe(Noise)])
    steps.fit(data)
    tally = Tally(steps)

    for rows in (np.arange(4), np.arange(4, 10)):
        steps.apply(data.batch(rows), seen=tally)

    assert list(tally.told("test")) == [("counting", "2 of 10 test rows are large")]


def test_a_step_counts_the_rows_that_it_is_about_to_transform_when_it_was_fitted():
    asked = []

    class Remembering(Counting):
        def tally(self, batch):
            asked.append(batch["x"])
            return super().tally(batch)

        def transform(self, batch, random=None):
            assert batch["x"] is asked[-1]
            return dict(batch)

    data = Dataset({"x": np.arange(70_000.0)}, Schema({"x": Feature("number", "float64")}, {"x": "input"}))
    steps = Steps([recipe(Centre), recipe(Remembering), recipe(Noise)])
    tally = Tally(steps)

    steps.fit(data, seen=tally)

    assert len(asked) > 1
    assert list(tally.told("training")) == [("remembering", "34997 of 70000 training rows are large")]


def test_a_tally_that_is_no_mapping_is_the_fault_of_its_step():
    class Wrong(Counting):
        def tally(self, batch):
            return 3

    data = Dataset({"x": np.arange(3.0)}, Schema({"x": Feature("number", "float64")}, {"x": "input"}))
    steps = Steps([recipe(Wrong)])
    steps.fit(data)

    with pytest.raises(PluginError, match="wrong"):
        steps.apply(data.batch(np.arange(3)), seen=Tally(steps))


class Hide(Preprocessor):
    """Makes a target of an input, in evaluation too."""

    accepts = frozenset({"number"})
    random = True
    random_in_evaluation = True

    def output_schema(self, schema):
        made = schema.add("target", hidden=Feature("number", "float64"))
        return replace(made, slots={**schema.slots, "hidden": "hidden"})

    def transform(self, batch, random=None):
        shown = random.uniform("x") < 0.5
        return {**batch, "x": np.where(shown, batch["x"], 0.0), "hidden": batch["x"]}


def test_what_is_drawn_in_evaluation_is_the_same_whenever_rows_are_evaluated():
    steps = Steps([recipe(Noise), recipe(Hide), recipe(Centre)], seed=5)
    kept = steps.fit(rows(40))
    prepared = steps.prepared(rows(40)).batch(np.arange(40))
    raw = {name: column for name, column in rows(40).batch(np.arange(39, -1, -1)).items() if name != "y"}

    evaluated, served = steps.apply(raw, evaluated=True), steps.apply(raw)
    other = Steps([recipe(Noise), recipe(Hide), recipe(Centre)], seed=6)
    other.fit(rows(40))

    assert list(kept.schema.columns) == ["x", "y"]
    assert steps.schemas[-1].slots == {"target": "y", "hidden": "hidden"}
    np.testing.assert_array_equal(evaluated["x"][::-1], prepared["x"])
    np.testing.assert_array_equal(evaluated["hidden"], raw["x"])  # noise is for training rows only
    assert 5 < np.sum(evaluated["x"] == -steps.steps[-1].mean_["x"]) < 35
    assert "hidden" not in served
    np.testing.assert_allclose(served["x"], raw["x"] - steps.steps[-1].mean_["x"])
    assert not np.array_equal(other.apply(raw, evaluated=True)["x"], evaluated["x"])


def test_training_draws_anew_in_each_epoch_what_evaluation_draws_once():
    steps = Steps([recipe(Hide)], seed=5)
    feed = ArrayFeed(steps.fit(rows(40)), steps, Packing(steps.schemas[-1], "float64"), 5)
    epochs = [feed.batch(np.arange(40), epoch) for epoch in (0, 1, 1)]

    assert not np.array_equal(epochs[0]["numbers"], epochs[1]["numbers"])
    np.testing.assert_array_equal(epochs[1]["numbers"], epochs[2]["numbers"])
    np.testing.assert_array_equal(epochs[0]["target.hidden"], epochs[1]["target.hidden"])


def tokens(n=30, seed=0):
    lengths = np.random.default_rng(seed).integers(0, 40, size=n)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    columns = {
        "x": np.arange(n, dtype=np.float64),
        "text": Ragged(np.arange(offsets[-1]), offsets),
        "said": Ragged(np.arange(2 * n), np.arange(0, 2 * n + 1, 2)),
    }
    features = {
        "x": Feature("number", "float64"),
        "text": Feature("tokens", "int64", ragged=True, size=9, pad=3),
        "said": Feature("tokens", "int64", ragged=True, pad=-1),
    }
    schema = Schema(features, {"x": "input", "text": "input", "said": "target"}, {"target": "said"})
    return Dataset(columns, schema, np.arange(n) + 100)


def test_ragged_rows_are_padded_batch_by_batch_as_packing_pads_them():
    data = tokens()
    packing = Packing(data.schema, "float32")
    packed, asked = (ArrayFeed(data, Steps([]), packing, 0, limit) for limit in (2**30, 0))

    for indices in (np.array([4, 9, 4]), np.arange(30), np.zeros(0, dtype=np.int64)):
        one, other, wanted = packed.batch(indices, 0), asked.batch(indices, 0), packing(data.batch(indices))
        assert list(one) == list(other) == list(wanted)
        for key, array in wanted.items():
            assert one[key].dtype == array.dtype
            assert one[key].flags.writeable
            assert one[key].flags.c_contiguous
            np.testing.assert_array_equal(one[key], array, err_msg=key)
            np.testing.assert_array_equal(other[key], array, err_msg=key)
    assert packed._held is not None
    assert asked._held is None


def test_the_length_of_a_row_is_what_its_columns_take_up_when_padded():
    data = tokens()
    feed = ArrayFeed(data, Steps([]), Packing(data.schema, "float32"), 0)
    lengths = data.column("text").lengths

    assert feed.lengths().tolist() == [8 * max(1, math.ceil(length / 8)) + 8 for length in lengths]
    assert ArrayFeed(rows(), Steps([]), Packing(rows().schema, "float32"), 0).lengths() is None


def test_a_column_called_row_is_refused_where_a_step_drops_rows():
    class Drop(Centre):
        rows = "drop"

    data = Dataset({"row": np.arange(3.0)}, Schema({"row": Feature("number", "float64")}, {"row": "input"}))

    with pytest.raises(ConfigError, match="drop says under the name `row`"):
        Steps([recipe(Drop)]).flow(data.schema)
    Steps([recipe(Centre)]).fit(data)
