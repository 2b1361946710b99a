"""A study: its models as children, baselines beside them, then verdict, analyses, reports, deployment."""

from __future__ import annotations

import functools
import pathlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow.compute as pc

from sci.api import Dataset, Fold, SciError, Study, Trained, TrainingError
from sci.pipeline import verdict
from sci.pipeline.assembly import Assembly
from sci.pipeline.branding import branding
from sci.pipeline.budget import budget
from sci.pipeline.child import (
    Outcome,
    evaluated,
    is_finished,
    outcome,
    preprocessed,
    read_history,
    stored_evaluation,
    trained,
)
from sci.pipeline.children import (
    Failure,
    Family,
    Job,
    child_of,
    demand_one_to_deploy,
    in_turn,
    is_whole,
    read_back,
    rivals,
    sealed_for,
    settled,
)
from sci.pipeline.conclusion import Conclusion, Results
from sci.pipeline.context import Context
from sci.pipeline.controls import Controls, Place
from sci.pipeline.design import Design
from sci.pipeline.failed import tell
from sci.pipeline.flow import demand_flow
from sci.pipeline.loading import loaded
from sci.pipeline.observers import Observers
from sci.pipeline.pool import Pool
from sci.pipeline.refit import refit_fold, refitted
from sci.pipeline.seal import Sealed
from sci.pipeline.suited import demand_folds, demand_suited_analyses
from sci.pipeline.trained import TrainedPipeline, restore
from sci.plugins.registry import Registry
from sci.runs import arrays
from sci.runs.loader import Loader
from sci.runs.writer import write_json

StageRunner = Callable[..., Any]
WORTH = 10.0
"""Seconds of training for which it pays to start processes."""
CHILD_FAILED = "study.child-failed"
EXAMPLES = 20
"""Rows that a finding of the audit names in ``audit.json``."""


class StudyRun:
    """Takes one run through all its stages.

    Args:
        context: of the run.
        registry: finds components.
        observers: hear each stage.
        stage: runs one stage: ``stage(name, work)``.
        folder: whose policy holds, for other processes; None where plugins were put together by hand, which no other
            process can do.
    """

    def __init__(
        self,
        context: Context,
        registry: Registry,
        observers: Observers,
        stage: StageRunner,
        folder: pathlib.Path | None = None,
    ) -> None:
        self.folder = folder
        self.context = context
        self.registry = registry
        self.observers = observers
        self.stage = stage
        self.assembly: Assembly = context.assembly
        self.design = Design.of(context.experiment)
        self.training = True
        self.pipeline: TrainedPipeline | None = None
        self.branding = branding(registry.policy)  # before the first stage: a logo that is lost must not cost a study

    def run(self, deploying: bool, training: bool = True) -> None:
        """Load to deploy; of a finished study of which only the report is wanted nothing is trained."""
        self.training = training
        dataset = self.stage("load", self._load)
        folds: Sequence[Fold] = self.stage("split", lambda: self._split(dataset))
        jobs = [Job(fold, seed) for fold, seed in self.design.children(folds)]
        demand_folds(self.assembly, len(folds))
        if deploying:
            demand_one_to_deploy(len(jobs), self.design.refit)
        several = len(jobs) > 1 or self.design.refit
        results = self._several(dataset, folds, jobs) if several else self._plain(dataset, folds, jobs[0])
        study = self._concluded(results, several)
        findings = self.stage("analyze", lambda: self._found(self._hook("sci_analyze", study=study)))
        written = self.stage("report", lambda: self._reported(study, findings))
        if deploying:
            deployments = self.stage("deploy", lambda: self._deployed())
            self._manifest(deployments=[vars(found) for found in deployments])
        self.observers.tell("run_finished", self.context, study=study)
        assert self.context.manifest is not None
        self.context.manifest.close(
            "finished", report=next(iter(written), None), verdict=verdict.as_json(study.verdict)
        )

    def _load(self) -> Dataset:
        dataset = load(self.context)
        for id, message in demand_flow(self.assembly, dataset.schema) if self.training else ():
            self.context.warn(id, message)
        return dataset

    def _hook(self, name: str, **facts: Any) -> Any:
        return getattr(self.context.hooks, name)(context=self.context, **facts)

    def _found(self, found: Sequence[Any]) -> Sequence[Any]:
        self.context.say(f"{len(found)} finding{'' if len(found) == 1 else 's'}")
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
        folds: Sequence[Fold] = self._hook("sci_split", dataset=dataset)
        findings = [
            {**vars(found), "columns": list(found.columns), "rows": list(found.rows[:EXAMPLES])}
            for found in self.context.facts["audit"]
        ]
        write_json(self.context.directory / "audit.json", {"findings": arrays.plain(findings)})
        first = folds[0]
        more = f"; {len(folds)} folds" if len(folds) > 1 else ""
        held = len(self.context.facts["holdout"])
        more += f"; {held:,} held out" if held else ""
        self.context.say(
            f"{len(first.train):,} train, {len(first.validation):,} validation, {len(first.test):,} test (sealed){more}"
        )
        return folds

    def _plain(self, dataset: Dataset, folds: Sequence[Fold], job: Job) -> Results:
        """The only child of a plain run lies in the run directory itself, stage by stage."""
        sealed = sealed_for(self.context, dataset, job.fold)
        try:
            child = self._inline(self.context, dataset, job.fold, sealed)
        except TrainingError as error:
            tell(error, self.context, self.context, dataset, folds, (0, 1), self.branding)
            raise
        found = self.stage("evaluate", lambda: self._beside(child, dataset, job.fold, sealed))
        return Results(dataset, folds, [Family(job, child, found)])

    def _beside(self, child: Outcome, dataset: Dataset, fold: Fold, sealed: Sealed) -> dict[str, Outcome]:
        found = rivals(self.context, dataset, fold, sealed)
        named = ", ".join(found) or "no baseline"
        self.context.say(f"{', '.join(child.evaluation.scores['test'])}; {named}")
        return found

    def _several(self, dataset: Dataset, folds: Sequence[Fold], jobs: Sequence[Job]) -> Results:
        families, failures = self.stage("train", lambda: self._children(dataset, folds, jobs))
        if not self.design.refit:
            return Results(dataset, folds, families, failures)
        fold = refit_fold(len(dataset), folds, self.context.facts["holdout"])
        more = self.stage("refit", lambda: refitted(self.context, self.registry, dataset, fold))
        self.pipeline = more.pipeline
        return Results(dataset, folds, families, failures, more)

    def _children(
        self, dataset: Dataset, folds: Sequence[Fold], jobs: Sequence[Job]
    ) -> tuple[list[Family], list[Failure]]:
        self._forget_failures()
        found: list[Family | Failure] = []
        for one in self._outcomes(dataset, jobs):
            found.append(one)
            self._tell_of(one, len(found), len(jobs))
        places = {job.name: at for at, job in enumerate(jobs)}
        found.sort(key=lambda one: places[one.job.name])
        try:
            families, failures = settled(found)
        except TrainingError as error:
            first = next(one for one in found if isinstance(one, Failure))
            child = first.child or child_of(self.context, first.job)
            tell(error, self.context, child, dataset, folds, (0, len(jobs)), self.branding)
            raise
        self._manifest(failed_children=[failure.as_json() for failure in failures])
        self.context.say(f"{len(families)} of {len(jobs)} models" if failures else f"{len(jobs)} models")
        return families, failures

    def _outcomes(self, dataset: Dataset, jobs: Sequence[Job]) -> Iterator[Family | Failure]:
        """Of each model, in this process or side by side in others; what is finished is read back."""
        left: list[Job] = []
        for job in jobs:
            child = child_of(self.context, job)
            if is_whole(child) or (not self.training and is_finished(child.directory)):
                yield read_back(child, dataset, job)
            else:
                left.append(job)
        if not self.training:
            yield from self._failed_before(left)
            return
        share = budget(len(jobs), self.design.parallel)
        if share.here and self.design.parallel is None:
            yield from self._first(dataset, left)
        if self.folder is None or not share.apart or not left:
            yield from in_turn(self.context, dataset, left)
            return
        self.context.facts["threads"] = share.threads
        with Pool(self.context, dataset, self.folder, share) as pool:
            yield from pool.run(left)

    def _failed_before(self, jobs: Sequence[Job]) -> Iterator[Failure]:
        """What the manifest tells of children that came to no end."""
        assert self.context.manifest is not None
        told = {(one["fold"], one["seed"]): one["error"] for one in self.context.manifest.data["failed_children"]}
        for job in jobs:
            error = told[job.fold.name, job.seed]
            yield Failure(job, SciError(error["message"], id=error["id"]))

    def _first(self, dataset: Dataset, left: list[Job]) -> Iterator[Family | Failure]:
        """Models trained here, until so much is left that it pays to start processes for it; they leave the list."""
        began, done = time.monotonic(), 0
        while left and (not done or (time.monotonic() - began) / done * len(left) < WORTH):
            yield from in_turn(self.context, dataset, [left.pop(0)])
            done += 1

    def _forget_failures(self) -> None:
        """What is told of children that are tried again is told anew."""
        assert self.context.manifest is not None
        told = self.context.manifest.data["warnings"]
        told[:] = [one for one in told if one["id"] != CHILD_FAILED]

    def _tell_of(self, one: Family | Failure, done: int, total: int) -> None:
        if isinstance(one, Failure):
            self.context.warn(CHILD_FAILED, f"{one.job.name} failed: {one.error.message}")
            return
        scored = one.child.evaluation.scores["test"]
        values = "  ".join(f"{name} {score.value:.4g}" for name, score in scored.items())
        self.context.log(f"{one.job.name}: {values}")
        self.context.view.child(one.job.name, values, done, total)

    def _concluded(self, results: Results, several: bool) -> Study:
        conclusion = Conclusion(self.context, self.registry, results)
        children = [child_of(self.context, one.job) if several else self.context for one in results.families]
        controls = Controls(self.context, conclusion.scores, conclusion.test)
        if controls.parts:
            places = [Place(child, one.job.fold) for child, one in zip(children, results.families, strict=True)]
            self.stage("evaluate", lambda: controls.run(results.dataset, places))
        models = [
            functools.cache(functools.partial(self._model, child, results.dataset, one))
            for child, one in zip(children, results.families, strict=True)
        ]
        if not several:
            return conclusion.study(self.branding, controls, models)

        def conclude() -> Study:
            found = conclusion.study(self.branding, controls, models)
            shown = [
                f"{name} {score.value:.4g}" + (f" (sd {score.details['sd']:.2g})" if "sd" in score.details else "")
                for name, score in found.scores["test"].items()
            ]
            self.context.say("; ".join([", ".join(shown), ", ".join(results.rivals) or "no baseline"]))
            return found

        study: Study = self.stage("evaluate", conclude)
        return study

    def _model(self, child: Context, dataset: Dataset, family: Family) -> Trained:
        """The model of a child; one that was trained in another process, or before a stop, is read back."""
        pipeline = family.child.pipeline or restore(Loader(child.directory), self.registry)
        metrics = {name: part.make() for name, part in self.assembly.metrics(pipeline.task).items()}
        train, validation = (dataset.take(rows) for rows in (family.job.fold.train, family.job.fold.validation))
        return Trained(pipeline, train, family.child.evaluation.rows, metrics, validation)

    def _inline(self, context: Context, dataset: Dataset, fold: Fold, sealed: Sealed) -> Outcome:
        """Preprocess, train and judge in the run directory."""
        assert context.manifest is not None
        if "evaluated" in context.manifest.data:
            return self._again(context, dataset, fold, sealed)
        prepared = self.stage("preprocess", lambda: preprocessed(context, dataset, fold))
        self.pipeline = self.stage("train", lambda: trained(context, prepared))
        assert self.pipeline is not None
        pipeline = self.pipeline
        evaluation = evaluated(context, pipeline, sealed)
        facts = {name: context.facts[name] for name in ("engine", "weights")}
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


def load(context: Context) -> Dataset:
    """The stage `load`, and what it came to in words; analyses that cannot work on these columns end it."""
    dataset = loaded(context)
    demand_suited_analyses(context.assembly, dataset)
    slots = ", ".join(dataset.schema.slots.values()) or "no target"
    inputs = dataset.schema.by("input")
    shown = inputs[0] if len(inputs) == 1 else f"{len(inputs)} columns"
    context.say(f"{len(dataset):,} rows; {shown} -> {slots}{classes_of(dataset)}")
    return dataset


def classes_of(dataset: Dataset) -> str:
    """`` (ham 4,827, spam 747)`` for a target of few classes, else nothing."""
    if list(dataset.schema.slots) != ["target"] or dataset.schema.target().kind != "category":
        return ""
    stored: Any = dataset.stored(dataset.schema.slots["target"])
    names = pc.list_flatten(stored) if dataset.schema.target().ragged else stored
    counts = names.drop_null().value_counts().to_pylist()
    found = sorted(((entry["values"], entry["counts"]) for entry in counts), key=str)
    if len(found) > 4:
        return f" ({len(found)} classes)"
    return " (" + ", ".join(f"{name} {count:,}" for name, count in found) + ")"
