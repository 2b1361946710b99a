"""One child of a study: a fold with a seed, preprocessed, trained, evaluated, and kept."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

from sci.api import Dataset, Evaluation, Fold, Predictions, SciError, StorageError
from sci.api.errors import Interrupted
from sci.pipeline import scores
from sci.pipeline.context import Context
from sci.pipeline.seal import Sealed
from sci.pipeline.trained import FOLDER, TrainedPipeline
from sci.runs import arrays
from sci.runs.loader import Loader
from sci.runs.manifest import FILE as MANIFEST
from sci.runs.manifest import Manifest
from sci.runs.writer import atomic, write_json, write_text

PARTS = ("test", "validation")


@dataclass(frozen=True)
class Outcome:
    """What a child came to."""

    evaluation: Evaluation
    pipeline: TrainedPipeline | None
    history: Sequence[Mapping[str, float]]
    engine: Mapping[str, str]
    weights: str
    fingerprints: Mapping[str, str]


def parts_of(fold: Fold) -> dict[str, int]:
    """Rows in each part."""
    return {"train": len(fold.train), "validation": len(fold.validation), "test": len(fold.test)}


def preprocessed(context: Context, dataset: Dataset, fold: Fold) -> Any:
    """The stage `preprocess`, which never sees the test rows."""
    context.facts.update(fold=fold.name, validation=dataset.take(fold.validation))
    return context.hooks.sci_preprocess(
        context=context, train=dataset.take(fold.train), validation=context.facts["validation"]
    )


def trained(context: Context, prepared: Any) -> TrainedPipeline:
    """The stage `train`; the pipeline and the history are on disk when it ends."""
    pipeline: TrainedPipeline = context.hooks.sci_train(context=context, prepared=prepared)
    context.facts["weights"] = pipeline.save(context.directory / FOLDER)
    write_history(context.directory, context.facts["history"])
    return pipeline


def evaluated(context: Context, pipeline: TrainedPipeline, sealed: Sealed) -> Evaluation:
    """The stage `evaluate`; predictions and scores are on disk when it ends."""
    evaluation: Evaluation = context.hooks.sci_evaluate(context=context, pipeline=pipeline, sealed=sealed)
    for part, predictions in (("validation", evaluation.validation), ("test", evaluation.test)):
        if predictions is not None:
            write_predictions(context.directory, part, predictions)
    write_metrics(context.directory, evaluation)
    context.tell("evaluation_ended", evaluation=evaluation)
    return evaluation


def run_child(context: Context, dataset: Dataset, fold: Fold, sealed: Sealed) -> Outcome:
    """A whole child in its own directory, with its own manifest; one that is finished is read back."""
    found = stored(context.directory, dataset, fold, context.seed)
    if found is not None:
        return found
    context.manifest = begun(context, fold)
    try:
        return _trained_and_judged(context, dataset, fold, sealed)
    except SciError as error:
        status = "interrupted" if isinstance(error, Interrupted) else "failed"
        with contextlib.suppress(StorageError):
            context.manifest.close(status, error=error.as_json())
        raise


def _trained_and_judged(context: Context, dataset: Dataset, fold: Fold, sealed: Sealed) -> Outcome:
    assert context.manifest is not None
    prepared = preprocessed(context, dataset, fold)
    pipeline = trained(context, prepared)
    evaluation = evaluated(context, pipeline, sealed)
    context.manifest.close("finished", weights=context.facts["weights"], engine=context.facts["engine"])
    return outcome(context, evaluation, pipeline, sealed)


def begun(context: Context, fold: Fold) -> Manifest:
    """The manifest of a child that begins, or of one that was stopped and goes on."""
    if (context.directory / MANIFEST).is_file():
        manifest = Manifest.read(context.directory)
        manifest.reopen()
        return manifest
    context.directory.mkdir(parents=True, exist_ok=True)
    return Manifest.start(context.directory, name=context.directory.name, fold=fold.name, seed=context.seed)


def outcome(context: Context, evaluation: Evaluation, pipeline: TrainedPipeline | None, sealed: Sealed) -> Outcome:
    """What a context gathered, as one thing."""
    facts = context.facts
    return Outcome(
        evaluation,
        pipeline,
        facts.get("history", ()),
        facts.get("engine", {}),
        facts.get("weights", ""),
        {"test": sealed.fingerprint},
    )


def is_finished(directory: pathlib.Path) -> bool:
    """Whether a child was finished before."""
    return (directory / MANIFEST).is_file() and Manifest.read(directory).data["status"] == "finished"


def stored(directory: pathlib.Path, dataset: Dataset, fold: Fold, seed: int) -> Outcome | None:
    """A child that was finished before, verified and read back without its pipeline."""
    if not is_finished(directory):
        return None
    loader = Loader(directory)
    evaluation = stored_evaluation(loader, dataset, fold, seed)
    facts = loader.manifest.data
    return Outcome(evaluation, None, read_history(directory), facts["engine"], facts["weights"], {})


def stored_evaluation(loader: Loader, dataset: Dataset, fold: Fold, seed: int) -> Evaluation:
    """Predictions and scores of a finished child; its test rows were opened then, so the ledger has them."""
    loader.json("metrics.json")
    return read_evaluation(loader.directory, dataset, fold, seed)


def read_evaluation(directory: pathlib.Path, dataset: Dataset, fold: Fold, seed: int) -> Evaluation:
    """The same of a child that is not finished yet."""
    document = json.loads((directory / "metrics.json").read_text(encoding="utf-8"))
    found = {part: scores.from_json(document[part]) for part in PARTS if part in document}
    validation = read_predictions(directory, "validation") if has_predictions(directory, "validation") else None
    test = read_predictions(directory, "test")
    return Evaluation(fold.name, seed, found, test, validation, dataset.take(fold.test))


def has_predictions(directory: pathlib.Path, part: str) -> bool:
    """Whether there are predictions of a part."""
    return (directory / "predictions" / f"{part}.parquet").is_file()


def write_metrics(directory: pathlib.Path, evaluation: Evaluation) -> None:
    """``metrics.json`` of one model."""
    found = {part: scores.as_json(entry) for part, entry in evaluation.scores.items()}
    write_json(directory / "metrics.json", arrays.plain(found))


def write_predictions(directory: pathlib.Path, part: str, predictions: Predictions) -> None:
    """``predictions/<part>.parquet``."""
    with atomic(directory / "predictions" / f"{part}.parquet") as file:
        pq.write_table(predictions.arrow(), file)


def read_predictions(directory: pathlib.Path, part: str) -> Predictions:
    """The inverse of `write_predictions`."""
    return Predictions.from_arrow(pq.read_table(directory / "predictions" / f"{part}.parquet", partitioning=None))


def write_history(directory: pathlib.Path, history: Sequence[Mapping[str, float]]) -> None:
    """``history.csv``: one line for each epoch."""
    names: list[str] = []
    for row in history:
        names += [name for name in row if name not in names]
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(history)
    write_text(directory / "history.csv", text.getvalue())


def read_history(directory: pathlib.Path) -> list[dict[str, float]]:
    """The inverse of `write_history`."""
    path = directory / "history.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: float(value) for name, value in row.items() if value} for row in csv.DictReader(file)]
