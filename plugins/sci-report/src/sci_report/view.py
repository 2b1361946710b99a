"""The whole report before it is written in a markup: the page, the Markdown and the card are made from one view."""

from __future__ import annotations

import itertools
import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sci.api import Figure, Finding, RunContext, Study
from sci_report import confusion, controls, facts, intervals, learning, settings, spread, training
from sci_report.auditing import Audit, Line, audit
from sci_report.brand import Brand, brand
from sci_report.datasheet import Datasheet, datasheet
from sci_report.drawing import NARROW
from sci_report.grids import Grid, of_table
from sci_report.mistakes import Mistakes, mistakes
from sci_report.provenance import Provenance, provenance
from sci_report.results import Results, results
from sci_report.summary import Summary, summary
from sci_report.svg import Picture, Unreadable, clean
from sci_report.words import Data, Name, Phrase, Text, author, phrase, sentence

CLASSES = "figures/classes.csv"
PLACES = ("results", "data", "model", "mistakes", "calibration", "slices", "explanation")
ORDER = ("results", "data", "audit", *PLACES[2:], "reproduce", "cite", "environment")
"""The sections of a report, each an anchor and a title."""


@dataclass(frozen=True)
class Plot:
    """A figure with its words; `picture` is None where the file cannot be shown, and `problem` says why."""

    id: str
    path: str
    title: Text
    caption: Text
    grid: Grid | None
    picture: Picture | None
    problem: Text = ""


@dataclass(frozen=True)
class Block:
    """A finding. Its title is empty where a figure's own title says it."""

    title: Text
    text: Text
    plots: Sequence[Plot]
    grid: Grid | None


@dataclass(frozen=True)
class Row:
    """Findings that stand side by side because each is one narrow figure, or a single other finding."""

    narrow: bool
    blocks: Sequence[Block]


@dataclass(frozen=True)
class View:
    """Everything that a report says, in order."""

    name: Name
    run: Name
    run_id: str
    summary: Summary
    verdict_plots: Sequence[Plot]
    results: Results
    data: Datasheet
    audit: Audit
    training: Sequence[Text]
    settings: Grid
    all_settings: str
    mistakes: Mistakes | None
    blocks: Mapping[str, Sequence[Block]]
    provenance: Provenance
    intended_use: Text | None
    brand: Brand | None = None

    def rows(self, place: str) -> list[Row]:
        """The findings of a section, as they share its width."""
        groups = itertools.groupby(self.blocks[place], _narrow)
        return [Row(narrow, list(blocks)) for narrow, blocks in groups]

    @property
    def core(self) -> Text:
        """What made the run."""
        return self.provenance.core or "sci"

    @property
    def unsaid(self) -> list[Line]:
        """Errors and warnings of the audit that no caution of the verdict repeats."""
        said = " ".join(caution.english for caution in self.summary.cautions)
        serious = (line for line in self.audit.lines if line.severity in ("error", "warning"))
        return [line for line in serious if line.message.english not in said]

    @property
    def sections(self) -> list[tuple[str, Phrase]]:
        """Anchor and title of every section that has something to say."""
        data = self.data
        present = {
            "data": bool(data.flow or data.splits or data.columns or self.blocks["data"]),
            "model": bool(self.settings.rows or self.blocks["model"]),
            "mistakes": bool(self.mistakes or self.blocks["mistakes"]),
            **{place: bool(self.blocks[place]) for place in ("calibration", "slices", "explanation")},
            "environment": bool(self.provenance.environment or self.provenance.timings),
        }
        return [(id, phrase(f"section.{id}")) for id in ORDER if present.get(id, True)]


def build(study: Study, findings: Sequence[Finding], context: RunContext | None) -> View:
    """The view of a study; with a context it draws and writes the figures that every report has."""
    shelf = Shelf(study.run)
    verdict: list[Plot] = []
    if context is not None:
        verdict = [shelf.plot(drawn.write(context)) for drawn in intervals.illustrations(study)]
        findings = _with_own(study, findings, context)
    about = provenance(study)
    blocks: dict[str, list[Block]] = {place: [] for place in PLACES}
    for finding in findings:
        blocks[finding.place if finding.place in PLACES else "explanation"].append(shelf.block(finding))
    return View(
        name=Name(study.name),
        run=Name(study.run.name),
        run_id=study.run.name,
        summary=summary(study),
        verdict_plots=verdict,
        results=results(study),
        data=datasheet(study),
        audit=audit(study),
        training=[*training.sentences(study), *about.text[1:]],
        settings=settings.table(study.experiment),
        all_settings=settings.listing(study.experiment),
        mistakes=mistakes(study),
        blocks=blocks,
        provenance=about,
        intended_use=author(study.experiment.get("intended_use")),
        brand=brand(study.branding),
    )


def _narrow(block: Block) -> bool:
    if block.title or block.grid:
        return False
    pictures = [plot.picture for plot in block.plots]
    return bool(pictures) and all(picture is not None and picture.width <= NARROW for picture in pictures)


def _with_own(study: Study, findings: Sequence[Finding], context: RunContext) -> list[Finding]:
    """The findings, with the spread of a study's models, the confusion matrix drawn, the learning curve where no
    analysis drew it, and the controls."""
    found = [*spread.findings(study, context), *findings]
    matrix = confusion.illustration(study)
    if matrix is not None:
        if len(facts.classes(study)) > confusion.MOST:
            with context.write(CLASSES) as file:
                file.write(confusion.by_class(study).encode())
        found = _matrix(study, found, matrix.write(context))
    curve = None if any(finding.name == "learning-curve" for finding in found) else learning.illustration(study)
    if curve is not None:
        figure = curve.write(context)
        found.insert(0, Finding("learning-curve", "model", figure.title, figures=[figure]))
    return [*found, *controls.findings(study, context)]


def _matrix(study: Study, findings: list[Finding], figure: Figure) -> list[Finding]:
    """The drawn matrix, put in the place of one that an analysis only counted.

    With several seeds the counts differ: an analysis may add them up, while the drawing counts every row once.
    """
    pairs = confusion.commonest(study)
    once = len(facts.once(study.evaluations)) == len(study.evaluations)
    for at, finding in enumerate(findings):
        if once and finding.name == "confusion-matrix" and not finding.figures:
            table = finding.table if pairs else None
            drawn = replace(finding, title=figure.title, figures=[figure], table=table)
            return [*findings[:at], drawn, *findings[at + 1 :]]
    return [Finding("confusion-matrix", "results", figure.title, figures=[figure], table=pairs), *findings]


class Shelf:
    """Reads the figures of a run and numbers them."""

    def __init__(self, run: pathlib.Path) -> None:
        self.run = run.resolve()
        self.count = 0

    def block(self, finding: Finding) -> Block:
        plots = [self.plot(figure) for figure in finding.figures]
        titled = any(figure.title == finding.title for figure in finding.figures)
        title = sentence(finding.title)
        grid = of_table(finding.table, title) if finding.table else None
        return Block("" if titled else title, sentence(finding.text) if finding.text else "", plots, grid)

    def plot(self, figure: Figure) -> Plot:
        self.count += 1
        id = f"fig-{self.count}"
        title = sentence(figure.title)
        grid = of_table(figure.table, title) if figure.table else None
        caption: Text = sentence(figure.caption) if figure.caption else ""
        try:
            picture = clean(self._read(figure.path), prefix=f"{id}-")
        except (OSError, UnicodeDecodeError, Unreadable) as error:
            problem = phrase("figure.missing", path=Data(figure.path), why=Data(_why(error)))
            return Plot(id, figure.path, title, caption, grid, None, problem)
        return Plot(id, figure.path, title, caption, grid, picture)

    def _read(self, path: str) -> str:
        file = (self.run / path).resolve()
        if not file.is_relative_to(self.run):
            raise Unreadable("it lies outside the run directory")
        return file.read_text(encoding="utf-8")


def _why(error: Exception) -> str:
    # The message of an OSError holds the whole path of this machine.
    return error.strerror or "" if isinstance(error, OSError) else str(error)
