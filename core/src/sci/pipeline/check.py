"""`sci check`: everything that can be known without training, and with ``batch`` one real batch through every stage."""

from __future__ import annotations

import dataclasses
import pathlib
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sci.api import Dataset, Feature, Fold, Schema
from sci.experiment.document import dotted
from sci.experiment.load import LoadedExperiment, load
from sci.pipeline.assembly import Assembly
from sci.pipeline.budget import budget
from sci.pipeline.child import preprocessed
from sci.pipeline.children import demand_one_to_deploy
from sci.pipeline.context import Context
from sci.pipeline.design import Design
from sci.pipeline.division import divided
from sci.pipeline.flow import demand_flow
from sci.pipeline.loop import CHUNK_STEPS
from sci.pipeline.named_files import demand_files
from sci.pipeline.runner import plugins
from sci.pipeline.stages import answerable
from sci.pipeline.study import load as load_rows
from sci.pipeline.suited import demand_folds, demand_suited_calibrators
from sci.pipeline.training import accumulable, train
from sci.pipeline.unbuilt import refuse_unbuilt
from sci.pipeline.view import View
from sci.plugins.manager import PluginSystem

BATCH_ROWS = 512


@dataclass
class Checked:
    """What was found, one line for each question: its word and the answer."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def say(self, word: str, text: str) -> None:
        self.lines.append((word, text))


def check(
    file: pathlib.Path, overrides: Sequence[str] = (), batch: bool = False, system: PluginSystem | None = None
) -> Checked:
    """Check an experiment file against the installed plugins and its data.

    Raises:
        SciError: the mistakes, all those of the file at once; nothing was written anywhere.
    """
    system = system or plugins()
    loaded = load(file, overrides, system.registry)
    refuse_unbuilt(loaded)
    found = Checked(warnings=[(idle.id, idle.message) for idle in loaded.warnings])
    found.say("file", counted(loaded))
    if loaded.given:
        found.say("policy", given_line(loaded))
    assembly = Assembly.of(loaded, system.registry)
    loss = assembly.loss(assembly.task())
    demand_files(assembly)
    with tempfile.TemporaryDirectory(prefix="sci-check-") as scratch:
        context = checking(loaded, assembly, system, pathlib.Path(scratch), found)
        dataset = load_rows(context)
        found.say("data", context.summary)
        everything, nothing = np.arange(len(dataset), dtype=np.int64), np.zeros(0, dtype=np.int64)
        answerable(assembly, dataset, Fold("all rows", everything, nothing, nothing))
        found.warnings += demand_flow(assembly, dataset.schema)
        found.say("flow", described_flow(assembly, dataset.schema, flow(assembly, dataset)))
        accumulable(assembly, assembly.model(), loss)
        found.say("fit", fit_line(assembly))
        models = study_line(context, dataset, bool(loaded.resolved.get("deploy")))
        if models:
            found.say("study", models)
        if batch:
            demand_suited_calibrators(assembly, dataset)
            one_batch(context, dataset, found)
    return found


def checking(
    loaded: LoadedExperiment, assembly: Assembly, system: PluginSystem, scratch: pathlib.Path, found: Checked
) -> Context:
    """A context that belongs to no run; its warnings are collected."""
    context = Context("check", "check", assembly, scratch, int(loaded.resolved.get("seed", 0)), hooks=system.hooks)
    context.view.warning = lambda id, message: found.warnings.append((id, message))  # type: ignore[method-assign]
    return context


def counted(loaded: LoadedExperiment) -> str:
    """Lines, components, distributions."""
    owners = {chosen.entry.record.distribution for chosen in loaded.components}
    lines = len(loaded.document.text.splitlines())
    return f"{lines} lines, {len(loaded.components)} components from {len(owners)} distributions"


def given_line(loaded: LoadedExperiment) -> str:
    """What policies gave: ``study.seeds, preprocessing.0 from bundle st-mary 2026.3``."""
    keys: dict[str, list[str]] = {}
    for one in loaded.given:
        keys.setdefault(one.policy.words, []).append(dotted(one.keys))
    return "; ".join(f"{', '.join(names)} from {words}" for words, names in keys.items())


def flow(assembly: Assembly, dataset: Dataset) -> list[tuple[str, Schema]]:
    """Each step's name with the schema that it leaves, assembled without fitting anything."""
    steps = assembly.steps(assembly.task(), dataset.schema)
    schemas = steps.flow(dataset.schema)
    return [(recipe.name, schema) for recipe, schema in zip(steps.recipes, schemas[1:], strict=True)]


def described_flow(assembly: Assembly, schema: Schema, steps: list[tuple[str, Schema]]) -> str:
    """``text -> clean-text -> text -> bag-of-words -> array[2000] -> logistic``."""
    words = [kinds(schema)]
    for name, after in steps:
        shown = kinds(after)
        words.append(name)
        if shown != words[-2]:
            words.append(shown)
    return " -> ".join([*words, assembly.model().name])


def kinds(schema: Schema) -> str:
    """The kinds of the inputs with their numbers: ``7 number, 13 category``."""
    counts: dict[str, int] = {}
    for feature in schema.inputs.values():
        word = shape_word(feature)
        counts[word] = counts.get(word, 0) + 1
    return ", ".join(word if count == 1 and len(counts) == 1 else f"{count} {word}" for word, count in counts.items())


def shape_word(feature: Feature) -> str:
    """A kind with its shape where it has one."""
    if not feature.shape:
        return feature.kind
    return f"{feature.kind}[{' x '.join('?' if size is None else str(size) for size in feature.shape)}]"


def fit_line(assembly: Assembly) -> str:
    """What runs on the engine, and what judges the task."""
    task = assembly.task()
    names = [assembly.model().name, *(part.name for part in assembly.optimizers().values())]
    metrics = ", ".join(assembly.metrics(task)) or "no metric"
    return f"{', '.join(names)} on {assembly.engine}; {metrics}"


def study_line(context: Context, dataset: Dataset, deploying: bool) -> str:
    """How many models are trained, how many at a time, and whether one is there to deploy; empty for one model.

    Raises:
        ConfigError: there is none, and one is to be deployed.
    """
    design = Design.of(context.experiment)
    folds = divided(dataclasses.replace(context, view=View()), dataset)
    demand_folds(context.assembly, len(folds))
    models = len(design.children(folds))
    if models == 1 and not design.refit:
        return ""
    if deploying:
        demand_one_to_deploy(models, design.refit)
    share = budget(models, design.parallel)
    last = "one more on all rows is the one to deploy" if design.refit else "none to deploy without study.refit"
    return f"{models} models, {share.processes} at a time; {last}"


def one_batch(context: Context, dataset: Dataset, found: Checked) -> None:
    """A real batch through split, preprocessing, one update, prediction and every metric."""
    begun = time.monotonic()
    folds = context.hooks.sci_split(context=context, dataset=dataset)
    fold = folds[0]
    found.say(
        "split", f"{len(fold.train):,} train, {len(fold.validation):,} validation, {len(fold.test):,} test (sealed)"
    )
    small = fold._replace(train=spread(fold.train), validation=spread(fold.validation))
    prepared = preprocessed(context, dataset, small)
    assembly = context.assembly
    training = {**assembly.training, "epochs": None, "max_steps": 1}
    context.assembly = Assembly(
        {**assembly.experiment, "training": training}, assembly.registry, assembly.base, assembly.place
    )
    context.quiet = True
    pipeline = train(context, prepared)
    history: list[dict[str, float]] = context.facts["history"]
    weights = sum(int(np.prod(array.shape)) for array in pipeline.engine.state(pipeline.native).arrays.values())
    rows = min(len(small.train), CHUNK_STEPS)
    pipeline.predictions(dataset.take(small.train[:rows]))
    seconds = time.monotonic() - begun
    loss = f"loss {history[-1]['loss']:.3g}" if history else "fitted"
    found.say("one batch", f"{rows} rows through every stage in {seconds:.1f} s, {loss}, {weights:,} weights")


def spread(indices: np.ndarray) -> np.ndarray:
    """At most 512 positions, evenly over the part, so that rare classes have a chance."""
    if len(indices) <= BATCH_ROWS:
        return indices
    return indices[np.linspace(0, len(indices) - 1, BATCH_ROWS).astype(np.int64)]
