"""Batches of rows of similar length: what is trained with them, on either engine, does not depend on interruptions."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from sci.api import Dataset, Feature, Ragged, Schema
from sci.pipeline.assembly import Assembly
from sci.pipeline.context import Context
from sci.pipeline.feed import ArrayFeed, Packing
from sci.pipeline.loop import Loop, Plan
from sci.pipeline.order import order
from sci.pipeline.steps import Steps
from sci.runs import checkpoints

HEADS = {"logits": Feature("array", shape=(2,))}
MODEL = {"name": "rnn", "hidden_size": 4, "embedding_size": 4, "dropout": 0.2}
EVERY = 3


@pytest.fixture
def words():
    """Texts of up to 40 words, of which the first says the class."""
    draw = np.random.default_rng(0)
    lengths = draw.integers(1, 41, size=130)
    text = Ragged(draw.integers(0, 9, size=lengths.sum()), np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64))
    features = {
        "text": Feature("tokens", dtype="int64", ragged=True, size=9),
        "label": Feature("category", dtype="int64", size=2),
    }
    schema = Schema(features, {"text": "input", "label": "target"}, {"target": "label"})
    return Dataset({"text": text, "label": text.values[text.offsets[:-1]] % 2}, schema)


class Training:
    """A network on an engine, trained by the core's loop."""

    def __init__(self, registry, engine, data, folder):
        def component(kind, name, *more, **settings):
            entry = registry.find(kind, name, engine)
            return entry.load()(entry.settings(settings), *more)

        made = component("engines", engine)
        made.start({"device": "cpu"}, 0)
        entry = registry.find("models", "rnn", engine)
        settings = entry.settings({name: value for name, value in MODEL.items() if name != "name"})
        self.network = made.build(entry.load(), settings, data.schema.drop("label"), HEADS, 1)
        feed = ArrayFeed(data, Steps([]), Packing(data.schema, "float32"), 4)
        self.trainer = made.trainer(
            self.network,
            component("losses", "cross-entropy", HEADS),
            lambda groups: {group: component("optimizers", "adam", named) for group, named in groups.items()},
            feed,
            {"gradient_accumulation": 2},
        )
        context = Context("run", "run", Assembly({}, None, folder), folder, 0)
        plan = Plan(len(data), 8, 24, seed=4, every_steps=EVERY, keep=100, lengths=feed.lengths())
        self.loop = Loop(
            self.trainer,
            plan,
            context,
            dict,
            lambda: made.state(self.network),
            lambda s: made.load_state(self.network, s),
        )

    def run(self):
        history = [{name: value for name, value in row.items() if name != "seconds"} for row in self.loop.run()]
        return history, {name: array.tobytes() for name, array in self.trainer.state().arrays.items()}


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_bucketed_training_ends_the_same_again_and_after_an_interruption(registry, tmp_path, words, engine):
    pytest.importorskip(engine, reason=f"engine {engine} is not installed")
    (tmp_path / "again").mkdir()
    whole = Training(registry, engine, words, tmp_path)
    expected = whole.run()
    again = Training(registry, engine, words, tmp_path / "again").run()
    for path in checkpoints.newest(tmp_path / "checkpoints"):
        if checkpoints.step_of(path) > 2 * EVERY:  # in the middle of the first epoch
            shutil.rmtree(path)

    resumed = Training(registry, engine, words, tmp_path).run()

    assert again == expected
    assert resumed == expected
    assert getattr(whole.trainer, "traces", 1) == 1


def test_rows_of_a_batch_are_of_similar_length_and_batches_differ_from_epoch_to_epoch(words):
    lengths = ArrayFeed(words, Steps([]), Packing(words.schema, "float32"), 0).lengths()
    first, second = (order(4, epoch, len(words), 8, lengths) for epoch in (0, 1))

    assert np.mean([np.ptp(lengths[batch]) for batch in first]) < 8
    assert {tuple(sorted(batch)) for batch in first}.isdisjoint(tuple(sorted(batch)) for batch in second)
