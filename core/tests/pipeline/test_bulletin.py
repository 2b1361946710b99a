"""What observers hear of training, and when."""

from __future__ import annotations

import numpy as np
import pytest

from sci.api import Observer, PluginError, State, StorageError, TrainingError, hookimpl
from sci.pipeline import bulletin
from sci.pipeline.assembly import Assembly
from sci.pipeline.context import Context
from sci.pipeline.loop import Loop, Plan
from sci.pipeline.observers import Observers
from sci.plugins.hooks import new_manager
from sci.plugins.records import PluginRecord
from sci.plugins.registry import Registry
from sci.plugins.system import PluginSystem
from sci.runs import checkpoints
from sci.runs.writer import append


class Nobody(PluginSystem):
    """No plugin observes."""

    def __init__(self):
        pass

    def notify(self, hook, **arguments):
        return []


class Listener(Observer):
    """Keeps what it hears, and the checkpoints that there were."""

    def __init__(self, folder=None):
        self.folder = folder
        self.calls = []
        self.steps = []
        self.rows = []

    def steps_ended(self, context, steps):
        self.calls.append("steps")
        self.steps.append({**steps, "saved": [int(path.name[5:]) for path in checkpoints.newest(self.folder)]})

    def epoch_ended(self, context, rows):
        self.calls.append("epochs")
        self.rows += rows

    def heard(self, name):
        return np.concatenate([one[name] for one in self.steps]).tolist()


class Walk:
    """A trainer whose loss is a function of the step."""

    def __init__(self, bad_at=None):
        self.bad_at = bad_at

    def run(self, steps):
        return np.array([np.nan if step.number == self.bad_at else step.number + 0.25 for step in steps])

    def state(self):
        return State({"w": np.zeros(1)})

    def load_state(self, state):
        pass


class Slope:
    def factor(self, step, total):
        return 1 - step / total


@pytest.fixture
def heard(tmp_path):
    """Trains with a plan; what a listener heard."""

    def run(plan, trainer=None, listener=None):
        listener = listener or Listener(tmp_path / "checkpoints")
        context = Context("run", "run", Assembly({}, None, tmp_path), tmp_path, 0)
        context.observers = Observers(Nobody(), [("listener", listener)])
        trainer = trainer or Walk()
        made = Loop(
            trainer, plan, context, lambda: {"validation_loss": 0.0}, trainer.state, lambda state: None, Slope()
        )
        try:
            listener.history = made.run()
        except TrainingError:
            listener.history = made.progress.history
        return listener

    return run


def test_every_update_is_heard_once_with_its_epoch_loss_and_rate(heard):
    listener = heard(Plan(10, 4, 7, seed=0))

    assert listener.heard("step") == [1, 2, 3, 4, 5, 6, 7]
    assert listener.heard("epoch") == [1, 1, 1, 2, 2, 2, 3]
    assert listener.heard("loss") == [number + 0.25 for number in range(7)]
    assert listener.heard("rate") == pytest.approx([1 - number / 7 for number in range(7)])
    assert {name: one.dtype.str for name, one in listener.steps[0].items() if name != "saved"} == {
        "step": "<i8",
        "epoch": "<i8",
        "loss": "<f8",
        "rate": "<f8",
    }


def test_every_row_of_the_history_is_heard_once_after_its_updates(heard):
    listener = heard(Plan(10, 4, 7, seed=0))

    assert listener.rows == listener.history
    assert listener.calls[0] == "steps"


def test_many_short_epochs_are_told_in_few_calls(heard):
    listener = heard(Plan(8, 8, 2000, seed=0))

    assert len(listener.history) == 2000
    assert len(listener.calls) < 100
    assert len(listener.heard("step")) == len(listener.rows) == 2000


def test_updates_are_told_when_a_second_is_over(heard, monkeypatch):
    monkeypatch.setattr(bulletin, "SECONDS", 0.0)

    listener = heard(Plan(640, 1, 640, seed=0))

    assert len(listener.steps) >= 10
    assert listener.heard("step") == list(range(1, 641))


def test_a_checkpoint_holds_nothing_that_was_not_told(heard):
    listener = heard(Plan(50, 4, 60, seed=0, every_steps=7, keep=100))

    for one in listener.steps:
        assert max(one["saved"], default=0) == one["step"][0] - 1, "a checkpoint is newer than what was told before it"
    assert listener.heard("step") == list(range(1, 61))


def test_a_run_that_goes_on_tells_from_its_checkpoint(heard, tmp_path):
    heard(Plan(50, 4, 60, seed=0, every_steps=7, keep=100))
    for path in checkpoints.newest(tmp_path / "checkpoints")[:3]:
        path.rename(tmp_path / path.name)
    [newest, *_] = checkpoints.newest(tmp_path / "checkpoints")

    listener = heard(Plan(50, 4, 60, seed=0, every_steps=7, keep=100))

    assert listener.heard("step") == list(range(int(newest.name[5:]) + 1, 61))
    assert [row["epoch"] for row in listener.rows] == [4, 5]


def test_a_loss_that_is_not_a_number_is_the_last_that_is_told(heard):
    listener = heard(Plan(100, 2, 200, seed=0), Walk(bad_at=130))

    assert listener.heard("step") == list(range(1, 132))
    assert np.isnan(listener.heard("loss")[-1])
    assert np.isfinite(listener.heard("loss")[:-1]).all()
    assert [row["epoch"] for row in listener.rows] == [1, 2]


def test_an_observer_of_updates_that_raises_loses_no_training(heard, tmp_path):
    class Deaf(Listener):
        def steps_ended(self, context, steps):
            self.context = context
            raise ValueError("no room")

    warned = []
    listener = Deaf(tmp_path / "checkpoints")
    Context.warn, kept = (lambda self, id, message: warned.append((id, message))), Context.warn
    try:
        heard(Plan(10, 4, 7, seed=0), listener=listener)
    finally:
        Context.warn = kept

    assert len(listener.history) == 3
    assert listener.rows == listener.history
    assert set(warned) == {("plugin.observer", "tracker listener could not observe steps_ended: ValueError: no room")}


def test_training_that_nobody_watches_tells_nobody(tmp_path):
    context = Context("run", "run", Assembly({}, None, tmp_path), tmp_path, 0)
    trainer = Walk()

    history = Loop(trainer, Plan(10, 4, 7, seed=0), context, dict, trainer.state, lambda state: None).run()

    assert len(history) == 3


def test_a_component_adds_to_files_of_its_run_and_to_no_other(tmp_path):
    context = Context("run", "run", Assembly({}, None, tmp_path), tmp_path / "run", 0)
    context.append("notes/a.txt", b"one\n")
    context.append("notes/a.txt", b"two\n")

    assert (tmp_path / "run" / "notes" / "a.txt").read_bytes() == b"one\ntwo\n"
    with pytest.raises(PluginError, match="lies outside of the run"):
        context.append("../a.txt", b"")
    assert not (tmp_path / "a.txt").exists()


def test_what_does_not_fit_on_the_disk_is_not_added_by_half(tmp_path, monkeypatch):
    from sci.runs import writer

    path = tmp_path / "a.bin"
    append(path, b"whole")

    def half(handle, data):
        import errno
        import os

        os.write(handle, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writer, "write_all", half)
    with pytest.raises(StorageError, match="is full"):
        append(path, b"a record")

    assert path.read_bytes() == b"whole"


def test_a_plugin_hears_of_updates_through_its_hook(tmp_path):
    heard = []

    class Plugin:
        @hookimpl
        def sci_steps_ended(self, steps):
            heard.extend(steps["step"].tolist())

    manager = new_manager()
    manager.register(Plugin(), "house")
    system = PluginSystem([PluginRecord("house", "sci-house", "1.0", "house.plugin")], Registry([]), manager)
    context = Context("run", "run", Assembly({}, None, tmp_path), tmp_path, 0, observers=Observers(system, []))
    trainer = Walk()

    Loop(trainer, Plan(10, 4, 7, seed=0), context, dict, trainer.state, lambda state: None).run()

    assert heard == [1, 2, 3, 4, 5, 6, 7]
    assert not Observers(PluginSystem([], Registry([]), new_manager()), []).hear("steps_ended")
