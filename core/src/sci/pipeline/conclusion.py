"""What the models of a study come to together: scores, differences, verdict, lock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sci.api import Branding, Dataset, Difference, Evaluation, Fold, Predictions, Score, Study, Trained, Verdict
from sci.pipeline import scores, verdict
from sci.pipeline.child import parts_of
from sci.pipeline.children import Failure, Family, sealed_for
from sci.pipeline.context import Context
from sci.pipeline.controls import Controls, doubted
from sci.pipeline.controls import as_json as controls_json
from sci.pipeline.joined import joined, once
from sci.pipeline.locked import citations, lock
from sci.pipeline.refit import Refitted
from sci.pipeline.weakening import Doubts, weighed
from sci.plugins.records import PluginRecord
from sci.plugins.registry import Registry
from sci.runs import arrays
from sci.runs.bibtex import bibtex, entries
from sci.runs.writer import write_json


@dataclass(frozen=True)
class Results:
    """What was trained.

    Args:
        dataset: all rows.
        folds: the folds of the split.
        families: the children that count, with their baselines.
        failures: the children that do not.
        refitted: one more model on all rows; None where none was asked for.
    """

    dataset: Dataset
    folds: Sequence[Fold]
    families: Sequence[Family]
    failures: Sequence[Failure] = ()
    refitted: Refitted | None = None

    @property
    def evaluations(self) -> list[Evaluation]:
        """One for each child that counts."""
        return [family.child.evaluation for family in self.families]

    @property
    def rivals(self) -> dict[str, list[Evaluation]]:
        """The baselines that ran beside every child."""
        names = self.families[0].rivals
        return {
            name: [family.rivals[name].evaluation for family in self.families]
            for name in names
            if all(name in family.rivals for family in self.families)
        }

    @property
    def train_rows(self) -> float:
        """Mean number of rows that a model learned from or was chosen by."""
        sizes = {fold.name: len(fold.train) + len(fold.validation) for fold in self.folds}
        return float(np.mean([sizes[family.job.fold.name] for family in self.families]))

    def together(self, evaluations: Sequence[Evaluation], part: str = "test") -> Predictions | None:
        """The predictions of several models; None where one has none."""
        found = [one.test if part == "test" else one.validation for one in evaluations]
        known = [predictions for predictions in found if predictions is not None]
        return joined(known, self.train_rows) if len(known) == len(found) else None


class Conclusion:
    """Judges a study and writes `metrics.json` and `sci.lock`.

    Args:
        context: of the run.
        registry: of the plugins that took part.
        results: what was trained.
    """

    def __init__(self, context: Context, registry: Registry, results: Results) -> None:
        self.context = context
        self.registry = registry
        self.results = results
        self.assembly = context.assembly
        self.judge = context.judge

    def study(
        self, branding: Branding | None, controls: Controls, models: Sequence[Callable[[], Trained]] = ()
    ) -> Study:
        """Everything known when training and evaluation are over.

        Args:
            branding: whose study it is, where a bundle or a policy says.
            controls: those that ran.
            models: what opens the model of each child that counts.
        """
        context, results = self.context, self.results
        assert context.manifest is not None
        evaluations, rivals = results.evaluations, results.rivals
        over = {part: self.scores(evaluations, part) for part in ("test", "validation")}
        over = {part: found for part, found in over.items() if found}
        if results.refitted is not None and results.refitted.holdout is not None:
            over["holdout"] = dict(results.refitted.holdout)
        baseline_scores = {name: self.scores(found, "test") for name, found in rivals.items()}
        on_validation = {name: self.scores(found, "validation") for name, found in rivals.items()}
        model = self.test(evaluations)
        self.judge.ask_for_intervals(model)
        differences = self.judge.differences(model, {name: self.test(found) for name, found in rivals.items()})
        earlier = self._earlier()
        judged = self._verdict(over["test"], baseline_scores, on_validation, differences, model)
        rival = self.test(rivals[judged.baseline]) if judged.baseline else None
        others = {name: one for name, one in differences.get(judged.metric, {}).items() if name != judged.baseline}
        judged = weighed(judged, self._doubts(judged.metric, model, rival, earlier, others))
        controlled = controls.results(self.judge, over["test"], evaluations)
        judged = doubted(judged, controlled)
        self._write(over, baseline_scores, differences, controls_json(controlled))
        locked = self._lock()
        return Study(
            name=context.experiment["name"],
            question=context.experiment.get("question") or asked(results.dataset, context.experiment),
            run=context.directory,
            experiment=context.experiment,
            schema=results.dataset.schema,
            splits={fold.name: parts_of(fold) for fold in results.folds},
            evaluations=evaluations,
            baselines=rivals,
            scores=over,
            baseline_scores=baseline_scores,
            differences=differences,
            verdict=judged,
            audit=context.facts["audit"],
            history=list(results.families[0].child.history),
            openings=len(earlier) + 1,
            lock=locked,
            timings={name: entry["seconds"] for name, entry in context.manifest.data["stages"].items()},
            warnings=[entry["message"] for entry in context.manifest.data["warnings"]],
            branding=branding,
            controls=controlled,
            bibtex=bibtex(entries(locked)),
            models=models,
        )

    def test(self, evaluations: Sequence[Evaluation]) -> Predictions:
        """The test predictions of several models."""
        found = self.results.together(evaluations)
        assert found is not None
        return found

    def scores(self, evaluations: Sequence[Evaluation], part: str) -> dict[str, Score]:
        """The scores of one child, or those over all of them; empty where there are no predictions."""
        if len(evaluations) == 1:
            return dict(evaluations[0].scores.get(part, {}))
        found = self.results.together(evaluations, part)
        return {} if found is None else self.judge.score(found)

    def _earlier(self) -> list[str]:
        """The runs that opened one of the test sets before, of the one that was opened most often."""
        context, dataset = self.context, self.results.dataset
        assert context.ledger is not None
        run = f"{context.experiment['name']}/{context.run_id}"
        prints = [sealed_for(context, dataset, fold).fingerprint for fold in self.results.folds]
        return max((context.ledger.earlier(one, run) for one in prints), key=len)

    def _verdict(
        self,
        test: Mapping[str, Score],
        baseline_scores: Mapping[str, Mapping[str, Score]],
        on_validation: Mapping[str, Mapping[str, Score]],
        differences: Mapping[str, Mapping[str, Difference]],
        model: Predictions,
    ) -> Verdict:
        experiment = self.context.experiment
        metric = verdict.primary(experiment, list(test))
        candidates = verdict.best_baselines(metric, on_validation) or list(baseline_scores)
        chosen = candidates[0] if candidates else None
        if len(candidates) > 1:
            chosen, differences = verdict.hardest(metric, candidates, differences)
        return verdict.judge(
            metric,
            test[metric],
            chosen,
            baseline_scores[chosen][metric] if chosen else None,
            differences,
            (experiment.get("evaluation") or {}).get("margin"),
            once(model),
            len(candidates),
        )

    def _doubts(
        self,
        metric: str,
        model: Predictions,
        rival: Predictions | None,
        earlier: Sequence[str],
        others: Mapping[str, Difference],
    ) -> Doubts:
        one = self.judge.only(metric)

        def again(kept: np.ndarray) -> tuple[Score, Score | None, Difference | None]:
            part = model.take(np.flatnonzero(kept))
            score = one.score(part)[metric]
            if rival is None:
                return score, None, None
            other = rival.take(np.flatnonzero(kept))
            return score, one.score(other)[metric], one.differences(part, {"": other}).get(metric, {}).get("")

        experiment = self.context.experiment
        policy = {check: value for check, value in (experiment.get("audit") or {}).items() if value != "error"}
        return Doubts(
            self.context.facts["audit"],
            policy,
            lambda check: self.assembly.place("audit", check),
            earlier,
            model.ids,
            again,
            (experiment.get("evaluation") or {}).get("margin"),
            failed(self.results),
            others,
        )

    def _write(
        self,
        over: Mapping[str, Mapping[str, Score]],
        baseline_scores: Mapping[str, Mapping[str, Score]],
        differences: Mapping[str, Mapping[str, Difference]],
        controls: Mapping[str, Any],
    ) -> None:
        document: dict[str, Any] = {part: scores.as_json(entry) for part, entry in over.items()}
        document["baselines"] = {name: scores.as_json(entry) for name, entry in baseline_scores.items()}
        document["differences"] = {
            metric: {name: vars(difference) for name, difference in found.items()}
            for metric, found in differences.items()
        }
        document |= controls
        if len(self.results.families) + len(self.results.failures) > 1:
            document["children"] = [
                *map(_child_as_json, self.results.evaluations),
                *(failure.as_json() for failure in self.results.failures),
            ]
        write_json(self.context.directory / "metrics.json", arrays.plain(document))

    def _lock(self) -> dict[str, Any]:
        results, dataset = self.results, self.results.dataset
        data: dict[str, Any] = {"fingerprint": dataset.fingerprint(), "rows": len(dataset)}
        for fold in results.folds:
            found = {name: dataset.take(getattr(fold, name)).fingerprint() for name in ("train", "validation", "test")}
            data.update(found if len(results.folds) == 1 else {fold.name: found})
        weights = {family.job.name: family.child.weights for family in results.families}
        if results.refitted is not None:
            weights["refit"] = results.refitted.weights
        seeds = list(dict.fromkeys(family.job.seed for family in results.families))
        named = {"seed": self.context.seed, "seeds": seeds}
        bundle = self.registry.policy.bundle.identity if self.registry.policy.bundle else None
        document = lock(self._took_part(), results.families[0].child.engine, data, weights, named, bundle)
        if "threads" in self.context.facts:
            document["environment"]["threads"] = str(self.context.facts["threads"])
        document["citations"] = citations(self.assembly.cited)
        write_json(self.context.directory / "sci.lock", arrays.plain(document))
        return document

    def _took_part(self) -> list[PluginRecord]:
        """The plugins of every component that the experiment names, also of those that come after the lock or worked in
        another process, and those that wrap a stage or watch the run."""
        self.assembly.ask_for_all(self.results.dataset.schema)
        hooked = [one for one in self.registry.records if one.in_use and (one.wraps or one.observes)]
        return [*self.assembly.used.values(), *hooked]


def failed(results: Results) -> str:
    """``1 of 10 models failed (fold-3.seed-0)``; empty where none did."""
    names = [failure.job.name for failure in results.failures]
    if not names:
        return ""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    total = len(names) + len(results.families)
    return f"{len(names)} of {total} models failed ({', '.join(names[:3])}{more})"


def _child_as_json(evaluation: Evaluation) -> dict[str, Any]:
    values = {part: {name: score.value for name, score in found.items()} for part, found in evaluation.scores.items()}
    return {"fold": evaluation.fold, "seed": evaluation.seed, **values}


def asked(dataset: Dataset, experiment: Mapping[str, Any]) -> str:
    """Task and target in words, where the experiment asks no question of its own."""
    task = experiment["task"]
    name = task if isinstance(task, str) else task["name"]
    targets = ", ".join(dataset.schema.slots.values())
    return f"{name} of {targets}" if targets else str(name)
