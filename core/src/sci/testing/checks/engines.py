"""What an engine owes to the core, which owns the loop."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sci.api import ConfigError, Engine, SciError, State, Step
from sci.testing.check import Fault, NotApplicable, check
from sci.testing.network import Network, batch_steps, close, same
from sci.testing.training import Training, training
from sci.testing.trial import Trial

KIND = "engines"
TRAINS = ("SCI-MOD-101", "SCI-MOD-103")
LEVELS = ("A", "B", "C")


@check("SCI-MOD-101", KIND, mend="Write the methods of the protocol `sci.api.Engine`.")
def has_every_method(trial: Trial) -> None:
    """The engine has every method of the protocol."""
    made = trial.make()
    missing = [name for name in vars(Engine) if not name.startswith("_") and not callable(getattr(made, name, None))]
    if missing:
        raise Fault(f"there is no `{missing[0]}`")


@check(
    "SCI-MOD-102",
    KIND,
    after=("SCI-MOD-101",),
    mend='Return what was chosen as texts, with `"determinism": "A"`, `"B"` or `"C"`.',
)
def says_what_was_chosen(trial: Trial) -> None:
    """`start` returns texts, among them the determinism level."""
    facts = trial.make().start({"device": "cpu"}, 7)
    if not all(isinstance(one, str) for pair in facts.items() for one in pair):
        raise Fault(f"{dict(facts)!r}")
    if facts.get("determinism") not in LEVELS:
        raise Fault(f"`determinism` is {facts.get('determinism')!r}", expected=f"one of {', '.join(LEVELS)}")


@check("SCI-MOD-103", KIND, after=("SCI-MOD-101",), mend="Turn tensors into arrays before they are returned.")
def gives_arrays(trial: Trial) -> None:
    """Predictions, losses and states are NumPy arrays: no tensor leaves an engine."""
    made = _network(trial)
    losses = made.trainer.run(_plan(made, 2))
    found = {"losses": losses, **made.engine.predict(made.network, made.feed.batch(np.arange(4), 0), {})}
    found |= made.engine.state(made.network).arrays | made.trainer.state().arrays
    for name, array in found.items():
        if not isinstance(array, np.ndarray):
            raise Fault(f"`{name}` is a {type(array).__name__}")
    if losses.dtype != np.float64 or losses.shape != (2,):
        raise Fault(f"the losses of 2 updates are {losses.dtype} {list(losses.shape)}", expected="float64 [2]")


@check("SCI-MOD-104", KIND, after=TRAINS, mend="Let an update depend on its `Step` and the state alone.")
def grouping_does_not_matter(trial: Trial) -> None:
    """Training does not depend on how updates are grouped into calls, to the last bit."""
    ends = []
    for size in (6, 1, 4):
        made = _network(trial)
        steps = _plan(made, 6)
        losses = [made.trainer.run(steps[start : start + size]) for start in range(0, len(steps), size)]
        ends.append({"losses": np.concatenate(losses), **made.state().arrays})
    wrong = same(ends[0], ends[1]) or same(ends[0], ends[2])
    if wrong:
        raise Fault(f"in calls of 6, 1 and 4 updates: {wrong}")


@check(
    "SCI-MOD-105",
    KIND,
    after=(*TRAINS, "SCI-MOD-104"),
    mend="Put all that the next update depends on into `state()`: weights, optimizers, random state.",
)
def resumes_where_it_stopped(trial: Trial) -> None:
    """A new trainer that loads a stored state goes on as the first would have, to the last bit."""
    made = _network(trial)
    steps = _plan(made, 6)
    made.trainer.run(steps[:3])
    half = made.state()
    losses = made.trainer.run(steps[3:])
    other = _network(trial, seed=8)
    other.trainer.load_state(half)
    wrong = same({"losses": losses}, {"losses": other.trainer.run(steps[3:])}) or same(
        made.state().arrays, other.state().arrays
    )
    if wrong:
        raise Fault(f"after the third of six updates: {wrong}")


@check("SCI-MOD-106", KIND, after=TRAINS, mend="Compute an update in the same way wherever its rows come from.")
def streamed_rows_teach_the_same(trial: Trial) -> None:
    """Rows that come in batches train like rows that are there as a whole."""
    ends = []
    for resident in (True, False):
        made = _network(trial, resident=resident)
        losses = made.trainer.run(_plan(made, 6))
        ends.append({"losses": losses, **made.weights})
    wrong = close(ends[0], ends[1], trial.tolerance(1e-9))
    if wrong:
        raise Fault(f"resident and streamed: {wrong}")


@check(
    "SCI-MOD-107",
    KIND,
    after=TRAINS,
    mend="Look at the loss before the weights change; after one that is not finite, do nothing any more.",
)
def stops_at_a_loss_that_is_not_finite(trial: Trial) -> None:
    """After the first loss that is not finite no weight changes any more."""
    made = _network(trial)
    steps = _plan(made, 4)
    made.trainer.run(steps[:1])
    spoilt = _network(trial, spoilt=int(steps[1].indices[0]))
    spoilt.trainer.load_state(made.state())
    before = spoilt.weights
    losses = np.asarray(spoilt.trainer.run(steps[1:]))
    if np.isfinite(losses).any():
        raise Fault(f"losses after an infinite input: {losses.tolist()}")
    wrong = same(before, spoilt.weights)
    if wrong:
        raise Fault(f"weights have changed: {wrong}")


@check(
    "SCI-MOD-108", KIND, after=("SCI-MOD-101",), mend="Raise a `ConfigError` that names the precisions that there are."
)
def refuses_an_unknown_precision(trial: Trial) -> None:
    """A precision that the engine does not have is a `ConfigError`."""
    _refuses(lambda: trial.make().number_dtype("no-such-precision"))


@check(
    "SCI-MOD-109",
    KIND,
    after=TRAINS,
    mend="Compare names and shapes before anything is loaded, and raise a `ConfigError`.",
)
def refuses_weights_of_another_model(trial: Trial) -> None:
    """Weights of another model are a `ConfigError`, and the network is left as it was."""
    made = _network(trial)
    before = made.weights
    odd = State({f"{name}.odd": array for name, array in before.items()})
    wide = State({name: np.concatenate([array, array]) for name, array in before.items() if array.ndim})
    for state in (odd, wide):
        _refuses(functools.partial(made.engine.load_state, made.network, state))
    wrong = same(before, made.weights)
    if wrong:
        raise Fault(f"afterwards the weights differ: {wrong}")


@check("SCI-MOD-110", KIND, after=TRAINS, mend="Raise a `ConfigError` for a format that the engine does not write.")
def refuses_an_unknown_format(trial: Trial) -> None:
    """A foreign format that the engine cannot write is a `ConfigError`."""
    made = _network(trial)
    with tempfile.TemporaryDirectory() as folder:
        _refuses(lambda: made.engine.export(made.network, "no-such-format", {}, Path(folder)))


@check("SCI-MOD-111", KIND, after=TRAINS, mend="Compute the loss of `validate` as that of `run`, without dropout.")
def validation_loss_is_the_training_loss(trial: Trial) -> None:
    """`validate` gives the loss that the next update begins with, and what `predict` gives; `validation_loss`, where
    there is one, the same loss."""
    made = _network(trial)
    rows = np.arange(len(made.feed), dtype=np.int64)
    emitted, loss = made.trainer.validate(made.feed.batch(rows, 0), {})
    wrong = close(made.predict(), emitted, trial.tolerance(1e-9))
    if wrong:
        raise Fault(f"`predict` and `validate` differ: {wrong}")
    alone = getattr(made.trainer, "validation_loss", None)
    if alone is not None and not np.isclose(found := alone(made.feed.batch(rows, 0)), loss, rtol=trial.tolerance(1e-9)):
        raise Fault(f"`validate` says {loss!r}, `validation_loss` {found!r}")
    first = float(made.trainer.run([Step(0, 0, rows, 1.0)])[0])
    if not np.isclose(first, loss, rtol=trial.tolerance(1e-9)):
        raise Fault(f"`validate` says {loss!r}, the next update {first!r}")


@check(
    "SCI-MOD-112",
    KIND,
    after=TRAINS,
    mend="Weigh the elements of the head before summing them up; raise a `ConfigError` where there is no derivative.",
)
def derivatives_are_those_of_what_it_predicts(trial: Trial) -> None:
    """Derivatives of a weighted sum of a head say how it changes; an engine or a model may refuse them."""
    made = _network(trial)
    batch = made.feed.batch(np.arange(4), 0)
    numbers, draw = batch["numbers"], np.random.default_rng(5)
    [head] = made.heads
    counted = draw.normal(size=made.engine.predict(made.network, batch, {})[head].shape)
    way = draw.normal(size=numbers.shape)
    try:
        found = made.engine.gradients(made.network, batch, head, ["numbers"], counted)["numbers"]
    except ConfigError as error:
        raise NotApplicable(f"no derivatives: {error.message}") from error

    def total(step: float) -> float:
        moved = {**batch, "numbers": (numbers + step * way).astype(numbers.dtype)}
        return float((np.asarray(made.engine.predict(made.network, moved, {})[head]) * counted).sum())

    step = float(np.cbrt(np.finfo(numbers.dtype).eps))
    expected = (total(step) - total(-step)) / (2 * step)
    received = float((np.asarray(found) * way).sum())
    if not np.isclose(received, expected, rtol=trial.tolerance(1e-2), atol=1e-6):
        raise Fault(f"the derivative along a way is {received!r}", expected=f"{expected!r}, from differences")


def _network(trial: Trial, spoilt: int | None = None, **more: Any) -> Network:
    """A network of a model that is installed for the engine; `spoilt` is a row with an infinite input."""
    found: Training = training(trial)
    made = found.network(**more)
    if spoilt is not None:
        made.arrays["numbers"][spoilt, 0] = np.inf
    return made


def _plan(made: Network, count: int) -> list[Step]:
    return batch_steps(len(made.feed), count)


def _refuses(work: Callable[[], object]) -> None:
    try:
        work()
    except ConfigError:
        return
    except SciError as error:
        raise Fault(f"{type(error).__name__}: {error.message}") from error
    raise Fault("no error")
