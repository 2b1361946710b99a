"""What a reporter owes: the study, written down as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sci.api import Figure, Finding, Table
from sci.testing.check import Fault, check
from sci.testing.checks.analyses import written_through_the_context
from sci.testing.context import KitContext
from sci.testing.markup import asked_for, escaped
from sci.testing.rows import MARK
from sci.testing.study import Conducted, files, studies
from sci.testing.trial import Trial, needs

KIND = "reporters"
WRITES = ("SCI-REP-001",)
PICTURE = "figures/kit.svg"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>kit</title><circle r="4"/></svg>'


@dataclass(frozen=True)
class Written:
    """One report.

    Args:
        study: kind of target.
        names: what the reporter returned.
        context: that it was written in.
        before: files of the run, before.
        after: and afterwards.
    """

    study: str
    names: Sequence[str]
    context: KitContext
    before: dict[str, bytes]
    after: dict[str, bytes]

    @property
    def new(self) -> dict[str, bytes]:
        """The files of the report."""
        return {name: self.after[name] for name in {*self.names, *self.context.written} if name in self.after}


@check("SCI-REP-001", KIND, mend="Return the names of the files that were written, the main one first.")
def writes_a_report(trial: Trial) -> None:
    """Finished studies are written down: the files that the reporter names are there, and are not empty."""
    for one in written(trial):
        if isinstance(one.names, str) or not list(one.names):
            raise Fault(f"`report` returns {one.names!r} for a {one.study}", expected="names of at least one file")
        for name in one.names:
            if not one.after.get(name):
                raise Fault(f"`{name}` is {'empty' if name in one.after else 'named and not there'}")


@check("SCI-REP-002", KIND, after=WRITES, mend="Write through `context.write` only, under names of your own.")
def leaves_the_study_alone(trial: Trial) -> None:
    """It writes through `context.write` only, and changes no file of the study."""
    for one in written(trial):
        written_through_the_context(one.before, one.after, one.context)


@check("SCI-REP-003", KIND, after=WRITES, mend="Escape what comes from data: templates with autoescape do.")
def escapes_what_comes_from_data(trial: Trial) -> None:
    """Markup in the question, in names of columns and classes and in findings stands in no report as markup."""
    for one in written(trial):
        escaped(one.new)


@check(
    "SCI-REP-004",
    KIND,
    level="recommended",
    after=WRITES,
    mend="Show the title, the text and the table of every finding, in the section that `place` names.",
)
def shows_what_was_found(trial: Trial) -> None:
    """What analyses found is in the report: with a finding it is another one than without."""
    found = [_write(trial, kind, one, finding=False) for kind, one in studies(trial).items()]
    for one, bare in zip(written(trial), found, strict=True):
        if one.new == bare.new:
            raise Fault(f"the report of a {one.study} is the same with a finding and without any")


@check("SCI-REP-005", KIND, after=WRITES, mend="Take times and versions from the study, not from the clock.")
def writes_the_same_twice(trial: Trial) -> None:
    """The same study is written down to the same bytes."""
    again = [_write(trial, kind, one) for kind, one in studies(trial).items()]
    for one, two in zip(written(trial), again, strict=True):
        differ = sorted(name for name in one.new.keys() | two.new.keys() if one.new.get(name) != two.new.get(name))
        if differ:
            raise Fault(f"`{differ[0]}` differs")


@check(
    "SCI-REP-006",
    KIND,
    level="recommended",
    after=WRITES,
    mend="Put pictures, styles and scripts into the page; it is opened on machines without a network.",
)
def asks_no_other_machine(trial: Trial) -> None:
    """A page that is opened fetches nothing from other machines."""
    for one in written(trial):
        asked = asked_for(one.new)
        if asked:
            raise Fault(asked)


def written(trial: Trial) -> list[Written]:
    """The kit's studies, each written down once, with a finding."""

    def write() -> list[Written]:
        found = [_write(trial, kind, one) for kind, one in studies(trial).items()]
        needs(found, "the kit has no study for its tasks")
        return found

    return trial.once("written", write)


def _write(trial: Trial, kind: str, conducted: Conducted, finding: bool = True) -> Written:
    study, context = conducted.at(trial.subject.room())
    with context.write(PICTURE) as file:
        file.write(SVG)
    context.written.clear()
    before = files(study.run)
    names = trial.make().report(study, [_finding()] if finding else [], context)
    return Written(kind, names, context, before, files(study.run))


def _finding() -> Finding:
    table = Table(["row", f"why {MARK}"], [[1, f"because {MARK}"], [2.5, None]])
    figure = Figure(PICTURE, f"A picture {MARK}", f"What it shows {MARK}", table)
    return Finding("kit", "results", f"What the kit found {MARK}", f"In words {MARK}", [figure], table)
