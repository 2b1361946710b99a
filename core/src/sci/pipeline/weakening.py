"""What weakens a verdict: checks that were waived, rows that an audit warned of, a test set that was opened before."""

from __future__ import annotations

import math
import pathlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sci.api import AuditFinding, Difference, Score, Verdict
from sci.api.errors import Place
from sci.api.numbers import row_decimals, scored
from sci.pipeline.verdict import sentence_of, shown, signed, state_of

Again = Callable[[np.ndarray], tuple[Score, Score | None, Difference | None]]
"""The primary metric over some of the test rows (bool [n]): of the model, of the best baseline, and the difference."""

LOOKS = "Each look makes the figure more optimistic; the interval does not account for it."
TAILS = 3
"""Earlier runs that are named."""


@dataclass(frozen=True)
class Doubts:
    """What is known against a verdict.

    Args:
        audit: what the audits found.
        policy: check to `warn` or `off`, as the experiment says.
        place: where the policy on a check stands in the experiment file.
        earlier: runs that opened the test set before, oldest first.
        ids: int64 [n], the ids of the test rows.
        again: judges a part of the test rows.
        margin: as the experiment declares it.
        incomplete: which models of the study failed; empty where none did.
        others: differences from the baselines that are not the verdict's, in its metric.
    """

    audit: Sequence[AuditFinding]
    policy: Mapping[str, str]
    place: Callable[[str], Place | None]
    earlier: Sequence[str]
    ids: np.ndarray
    again: Again
    margin: float | None = None
    incomplete: str = ""
    others: Mapping[str, Difference] = field(default_factory=dict)


@dataclass(frozen=True)
class _Doubt:
    sentence: str
    names: tuple[str, ...] = ()
    """What weakens the verdict; empty where the sentence is only to be known."""


def weighed(verdict: Verdict, doubts: Doubts) -> Verdict:
    """The verdict with its cautions in the order in which they must be read: what was waived comes first."""
    found = [
        *_incomplete(doubts.incomplete),
        *_not_cleared(verdict, doubts.others),
        *_switched_off(doubts),
        *_findings(verdict, doubts),
        *_opened(doubts.earlier),
    ]
    names = dict.fromkeys(name for doubt in found for name in doubt.names)
    return replace(verdict, cautions=tuple(doubt.sentence for doubt in found), weakened_by=tuple(names))


def _incomplete(said: str) -> Iterator[_Doubt]:
    if said:
        yield _Doubt(f"{said}; the figures are of the others.", ("incomplete",))


def _not_cleared(verdict: Verdict, others: Mapping[str, Difference]) -> Iterator[_Doubt]:
    """Baselines that a model does not beat although it beats the one that was chosen on the validation rows."""
    said = {"not separable": "is not separable from", "worse": "does worse than"}
    for name, found in others.items() if verdict.state == "clears" else ():
        if found.word in said:
            yield _Doubt(f"The model {said[found.word]} `{name}` on {verdict.metric}: {_spread(found)}.")


def _switched_off(doubts: Doubts) -> Iterator[_Doubt]:
    for check, setting in doubts.policy.items():
        if setting == "off":
            said = f"A check was switched off ({_waiver(check, doubts)}): what it would have found is not known."
            yield _Doubt(said, ("waived",))


def _findings(verdict: Verdict, doubts: Doubts) -> Iterator[_Doubt]:
    warnings = [finding for finding in doubts.audit if finding.severity == "warning"]
    for finding in sorted(warnings, key=lambda finding: not finding.waived):
        sentence = f"{finding.message}."
        if finding.waived:
            too_good = "These figures may be too good; do not cite them as generalization."
            sentence = f"A check was waived ({_waiver(finding.check, doubts)}): {sentence} {too_good}"
        more, changed = _without(verdict, finding, doubts)
        names = [name for name, holds in (("waived", finding.waived), (finding.check, changed)) if holds]
        yield _Doubt(f"{sentence} {more}".strip(), tuple(names))


def _waiver(check: str, doubts: Doubts) -> str:
    place = doubts.place(check)
    where = f", {pathlib.PurePath(place.file).name}:{place.line}" if place is not None else ""
    return f"`audit: {{{check}: {doubts.policy.get(check, 'warn')}}}`{where}"


def _without(verdict: Verdict, finding: AuditFinding, doubts: Doubts) -> tuple[str, bool]:
    """What the verdict would be without the rows of a finding, where it names them all; whether the state changes."""
    if not finding.rows or len(finding.rows) != finding.count:
        return "", False
    touched = np.isin(doubts.ids, np.asarray(finding.rows, dtype=np.int64))
    if not touched.any():
        return "", False
    tested = len(np.unique(doubts.ids[touched]))
    them = "them" if tested == finding.count else f"the {tested:,} test rows among them"
    if touched.all():
        return f"Without {them} no test row is left.", True
    score, rival, difference = doubts.again(~touched)
    state = state_of(score, verdict.baseline, difference, doubts.margin)
    if state != verdict.state:
        said = _changed(verdict, state, score, rival, difference, doubts.margin)
        return f"Without {them} {said}", True
    return f"Without {them} {_unchanged(verdict, score, difference)}", False


def _changed(
    verdict: Verdict,
    state: str,
    score: Score,
    rival: Score | None,
    difference: Difference | None,
    margin: float | None,
) -> str:
    if verdict.state == "clears" and state == "not-separable" and difference is not None:
        lead = f"the lead over `{verdict.baseline}`, {_spread(difference)}"
        return f"{lead}, is no longer separable from zero."
    sentence = sentence_of(state, verdict.metric, score, verdict.baseline, rival, difference, margin)
    return f"the verdict changes: {sentence}"


def _unchanged(verdict: Verdict, score: Score, difference: Difference | None) -> str:
    if difference is not None and not math.isnan(difference.low):
        return f"the verdict stands: {_spread(difference)}."
    places = row_decimals([score.value], [score.high - score.low])
    value, low, high = scored(score, digits=places, minus="-")
    spread = "" if math.isnan(score.low) else f" ({low} to {high})"
    return f"{verdict.metric} is {value}{spread}."


def _spread(found: Difference) -> str:
    places = row_decimals([found.value], [found.high - found.low])
    return f"{signed(found.value, places)} ({shown(found.low, places)} to {shown(found.high, places)})"


def _opened(earlier: Sequence[str]) -> Iterator[_Doubt]:
    if not earlier:
        return
    tails = [run.rpartition("-")[2] for run in earlier[-TAILS:]]
    more = f" and {len(earlier) - TAILS:,} more" if len(earlier) > TAILS else ""
    times = "once" if len(earlier) == 1 else f"{len(earlier):,} times"
    runs = f"run{'' if len(earlier) == 1 else 's'} {', '.join(tails)}{more}"
    yield _Doubt(f"This test set had been opened {times} before ({runs}). {LOOKS}", ("opened",))
