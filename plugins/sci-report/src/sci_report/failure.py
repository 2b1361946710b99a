"""The short report of training that failed: what happened, the rows of the batch, what is kept, how to go on."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sci.api import Failure, RunContext
from sci.api.numbers import count
from sci_report import learning, settings, updates
from sci_report.brand import Brand, brand
from sci_report.facts import named
from sci_report.grids import Grid
from sci_report.inputs import Example, inputs
from sci_report.mistakes import FIRST
from sci_report.provenance import run_path
from sci_report.summary import Fact, task_and_targets
from sci_report.view import Plot, Shelf
from sci_report.words import Data, Listing, Name, Phrase, Sentence, Text, author, phrase

_IDS = 64
"""Rows of the batch that are named; all of them are in the log."""


@dataclass(frozen=True)
class Broken:
    """Everything that the short report says, in order."""

    name: Name
    run: Name
    run_id: str
    question: Text
    kind: Text
    headline: Text
    lead: Sequence[Text]
    facts: Sequence[Fact]
    plots: Sequence[Plot]
    batch: Sequence[Text]
    examples: Sequence[Example]
    ways: Sequence[Text]
    commands: Sequence[str]
    settings: Grid
    all_settings: str
    brand: Brand | None
    core: str = "sci"

    @property
    def sections(self) -> list[tuple[str, Phrase]]:
        """Anchor and title of every section that has something to say."""
        found: list[tuple[str, str, Sequence[Any]]] = [
            ("losses", "failed.losses", self.plots),
            ("batch", "failed.batch", self.batch),
            ("go-on", "failed.go-on", self.ways),
            ("model", "section.model", self.settings.rows),
        ]
        return [(anchor, phrase(title)) for anchor, title, said in found if said]


def build(failure: Failure, context: RunContext) -> Broken:
    """The view of a failure; its figures are drawn and written."""
    shelf = Shelf(failure.run)
    return Broken(
        name=Name(failure.name),
        run=Name(failure.run.name),
        run_id=failure.run.name,
        question=author(failure.experiment.get("question")) or _task(failure),
        kind=Listing([Data(named(failure.experiment.get(key))[0]) for key in ("model", "engine")]),
        headline=_headline(failure),
        lead=_lead(failure),
        facts=_facts(failure),
        plots=[shelf.plot(drawn.write(context)) for drawn in _drawn(failure)],
        batch=_batch(failure),
        examples=_examples(failure),
        ways=_ways(failure),
        commands=_commands(failure),
        settings=settings.table(failure.experiment),
        all_settings=settings.listing(failure.experiment),
        brand=brand(failure.branding),
    )


def _task(failure: Failure) -> Text:
    data = failure.experiment.get("data")
    target = data.get("target") if isinstance(data, Mapping) else None
    targets = list(target.values()) if isinstance(target, Mapping) else [target] if target else []
    return task_and_targets(named(failure.experiment.get("task"))[0], [str(one) for one in targets])


def _headline(failure: Failure) -> Text:
    if failure.error.get("id") == "train.diverged" and failure.step is not None:
        return phrase("failed.diverged", step=count(failure.step), epoch=count(failure.epoch or 1))
    return phrase("failed.stopped", why=Sentence(str(failure.error.get("message", ""))))


def _lead(failure: Failure) -> list[Text]:
    found: list[Text] = [phrase("failed.no-result")]
    if failure.error.get("id") == "train.diverged":
        found.append(phrase("failed.said", why=Sentence(str(failure.error.get("message", "")))))
    if failure.children > 1:
        counts = {"finished": count(failure.finished), "children": count(failure.children)}
        found.append(phrase("failed.child", child=Name(failure.child), **counts))
    return found


def _facts(failure: Failure) -> list[Fact]:
    begun = failure.step is not None
    at: Text = count(failure.step) if failure.step is not None else phrase("failed.before")
    epoch: Text = phrase("failed.epoch", epoch=count(failure.epoch or 1)) if begun else ""
    kept: Text = count(failure.kept) if failure.kept is not None else phrase("failed.none")
    rows = failure.rows
    return [
        Fact(phrase("failed.at"), at, epoch),
        Fact(
            phrase("failed.kept"), kept, phrase("failed.kept.note" if failure.kept is not None else "failed.kept.none")
        ),
        Fact(phrase("failed.rows"), "–" if rows is None else count(len(rows)), phrase("failed.rows.note")),
        Fact(phrase("fact.opened"), f"{count(failure.finished)}×", phrase("failed.opened.note")),
    ]


def _drawn(failure: Failure) -> Iterator[Any]:
    found = updates.illustration(failure)
    if found is not None:
        yield found
    rows = learning.epochs(failure.history)
    if len(rows) > 1:
        yield learning.curve(rows, None)


def _batch(failure: Failure) -> list[Text]:
    if failure.rows is None:
        return []
    ids = [str(int(id)) for id in failure.rows.ids]
    shown = Listing(ids[:_IDS])
    more = len(ids) - _IDS
    listed = phrase("audit.rows", ids=shown) if more <= 0 else phrase("failed.ids.many", ids=shown, more=count(more))
    return [phrase("failed.look"), listed]


def _examples(failure: Failure) -> list[Example]:
    rows = failure.rows
    if rows is None:
        return []
    return [
        Example(phrase("mistakes.row", id=f"{int(rows.ids[at]):,}"), [], inputs(rows, at))
        for at in range(min(FIRST, len(rows)))
    ]


def _ways(failure: Failure) -> list[Text]:
    found: list[Text] = []
    hint = str(failure.error.get("suggestion") or "")
    if hint:
        found.append(phrase("failed.try", hint=Sentence(hint)))
    if failure.kept is not None:
        found.append(phrase("failed.resume", step=count(failure.kept)))
    return [*found, phrase("failed.anew")]


def _commands(failure: Failure) -> list[str]:
    """Commands that could be typed as they stand."""
    run = run_path(failure.run)
    file = shlex.quote(posixpath.normpath(posixpath.join(run, failure.file)))
    changes = [f"sci run {file} --set {shlex.quote(change)}" for change in _changes(failure)]
    return [*(changes or [f"sci run {file}"]), *([f"sci resume {run}"] if failure.kept is not None else [])]


def _changes(failure: Failure) -> list[str]:
    training = failure.experiment.get("training")
    if not isinstance(training, Mapping):
        return []
    if failure.error.get("id") == "train.memory":
        size = training.get("batch_size")
        return [f"training.batch_size={size // 2}"] if isinstance(size, int) and size > 1 else []
    optimizer = training.get("optimizer")
    rate = optimizer.get("learning_rate") if isinstance(optimizer, Mapping) else None
    return [f"training.optimizer.learning_rate={rate / 10:g}"] if isinstance(rate, int | float) and rate else []
