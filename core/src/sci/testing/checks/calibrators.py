"""What a calibrator owes: outputs of the same form, from what it learned on validation rows alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sci.api import Batch, Calibrator, Predictions, State
from sci.api.rows import length
from sci.runs import arrays
from sci.testing.check import Fault, check
from sci.testing.compare import column_difference, difference, picked, state_difference
from sci.testing.fitting import NO_ROWS, stored
from sci.testing.generators import seeded, untouched
from sci.testing.predictions import examples
from sci.testing.trial import Trial, needs

KIND = "calibrators"
KEEPS = ("SCI-CAL-001",)


@check("SCI-CAL-001", KIND, mend="Return `{**predictions, ...}`: the outputs that came, in their form, and new ones.")
def keeps_the_form_of_outputs(trial: Trial) -> None:
    """Fitted on validation predictions, it returns every output that it was given, in dtype and shape, with all rows;
    it may add others."""
    for task, predictions in _given(trial).items():
        outputs = _outputs(predictions)
        found = _transformed(trial, predictions, _fitted(trial, predictions))
        for name, column in outputs.items():
            if name not in found:
                raise Fault(f"output `{name}` of {task} does not come back")
            if _form(found[name]) != _form(column):
                raise Fault(f"output `{name}` of {task} is {_form(found[name])}, and was {_form(column)}")
        odd = [name for name, column in found.items() if length(column) != len(predictions)]
        if odd:
            raise Fault(f"output `{odd[0]}` has {length(found[odd[0]])} of {len(predictions)} rows")


@check("SCI-CAL-002", KIND, after=KEEPS, mend="Divide by the sum over the classes, and keep within 0 and 1.")
def probabilities_stay_probabilities(trial: Trial) -> None:
    """Probabilities stay from 0 to 1 and add up to 1 in each row."""
    judged = False
    for task, predictions in _given(trial).items():
        found = _transformed(trial, predictions, _fitted(trial, predictions))
        if "probability" not in found:
            continue
        judged = True
        chances: Any = found["probability"]
        sums = chances.sum(axis=1)
        if chances.min() < 0 or chances.max() > 1 or not np.allclose(sums, 1, atol=1e-6):
            low, high = sums.min(), sums.max()
            raise Fault(f"from {chances.min():g} to {chances.max():g}, with sums from {low:g} to {high:g}, for {task}")
    needs(judged, "its outputs hold no probabilities")


@check(
    "SCI-CAL-003",
    KIND,
    after=(*KEEPS, "SCI-CAL-004"),
    mend="Return all that `fit` learned from `state()`, as arrays and JSON.",
)
def state_comes_back_from_a_disk(trial: Trial) -> None:
    """A new calibrator that loads the stored state transforms exactly as the fitted one."""
    for task, predictions in _given(trial).items():
        fitted = _fitted(trial, predictions)
        again = trial.make()
        again.load_state(stored(_state(fitted)))
        wrong = difference(
            _transformed(trial, predictions, fitted), _transformed(trial, predictions, again)
        ) or state_difference(stored(_state(fitted)), stored(_state(again)))
        if wrong:
            raise Fault(f"the one that loaded the state differs for {task}: {wrong}")


@check("SCI-CAL-004", KIND, after=KEEPS, mend="Learn in `fit` alone, from the rows and the settings; draw nothing.")
def fits_and_transforms_the_same_twice(trial: Trial) -> None:
    """Fitting and transforming twice give the same, whatever the global generators are at; transforming learns
    nothing."""
    for task, predictions in _given(trial).items():
        found = []
        for seed in (1, 2):
            with seeded(seed), untouched():
                fitted = _fitted(trial, predictions)
                before = stored(_state(fitted))
                found.append(_transformed(trial, predictions, fitted))
            learned = state_difference(before, stored(_state(fitted)))
            if learned:
                raise Fault(f"after `transform` the state differs for {task}: {learned}")
        wrong = difference(found[0], found[1])
        if wrong:
            raise Fault(f"the second result differs for {task}: {wrong}")


@check("SCI-CAL-005", KIND, after=(*KEEPS, "SCI-CAL-004"), mend="Compute each row from that row and what was fitted.")
def rows_do_not_know_one_another(trial: Trial) -> None:
    """A row is transformed to the same in whatever batch it comes, and no rows come back as no rows: a server asks for
    one at a time."""
    for task, predictions in _given(trial).items():
        fitted = _fitted(trial, predictions)
        whole = _transformed(trial, predictions, fitted)
        for rows in (np.array([0]), np.array([3, 1]), NO_ROWS):
            part = fitted.transform(_outputs(predictions.take(rows)), predictions.info)
            wrong = difference(picked(whole, rows), part, trial.tolerance(1e-9))
            if wrong:
                raise Fault(f"in a batch of {len(rows)} of {len(predictions)} rows for {task}: {wrong}")


@check("SCI-CAL-006", KIND, after=KEEPS, mend="Compute new arrays instead of writing into those that came.")
def leaves_its_input_alone(trial: Trial) -> None:
    """`transform` writes neither into the dict nor into the arrays that it is given."""
    for task, predictions in _given(trial).items():
        given = {
            name: np.array(column) if isinstance(column, np.ndarray) else column
            for name, column in _outputs(predictions).items()
        }
        before = dict(given)
        _fitted(trial, predictions).transform(given, predictions.info)
        if given.keys() != before.keys() or any(given[name] is not before[name] for name in before):
            raise Fault(f"the dict has other outputs afterwards, for {task}")
        changed = [name for name, column in _outputs(predictions).items() if column_difference(column, given[name])]
        if changed:
            raise Fault(f"output `{changed[0]}` of {task} has changed")


def _given(trial: Trial) -> dict[str, Predictions]:
    """Predictions by task: those of the case, or those of the kit for the tasks that the calibrator names."""

    def find() -> dict[str, Predictions]:
        data = trial.case.data if trial.case else None
        if callable(data):
            made = data()
            if not isinstance(made, Predictions):
                raise Fault(f"`data` of the case returns a {type(made).__name__}", expected="Predictions")
            return {"the case": made}
        tasks = trial.component.spec.tasks or ("classification", "regression")
        found = {task: examples(task)["good"] for task in tasks if examples(task)}
        needs(found, f"the kit has no predictions for {', '.join(tasks)}; a case with `data` would bring some")
        return found

    return trial.once("given", find)


def _outputs(predictions: Predictions) -> Batch:
    """The outputs of the task, by name."""
    names = [name for name in predictions.table.column_names if name.startswith("prediction.")]
    return {
        name.removeprefix("prediction."): predictions.prediction(name.removeprefix("prediction.")) for name in names
    }


def _fitted(trial: Trial, predictions: Predictions) -> Calibrator:
    made: Calibrator = trial.make()
    made.fit(predictions)
    return made


def _transformed(trial: Trial, predictions: Predictions, fitted: Calibrator) -> Batch:
    found = fitted.transform(_outputs(predictions), predictions.info)
    if not isinstance(found, Mapping):
        raise Fault(f"`transform` returns a {type(found).__name__}", expected="a dict of outputs")
    return dict(found)


def _state(fitted: Calibrator) -> State:
    return arrays.storable(fitted.state)


def _form(column: Any) -> str:
    return f"{column.dtype} {['n', *column.shape[1:]]}" if isinstance(column, np.ndarray) else type(column).__name__
