"""What a tracker owes: it hears a run, and the run does not notice."""

from __future__ import annotations

from sci.api import Observer
from sci.testing.check import Fault, check
from sci.testing.study import Conducted, conducted, files, named, ordinary
from sci.testing.trial import Trial

KIND = "trackers"
EVENTS = tuple(name for name in vars(Observer) if not name.startswith("_"))
RESULTS = ("model/weights.safetensors", "predictions/test.parquet", "metrics.json")
HEARS = ("SCI-TRK-001", "SCI-TRK-002")


@check("SCI-TRK-001", KIND, mend="Derive the target from `sci.api.Observer`, and overwrite what is to be heard.")
def hears_every_event(trial: Trial) -> None:
    """The tracker has a method for every event of a run."""
    made = trial.make()
    missing = [name for name in EVENTS if not callable(getattr(made, name, None))]
    if missing:
        raise Fault(f"there is no `{missing[0]}`")


@check("SCI-TRK-002", KIND, after=("SCI-TRK-001",), mend="Catch what the other side may raise, and go on.")
def hears_a_run(trial: Trial) -> None:
    """It hears a small study from its start to its end, and never raises."""
    for warning in _heard(trial).run.manifest["warnings"]:
        if f"tracker {trial.component.spec.name} could not" in warning["message"]:
            raise Fault(warning["message"])


@check("SCI-TRK-003", KIND, after=HEARS, mend="Write through `context.write` and `context.append`.")
def writes_into_the_run(trial: Trial) -> None:
    """It leaves no file anywhere but in the run directory: neither in the working directory nor beside the
    experiment."""
    beside = [
        {name for name in files(one.run.path.parents[2]) if one.run.path.name not in name}
        for one in (_heard(trial), ordinary(trial, "classification"))
    ]
    astray = sorted(beside[0] - beside[1])
    if astray:
        raise Fault(f"`{astray[0]}` lies outside of the run directory")


@check("SCI-TRK-004", KIND, after=HEARS, mend="Change nothing that an event hands over: arrays, rows, evaluations.")
def changes_no_result(trial: Trial) -> None:
    """A study that is tracked ends with the weights, the predictions and the scores of one that is not."""
    tracked, alone = (files(one.run.path) for one in (_heard(trial), ordinary(trial, "classification")))
    for name in RESULTS:
        if tracked.get(name) != alone.get(name):
            raise Fault(f"`{name}` differs")


def _heard(trial: Trial) -> Conducted:
    return trial.once("heard", lambda: conducted(trial, "classification", tracking=[named(trial)]))
