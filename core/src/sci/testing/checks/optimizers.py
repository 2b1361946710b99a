"""What an optimizer owes: downhill, at the rate that it is told, and the same on every engine."""

from __future__ import annotations

import numpy as np

from sci.testing.check import Fault, check
from sci.testing.network import batch_steps, close, same, whole_steps
from sci.testing.training import others, training
from sci.testing.trial import Trial, needs

KIND = "optimizers"
DOWN = ("SCI-OPT-001",)
UPDATES = 60


@check("SCI-OPT-001", KIND, mend="Subtract the direction of the gradient, times learning rate and rate.")
def decreases_a_convex_loss(trial: Trial) -> None:
    """Updates with all rows make the loss of a linear model smaller."""
    made = training(trial).network()
    losses = np.asarray(made.trainer.run(whole_steps(len(made.feed), UPDATES)))
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
    found = training(trial)
    made = found.network()
    steps = batch_steps(len(made.feed), 6)
    made.trainer.run(steps[:3])
    half = made.state()
    made.trainer.run(steps[3:])
    other = found.network(seed=8)
    other.trainer.load_state(half)
    other.trainer.run(steps[3:])
    wrong = close(made.weights, other.weights, trial.tolerance(1e-9))
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
    found = training(trial)
    engines = others(trial)
    needs(engines, "runs on one installed engine only")
    made = found.network()
    start = made.engine.state(made.network)
    kept = {name: array.copy() for name, array in start.arrays.items()}
    steps = batch_steps(len(made.feed), 6)
    made.trainer.run(steps)
    compared = 0
    for engine in engines:
        other = found.on(engine)
        if other.model.entry.spec.name != found.model.entry.spec.name:
            continue
        network = other.network()
        start.arrays = kept
        network.engine.load_state(network.network, start)
        network.trainer.run(steps)
        compared += 1
        wrong = close(made.weights, network.weights, trial.tolerance(1e-6))
        if wrong:
            raise Fault(f"after six updates {found.engine} and {engine} differ: {wrong}")
    needs(compared, "no model is installed that runs on both engines")


@check(
    "SCI-OPT-004",
    KIND,
    after=DOWN,
    mend="Multiply every learning rate, and what decays with it, by the rate of the step.",
)
def rate_multiplies_the_learning_rate(trial: Trial) -> None:
    """An update at rate 0 changes no weight."""
    made = training(trial).network()
    made.trainer.run(whole_steps(len(made.feed), 2))
    before = made.weights
    made.trainer.run(whole_steps(len(made.feed), 1, rate=0.0))
    wrong = same(before, made.weights)
    if wrong:
        raise Fault(f"after an update at rate 0: {wrong}")


@check("SCI-OPT-005", KIND, after=DOWN, mend="Keep nothing on the class or the module, and draw nothing at random.")
def two_trainings_are_equal(trial: Trial) -> None:
    """Two trainings from the same weights end with the same weights, to the last bit."""
    ends = []
    for _ in range(2):
        made = training(trial).network()
        made.trainer.run(batch_steps(len(made.feed), 6))
        ends.append(made.weights)
    wrong = same(*ends)
    if wrong:
        raise Fault(f"the second training ends elsewhere: {wrong}")
