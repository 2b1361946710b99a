from __future__ import annotations

import numpy as np
import pytest

from sci.api import State, TrainingError
from sci.pipeline.assembly import Assembly
from sci.pipeline.context import Context
from sci.pipeline.loop import Loop, Plan, plan_of
from sci.runs import checkpoints


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
    assert len(saved) == 8
    for path in saved:
        for newer in checkpoints.newest(tmp_path / "checkpoints"):
            if newer.name > path.name:
                import shutil

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
