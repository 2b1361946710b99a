"""What a plugin owes to those who only look at what is installed."""

from __future__ import annotations

from sci.api.errors import MissingDependency, SciError
from sci.api.kinds import KINDS
from sci.testing.check import EVERY, Fault, NotApplicable, check
from sci.testing.light import seen
from sci.testing.trial import Trial, case_trials

LONGEST = 100
TRAITS = {
    "models": {"fit-once", "own-step", "batch-loss", "missing", "no-loss"},
    "comparisons": {"folds"},
    "intervals": {"folds"},
    "losses": {"batch-loss"},
    "optimizers": {"closure"},
    "deployers": {"serves"},
    "engines": {"low-rank"},
}
"""What the core knows of each kind."""

OF_ALL = {"network"}
"""What components of every kind may have."""

UNEXAMINED = ("launchers", "tuners")
"""Kinds that nothing uses yet."""


@check("SCI-DISC-001", None, mend="Read what `sci plugins doctor NAME` says.")
def loads(trial: Trial) -> None:
    """The plugin loads in a new process without a fault."""
    found = seen(trial.subject)
    if "error" in found:
        raise Fault(found["error"])
    if found["status"] not in ("ok", "degraded"):
        raise Fault(f"{found['status']}: {found['reason']}")


@check(
    "SCI-DISC-002",
    None,
    after=("SCI-DISC-001",),
    mend="Import frameworks in the modules that `target` names, not in the light module or the package's `__init__`.",
)
def discovery_is_light(trial: Trial) -> None:
    """Finding out what the plugin offers imports no framework, and does not try to."""
    found = seen(trial.subject)
    if found["status"] == "degraded" or found["frameworks"]:
        raise Fault(found["reason"] or f"imported: {', '.join(found['frameworks'])}")


@check("SCI-DISC-003", EVERY, mend="Keep the settings in a module that imports `sci.api` and pydantic only.")
def settings_are_light(trial: Trial) -> None:
    """The model of the settings can be imported, without any framework."""
    found = seen(trial.subject)
    name = f"{trial.component.kind} {trial.component.spec.name}"
    if name in found["settings"]:
        raise Fault(found["settings"][name])


@check("SCI-DISC-004", EVERY, mend="Fill in the fields of `ComponentSpec` as its reference says.")
def spec_is_well_formed(trial: Trial) -> None:
    """The spec has a summary of one short line without a full stop, requirements as pip reads them, and traits that the
    core knows."""
    from packaging.requirements import InvalidRequirement, Requirement

    spec, kind = trial.component.spec, trial.component.kind
    summary = spec.summary
    if not summary.strip() or "\n" in summary or len(summary) > LONGEST or summary.rstrip().endswith("."):
        raise Fault(
            f"the summary is {summary!r}", expected=f"one line of at most {LONGEST} letters, without a full stop"
        )
    for line in spec.requires:
        try:
            Requirement(line)
        except InvalidRequirement as error:
            raise Fault(f"`requires` holds {line!r}") from error
    known = TRAITS.get(kind, set()) | OF_ALL
    unknown = set(spec.traits) - known
    if unknown:
        traits = ", ".join(sorted(known))
        raise Fault(f"trait `{min(unknown)}`", expected=f"traits that a {KINDS[kind].noun} may have: {traits}")


@check(
    "SCI-DISC-005",
    EVERY,
    mend="Let `target` name `package.module:attribute`; what that needs is a dependency or stands in `requires`.",
)
def target_resolves(trial: Trial) -> None:
    """What `target` names can be imported and called, on every engine that is installed."""
    entry = trial.component
    engines = [one for one in trial.subject.entries if (one.kind, one.spec.name) == (entry.kind, entry.spec.name)]
    installed = set(trial.subject.system.registry.names("engines"))
    looked = False
    for one in engines:
        if one.engine is not None and one.engine not in installed:
            continue
        try:
            one.load()
            looked = True
        except MissingDependency as error:
            if not one.spec.requires:
                raise Fault(f"{error.message} {error.note}") from error
        except SciError as error:
            raise Fault(f"{error.message} {error.note}".strip()) from error
    if not looked:
        raise NotApplicable("none of its engines, or what it requires, is installed here")


@check(
    "SCI-DISC-006",
    None,
    after=("SCI-DISC-001",),
    mend="Do at import nothing but import; set things up in the component that needs them.",
)
def discovery_changes_nothing(trial: Trial) -> None:
    """Finding out what the plugin offers prints nothing and leaves the process as it is: environment, logging, signals,
    threads, random numbers."""
    found = seen(trial.subject)
    if found["changed"]:
        raise Fault(f"changed: {', '.join(found['changed'])}")
    if found["output"]:
        raise Fault(f"it writes {found['output'].splitlines()[0][:200]!r}")


@check(
    "SCI-DISC-007",
    None,
    after=("SCI-DISC-001",),
    mend="Return `Case`s of `sci.testing` that name components of this plugin, with settings as in an experiment file.",
)
def cases_are_sound(trial: Trial) -> None:
    """`sci_conformance_cases` returns cases of components that the plugin offers, with settings that these take."""
    _, faults = trial.subject.cases
    if faults:
        raise Fault("; ".join(faults))


@check(
    "SCI-DISC-008",
    EVERY,
    after=("SCI-DISC-007",),
    mend="Return a `Case` with settings for it from the hook `sci_conformance_cases`.",
)
def has_a_case(trial: Trial) -> None:
    """A component of a kind that is examined has a case, its own or the default one, on an engine that is installed."""
    kind, name = trial.component.kind, trial.component.spec.name
    if kind in UNEXAMINED:
        raise NotApplicable(f"{kind} are not examined any closer")
    cases = [one for one in trial.subject.cases[0] if (one.kind, one.name) == (kind, name)]
    if not cases:
        raise Fault("its settings have no defaults, and there is no case with settings")
    if not any(one.entry and one.entry.spec.name == name for one in case_trials(trial.subject, kind)):
        raise NotApplicable("none of its engines is installed here")
