"""What an analysis owes: findings that a report can show, about a study that it leaves as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from sci.api import ComponentConfig, Finding, Schema, UnknownName
from sci.testing.check import Fault, check
from sci.testing.checks.settings import example
from sci.testing.context import KitContext
from sci.testing.markup import escaped
from sci.testing.study import Conducted, files, studies
from sci.testing.trial import Trial, needs

KIND = "analyses"
PLACES = ("results", "data", "model", "mistakes", "calibration", "slices", "explanation")
LOOKS = ("SCI-ANA-001",)


@dataclass(frozen=True)
class Looked:
    """What one look at a study came to.

    Args:
        study: kind of target.
        findings: what was found.
        context: that it was done in.
        before: files of the run, before.
        after: and afterwards.
    """

    study: str
    findings: Sequence[Finding]
    context: KitContext
    before: dict[str, bytes]
    after: dict[str, bytes]


@check("SCI-ANA-001", KIND, mend="Return a list of `Finding`s; an empty one where the analysis does not apply.")
def finds(trial: Trial) -> None:
    """Finished studies are looked at: what is found has a name, a title, and a place in the report."""
    for one in looked(trial):
        for finding in one.findings:
            if not isinstance(finding, Finding):
                raise Fault(f"a {type(finding).__name__} among the findings of a {one.study}")
            if finding.place not in PLACES:
                raise Fault(f"place {finding.place!r}", expected=f"one of {', '.join(PLACES)}")
            if not str(finding.name).strip() or not str(finding.title).strip():
                raise Fault(f"name {finding.name!r}, title {finding.title!r}")


@check(
    "SCI-ANA-002",
    KIND,
    after=LOOKS,
    mend="Draw with `context.write(PATH)`, and return `Figure(PATH, ...)` with the same path; let it end in .svg.",
)
def figures_are_there(trial: Trial) -> None:
    """Every figure is an SVG file of the run, whole, and with a title."""
    found = [(one, figure) for one in looked(trial) for finding in one.findings for figure in finding.figures]
    needs(found, "draws no figure of the kit's studies")
    for one, figure in found:
        if figure.path not in one.after:
            raise Fault(f"there is no file `{figure.path}`")
        if not str(figure.title).strip():
            raise Fault(f"`{figure.path}` has no title")
        try:
            root = ElementTree.fromstring(one.after[figure.path])  # noqa: S314  (a file that was written just now)
        except ElementTree.ParseError as error:
            raise Fault(f"`{figure.path}` is no SVG: {error}") from error
        if not root.tag.endswith("svg"):
            raise Fault(f"`{figure.path}` is a <{root.tag}>")


@check("SCI-ANA-003", KIND, after=LOOKS, mend="Write through `context.write` only, under names of your own.")
def leaves_the_study_alone(trial: Trial) -> None:
    """It writes through `context.write` only, and changes no file of the study."""
    for one in looked(trial):
        written_through_the_context(one.before, one.after, one.context)


@check(
    "SCI-ANA-004",
    KIND,
    after=LOOKS,
    mend='Draw from `context.random("name")`; leave dates, times and ids out of figures.',
)
def looks_the_same_twice(trial: Trial) -> None:
    """A second look finds the same and draws the same, to the last bit."""
    for one, two in zip(looked(trial), [_look(trial, *pair) for pair in studies(trial).items()], strict=True):
        if repr(one.findings) != repr(two.findings):
            raise Fault(f"the findings of a {one.study} differ")
        differ = sorted(name for name in one.context.written if one.after.get(name) != two.after.get(name))
        if differ:
            raise Fault(f"`{differ[0]}` differs")


@check("SCI-ANA-005", KIND, after=LOOKS, mend="Escape what comes from data: `xml.sax.saxutils.escape`.")
def escapes_what_comes_from_data(trial: Trial) -> None:
    """Markup in names of columns and classes stands in no figure as markup."""
    needs(any(one.context.written for one in looked(trial)), "writes no file")
    for one in looked(trial):
        escaped({name: one.after[name] for name in one.context.written})


ABSENT = "no-such-name"
NAMING = {"columns": [ABSENT], "metric": ABSENT, "output": ABSENT}
"""Settings that name a column, a metric or a class wherever they stand, with one that is not there."""


@check(
    "SCI-ANA-006",
    KIND,
    after=LOOKS,
    mend="Let `demand_names` of the settings call `UnknownName.demand`, and `named_classes` return what names a class.",
)
def refuses_names_that_are_not_there(trial: Trial) -> None:
    """Settings `columns`, `metric` and `output` are looked at before training: `demand_names` refuses what is not there
    and nothing else, `named_classes` says which class is meant."""
    plain = example(trial)
    named = [name for name in NAMING if plain is not None and name in type(plain).model_fields]
    needs(named, "no setting names a column, a metric or a class")
    assert plain is not None
    for conducted in studies(trial).values():
        study = conducted.study
        metrics = list(study.scores["test"])
        plain.demand_names(study.schema, metrics)
        for name in named:
            odd = plain.model_copy(update={name: NAMING[name]})
            if name == "output":
                refused = ABSENT in odd.named_classes().values()
            else:
                refused = _refused(odd, name, study.schema, metrics)
            if not refused:
                raise Fault(f"`{name}: {NAMING[name]}` is taken until the model is trained")


def _refused(settings: ComponentConfig, name: str, schema: Schema, metrics: Sequence[str]) -> bool:
    try:
        settings.demand_names(schema, metrics)
    except UnknownName as error:
        return error.setting[0] == name
    return False


def looked(trial: Trial) -> list[Looked]:
    """The kit's studies, each looked at once."""

    def look() -> list[Looked]:
        found = [_look(trial, kind, one) for kind, one in studies(trial).items()]
        needs(found, "the kit has no study for its tasks")
        needs(any(one.findings for one in found), "finds nothing in the kit's studies")
        return found

    return trial.once("looked", look)


def _look(trial: Trial, kind: str, conducted: Conducted) -> Looked:
    study, context = conducted.at(trial.subject.room())
    before = files(study.run)
    findings = list(trial.make().analyze(study, context))
    return Looked(kind, findings, context, before, files(study.run))


def written_through_the_context(before: dict[str, bytes], after: dict[str, bytes], context: KitContext) -> None:
    """A fault where a file was written behind the context's back, or one of the study has changed."""
    changed = sorted(name for name in before if after.get(name) != before[name])
    if changed:
        raise Fault(f"`{changed[0]}`, a file of the study, was changed or deleted")
    silent = sorted(after.keys() - before.keys() - set(context.written))
    if silent:
        raise Fault(f"`{silent[0]}` was not written through `context.write`")
