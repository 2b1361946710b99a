"""What a schedule owes: a factor for every step, whatever was asked before."""

from __future__ import annotations

import math
import numbers

from sci.api import Schedule
from sci.testing.check import Fault, check
from sci.testing.compare import state_difference
from sci.testing.fitting import stored
from sci.testing.trial import Trial, needs

KIND = "schedules"
TOTALS = (1, 2, 3, 10, 101)


@check("SCI-OPT-101", KIND, mend="Return a number of at least 0; for a single step the full rate will do.")
def gives_a_factor_for_every_step(trial: Trial) -> None:
    """Every step of trainings of any length has a finite factor that is not negative, and one is above 0."""
    made: Schedule = trial.make()
    for total in TOTALS:
        factors = [made.factor(step, total) for step in range(total)]
        for step, factor in enumerate(factors):
            if not isinstance(factor, numbers.Real) or not math.isfinite(factor) or factor < 0:
                raise Fault(f"step {step} of {total} has the factor {factor!r}")
        if not any(factors):
            raise Fault(f"every one of {total} steps has the factor 0")


@check(
    "SCI-OPT-102",
    KIND,
    after=("SCI-OPT-101",),
    mend="Compute the factor from `step` and `total`; what was observed changes in `observe` alone.",
)
def a_factor_does_not_depend_on_the_past(trial: Trial) -> None:
    """A step has the same factor in whatever order steps are asked for: a run that goes on begins in the middle."""
    first: Schedule = trial.make()
    forwards = [first.factor(step, 50) for step in range(50)]
    second: Schedule = trial.make()
    backwards = [second.factor(step, 50) for step in reversed(range(50))]
    odd = next((i for i, (a, b) in enumerate(zip(forwards, reversed(backwards), strict=True)) if a != b), None)
    if odd is not None:
        raise Fault(f"step {odd} of 50: {forwards[odd]!r} forwards, {backwards[49 - odd]!r} backwards")


@check(
    "SCI-OPT-103",
    KIND,
    after=("SCI-OPT-101", "SCI-OPT-102"),
    mend="Return all that `observe` changes from `state()`, and take it over in `load_state`.",
)
def what_was_observed_is_stored(trial: Trial) -> None:
    """A schedule that observes the validation value keeps its state: a new one that loads it goes on alike."""
    made = trial.make()
    needs(hasattr(made, "observe"), "observes nothing")
    for step in range(20):
        made.observe(1.0 if step < 3 else 2.0)
        made.factor(step, 50)
    state = stored(made.state())
    other = trial.make()
    other.load_state(stored(made.state()))
    wrong = state_difference(state, stored(other.state()))
    if wrong:
        raise Fault(f"the state of the one that loaded it differs: {wrong}")
    for step in range(20, 50):
        made.observe(2.0)
        other.observe(2.0)
        if made.factor(step, 50) != other.factor(step, 50):
            raise Fault(f"step {step}: {made.factor(step, 50)!r} and {other.factor(step, 50)!r}")
