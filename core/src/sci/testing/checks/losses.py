"""What a loss owes: a mean over rows that training makes smaller."""

from __future__ import annotations

import numpy as np

from sci.testing.check import Fault, check
from sci.testing.checks.models import ENGINES
from sci.testing.network import whole_steps
from sci.testing.training import STEPS, others, training
from sci.testing.trial import Trial, needs

KIND = "losses"
FINITE = ("SCI-MOD-201",)


@check("SCI-MOD-201", KIND, mend="Return one number for a batch.")
def is_a_finite_number(trial: Trial) -> None:
    """The loss of a network's first outputs is a finite number."""
    found = trial.once("loss", lambda: training(trial).network().loss())
    if not np.isfinite(found):
        raise Fault(f"{found!r}")


@check(
    "SCI-MOD-202",
    KIND,
    after=FINITE,
    mend="Take the mean over rows, not the sum; or give the spec the trait `batch-loss`.",
)
def is_a_mean_over_rows(trial: Trial) -> None:
    """Rows that come twice have the loss of rows that come once, unless the loss has the trait `batch-loss`."""
    needs("batch-loss" not in trial.component.spec.traits, "has the trait batch-loss")
    made = training(trial).network()
    rows = np.arange(len(made.feed), dtype=np.int64)
    once, twice = made.loss(rows), made.loss(np.concatenate([rows, rows]))
    if not np.isclose(once, twice, rtol=trial.tolerance(1e-9)):
        raise Fault(f"{once!r} once, {twice!r} twice")


@check(
    "SCI-MOD-203",
    KIND,
    after=(*FINITE, "SCI-MOD-202"),
    mend='Weigh each row\'s loss by `batch["weight"]` where it is there, and divide by the sum of the weights.',
)
def weights_of_rows_count(trial: Trial) -> None:
    """A weight of 2 is a row that occurs twice, and one of 0 a row that is absent."""
    needs("batch-loss" not in trial.component.spec.traits, "has the trait batch-loss")
    found = training(trial)
    rows = np.arange(len(found.data), dtype=np.int64)
    times = rows % 3
    weighted = found.network(weight=times.astype(np.float64)).loss()
    repeated = found.network().loss(np.repeat(rows, times))
    if not np.isclose(weighted, repeated, rtol=trial.tolerance(1e-6)):
        raise Fault(f"{weighted!r} with weights 0, 1 and 2, {repeated!r} with rows that occur so often")


@check("SCI-MOD-204", KIND, after=FINITE, mend="Give a loss whose gradient points upwards: it falls along its descent.")
def falls_in_training(trial: Trial) -> None:
    """Training with it makes it smaller."""
    made = training(trial).network()
    losses = np.asarray(made.trainer.run(whole_steps(len(made.feed), STEPS)))
    if not losses[-1] < losses[0]:
        raise Fault(f"{losses[0]:g} before, {losses[-1]:g} after {STEPS} updates")


@check("SCI-MOD-205", KIND, after=FINITE, mend="Compute the same formula on every engine.")
def engines_agree(trial: Trial) -> None:
    """With the same weights of the network the loss is the same on every engine that it has code for."""
    found = training(trial)
    engines = others(trial)
    needs(engines, "runs on one installed engine only")
    made = found.network()
    made.trainer.run(whole_steps(len(made.feed), 3))
    loss = made.loss()
    compared = 0
    for engine in engines:
        other = found.on(engine)
        if other.model.entry.spec.name != found.model.entry.spec.name:
            continue
        network = other.network()
        network.engine.load_state(network.network, made.engine.state(made.network))
        compared += 1
        if not np.isclose(loss, network.loss(), rtol=trial.tolerance(ENGINES)):
            raise Fault(f"{loss!r} on {found.engine}, {network.loss()!r} on {engine}")
    needs(compared, "no model is installed that runs on both engines")
