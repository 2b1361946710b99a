"""What an optimizer owes: downhill, at the rate that it is told, and the same on every engine."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sci.api import State
from sci.testing.check import Fault, check
from sci.testing.fitting import stored
from sci.testing.network import Network, batch_steps, close, same, whole_steps
from sci.testing.training import others, training
from sci.testing.trial import Trial, needs

KIND = "optimizers"
DOWN = ("SCI-OPT-001",)
UPDATES = 60
COURSE = 6
"""Updates that are compared with those of another training; in the middle of them a state is stored."""


class Descent(NamedTuple):
    """A network that was trained with all rows in each update, and its losses."""

    network: Network
    losses: np.ndarray


class Course(NamedTuple):
    """What one training of a few updates came to.

    Args:
        engine: that it ran on.
        model: what was trained.
        half: the state in the middle.
        end: the weights after the last update.
    """

    engine: str
    model: str
    half: State
    end: Mapping[str, np.ndarray]


@check("SCI-OPT-001", KIND, mend="Subtract the direction of the gradient, times learning rate and rate.")
def decreases_a_convex_loss(trial: Trial) -> None:
    """Updates with all rows make the loss of a linear model smaller."""
    losses = _descent(trial).losses
    if not np.isfinite(losses).all() or not losses[-1] < losses[0]:
        raise Fault(f"{losses[0]:g} before, {losses[-1]:g} after {UPDATES} updates")


@check(
    "SCI-OPT-002",
    KIND,
    after=(*DOWN, "SCI-OPT-005"),
    mend="Put velocities, moments and counts into the optimizer's state.",
)
def resumes_where_it_stopped(trial: Trial) -> None:
    """A new optimizer that loads a stored state makes the same updates as the first would have."""
    first = _course(trial)
    other = training(trial).network(seed=8)
    other.trainer.load_state(first.half)
    other.trainer.run(batch_steps(len(other.feed), COURSE)[COURSE // 2 :])
    wrong = close(first.end, other.weights, trial.tolerance(1e-9))
    if wrong:
        raise Fault(f"after the third of six updates: {wrong}")


@check(
    "SCI-OPT-003",
    KIND,
    after=(*DOWN, "SCI-OPT-005"),
    mend="Keep to one formula: where epsilon stands, and how means are corrected, is part of it.",
)
def engines_agree(trial: Trial) -> None:
    """From the same weights, a few updates lead to the same weights on every engine that it has code for."""
    engines = others(trial)
    needs(engines, "runs on one installed engine only")
    own = _course(trial)
    compared = 0
    for engine in engines:
        other = _course(trial, engine)
        if other.model != own.model:
            continue
        compared += 1
        wrong = close(own.end, other.end, trial.tolerance(1e-6))
        if wrong:
            raise Fault(f"after six updates {own.engine} and {engine} differ: {wrong}")
    needs(compared, "no model is installed that runs on both engines")


@check(
    "SCI-OPT-004",
    KIND,
    after=DOWN,
    mend="Multiply every learning rate, and what decays with it, by the rate of the step.",
)
def rate_multiplies_the_learning_rate(trial: Trial) -> None:
    """An update at rate 0 changes no weight."""
    made = _descent(trial).network
    before = made.weights
    made.trainer.run(whole_steps(len(made.feed), 1, rate=0.0))
    wrong = same(before, made.weights)
    if wrong:
        raise Fault(f"after an update at rate 0: {wrong}")


@check("SCI-OPT-005", KIND, after=DOWN, mend="Keep nothing on the class or the module, and draw nothing at random.")
def two_trainings_are_equal(trial: Trial) -> None:
    """Two trainings from the same weights end with the same weights, to the last bit."""
    wrong = same(_course(trial).end, _trained(trial).end)
    if wrong:
        raise Fault(f"the second training ends elsewhere: {wrong}")


def _descent(trial: Trial) -> Descent:
    """Updates with all rows in each; made once for each trial."""

    def descend() -> Descent:
        made = training(trial).network()
        return Descent(made, np.asarray(made.trainer.run(whole_steps(len(made.feed), UPDATES))))

    return trial.once("descent", descend)


def _course(trial: Trial, engine: str | None = None) -> Course:
    """A few updates on an engine, by default that of the trial; the trials of other engines share it."""
    key = ("course", id(trial.case), engine or trial.engine)
    return trial.subject.once(key, functools.partial(_trained, trial, engine))


def _trained(trial: Trial, engine: str | None = None) -> Course:
    """A few updates, from first weights that are the same on every engine."""
    found = training(trial) if engine in (None, trial.engine) else training(trial).on(str(engine))
    made = found.network()
    model = found.model.entry.spec.name
    start = trial.subject.once(("start", id(trial.case), model), lambda: stored(made.engine.state(made.network)))
    made.engine.load_state(made.network, State({name: array.copy() for name, array in start.arrays.items()}))
    steps = batch_steps(len(made.feed), COURSE)
    made.trainer.run(steps[: COURSE // 2])
    half = made.state()
    made.trainer.run(steps[COURSE // 2 :])
    return Course(found.engine, model, half, made.weights)
