"""A study: folds x seeds as children, baselines beside them, then verdict, analyses, reports, deployment."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sci.api import (
    ConfigError,
    Dataset,
    Difference,
    Evaluation,
    Fold,
    Predictions,
    SciError,
    Score,
    Study,
    Trained,
    TrainingError,
    Verdict,
)
from sci.api.errors import Interrupted
from sci.pipeline import scores, verdict
from sci.pipeline.assembly import Assembly, Part, inputs_of
from sci.pipeline.branding import branding
from sci.pipeline.child import (
    Outcome,
    evaluated,
    outcome,
    parts_of,
    preprocessed,
    read_history,
    run_child,
    stored_evaluation,
    trained,
)
from sci.pipeline.context import Context
from sci.pipeline.controls import Controls, Place, doubted
from sci.pipeline.controls import as_json as controls_json
from sci.pipeline.failed import tell
from sci.pipeline.loading import loaded
from sci.pipeline.locked import citations, lock
from sci.pipeline.observers import Observers
from sci.pipeline.scores import Judge
from sci.pipeline.seal import Sealed
from sci.pipeline.trained import TrainedPipeline, restore
from sci.pipeline.weakening import Doubts, weighed
from sci.plugins.records import PluginRecord
from sci.plugins.registry import Registry
from sci.runs import arrays
from sci.runs.bibtex import bibtex, entries
from sci.runs.loader import Loader
from sci.runs.writer import write_json

StageRunner = Callable[..., Any]

EXAMPLES = 20
"""Rows that a finding of the audit names in ``audit.json``."""


class StudyRun:
    """Takes one run through all its stages.

    Args:
        context: of the parent.
        registry: finds components.
        observers: hear each stage.
        stage: runs one stage: ``stage(name, work, context=None)``.
    """

    def __init__(self, context: Context, registry: Registry, observers: Observers, stage: StageRunner) -> None:
        self.context = context
        self.registry = registry
        self.observers = observers
        self.stage = stage
        self.assembly: Assembly = context.assembly
        self.children: list[Outcome] = []
        self.models: list[Callable[[], Trained]] = []
        self.rivals: dict[str, list[Outcome]] = {}
        self.pipeline: TrainedPipeline | None = None
        self.controls = Controls(context, merged, lambda found: Predictions.pool(first_seed(found)))
        self.branding = branding(registry.policy)  # before the first stage: a logo that is lost must not cost a study

    def run(self, deploying: bool) -> None:
        """Load to deploy."""
        dataset = self.stage("load", lambda: load(self.context))
        folds: Sequence[Fold] = self.stage("split", lambda: self._split(dataset))
        seeds = seeds_of(self.context)
        single = len(folds) == 1 and len(seeds) == 1
        if not single and deploying:
            raise ConfigError("a study of several models has none to deploy", id="study.deploy", hint="deploy: []")
        for fold in folds:
            for seed in seeds:
                child = self._child(fold, seed, single)
                try:
                    self._one(child, dataset, fold, single)
                except TrainingError as error:
                    counted = (len(self.children), len(folds) * len(seeds))
                    tell(error, self.context, child, dataset, folds, counted, self.branding)
                    raise
        if self.controls.parts:
            places = [Place(self._child(fold, seed, single), fold) for fold in folds for seed in seeds]
            self.stage("evaluate", lambda: self.controls.run(dataset, places))
        study = self._study(dataset, folds, seeds)
        findings = self.stage("analyze", lambda: self._said(self._hook("sci_analyze", study=study), "findings"))
        written = self.stage("report", lambda: self._reported(study, findings))
        if deploying:
            deployments = self.stage("deploy", lambda: self._deployed())
            self._manifest(deployments=[vars(found) for found in deployments])
        self.observers.tell("run_finished", self.context, study=study)
        assert self.context.manifest is not None
        self.context.manifest.close(
            "finished", report=next(iter(written), None), verdict=verdict.as_json(study.verdict)
        )

    def _hook(self, name: str, **facts: Any) -> Any:
        return getattr(self.context.hooks, name)(context=self.context, **facts)

    def _said(self, found: Sequence[Any], noun: str) -> Sequence[Any]:
        self.context.say(f"{len(found)} {noun}")
        return found

    def _reported(self, study: Study, findings: Sequence[Any]) -> Sequence[str]:
        written: Sequence[str] = self._hook("sci_report", study=study, findings=findings)
        self.context.say(", ".join(written) or "no report was asked for")
        return written

    def _deployed(self) -> Sequence[Any]:
        deployments: Sequence[Any] = self._hook("sci_deploy", pipeline=self.pipeline)
        self.context.say(", ".join(found.name for found in deployments))
        return deployments

    def _manifest(self, **facts: Any) -> None:
        assert self.context.manifest is not None
        self.context.manifest.update(**facts)

    def _split(self, dataset: Dataset) -> Sequence[Fold]:
        from sci.pipeline.runner import require_same_data

        assert self.context.manifest is not None
        require_same_data(self.context.manifest, dataset.fingerprint())
        wanted = (self.context.experiment.get("study") or {}).get("folds")
        folds: Sequence[Fold] = self._hook("sci_split", dataset=dataset)[:wanted]
        findings = [
            {**vars(found), "columns": list(found.columns), "rows": list(found.rows[:EXAMPLES])}
            for found in self.context.facts["audit"]
        ]
        write_json(self.context.directory / "audit.json", {"findings": arrays.plain(findings)})
        first = folds[0]
        more = f"; {len(folds)} folds" if len(folds) > 1 else ""
        self.context.say(
            f"{len(first.train):,} train, {len(first.validation):,} validation, {len(first.test):,} test (sealed){more}"
        )
        return folds

    def _child(self, fold: Fold, seed: int, single: bool) -> Context:
        if single:
            return self.context
        directory = self.context.directory / "children" / f"{fold.name}.seed-{seed}"
        return self.context.child(directory, self.assembly, seed, quiet=False)

    def _one(self, child: Context, dataset: Dataset, fold: Fold, single: bool) -> None:
        sealed = Sealed(dataset, fold.test, f"{child.experiment['name']}/{child.run_id}", child.ledger)
        if single:
            self.children.append(self._inline(child, dataset, fold, sealed))
        else:
            work = lambda: run_child(child, dataset, fold, sealed)  # noqa: E731
            self.children.append(self.stage("train", work, child))
        self.stage("evaluate", lambda: self._baselines(child, dataset, fold, sealed), child)
        self.models.append(functools.cache(functools.partial(self._model, child, dataset, fold, self.children[-1])))

    def _model(self, child: Context, dataset: Dataset, fold: Fold, found: Outcome) -> Trained:
        """The model of a child; one that was trained before the run was stopped is read back."""
        pipeline = found.pipeline or restore(Loader(child.directory), self.registry)
        metrics = {name: part.make() for name, part in self.assembly.metrics(pipeline.task).items()}
        return Trained(pipeline, dataset.take(fold.train), found.evaluation.rows, metrics)

    def _inline(self, context: Context, dataset: Dataset, fold: Fold, sealed: Sealed) -> Outcome:
        """The only child of a plain run lies in the run directory itself, stage by stage."""
        assert context.manifest is not None
        if "evaluated" in context.manifest.data:
            return self._again(context, dataset, fold, sealed)
        prepared = self.stage("preprocess", lambda: preprocessed(context, dataset, fold))
        self.pipeline = self.stage("train", lambda: trained(context, prepared))
        assert self.pipeline is not None
        pipeline = self.pipeline
        evaluation = evaluated(context, pipeline, sealed)
        facts = {name: context.facts[name] for name in ("engine", "weights")}
        found = {part: scores.as_json(entry) for part, entry in evaluation.scores.items()}
        write_json(context.directory / "metrics.json", arrays.plain(found))
        self._manifest(evaluated=facts)
        return outcome(context, evaluation, pipeline, sealed)

    def _again(self, context: Context, dataset: Dataset, fold: Fold, sealed: Sealed) -> Outcome:
        """The child of a run that was stopped after its evaluation."""
        assert context.manifest is not None
        facts = context.manifest.data["evaluated"]
        loader = Loader(context.directory)
        self.pipeline = restore(loader, self.registry)
        evaluation = stored_evaluation(loader, dataset, fold, context.seed)
        history = read_history(context.directory)
        return Outcome(
            evaluation, self.pipeline, history, facts["engine"], facts["weights"], {"test": sealed.fingerprint}
        )

    def _baselines(self, child: Context, dataset: Dataset, fold: Fold, sealed: Sealed) -> None:
        task = self.assembly.task()
        experiment = {**self.assembly.experiment, "inputs": inputs_of(dataset.schema)}
        for name, part in self.assembly.baselines(task).items():
            found = self._baseline(child, part, experiment, dataset, fold, sealed)
            if found is not None:
                self.rivals.setdefault(name, []).append(found)
        named = ", ".join(self.rivals) or "no baseline"
        child.say(f"{', '.join(self.children[-1].evaluation.scores['test'])}; {named}")

    def _baseline(
        self, child: Context, part: Part, experiment: Mapping[str, Any], dataset: Dataset, fold: Fold, sealed: Sealed
    ) -> Outcome | None:
        """A rival on the same fold; one that cannot run is a warning, never a lost study."""
        directory = child.directory / "children" / f"baseline-{part.name}"
        try:
            patched = self.assembly.patched(part.make().patch(experiment), f"baseline {part.name}")
            context = child.child(directory, patched, child.seed, quiet=True)
            child.report(part.name)
            patched.ask_for_all(dataset.schema)
            return run_child(context, dataset, fold, sealed)
        except Interrupted:
            raise
        except SciError as error:
            self.context.warn("baseline.failed", f"baseline {part.name} could not run: {error.message}")
            return None

    def _study(self, dataset: Dataset, folds: Sequence[Fold], seeds: Sequence[int]) -> Study:
        context = self.context
        assert context.manifest is not None
        assert context.ledger is not None
        task = self.assembly.task()
        judge = Judge(self.assembly, self.assembly.metrics(task), context.seed)
        evaluations = [child.evaluation for child in self.children]
        rivals = {name: [found.evaluation for found in outcomes] for name, outcomes in self.rivals.items()}
        complete = {name: found for name, found in rivals.items() if len(found) == len(evaluations)}
        over = {
            part: merged(judge, evaluations, part) for part in ("test", "validation") if evaluations[0].scores.get(part)
        }
        baseline_scores = {name: merged(judge, found, "test") for name, found in complete.items()}
        on_validation = {
            name: merged(judge, found, "validation")
            for name, found in complete.items()
            if found[0].validation is not None
        }
        pooled = Predictions.pool(first_seed(evaluations))
        judge.ask_for_intervals(pooled)
        differences = judge.differences(
            pooled, {name: Predictions.pool(first_seed(found)) for name, found in complete.items()}
        )
        run = f"{context.experiment['name']}/{context.run_id}"
        looks = [context.ledger.earlier(Sealed(dataset, fold.test, "", None).fingerprint, run) for fold in folds]
        earlier = max(looks, key=len)
        audit = context.facts["audit"]
        judged = self._verdict(over["test"], baseline_scores, on_validation, differences, pooled)
        pooled_rival = Predictions.pool(first_seed(complete[judged.baseline])) if judged.baseline else None
        judged = weighed(judged, self._doubts(judged.metric, judge, pooled, pooled_rival, earlier))
        controls = self.controls.results(judge, over["test"], evaluations)
        judged = doubted(judged, controls)
        document = {part: scores.as_json(entry) for part, entry in over.items()}
        document["baselines"] = {name: scores.as_json(entry) for name, entry in baseline_scores.items()}
        document["differences"] = {
            metric: {name: vars(difference) for name, difference in found.items()}
            for metric, found in differences.items()
        }
        document |= controls_json(controls)
        write_json(context.directory / "metrics.json", arrays.plain(document))
        locked = self._lock(dataset, folds, seeds)
        return Study(
            name=context.experiment["name"],
            question=context.experiment.get("question") or asked(dataset, context.experiment),
            run=context.directory,
            experiment=context.experiment,
            schema=dataset.schema,
            splits={fold.name: parts_of(fold) for fold in folds},
            evaluations=evaluations,
            baselines=complete,
            scores=over,
            baseline_scores=baseline_scores,
            differences=differences,
            verdict=judged,
            audit=audit,
            history=list(self.children[0].history),
            openings=len(earlier) + 1,
            lock=locked,
            timings={name: entry["seconds"] for name, entry in context.manifest.data["stages"].items()},
            warnings=[entry["message"] for entry in context.manifest.data["warnings"]],
            branding=self.branding,
            bibtex=bibtex(entries(locked)),
            controls=controls,
            models=self.models,
        )

    def _verdict(
        self,
        test: Mapping[str, Score],
        baseline_scores: Mapping[str, Mapping[str, Score]],
        on_validation: Mapping[str, Mapping[str, Score]],
        differences: Mapping[str, Mapping[str, Difference]],
        pooled: Predictions,
    ) -> Verdict:
        experiment = self.context.experiment
        metric = verdict.primary(experiment, list(test))
        best = verdict.best_baseline(metric, on_validation or baseline_scores)
        return verdict.judge(
            metric,
            test[metric],
            best,
            baseline_scores[best][metric] if best else None,
            differences,
            (experiment.get("evaluation") or {}).get("margin"),
            pooled,
        )

    def _doubts(
        self, metric: str, judge: Judge, model: Predictions, rival: Predictions | None, earlier: Sequence[str]
    ) -> Doubts:
        one = judge.only(metric)

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
        )

    def _lock(self, dataset: Dataset, folds: Sequence[Fold], seeds: Sequence[int]) -> dict[str, Any]:
        data = {"fingerprint": dataset.fingerprint(), "rows": len(dataset)}
        for fold in folds:
            found = {name: dataset.take(getattr(fold, name)).fingerprint() for name in ("train", "validation", "test")}
            data.update(found if len(folds) == 1 else {fold.name: found})
        weights = {f"{child.evaluation.fold}.seed-{child.evaluation.seed}": child.weights for child in self.children}
        named = {"seed": self.context.seed, "seeds": list(seeds)}
        bundle = self.registry.policy.bundle.identity if self.registry.policy.bundle else None
        document = lock(self._took_part(dataset), self.children[0].engine, data, weights, named, bundle)
        document["citations"] = citations(self.assembly.cited)
        write_json(self.context.directory / "sci.lock", arrays.plain(document))
        return document

    def _took_part(self, dataset: Dataset) -> list[PluginRecord]:
        """The plugins of every component that the experiment names, also of those that come after the lock, and those
        that wrap a stage or watch the run."""
        self.assembly.ask_for_all(dataset.schema)
        for section, kind in (("analysis", "analyses"), ("report", "reporters"), ("deploy", "deployers")):
            self.assembly.named_in(section, kind)
        hooked = [one for one in self.registry.records if one.in_use and (one.wraps or one.observes)]
        return [*self.assembly.used.values(), *hooked]


def load(context: Context) -> Dataset:
    """The stage `load`, and what it came to in words."""
    dataset = loaded(context)
    slots = ", ".join(dataset.schema.slots.values()) or "no target"
    inputs = dataset.schema.by("input")
    shown = inputs[0] if len(inputs) == 1 else f"{len(inputs)} columns"
    context.say(f"{len(dataset):,} rows; {shown} -> {slots}{classes_of(dataset)}")
    return dataset


def classes_of(dataset: Dataset) -> str:
    """`` (ham 4,827, spam 747)`` for a target of few classes, else nothing."""
    if list(dataset.schema.slots) != ["target"] or dataset.schema.target().kind != "category":
        return ""
    stored = dataset.stored(dataset.schema.slots["target"])
    counts = stored.drop_null().value_counts().to_pylist()  # type: ignore[union-attr]
    found = sorted(((entry["values"], entry["counts"]) for entry in counts), key=str)
    if len(found) > 4:
        return f" ({len(found)} classes)"
    return " (" + ", ".join(f"{name} {count:,}" for name, count in found) + ")"


def seeds_of(context: Context) -> list[int]:
    """The seeds of the children: `study.seeds` of them, counting up from `seed`."""
    count = (context.experiment.get("study") or {}).get("seeds") or 1
    return [context.seed + position for position in range(int(count))]


def first_seed(evaluations: Sequence[Evaluation]) -> list[Any]:
    """The test predictions of the first seed of each fold."""
    found: dict[str, Any] = {}
    for evaluation in evaluations:
        found.setdefault(evaluation.fold, evaluation.test)
    return list(found.values())


def merged(judge: Judge, evaluations: Sequence[Evaluation], part: str) -> dict[str, Score]:
    """The scores of one child, or those over all of them."""
    if len(evaluations) == 1:
        return dict(evaluations[0].scores[part])
    found = [evaluation.test if part == "test" else evaluation.validation for evaluation in evaluations]
    kept = [predictions for predictions in found if predictions is not None]
    return judge.over(kept, [evaluation.fold for evaluation in evaluations])


def asked(dataset: Dataset, experiment: Mapping[str, Any]) -> str:
    """Task and target in words, where the experiment asks no question of its own."""
    task = experiment["task"]
    name = task if isinstance(task, str) else task["name"]
    return f"{name} of {', '.join(dataset.schema.slots.values())}".strip()
