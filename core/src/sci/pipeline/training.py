"""From prepared rows to a trained pipeline: the engine, the network, the loop."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sci.api import Batch, ConfigError, Engine, PluginError, Predictions, Task, Trainer
from sci.pipeline.assembly import Assembly, Part
from sci.pipeline.blame import Blamed, guarded
from sci.pipeline.context import Context
from sci.pipeline.design import stream_seed
from sci.pipeline.feed import RESIDENT_BYTES, ArrayFeed, Packing
from sci.pipeline.flow import readable
from sci.pipeline.loop import Loop, Row, plan_of
from sci.pipeline.prepared import Prepared
from sci.pipeline.scores import Judge
from sci.pipeline.steps import Steps, concatenated
from sci.pipeline.trained import TrainedPipeline, input_schema
from sci.runs import arrays

VALIDATION_ROWS = 4096


@dataclass(frozen=True)
class Bench:
    """A network on its engine, with all that one update of it needs.

    Args:
        model: the component that the network was made by.
        pipeline: what the network will be served as.
        feed: the training rows.
        trainer: the engine's side of the loop.
    """

    model: Part
    pipeline: TrainedPipeline
    feed: ArrayFeed
    trainer: Trainer

    @property
    def engine(self) -> Engine:
        return self.pipeline.engine

    @property
    def network(self) -> Any:
        return self.pipeline.native


def bench(context: Context, prepared: Prepared) -> Bench:
    """Build the network and what trains it; `context.facts` receives what the engine chose."""
    assembly, task = context.assembly.settled(), prepared.task
    last = prepared.steps.schemas[-1]
    model = assembly.model()
    readable(assembly, model, prepared.steps.schemas)
    engine: Engine = assembly.part("engines", assembly.experiment["engine"], "engine").make()
    training = dict(assembly.training)
    seed = stream_seed(assembly.experiment, context.seed, "initialization")
    context.facts["engine"] = dict(engine.start(training, seed))
    heads = task.heads(last)
    network = guarded(model, "build", engine.build, model.target(), model.settings, input_schema(last), heads, seed)
    packing = Packing(last, engine.number_dtype(training.get("precision")), model.has("missing"))
    pipeline = TrainedPipeline(
        assembly, prepared.schema, prepared.steps, task, engine, network, packing, changed=context.changes
    )
    drawing = stream_seed(assembly.experiment, context.seed, "order")
    feed = ArrayFeed(prepared.train, prepared.steps, packing, drawing, training.get("resident_bytes") or RESIDENT_BYTES)
    part = assembly.loss(task)
    accumulable(assembly, model, part)
    loss = Objective(part, part.make(heads)) if part is not None else None
    trainer = guarded(model, "train", engine.trainer, network, loss, optimizers(assembly), feed, training)
    return Bench(model, pipeline, feed, trainer)


def train(context: Context, prepared: Prepared) -> TrainedPipeline:
    """Train the network to the end; `context.facts` receives the history and what the engine chose."""
    built = bench(context, prepared)
    assembly, model, pipeline, trainer = context.assembly, built.model, built.pipeline, built.trainer
    rates = schedule(assembly)
    resumable(prepared.steps, prepared.task, model, trainer, rates)
    fit_once = model.has("fit-once")
    judge = Judge(assembly, assembly.metrics(prepared.task), context.seed)
    plan = plan_of(
        assembly.training,
        len(built.feed),
        stream_seed(assembly.experiment, context.seed, "order"),
        fit_once,
        lengths=built.feed.lengths() if assembly.training.get("bucket_by_length") else None,
        **watched(assembly.training, judge, prepared, fit_once),
    )
    watched_metric = plan.monitor in judge.metrics
    if not fit_once and prepared.task.validation_options(watched_metric) is None:
        tried(judge, pipeline, prepared)  # the first epoch would not
    loop = Loop(
        trainer,
        plan,
        context,
        validate=lambda: validated(pipeline, prepared, trainer, judge, watched_metric),
        weights=lambda: built.engine.state(built.network),
        restore=lambda state: built.engine.load_state(built.network, state),
        schedule=rates,
        ids=prepared.train.ids,
    )
    context.facts["history"] = guarded(model, "train", loop.run)
    for said in guarded(model, "train", getattr(trainer, "warnings", tuple)):
        context.warn("train.solver", f"{model.name}: {said}")
    context.facts["kept_epoch"] = loop.progress.best_epoch
    notes = guarded(model, "train", getattr(trainer, "notes", tuple))
    context.say("; ".join([summary(loop, model), *notes]))
    return pipeline


def resumable(steps: Steps, task: Task, model: Part, trainer: Trainer, rates: Rates | None) -> None:
    """Stop before the first step when something could not be stored after the last one, or at a checkpoint."""
    for recipe, step in zip(steps.recipes, steps.steps, strict=True):
        guarded(recipe, "state", arrays.storable, step.state)
    guarded(model, "state", arrays.storable, task.state)
    guarded(model, "state", arrays.storable, trainer.state)
    if rates is not None and hasattr(rates, "state"):
        guarded(rates.component, "state", arrays.storable, rates.state)


def accumulable(assembly: Assembly, model: Part, loss: Part | None) -> None:
    """Stop when a batch is to be computed in parts and what is minimised is no mean over rows.

    What the file names was looked at when it was read; this is for the loss that the task brings.
    """
    if assembly.training.get("gradient_accumulation") in (None, 1):
        return
    for part in filter(None, (model, loss)):
        if part.has("batch-loss"):
            raise ConfigError(
                f"{part.name} is no mean over rows, so a batch cannot be computed in parts",
                id="fit.batch-loss",
                where=assembly.place("training", "gradient_accumulation"),
                hint="gradient_accumulation: 1",
            )


def optimizers(assembly: Assembly) -> Any:
    """Makes native optimisers from the network's parameter groups, checking that the groups are those that were
    named."""
    chosen = assembly.optimizers()

    def make(groups: Mapping[str, Sequence[tuple[str, Any]]]) -> dict[str, Any]:
        if not chosen:
            raise ConfigError(
                "the model is trained step by step, and the experiment names no optimizer",
                id="config.optimizer",
                where=assembly.place("training"),
                hint="training: {optimizer: {name: adam, learning_rate: 1e-3}}",
            )
        if set(chosen) == {""}:
            one = chosen[""]
            return {group: one.make(parameters) for group, parameters in groups.items()}
        if set(chosen) != set(groups):
            known = ", ".join(sorted(groups))
            odd = sorted(set(chosen) ^ set(groups))
            raise ConfigError(
                f"training.optimizer does not fit the model's parameter groups: {', '.join(odd)}",
                id="config.groups",
                where=assembly.place("training", "optimizer"),
                note=f"groups: {known}",
            )
        return {group: chosen[group].make(groups[group]) for group in groups}

    return make


def schedule(assembly: Assembly) -> Rates | None:
    """The schedule of the learning rate, if the experiment names one."""
    value = assembly.training.get("schedule")
    if value is None:
        return None
    part = assembly.part("schedules", value, "training", "schedule")
    return Rates(part, part.make())


class Rates(Blamed):
    """A schedule whose factors are numbers."""

    def factor(self, step: int, total: int) -> float:
        found = guarded(self.component, "factor", self.native.factor, step, total)
        if not isinstance(found, numbers.Real) or not math.isfinite(found):
            raise PluginError(
                f"{self.component.name} returned {found!r} at step {step}, which is no factor",
                id="plugin.result",
                where=self.component.where,
                note=self.component.owner,
            )
        return float(found)


class Objective(Blamed):
    """A loss that is blamed for what it says of its mass, too."""

    def __getattr__(self, name: str) -> Any:
        found = super().__getattr__(name)
        return partial(guarded, self.component, name, found) if name == "mass" else found


def watched(training: Mapping[str, Any], judge: Judge, prepared: Prepared, fit_once: bool) -> dict[str, Any]:
    """What early stopping watches, as arguments of the plan."""
    stopping = training.get("early_stopping")
    if not stopping or fit_once:
        return {}
    monitor = stopping.get("monitor") or "loss"
    if not len(prepared.validation):
        raise ConfigError(
            "early stopping watches validation rows, and there are none",
            id="config.validation",
            hint="split: {validation: 0.1, ...}",
        )
    metric = judge.metrics.get(monitor)
    return {
        "monitor": monitor if metric is not None else "validation_loss",
        "higher_is_better": metric is not None and metric.higher_is_better,
        "patience": int(stopping.get("patience") or 0),
        "minimum_change": float(stopping.get("minimum_change") or 0.0),
    }


def tried(judge: Judge, pipeline: TrainedPipeline, prepared: Prepared) -> None:
    """Ask every metric about no rows at all, so that one that does not fit the classes says so before training."""
    nothing = prepared.raw_validation.take(np.zeros(0, dtype=np.int64))
    judge.values(pipeline.predictions(nothing))


def validated(pipeline: TrainedPipeline, prepared: Prepared, trainer: Any, judge: Judge, watched: bool) -> Row:
    """Loss of the validation rows and, where the task has them answered, metrics, with the network as it stands."""
    rows = prepared.validation
    if not len(rows):
        return {}
    losses = Losses()
    targets = pipeline.schema.by("target")
    changes = prepared.task.validation_options(watched)
    options = {**pipeline.options, **(changes or {})}

    def answer(piece: Batch) -> Batch:
        packed = pipeline.packing(piece)
        if changes is None and hasattr(trainer, "validation_loss"):
            raw, loss = {}, trainer.validation_loss(packed)
        else:
            raw, loss = trainer.validate(packed, options)
        losses.add(loss, mass(trainer, packed))
        if changes is None:
            return {}
        return pipeline.decode(raw, {name: column for name, column in piece.items() if name not in targets})

    parts = []
    for start, stop in rows.pieces(VALIDATION_ROWS):
        batch = rows.batch(np.arange(start, stop, dtype=np.int64))
        parts.append(pipeline.answered(batch, answer))
    if changes is None:
        return {"validation_loss": losses.mean}
    predictions = beside_the_truth(pipeline, prepared, parts)
    return {"validation_loss": losses.mean, **judge.values(predictions)}


@dataclass
class Losses:
    """The mean of the losses of several pieces, which count by their mass."""

    total: float = 0.0
    mass: float = 0.0

    def add(self, loss: float, mass: float) -> None:
        """The loss of another piece; one without mass says nothing, whatever its loss."""
        if mass:
            self.total += loss * mass
            self.mass += mass

    @property
    def mean(self) -> float:
        return self.total / (self.mass or 1.0)


def mass(trainer: Any, packed: Mapping[str, np.ndarray]) -> float:
    """How much rows count beside others: as the trainer says, else by their weights or their number."""
    if hasattr(trainer, "mass"):
        return float(trainer.mass(packed))
    return float(packed["weight"].sum()) if "weight" in packed else float(len(packed["id"]))


def beside_the_truth(pipeline: TrainedPipeline, prepared: Prepared, parts: list[Any]) -> Predictions:
    """Decoded outputs of the validation rows with their raw targets."""
    found = {name: concatenated([part[name] for part in parts]) for name in parts[0]}
    return pipeline.beside(prepared.raw_validation, found, prepared.validation.ids)


def summary(loop: Loop, model: Part) -> str:
    """What training came to, in a few words."""
    history = loop.progress.history
    if not history:
        return f"{model.name} was trained before"
    last = history[-1]
    if loop.plan.fit_once:
        return f"{model.name} fitted in one step, loss {last['loss']:.3g}"
    kept = "" if loop.progress.best_epoch is None else f"; epoch {loop.progress.best_epoch} is kept"
    return f"{len(history)} of {loop.plan.epochs} epochs, loss {last['loss']:.3g}{kept}"
