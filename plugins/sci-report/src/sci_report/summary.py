"""The first screen: the answer, the numbers behind it, what weakens it, and four facts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sci.api import Study
from sci.api.numbers import confidence, count, difference, score, scored, significant
from sci_report import facts
from sci_report.catalogue import has, recognize
from sci_report.judge import word_of
from sci_report.prose import typeset
from sci_report.words import Code, Data, Listing, Name, Phrase, Sentence, Text, author, phrase


@dataclass(frozen=True)
class Fact:
    """A number with what it counts and what to know about it."""

    label: Text
    value: Text
    note: Text


@dataclass(frozen=True)
class Summary:
    """The first screen without its figure."""

    question: Text
    kind: Text
    headline: Text
    lead: Sequence[Text]
    cautions: Sequence[Sentence]
    facts: Sequence[Fact]


def summary(study: Study) -> Summary:
    """The first screen of a study."""
    return Summary(
        question=question(study),
        kind=_kind(study),
        headline=headline(study),
        lead=lead(study),
        cautions=[_caution(caution) for caution in study.verdict.cautions],
        facts=[_tested(study), _opened(study), _audited(study), _repeats(study)],
    )


def question(study: Study) -> Text:
    """The question of the experiment, else the task and the target."""
    asked = author(study.experiment.get("question")) or author(study.question)
    if asked:
        return asked
    return task_and_targets(facts.task_name(study), list(study.schema.slots.values()))


def task_and_targets(name: str, targets: Sequence[str]) -> Text:
    """The task and its targets, where it has any."""
    shown = Code(name or "?")
    if not targets:
        return phrase("summary.task-alone", task=shown)
    return phrase("summary.task", task=shown, targets=Listing([Name(column) for column in targets]))


def headline(study: Study) -> Text:
    """The verdict: the core's sentence, and the same in Chinese, with its numbers where its form is known."""
    sentence = study.verdict.sentence
    if not sentence:
        return _verdict(study)
    return Sentence(sentence, _recognized(typeset(sentence)) or _verdict(study))


def _caution(said: str) -> Sentence:
    """A caution of the core; the message of an audit inside it stays in its own words where they are not known."""
    found = recognize(typeset(said), "caution.")
    if found is not None and found.id == "caution.plain":
        plain = str(found.values["finding"])
        inner = Sentence(plain, recognize(plain))
        return Sentence(said, phrase("caution.plain", finding=inner) if inner.chinese else None)
    if found is None or "finding" not in found.values:
        return Sentence(said, found)
    values: dict[str, Text] = {**found.values, "finding": _caution(str(found.values["finding"]))}
    if "sentence" in values:
        values["sentence"] = Sentence(str(values["sentence"]), _recognized(str(values["sentence"])))
    return Sentence(said, Phrase(found.id, values))


def _recognized(sentence: str) -> Phrase | None:
    """A verdict stands between what a trial run is called and the other metrics that are worse; both may be absent."""
    for frame in ("frame.trial", "frame.worse"):
        found = recognize(sentence, frame)
        if found is not None:
            inside = _recognized(str(found.values["sentence"]))
            values: dict[str, Text] = {**found.values}
            if "metrics" in values:
                values["metrics"] = Listing(str(values["metrics"]).split(" and "))
            return Phrase(found.id, {**values, "sentence": inside}) if inside else None
    return recognize(sentence, "verdict.")


def _verdict(study: Study) -> Phrase:
    verdict, found = study.verdict, study.verdict.difference
    model = facts.test_scores(study).get(verdict.metric)
    values: dict[str, Text] = {"metric": verdict.metric, "baseline": verdict.baseline or ""}
    state = verdict.state
    digits = facts.digits(study, verdict.metric) if model is not None else None
    if found is not None and state in ("clears", "worse"):
        # Said as "by 0.041", so that the sign is in the word.
        ends = sorted((abs(found.low), abs(found.high)))
        shown = score(abs(found.value), *ends, digits=digits)
        values |= {"difference": shown.value, "low": shown.low, "high": shown.high}
        values["confidence"] = confidence(found.confidence)
    elif found is not None and state == "not-separable":
        signed = difference(found.value, found.low, found.high, digits=digits)
        values |= {"difference": signed.value, "low": signed.low, "high": signed.high}
        if math.isfinite(found.detectable):
            state = "not-separable.detectable"
            values |= {"n": count(facts.test_rows(study)), "detectable": significant(found.detectable, 1)}
    elif state == "equivalent":
        evaluation = study.experiment.get("evaluation") or {}
        values["margin"] = str(evaluation.get("margin", "?"))
    elif state == "no-baseline" and model is not None:
        shown = scored(model, digits=digits)
        values |= {"value": shown.value, "low": shown.low, "high": shown.high}
        state = "no-baseline.bare" if math.isnan(model.low) else state
    else:
        state = "undefined"
    told = Phrase(f"verdict.{state}", values)
    return phrase("frame.trial", n=count(facts.test_rows(study)), sentence=told) if verdict.tiny else told


def lead(study: Study) -> list[Text]:
    """Two sentences of numbers, and what makes them mean less than they seem to."""
    metric, baseline = study.verdict.metric, study.verdict.baseline
    model = facts.test_scores(study).get(metric)
    found: list[Text] = []
    if model is not None and math.isfinite(model.value):
        found.append(_first(study, metric, baseline))
    if baseline is not None:
        found += _others(study, baseline)
    return found + _degenerate(study)


def _first(study: Study, metric: str, baseline: str | None) -> Phrase:
    model = facts.test_scores(study)[metric]
    rival = study.baseline_scores.get(baseline, {}).get(metric) if baseline else None
    digits = facts.digits(study, metric)
    shown = scored(model, digits=digits)
    values: dict[str, Text] = {"metric": metric, "value": shown.value, "low": shown.low, "high": shown.high}
    values["n"] = count(facts.test_rows(study))
    bare = ".bare" if math.isnan(model.low) else ""
    if rival is None or baseline is None:
        return Phrase(f"lead.alone{bare}", values)
    values |= {"baseline": Code(baseline), "rival": scored(rival, digits=digits).value}
    return Phrase(f"lead.against{bare}", values)


def _others(study: Study, baseline: str) -> list[Text]:
    rest = [metric for metric in facts.test_scores(study) if metric != study.verdict.metric]
    words = {metric: word_of(study, metric, baseline) for metric in rest}
    worse = [_pair(study, metric, baseline) for metric in rest if words[metric] == "worse"]
    equal = [metric for metric in rest if words[metric] == "inseparable"]
    found: list[Text] = []
    if worse:
        found.append(phrase("lead.worse", metrics=Listing(worse)))
    if equal:
        found.append(phrase("lead.inseparable", metrics=Listing(equal)))
    return found


def _pair(study: Study, metric: str, baseline: str) -> Text:
    model, rival = facts.test_scores(study)[metric], study.baseline_scores[baseline][metric]
    digits = facts.digits(study, metric)
    return phrase(
        "lead.pair", metric=metric, value=scored(model, digits=digits).value, rival=scored(rival, digits=digits).value
    )


def _degenerate(study: Study) -> list[Text]:
    found: list[Text] = []
    absent = facts.absent_classes(study)
    if absent:
        shown = Listing([Name(name) for name in absent[:5]])
        id = "lead.absent" if len(absent) <= 5 else "lead.absent.many"
        found.append(phrase(id, classes=shown, more=count(max(len(absent) - 5, 0))))
    answer = facts.only_answer(study)
    if isinstance(answer, str):
        found.append(phrase("lead.constant", answer=Name(answer)))
    elif answer is not None:
        found.append(phrase("lead.constant", answer=significant(answer)))
    if facts.only_target(study):
        found.append(phrase("lead.one-value"))
    return found


def _kind(study: Study) -> Text:
    parts: list[Text] = [Data(task)] if (task := facts.task_name(study)) else []
    names = facts.classes(study)
    if names:
        parts.append(phrase("summary.classes", count=count(len(names))))
    engine = facts.named(study.experiment.get("engine"))[0]
    parts += [Data(facts.model_name(study))] + ([Data(engine)] if engine else [])
    folds, seeds = len({one.fold for one in study.evaluations}), facts.seeds(study)
    if folds > 1:
        parts.append(phrase("summary.folds", count=count(folds)))
    parts.append(phrase("summary.seeds", count=count(seeds)) if seeds > 1 else phrase("summary.seed"))
    return Listing(parts)


def _tested(study: Study) -> Fact:
    names = facts.classes(study)
    tests = [evaluation.test for evaluation in facts.once(study.evaluations)]
    note: Text = ""
    if 0 < len(names) <= 3:
        counts = facts.class_counts(tests, len(names))
        order = sorted(range(len(names)), key=lambda at: int(counts[at]))
        note = Listing([phrase("fact.class", count=count(int(counts[at])), name=Name(names[at])) for at in order])
    elif names:
        note = phrase("summary.classes", count=count(len(names)))
    elif len(tests) > 1:
        note = phrase("summary.folds", count=count(len(tests)))
    return Fact(phrase("fact.test"), count(facts.test_rows(study)), note)


def _opened(study: Study) -> Fact:
    note = phrase("fact.opened.once") if study.openings <= 1 else phrase("fact.opened.more")
    return Fact(phrase("fact.opened"), f"{count(study.openings)}×", note)


def _audited(study: Study) -> Fact:
    severities = [facts.severity(finding) for finding in study.audit]
    errors, warnings, passed = (severities.count(word) for word in ("error", "warning", "passed"))
    if not severities:
        return Fact(phrase("fact.audit"), phrase("fact.audit.none"), phrase("fact.audit.none.note"))
    value: Text = phrase("fact.audit.clean")
    if errors:
        value = phrase("fact.audit.waived", count=count(errors))
    elif warnings:
        value = phrase("fact.audit.warnings" if warnings > 1 else "fact.audit.warning", count=count(warnings))
    return Fact(phrase("fact.audit"), value, phrase("fact.audit.note", passed=count(passed), waived=count(errors)))


def _repeats(study: Study) -> Fact:
    level = facts.level(study)
    known = has(f"fact.level.{level}")
    value: Text = phrase("fact.level", level=level) if level else phrase("fact.level.unknown")
    return Fact(phrase("fact.repeats"), value, phrase(f"fact.level.{level}") if known else "")
