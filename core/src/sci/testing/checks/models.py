"""What a model owes: the heads that the task wants, weights that come back, learning, the same on every engine."""

from __future__ import annotations

import numpy as np

from sci.api import State
from sci.testing.check import Fault, check
from sci.testing.fitting import NO_ROWS, stored
from sci.testing.network import Network, close, same, whole_steps
from sci.testing.training import STEPS, others, training
from sci.testing.trial import Trial, needs

KIND = "models"
BUILDS = ("SCI-MOD-001",)
ENGINES = 1e-5
"""How far engines may lie apart, relative to a number's size."""


@check("SCI-MOD-001", KIND, mend="Return one array for each head, rows first, in the shape that the head has.")
def emits_what_the_task_wants(trial: Trial) -> None:
    """The network is built and emits finite numbers for each head, in its shape."""
    found = training(trial)
    made = trial.once("network", found.network)
    if not found.fit_once:
        _fits(made, made.predict(), len(made.feed))


@check(
    "SCI-MOD-002",
    KIND,
    after=BUILDS,
    mend="Draw first weights from the seed that the target is called with: `Initial(seed)` of `sci.api` does.",
)
def seed_decides_the_first_weights(trial: Trial) -> None:
    """The same seed gives the same first weights."""
    found = training(trial)
    wrong = same(found.network().weights, found.network().weights)
    if wrong:
        raise Fault(f"two networks of one seed differ: {wrong}")


@check(
    "SCI-MOD-003",
    KIND,
    after=BUILDS,
    mend="Keep all that predictions depend on among the weights that the engine stores.",
)
def weights_come_back_from_a_disk(trial: Trial) -> None:
    """A network with another seed that loads the stored weights of a trained one predicts as that does."""
    found = training(trial)
    made = trained(trial)
    other = found.network(seed=8)
    other.engine.load_state(other.network, _stored(made))
    wrong = same(made.predict(), other.predict())
    if wrong:
        raise Fault(f"predictions differ: {wrong}")


@check(
    "SCI-MOD-004",
    KIND,
    after=BUILDS,
    mend="Compute each row by itself when predicting, and let no rows pass; statistics of batches belong to training.",
)
def rows_do_not_know_one_another(trial: Trial) -> None:
    """A row is predicted to the same in whatever batch it comes, and no rows have no predictions."""
    made = trained(trial)
    whole = made.predict()
    for rows in (np.array([0]), np.array([3, 1]), NO_ROWS):
        part = made.predict(rows)
        wrong = close({name: array[rows] for name, array in whole.items()}, part, trial.tolerance(1e-6))
        if wrong:
            raise Fault(f"in a batch of {len(rows)} of {len(made.feed)} rows: {wrong}")


@check(
    "SCI-MOD-005",
    KIND,
    after=BUILDS,
    mend="See that the heads depend on the weights; a case may claim an `optimizer` that suits the model.",
)
def learns(trial: Trial) -> None:
    """Training makes the loss smaller; a model that is fitted at once ends with a finite one."""
    found = training(trial)
    first, last = trial.once("losses", lambda: _trained(trial))[1:]
    if not np.isfinite(last) or (not found.fit_once and not last < first):
        steps = 1 if found.fit_once else STEPS
        raise Fault(f"the loss is {first:g} before and {last:g} after {steps} updates")


@check(
    "SCI-MOD-006",
    KIND,
    after=(*BUILDS, "SCI-MOD-003"),
    mend="`sci parity FILE` shows where they part; a `tolerance` of the case is for what is known to round otherwise.",
)
def engines_agree(trial: Trial) -> None:
    """With the same weights the model predicts the same on every engine that it has code for."""
    found = training(trial)
    engines = others(trial)
    needs(engines, "runs on one installed engine only")
    made = trained(trial)
    for engine in engines:
        other = found.on(engine).network(seed=8)
        other.engine.load_state(other.network, _stored(made))
        wrong = close(made.predict(), other.predict(), trial.tolerance(ENGINES))
        if wrong:
            raise Fault(f"{found.engine} and {engine} differ: {wrong}")


@check(
    "SCI-MOD-007",
    KIND,
    after=(*BUILDS, "SCI-MOD-002", "SCI-MOD-008"),
    mend="Draw from the engine's own generator, which is seeded, or from the argument `seed`.",
)
def two_trainings_are_equal(trial: Trial) -> None:
    """Two trainings with one seed end with the same weights, to the last bit."""
    wrong = same(trained(trial).weights, _trained(trial)[0].weights)
    if wrong:
        raise Fault(f"the second training ends elsewhere: {wrong}")


@check("SCI-MOD-008", KIND, after=BUILDS, mend="Change nothing on the network in a prediction.")
def predicting_changes_nothing(trial: Trial) -> None:
    """Predicting leaves the weights as they are, and gives the same a second time."""
    made = trained(trial)
    before, first = made.weights, made.predict()
    wrong = same(before, made.weights) or same(first, made.predict())
    if wrong:
        raise Fault(f"after a prediction: {wrong}")


def trained(trial: Trial) -> Network:
    """The network of a trial after a few updates; trained once."""
    made: Network = trial.once("losses", lambda: _trained(trial))[0]
    return made


def _trained(trial: Trial) -> tuple[Network, float, float]:
    found = training(trial)
    made = found.network()
    steps = whole_steps(len(made.feed), 1 if found.fit_once else STEPS)
    losses = np.asarray(made.trainer.run(steps))
    return made, float(losses[0]), float(losses[-1])


def _stored(made: Network) -> State:
    return stored(made.engine.state(made.network))


def _fits(made: Network, emitted: dict[str, np.ndarray], rows: int) -> None:
    if hasattr(made.network, "predict_step"):  # which emits what its task decodes, the heads or something else
        for name, array in emitted.items():
            if len(array) != rows or not np.isfinite(array).all():
                raise Fault(f"`{name}` has {len(array)} rows for {rows}, or numbers that are not finite")
        return
    absent = set(made.heads) - set(emitted)
    if absent:
        raise Fault(f"head `{min(absent)}` is not emitted; there are {', '.join(sorted(emitted))}")
    for name, feature in made.heads.items():
        array, shape = emitted[name], (rows, *feature.shape)
        if not feature.ragged and tuple(array.shape) != shape:
            raise Fault(f"head `{name}` has shape {list(array.shape)}", expected=f"shape {list(shape)}")
        if not np.isfinite(array).all():
            raise Fault(f"head `{name}` holds numbers that are not finite")
