"""The core's own implementation of the eight stages; plugins may wrap them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import DataError, Dataset, Deployment, Evaluation, Finding, Fold, Predictions, Study, hookimpl
from sci.api.errors import SeveralErrors
from sci.api.judgement import AuditFinding
from sci.api.spill import Spill, release
from sci.pipeline.assembly import Assembly, Part, named
from sci.pipeline.blame import guarded, owed, several
from sci.pipeline.context import Context
from sci.pipeline.division import divided
from sci.pipeline.holdout import as_fold
from sci.pipeline.label_columns import gathered, label_columns, require_each
from sci.pipeline.legible import require_legible
from sci.pipeline.prepared import Prepared
from sci.pipeline.reserved import PART, require_free_part
from sci.pipeline.schema import Meaning
from sci.pipeline.scores import Judge
from sci.pipeline.seal import Sealed
from sci.pipeline.suited import suited_calibrators
from sci.pipeline.tally import STEP, Tally
from sci.pipeline.trained import TrainedPipeline
from sci.pipeline.training import train


class CoreStages:
    """Registered with pluggy as the last implementation of each stage hook."""

    @hookimpl(trylast=True)
    def sci_load(self, context: Context) -> Dataset:
        """The rows of the experiment, or those from outside that a finished run is applied to."""
        rows: Callable[[Context], Dataset] = context.facts.get("outside", rows_of_the_experiment)
        dataset = rows(context)
        context.facts["loaded"](dataset)
        return dataset

    @hookimpl(trylast=True)
    def sci_split(self, context: Context, dataset: Dataset) -> Sequence[Fold]:
        """Divide the rows, let the task look at every fold, and run the audits."""
        folds = divided(context, dataset)
        for fold in folds:
            answerable(context.assembly, dataset, fold)
        holdout = context.facts["holdout"]
        looked_at = [*folds, as_fold(len(dataset), holdout)] if len(holdout) else folds
        context.facts["audit"] = audited(context, dataset, looked_at)
        frugal(dataset)
        return folds

    @hookimpl(trylast=True)
    def sci_preprocess(self, context: Context, train: Dataset, validation: Dataset) -> Prepared:
        """Fit the steps on the training rows and take both parts through them."""
        assembly = context.assembly
        task = assembly.task()
        steps = assembly.steps(task, train.schema)
        tally = None if context.quiet else Tally(steps)
        fitted = steps.fit(train, context.say, tally)
        if tally is not None:  # baselines and controls would say again what the model's own run says
            for recipe, step in zip(steps.recipes, steps.steps, strict=True):
                for said in guarded(recipe, "warnings", step.warnings):
                    context.warn(STEP, f"{recipe.name}: {said}")
            warn(context, tally, "training")
        prepared = Prepared(train.schema, steps, task, fitted, steps.prepared(validation), validation)
        task.fit(fitted)
        frugal(fitted)
        context.say(", ".join(recipe.name for recipe in steps.recipes) or "nothing to do")
        return prepared

    @hookimpl(trylast=True)
    def sci_train(self, context: Context, prepared: Prepared) -> TrainedPipeline:
        """Train, then fit the calibrators on the validation rows."""
        calibrators = suited_calibrators(context.assembly, prepared.task.info())
        pipeline = train(context, prepared)
        frugal(prepared.train)
        for part, calibrator in calibrators:
            guarded(part, "fit", calibrator.fit, pipeline.predictions(prepared.raw_validation))
            pipeline.calibrators.append((part, calibrator))
        return pipeline

    @hookimpl(trylast=True)
    def sci_evaluate(self, context: Context, pipeline: TrainedPipeline, sealed: Sealed) -> Evaluation:
        """Open the test rows, predict them and the validation rows, and score both."""
        assembly = context.assembly
        judge = Judge(assembly, assembly.metrics(pipeline.task), context.seed)
        check = context.stop.check if context.stop is not None else lambda: None
        rows = sealed.open("evaluate")
        test = told(context, pipeline, "test", rows)
        frugal(rows)
        scores = {"test": judge.score(test, check)}
        held: Dataset = context.facts["validation"]
        validation: Predictions | None = None
        if len(held):
            validation = told(context, pipeline, "validation", held)
            frugal(held)
            scores["validation"] = judge.score(validation, check)
        frugal(rows)
        return Evaluation(context.facts["fold"], context.seed, scores, test, validation, rows)

    @hookimpl(trylast=True)
    def sci_analyze(self, context: Context, study: Study) -> Sequence[Finding]:
        """Every analysis that the experiment names."""
        parts, findings = context.assembly.named_in("analysis", "analyses"), []
        for done, part in enumerate(parts):
            if context.stop is not None:
                context.stop.check()
            context.report(part.name, done, len(parts))
            findings += several(part, "analyze", Finding, part.make().analyze, study, context)
        return findings

    @hookimpl(trylast=True)
    def sci_report(self, context: Context, study: Study, findings: Sequence[Finding]) -> Sequence[str]:
        """Every report that the experiment names."""
        return [
            name
            for part in context.assembly.named_in("report", "reporters")
            for name in several(part, "report", str, part.make().report, study, findings, context)
        ]

    @hookimpl(trylast=True)
    def sci_deploy(self, context: Context, pipeline: TrainedPipeline) -> Sequence[Deployment]:
        """Every deployer that the experiment names."""
        return [
            owed(part, guarded(part, "deploy", part.make().deploy, pipeline, context), Deployment, "Deployment")
            for part in context.assembly.named_in("deploy", "deployers")
        ]


def rows_of_the_experiment(context: Context) -> Dataset:
    """Read the source, or each file of a predefined split, and give every column its meaning."""
    assembly = context.assembly
    task = assembly.task()
    assembly.metrics(task)  # a study that nothing measures ends before it begins
    splitter = assembly.splitter()
    files = getattr(splitter.settings, "parts", None)
    parts = dict(files()) if files is not None else {}
    source = assembly.source()
    raw = joined(source, parts, context) if parts else read(source, context)
    if not parts:
        require_free_part(raw.schema.columns, getattr(source.settings, "path", "") or source.name)
    if len(raw) < 2:
        raise DataError(f"the data have {len(raw)} rows, which cannot be divided", id="data.rows", where=source.where)
    data = with_kinds(assembly.experiment["data"], known_kinds(source, raw))
    require_legible(raw, data, task, assembly.place)
    meaning = Meaning(data, task, assembly.place, split_columns(assembly.experiment))
    dataset = meaning(raw.with_spill(Spill.under(context.directory, context.experiment)))
    require_each(dataset, label_columns(assembly.experiment["data"]), assembly.place)
    finite_inputs(dataset, source)
    frugal(dataset)
    return dataset


def told(context: Context, pipeline: TrainedPipeline, part: str, rows: Dataset) -> Predictions:
    """Predictions of rows, with what the steps have to say about them as warnings."""
    if context.quiet:  # baselines and controls would say again what the model's own run says
        return pipeline.predictions(rows)
    tally = Tally(pipeline.steps)
    found = pipeline.predictions(rows, tally)
    warn(context, tally, part)
    return found


def warn(context: Context, tally: Tally, part: str) -> None:
    """Keep what the steps have to say about the rows of a part as warnings."""
    for name, said in tally.told(part):
        context.warn(STEP, f"{name}: {said}")


def frugal(dataset: Dataset) -> None:
    """Where the data are larger than memory, a stage leaves behind nothing that it no longer needs."""
    if dataset.mapped:
        release()


def read(source: Part, context: Context) -> Dataset:
    """The rows of one source, with the label columns of `data.target` in one; errors get the place in the experiment
    file that named it."""
    found = owed(source, guarded(source, "read", source.make().read, context), Dataset, "Dataset")
    labels = label_columns(context.assembly.experiment["data"])
    if "outside" in context.facts and not set(labels) <= set(found.schema.columns):
        return found  # rows to be predicted need no labels
    return gathered(found, labels, context.assembly.place)


def joined(source: Part, parts: dict[str, str], context: Context) -> Dataset:
    """The files of a predefined split as one data set with the context column `split.part`."""
    tables, spill = [], None
    for name, path in parts.items():
        where = context.assembly.place(*(context.assembly.written(path) or ("data", "split")))
        settings = source.settings.model_copy(update={"path": path})
        one = Part(**{**vars(source), "settings": settings, "where": where})
        found = read(one, context)
        require_free_part(found.schema.columns, path)
        spill = found.spill if found.mapped else spill
        table = found.table()
        tables.append(table.append_column(PART, pa.array([name] * table.num_rows)))
    require_same_columns(tables, parts)
    from sci.api import dataset

    return dataset(pa.concat_tables(alike(tables, parts), promote_options="permissive"), spill=spill)


def require_same_columns(tables: Sequence[pa.Table], parts: dict[str, str]) -> None:
    """Stop where a file lacks a column that another file of the split has; their order does not matter."""
    every = dict.fromkeys(name for table in tables for name in table.column_names)
    lacking = {
        part: [f"`{name}`" for name in every if name not in table.column_names]
        for part, table in zip(parts, tables, strict=True)
    }
    found = [f"{part} lacks {', '.join(names)}" for part, names in lacking.items() if names]
    if found:
        raise DataError(
            f"the files of the split differ in their columns: {'; '.join(found)}",
            id="data.columns",
            note=", ".join(f"{part}: {path}" for part, path in parts.items()),
        )


def alike(tables: Sequence[pa.Table], parts: dict[str, str]) -> Sequence[pa.Table]:
    """The tables of the parts, once each column is numbers in all of them or in none."""
    for column in tables[0].column_names:
        kinds = {
            part: pa.types.is_integer(kind) or pa.types.is_floating(kind)
            for part, table in zip(parts, tables, strict=True)
            if not pa.types.is_null(kind := table.schema.field(column).type)
        }
        if len(set(kinds.values())) > 1:
            some, others = (" and ".join(part for part in kinds if kinds[part] is numbers) for numbers in (True, False))
            raise DataError(
                f"column `{column}` holds numbers in {some}, and something else in {others}",
                id="data.columns",
                note=", ".join(f"{part}: {parts[part]}" for part in kinds),
                hint=f"columns: {{{column}: {{kind: text}}}}   where it is text in all of them",
            )
    return tables


def with_kinds(data: Mapping[str, Any], kinds: Mapping[str, str]) -> Mapping[str, Any]:
    """The `data` section with these kinds of columns, where it does not say others itself."""
    columns: dict[str, Any] = dict(data.get("columns") or {})
    for name, kind in kinds.items():
        said = {key: value for key, value in (columns.get(name) or {}).items() if value is not None}
        columns[name] = {"kind": kind, **said}
    return {**data, "columns": columns}


def known_kinds(source: Part, raw: Dataset) -> Mapping[str, str]:
    """The kinds that the settings of a source say of columns that are there."""
    tell = getattr(source.settings, "kinds", None)
    return {name: kind for name, kind in tell().items() if name in raw.schema.columns} if tell is not None else {}


def split_columns(experiment: Any) -> dict[str, str]:
    """The columns that belong to the split: the part's name, and what keeps rows together."""
    _, settings = named(experiment["data"]["split"])
    return {key: settings[key] for key in ("column", "group_by") if isinstance(settings.get(key), str)}


def finite_inputs(dataset: Dataset, source: Part) -> None:
    """Infinite inputs are refused: no step and no model can do anything honest with them."""
    names = [name for name, feature in dataset.schema.inputs.items() if feature.kind == "number" and not feature.ragged]
    dataset.plain(names)
    for name in names:
        bad = np.isinf(np.asarray(dataset.column(name), dtype=np.float64))
        if bad.any():
            raise DataError(
                f"column `{name}` holds {int(bad.sum())} infinite values",
                id="data.infinite",
                where=source.where,
                note="rows " + ", ".join(map(str, dataset.ids[bad][:5])),
            )


def answerable(assembly: Assembly, dataset: Dataset, fold: Fold) -> None:
    """The task's look at a fold; what is wrong with the data lies in the target column."""
    task = assembly.part("tasks", assembly.experiment["task"], "task")

    def check() -> None:
        try:
            task.make().check(dataset, fold)
        except (DataError, SeveralErrors) as error:
            for one in (error, *getattr(error, "errors", ())):
                one.where = one.where or assembly.place(
                    *(("task", *one.setting) if one.setting else ("data", "target"))
                )
            raise

    guarded(task, "check", check)


def audited(context: Context, dataset: Dataset, folds: Sequence[Fold]) -> list[AuditFinding]:
    """What the audits found, under the experiment's policy: an error stops the run unless it was waived."""
    assembly = context.assembly
    policy: dict[str, str] = dict(assembly.experiment.get("audit") or {})
    findings: list[AuditFinding] = []
    for name in assembly.registry.names("audits"):
        if policy.get(name) == "off":
            findings.append(AuditFinding(name, "note", "this check was switched off"))
            continue
        part = assembly.part("audits", name, "audit", name)
        for finding in several(part, "audit", AuditFinding, part.make().audit, dataset, folds, context):
            findings.append(waived(finding) if policy.get(name) == "warn" else finding)
    for finding in findings:
        if finding.severity == "error":
            raise DataError(
                finding.message, id=f"audit.{finding.check}", where=assembly.place("data", "split"), hint=finding.hint
            )
        if finding.severity == "warning":
            context.warn(f"audit.{finding.check}", finding.message)
    return findings


def waived(finding: AuditFinding) -> AuditFinding:
    """An error that the experiment turned into a warning."""
    return (
        AuditFinding(**{**vars(finding), "severity": "warning", "waived": True})
        if finding.severity == "error"
        else finding
    )
