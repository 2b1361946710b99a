"""`sci compare`: whether finished runs differ on the same test rows."""

from __future__ import annotations

import hashlib
import math
import os
import pathlib
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any

from sci.api import numbers
from sci.experiment.document import value_at
from sci.pipeline.compare_metrics import Contrast, contrasts
from sci.pipeline.compare_rows import Agreement, agreements, disagreements
from sci.pipeline.compare_runs import Contender, differing, opened
from sci.pipeline.opened import load
from sci.pipeline.runner import OUTPUT, plugins
from sci.pipeline.tables import as_csv
from sci.pipeline.verdict import primary, shown
from sci.plugins.manager import PluginSystem
from sci.runs.arrays import plain
from sci.runs.ledger import Ledger
from sci.runs.writer import write_json, write_text

FOLDER = "compare"
LONGEST = 120
SILENT = ("name", "question", "intended_use", "analysis", "report", "deploy", "tracking")
"""Keys that no result depends on."""


@dataclass(frozen=True)
class Compared:
    """What a comparison came to; its files lie in `directory`.

    Args:
        directory: holds ``comparison.json`` and, where runs answer some rows differently, ``disagreements.csv``.
        runs: label to run directory.
        metric: the metric of the verdict.
        verdict: sentences, the most important first.
        contrasts: one for each metric and pair of runs.
        agreements: one for each pair of runs; empty where answers are neither classes nor numbers.
        settings: those that differ, with the value of each run.
        rows: number of test rows.
        disagreements: number of rows that the runs answer differently; None where that is not known.
        cautions: what weakens the verdict.
    """

    directory: pathlib.Path
    runs: dict[str, pathlib.Path]
    metric: str
    verdict: list[str]
    contrasts: list[Contrast]
    agreements: list[Agreement]
    settings: list[tuple[str, list[str]]]
    rows: int
    disagreements: int | None
    cautions: list[str]

    def as_json(self) -> dict[str, Any]:
        """The document that ``--json`` prints."""
        found: dict[str, Any] = plain(
            {
                "comparisons": [one.as_json() for one in self.contrasts],
                "metric": self.metric,
                "verdict": " ".join(self.verdict),
                "sentences": self.verdict,
                "cautions": self.cautions,
                "agreed": [" ".join(one.sentence.split()) for one in self.agreements],
                "runs": [{"label": label, "run": os.fspath(path)} for label, path in self.runs.items()],
                "rows": self.rows,
                "agreements": [one._asdict() for one in self.agreements],
                "disagreements": self.disagreements,
                "settings": [{"setting": name, "values": values} for name, values in self.settings],
                "directory": os.fspath(self.directory),
            }
        )
        return found


def compare(
    *runs: str | PathLike[str], output: str | PathLike[str] = OUTPUT, system: PluginSystem | None = None
) -> Compared:
    """Compare finished runs on the test rows that they share.

    Args:
        runs: two runs or more, each a path, ``latest``, the end of a run's name, or an experiment's name.
        output: where names are looked up; files are written under its folder ``compare``.
        system: loaded plugins; by default those that are installed.

    Raises:
        ConfigError: fewer than two runs, the same one twice, one that is not finished, or different tasks.
        DataError: the runs were not tested on the same rows.
    """
    found = [load(run, output) for run in runs]
    contenders = opened(found, (system or plugins()).registry)
    first = contenders[0]
    made = contrasts(contenders, int(first.experiment.get("seed", 0)))
    sets = {one.label: one.pooled(first) for one in contenders}
    metric = primary(first.experiment, [one.metric for one in made])
    apart = disagreements(sets)
    rows = len(sets[first.label])
    directory = pathlib.Path(output) / FOLDER / folder_name([one.run.path.name for one in contenders])
    compared = Compared(
        directory,
        {one.label: one.run.path for one in contenders},
        metric,
        sentences([one for one in made if one.metric == metric], rows),
        made,
        agreements(sets),
        settings(contenders),
        rows,
        None if apart is None else apart.num_rows,
        cautions(contenders, made),
    )
    if apart is not None:
        write_text(directory / "disagreements.csv", as_csv(apart, header=True))
    write_json(directory / "comparison.json", compared.as_json())
    return compared


def folder_name(runs: Sequence[str]) -> str:
    """The same runs have the same folder; of many the first is named."""
    joined = "_".join(runs)
    if len(joined) <= LONGEST:
        return joined
    return f"{runs[0]}_and-{len(runs) - 1}-more-{hashlib.sha256(joined.encode()).hexdigest()[:8]}"


def sentences(found: Sequence[Contrast], rows: int) -> list[str]:
    """The verdict on one metric."""
    if len(found) == 1:
        return _of_two(found[0], rows)
    apart = [one for one in found if one.separable]
    metric = found[0].metric
    if not apart:
        return [f"Not separable at this size: on {metric} no pair of the {len(found)} is told apart."]
    return [
        f"On {metric}, {len(apart)} of {len(found)} pairs are separable.",
        *(_of_two(one, rows)[0] for one in apart),
    ]


def _of_two(one: Contrast, rows: int) -> list[str]:
    found = one.difference
    if math.isnan(found.low):
        return [f"{one.metric} of {one.a} and {one.b} cannot be compared: {found.method}."]
    places = numbers.row_decimals([found.value], [found.high - found.low])
    level = numbers.confidence(found.confidence)
    if one.separable:
        winner, sign = (one.a, 1) if found.value > 0 else (one.b, -1)
        low, high = sorted((sign * found.low, sign * found.high))
        span = f"{shown(low, places)} to {shown(high, places)}"
        size = shown(abs(found.value), places)
        return [f"{winner} is better on {one.metric}, by {size} ({level} % interval {span})."]
    rises = (found.value > 0) == one.scores[0].higher_is_better
    by = f"is {'higher' if rises else 'lower'} by {shown(abs(found.value), places)}"
    span = f"{shown(found.low, places)} to {shown(found.high, places)}"
    said = [
        f"Not separable at this size: {one.metric} of {one.a} "
        + (by if found.value else f"is that of {one.b}")
        + f" ({level} % interval of the difference, + where {one.a} is better: {span})."
    ]
    if not math.isnan(found.detectable):
        of = one.scores[0].details
        positives = f", {of['positives']:,} {of['positive']}" if "positives" in of else ""
        smallest = numbers.significant(found.detectable, 1)
        said.append(f"This test set ({rows:,} rows{positives}) could have shown a difference of about {smallest}.")
    return said


def cautions(contenders: Sequence[Contender], made: Sequence[Contrast]) -> list[str]:
    """What weakens a comparison."""
    found = [
        f"{one.metric} of {one.a} and {one.b}: {one.difference.method} sees a difference, {one.second.method} does not,"
        " and the more cautious word is used."
        for one in made
        if one.doubted and one.second is not None
    ]
    found.append(_seeds(contenders))
    looked = openings(contenders)
    if looked > len(contenders):
        found.append(
            f"This test set was opened by {looked:,} runs; the more often it is looked at, the easier a difference by"
            " chance is found."
        )
    return found


def _seeds(contenders: Sequence[Contender]) -> str:
    """How many seeds are compared, and what that leaves open."""
    fewest = min(one.seeds for one in contenders)
    more = ", ".join(one.label for one in contenders if one.seeds > fewest)
    if fewest > 1:
        left = f" Of the seeds of {more} the first are taken." if more else ""
        return (
            f"Compared are means over {fewest} seeds; the rows that differ are those of the first, and the interval "
            f"does not say what other seeds would give.{left}"
        )
    if more:
        return f"Of the seeds of {more} the first is compared; another may give another result."
    return "One seed each: this cannot say how much another would move the difference."


def openings(contenders: Sequence[Contender]) -> int:
    """By how many runs these test rows were opened, as far as the ledgers beside the compared runs know."""
    ledgers = {one.run.path.parent.parent for one in contenders}
    prints = list(contenders[0].folds)
    return max(sum(Ledger(folder).openings(one) for folder in ledgers) for one in prints)


def settings(contenders: Sequence[Contender]) -> list[tuple[str, list[str]]]:
    """The settings that differ, each with the values in the order of the runs."""
    experiments = [one.experiment for one in contenders]
    sections = list(dict.fromkeys(key for one in experiments for key in one if key not in SILENT))
    return [
        (".".join(map(str, keys)), [told(value_at(one, keys)) for one in experiments])
        for keys in differing(experiments, sections)
    ]


def told(value: Any) -> str:
    """A setting on one line."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(str, value))}]"
    return "-" if value is None else str(value)
