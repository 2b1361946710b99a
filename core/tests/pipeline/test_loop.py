from __future__ import annotations

import shutil

import numpy as np
import pytest

from sci.api import State, TrainingError
from sci.pipeline import loop as loops
from sci.pipeline.assembly import Assembly
from sci.pipeline.context import Context
from sci.pipeline.loop import Loop, Plan, plan_of
from sci.runs import checkpoints
from sci.runs.manifest import Manifest


class Walk:
    """A trainer whose one weight moves by a known amount with each step; its state is that weight."""

    def __init__(self, bad_at=None):
        self.weight = np.zeros(1)
        self.seen = []
        self.bad_at = bad_at

    def run(self, steps):
        losses = []
        for step in steps:
            self.seen.append(step)
            self.weight = self.weight * 0.9 + step.rate * step.indices.sum() / 100
            losses.append(np.nan if step.number == self.bad_at else float(self.weight[0]))
        return np.array(losses)

    def state(self):
        return State({"w": self.weight.copy()})

    def load_state(self, state):
        self.weight = state.arrays["w"].copy()


class Slope:
    def factor(self, step, total):
        return 1 - step / total


@pytest.fixture
def context(tmp_path):
    return Context("run", "run", Assembly({}, None, tmp_path), tmp_path, 0)


def loop(context, plan, trainer, schedule=None):
    def validate():
        return {"validation_loss": 0.0}

    return Loop(trainer, plan, context, validate, trainer.state, trainer.load_state, schedule)


def test_each_epoch_sees_every_row_once_and_the_rate_follows_the_schedule(context):
    trainer = Walk()
    history = loop(context, Plan(10, 4, 6, seed=1), trainer, schedule=Slope()).run()
    assert [row["epoch"] for row in history] == [1, 2]
    for epoch in (0, 1):
        rows = np.concatenate([step.indices for step in trainer.seen if step.epoch == epoch])
        assert sorted(rows.tolist()) == list(range(10))
    assert [step.number for step in trainer.seen] == list(range(6))
    assert [step.rate for step in trainer.seen] == pytest.approx([1 - i / 6 for i in range(6)])


def test_training_goes_on_from_any_checkpoint_to_the_same_end(context, tmp_path):
    plan = Plan(50, 4, 60, seed=1, every_steps=7, keep=100)
    whole = Walk()
    expected = loop(context, plan, whole).run()
    saved = checkpoints.newest(tmp_path / "checkpoints")
    assert [checkpoints.step_of(path) for path in saved] == [60, *range(56, 0, -7)]
    for path in saved[1:]:
        for newer in checkpoints.newest(tmp_path / "checkpoints"):
            if newer.name > path.name:
                shutil.rmtree(newer)
        again = Walk()
        history = loop(context, plan, again).run()
        assert again.weight.tobytes() == whole.weight.tobytes(), path.name
        assert [row["loss"] for row in history] == [row["loss"] for row in expected]
        assert again.seen[0].number == int(path.name[5:])


def test_the_best_epoch_is_kept_and_patience_ends_training(context):
    trainer, weights, values = Walk(), [], iter([3.0, 1.0, 2.0, 2.0, 0.5])
    made = loop(context, Plan(4, 4, 10, seed=0, monitor="validation_loss", patience=2), trainer)

    def validate():
        weights.append(trainer.weight.copy())
        return {"validation_loss": next(values)}

    made.validate = validate
    history = made.run()
    assert len(history) == 4
    assert made.progress.best_epoch == 2
    assert trainer.weight.tobytes() == weights[1].tobytes()


def test_a_loss_that_is_not_a_number_stops_training_and_names_the_step(context):
    trainer = Walk(bad_at=5)
    made = loop(context, Plan(8, 2, 40, seed=0, every_steps=2), trainer)
    with pytest.raises(TrainingError, match=r"loss became NaN at step 5 \(epoch 2\); weights of step 4 are kept"):
        made.run()
    assert made.progress.step <= 5


def test_the_plan_follows_the_file():
    plan = plan_of({"batch_size": 32, "epochs": 3}, 100, 0, fit_once=False)
    assert (plan.per_epoch, plan.total, plan.epochs) == (4, 12, 3)
    assert plan_of({"batch_size": "all", "epochs": 3}, 100, 0, fit_once=False).total == 3
    assert plan_of({"max_steps": 7}, 100, 0, fit_once=False).total == 7
    assert plan_of({}, 100, 0, fit_once=True).total == 1


def saved_steps(context):
    return [checkpoints.step_of(path) for path in checkpoints.newest(context.directory / "checkpoints")]


def test_the_last_step_has_a_checkpoint_from_which_nothing_is_trained_again(context):
    plan = Plan(10, 5, 6, seed=1)
    whole = Walk()
    history = loop(context, plan, whole).run()
    again = Walk()
    assert saved_steps(context) == [6]
    assert loop(context, plan, again).run() == history
    assert again.seen == []
    assert again.weight.tobytes() == whole.weight.tobytes()


def test_what_early_stopping_ended_has_a_checkpoint_of_its_end_with_the_best_weights(context):
    values = iter([1.0, 2.0, 3.0])
    trainer = Walk()
    made = loop(context, Plan(4, 4, 10, seed=0, monitor="validation_loss", patience=2), trainer)
    made.validate = lambda: {"validation_loss": next(values)}
    made.run()
    _, states = checkpoints.load(checkpoints.newest(context.directory / "checkpoints")[0])
    assert saved_steps(context) == [3]
    assert states["best"].arrays["w"].tobytes() == trainer.weight.tobytes()
    assert states["trainer"].arrays["w"].tobytes() != trainer.weight.tobytes()


class Clock:
    """A clock that each step of training moves by so many minutes."""

    def __init__(self, minutes):
        self.now = 0.0
        self.step = 60 * minutes

    def monotonic(self):
        return self.now


@pytest.mark.parametrize(
    ("minutes_of_a_step", "steps"),
    [
        pytest.param(0.01, [100], id="a run of a minute: its last step only"),
        pytest.param(1.0, [8, 16, 20], id="epochs of four minutes: at their ends, at most one in five minutes"),
        pytest.param(3.0, [2, 4, 6, 8, 10, 12, 14, 16, 18, 20], id="epochs of twelve minutes: inside of them too"),
    ],
)
def test_by_default_each_epoch_has_a_checkpoint_but_at_most_one_in_five_minutes(
    context, monkeypatch, minutes_of_a_step, steps
):
    clock = Clock(minutes_of_a_step)
    monkeypatch.setattr(loops, "time", clock)

    class Slow(Walk):
        def run(self, steps):
            clock.now += clock.step * len(steps)
            return super().run(steps)

    made = loop(context, Plan(16, 4, steps[-1], seed=0, keep=100, every_minutes=5.0), Slow())
    made.run()
    assert sorted(saved_steps(context)) == steps


def test_a_damaged_checkpoint_is_set_aside_with_a_line_that_says_why_and_written_anew(context):
    context.manifest = Manifest.start(context.directory, name="n")
    plan = Plan(50, 4, 60, seed=1, every_steps=20, keep=3)
    whole = Walk()
    loop(context, plan, whole).run()
    newest = checkpoints.newest(context.directory / "checkpoints")[0]
    content = bytearray((newest / "trainer.safetensors").read_bytes())
    content[-1] ^= 1
    (newest / "trainer.safetensors").write_bytes(content)
    again = Walk()
    loop(context, plan, again).run()
    [warning] = context.manifest.data["warnings"]
    assert warning["message"] == (
        "checkpoint `step-00000060` is damaged: `trainer.safetensors`; training goes on from step 40"
    )
    assert context.manifest.data["resumed"] == [{"step": 40}]
    assert again.seen[0].number == 40
    assert again.weight.tobytes() == whole.weight.tobytes()
    assert checkpoints.load(newest)[1]["trainer"].arrays["w"].tobytes() == whole.weight.tobytes()
    assert newest.with_name("step-00000060.damaged").is_dir()


def test_without_a_whole_checkpoint_training_begins_anew_and_says_so(context):
    context.manifest = Manifest.start(context.directory, name="n")
    plan = Plan(50, 4, 60, seed=1, keep=1)
    whole = Walk()
    loop(context, plan, whole).run()
    (context.directory / "checkpoints/step-00000060/MANIFEST.json").unlink()
    again = Walk()
    loop(context, plan, again).run()
    assert context.manifest.data["warnings"][0]["message"].endswith("; training begins anew")
    assert context.manifest.data["resumed"] == []
    assert len(again.seen) == 60
    assert again.weight.tobytes() == whole.weight.tobytes()


def test_where_training_went_on_is_on_disk_at_once(context):
    context.manifest = Manifest.start(context.directory, name="n")
    plan = Plan(8, 2, 40, seed=0, every_steps=6, keep=9)
    with pytest.raises(TrainingError):
        loop(context, plan, Walk(bad_at=20)).run()
    with pytest.raises(TrainingError):
        loop(context, plan, Walk(bad_at=20)).run()
    assert Manifest.read(context.directory).data["resumed"] == [{"step": 18}]


def test_rows_of_the_batch_that_diverged_are_logged_by_their_ids(context):
    context.manifest = Manifest.start(context.directory, name="n")
    trainer = Walk(bad_at=3)
    made = loop(context, Plan(8, 2, 40, seed=0), trainer)
    made.ids = np.arange(100, 108)
    with pytest.raises(TrainingError):
        made.run()
    bad = next(step for step in trainer.seen if step.number == 3)
    ids = " ".join(str(100 + index) for index in bad.indices)
    assert f"loss nan at step 3; rows of that batch: {ids}\n" in (context.directory / "log.txt").read_text()


def test_weights_that_overflowed_are_no_checkpoint(context):
    class Overflowing(Walk):
        def run(self, steps):
            losses = super().run(steps)
            if steps[-1].number == 7:
                self.weight = np.array([np.inf])
            return losses

    with pytest.raises(
        TrainingError, match=r"weights `w` overflowed at step 7 \(epoch 2\); weights of step 6 are kept"
    ):
        loop(context, Plan(8, 2, 40, seed=0, every_steps=2), Overflowing()).run()
    assert saved_steps(context) == [6, 4]


def test_weights_that_are_infinite_by_design_do_not_stop_training(context):
    trainer = Walk()
    made = loop(context, Plan(8, 2, 8, seed=0, every_steps=2), trainer)
    made.weights = lambda: State({"w": trainer.weight, "mask": np.array([-np.inf, 0.0])})
    assert len(made.run()) == 2


def test_where_training_failed_is_known_afterwards(context):
    trainer = Walk(bad_at=13)
    made = loop(context, Plan(8, 2, 40, seed=0, every_steps=5), trainer)
    made.ids = np.arange(100, 108)
    with pytest.raises(TrainingError):
        made.run()
    stood = context.facts["stopped"]
    assert (stood.step, stood.epoch, stood.kept) == (13, 4, 10)
    assert [row["epoch"] for row in stood.history] == [1, 2, 3]
    assert stood.steps.tolist() == list(range(14))
    assert np.isfinite(stood.losses[:-1]).all()
    assert np.isnan(stood.losses[-1])
    bad = next(step for step in trainer.seen if step.number == 13)
    assert stood.ids.tolist() == [100 + index for index in bad.indices]


def test_an_engine_that_ran_out_of_memory_blames_no_rows(context):
    class Large(Walk):
        def run(self, steps):
            raise MemoryError

    with pytest.raises(MemoryError):
        loop(context, Plan(8, 2, 40, seed=0), Large()).run()
    stood = context.facts["stopped"]
    assert (stood.step, stood.epoch, stood.kept, stood.ids) == (0, 1, None, None)
