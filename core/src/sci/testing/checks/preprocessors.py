"""What a step owes: it learns in `fit` alone, and its state is all that it learned."""

from __future__ import annotations

import numpy as np

from sci.api import Preprocessor
from sci.api.errors import ConfigError, DataError
from sci.testing.apart import answer, ours
from sci.testing.check import Fault, check
from sci.testing.compare import difference, state_difference
from sci.testing.fitting import Fitting, fitting, kept, stored
from sci.testing.generators import seeded, untouched
from sci.testing.trial import Trial, needs
from sci.testing.variants import in_small_batches

KIND = "preprocessors"
RUNS = ("SCI-PRE-002",)
FIRM = (*RUNS, "SCI-PRE-003", "SCI-PRE-004", "SCI-PRE-005", "SCI-PRE-006")
"""What has to hold before anything can be compared with anything."""


@check(
    "SCI-PRE-001", KIND, mend="Derive the target from `sci.api.Preprocessor`, and let its `columns` or `accepts` fit."
)
def is_a_preprocessor(trial: Trial) -> None:
    """The target is a `Preprocessor`, can be made from its settings, and finds columns in the data of its case."""
    step = fitting(trial)
    needs_columns = step.target.rows == "keep"
    if needs_columns and not step.columns:
        accepts = ", ".join(sorted(step.target.accepts)) or "every kind"
        raise Fault(f"no column of the data is taken; the step accepts {accepts} with role {step.target.role}")
    if not isinstance(step.new(), Preprocessor):
        raise Fault("the target makes something else")


@check(
    "SCI-PRE-002", KIND, after=("SCI-PRE-001",), mend="Mend what is raised, or give the case data that suit the step."
)
def works_on_its_data(trial: Trial) -> None:
    """The step is fitted on the training rows of its case and transforms all of its rows."""
    fitting(trial).transformed  # noqa: B018  (computing it is the check)


@check(
    "SCI-PRE-003",
    KIND,
    after=RUNS,
    mend="Learn in `fit` only, which sees the training rows; `transform` changes nothing on `self`.",
)
def learns_in_fit_only(trial: Trial) -> None:
    """Transforming rows leaves the fitted state as it was: nothing is learned from rows that are not training rows."""
    step = fitting(trial)
    fitted = step.fit()
    before = kept(fitted)
    step.transform(fitted, step.whole)
    found = state_difference(before, kept(fitted))
    if found:
        raise Fault(f"after `transform` the state differs: {found}")


@check(
    "SCI-PRE-004",
    KIND,
    after=(*RUNS, "SCI-PRE-003", "SCI-PRE-005"),
    mend="Keep what is learned on `self`, never on the class or the module.",
)
def steps_share_nothing(trial: Trial) -> None:
    """Fitting one step changes no other step of the same component."""
    step = fitting(trial)
    one = step.fit()
    before = kept(one)
    step.fit(step.rows.take(np.arange(len(step.rows) // 2)))
    found = state_difference(before, kept(one))
    if found:
        raise Fault(f"after another step was fitted, the state of the first differs: {found}")


@check(
    "SCI-PRE-005", KIND, after=RUNS, mend="Compute the state from the rows and the settings alone; a seed is a setting."
)
def fits_the_same_twice(trial: Trial) -> None:
    """Fitting twice on the same rows gives the same state, whatever the global random generators are at."""
    step = fitting(trial)
    states = []
    for seed in (1, 2):
        with seeded(seed):
            states.append(kept(step.fit()))
    found = state_difference(*states)
    if found:
        raise Fault(f"the second state differs: {found}")


@check(
    "SCI-PRE-006",
    KIND,
    after=RUNS,
    mend="Let `transform` depend on the batch and the fitted state only; randomness comes from its argument `random`.",
)
def transforms_the_same_twice(trial: Trial) -> None:
    """Transforming the same rows twice gives the same result, to the last bit."""
    step = fitting(trial)
    fitted = step.fit()
    found = difference(step.transform(fitted, step.whole), step.transform(fitted, step.whole))
    if found:
        raise Fault(f"the second result differs: {found}")


@check(
    "SCI-PRE-008",
    KIND,
    after=FIRM,
    mend="Sum up over the rows in an order that does not matter, or take `row_order_independent` out of the claims.",
)
def order_of_training_rows_does_not_matter(trial: Trial) -> None:
    """A step that claims `row_order_independent` learns the same from the training rows in another order."""
    needs(trial.claims.get("row_order_independent"), "does not claim row_order_independent")
    step = fitting(trial)
    other = step.fit(step.train.take(np.arange(len(step.train))[::-1]))
    _same_results(step, other, "fitted on the rows in reverse order, it transforms otherwise")


@check(
    "SCI-PRE-009",
    KIND,
    after=FIRM,
    mend="Return all that `fit` learned from `state()`, as arrays and JSON, and take it over in `load_state`.",
)
def state_comes_back_from_a_disk(trial: Trial) -> None:
    """The state is arrays and JSON, and a new step that loads it transforms exactly as the fitted one."""
    step = fitting(trial)
    try:
        state = kept(step.fitted)
    except (TypeError, ValueError) as error:
        raise Fault(f"the state cannot be stored: {error}") from error
    again = step.target(trial.settled.settings, step.columns)
    again.load_state(stored(state))
    promised = again.output_schema(step.schema)
    found = difference(step.transformed, step.transform(again, step.whole))
    if found:
        raise Fault(f"the step that loaded the state transforms otherwise: {found}")
    if promised != step.promised:
        raise Fault("the step that loaded the state promises another schema")


@check(
    "SCI-PRE-010",
    KIND,
    after=FIRM,
    mend="Go through all of `train.batches()`, and let the result depend on all of them.",
)
def size_of_batches_does_not_matter(trial: Trial) -> None:
    """Training rows that come in small batches teach the same as those that come at once, but for rounding."""
    step = fitting(trial)
    _same_results(step, step.fit(in_small_batches(step.train)), "fitted on small batches, it transforms otherwise")


@check(
    "SCI-PRE-022",
    KIND,
    after=FIRM,
    mend="Sort what comes out of a set, and build nothing on `hash()` or the process.",
)
def another_process_finds_the_same(trial: Trial) -> None:
    """Another process, with another hash seed, fits and transforms to the same result."""
    found = answer(trial, "plain")
    if found != ours(trial):
        raise Fault(found if found.startswith("raises") else "the other process comes to another result")


@check(
    "SCI-PRE-023",
    KIND,
    after=("SCI-PRE-022",),
    mend="Open files, threads and connections where they are used, not while the step is made or fitted.",
)
def survives_a_fork(trial: Trial) -> None:
    """A process that was forked after fitting transforms as its parent does: engines load rows in such processes."""
    found = answer(trial, "forked")
    needs(found, "this platform does not fork")
    if found != ours(trial):
        raise Fault(found if found.startswith("raises") else "the forked process comes to another result")


@check(
    "SCI-PRE-024",
    KIND,
    after=FIRM,
    mend="Draw from the argument `random` of `transform`, or from a generator of your own with a seed.",
)
def leaves_global_generators_alone(trial: Trial) -> None:
    """Neither `random` nor `numpy.random` is in another state after fitting and transforming."""
    step = fitting(trial)
    with untouched():
        step.transform(step.fit(), step.whole)


def _same_results(step: Fitting, other: Preprocessor, words: str) -> None:
    found = difference(step.transformed, step.transform(other, step.whole), step.trial.tolerance(1e-6))
    if found:
        raise Fault(f"{words}: {found}")


REFUSALS = (DataError, ConfigError)
"""How a step says that it cannot work with such rows."""
