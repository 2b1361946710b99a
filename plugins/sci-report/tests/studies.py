"""Studies built by hand: small simulations with real numbers, and the extremes that a report must survive."""

from __future__ import annotations

import contextlib
import io
import pathlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import nan
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import (
    AuditFinding,
    Band,
    Dataset,
    Difference,
    Evaluation,
    Failure,
    Feature,
    Predictions,
    Schema,
    Score,
    Study,
    Verdict,
)


class Run:
    """A run context that writes into a folder."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.run_id = directory.name
        self.purpose = "run"
        self.experiment: Mapping[str, Any] = {}
        self.directory = directory
        self.seed = 7
        self.written: list[str] = []

    def resolve(self, path: str) -> pathlib.Path:
        return self.directory / path

    @contextlib.contextmanager
    def write(self, name: str) -> Iterator[io.BytesIO]:
        buffer = io.BytesIO()
        yield buffer
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(buffer.getvalue())
        self.written.append(name)

    def report(self, message: str, done: int | None = None, total: int | None = None) -> None: ...

    def warn(self, id: str, message: str) -> None: ...

    def changed(self, column: str, why: str) -> None: ...

    def random(self, stream: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, len(stream)])

    def score(self, metric: Any, predictions: Predictions, confidence: float | None = None) -> Score:
        """A percentile bootstrap of few draws; `primary` is the accuracy."""
        n = len(predictions)
        value = accuracy if metric == "primary" else metric
        draws = [value(predictions.take(rows)) for rows in self.random("score").integers(0, n, (200, n))]
        level = confidence or 0.95
        low, high = (
            np.nanquantile(draws, [(1 - level) / 2, (1 + level) / 2]) if np.isfinite(draws).any() else (nan, nan)
        )
        better = getattr(value, "higher_is_better", True)
        return Score(value(predictions), low, high, level, "percentile bootstrap", n, better)

    def band(self, curve: Any, predictions: Predictions) -> Band:
        """The same at each point."""
        n = len(predictions)
        drawn = self.random("band").integers(0, n, (200, n))
        counts = np.stack([np.bincount(rows, minlength=n) for rows in drawn]).astype(float)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="All-NaN slice")
            low, high = np.nanquantile(curve.weighted(predictions)(counts), [0.025, 0.975], axis=0)
        return Band(low, high, 0.95, "percentile bootstrap at each point")

    def stop_requested(self) -> bool:
        return False


def accuracy(predictions: Predictions) -> float:
    return float((predictions.codes("target") == predictions.codes("label")).mean())


def run(folder: pathlib.Path, name: str = "20261123-161020-k3f9") -> pathlib.Path:
    directory = folder / "runs" / "study" / name
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def score(value: float, low: float = np.nan, high: float = np.nan, n: int = 100, **more: Any) -> Score:
    higher = more.pop("higher", True)
    return Score(value, low, high, 0.95, more.pop("method", "bca bootstrap"), n, higher, more)


def difference(value: float, low: float, high: float, p: float = 0.03, detectable: float = 0.04) -> Difference:
    return Difference(value, low, high, 0.95, p, "paired bootstrap", detectable)


def classified(
    true: Sequence[str], probability: np.ndarray, classes: Sequence[str], positive: str | None = None, first: int = 0
) -> Predictions:
    labels = [classes[at] for at in np.argmax(probability, axis=1)] if len(probability) else []
    table = {
        "id": pa.array(np.arange(first, first + len(true))),
        "target": pa.array(list(true), pa.large_string()),
        "prediction.label": pa.array(labels, pa.large_string()),
        "prediction.probability": pa.FixedSizeListArray.from_arrays(pa.array(probability.ravel()), len(classes)),
    }
    names = Feature("category", dtype="string", values=tuple(classes))
    features = {
        "target": names,
        "prediction.label": names,
        "prediction.probability": Feature("array", dtype="float64", shape=(len(classes),)),
    }
    return Predictions(pa.table(table), features, {"classes": list(classes), "positive": positive})


def regressed(true: np.ndarray, value: np.ndarray) -> Predictions:
    table = {"id": pa.array(np.arange(len(true))), "target": pa.array(true), "prediction.value": pa.array(value)}
    number = Feature("number", dtype="float64")
    return Predictions(pa.table(table), {"target": number, "prediction.value": number})


def rows(columns: Mapping[str, Any], features: Mapping[str, Feature], target: str) -> Dataset:
    roles = {name: "target" if name == target else "input" for name in features}
    return Dataset(columns, Schema(features, roles, {"target": target}))


def interval(metric: Any, n: int, seed: int = 0) -> tuple[float, float]:
    generator = np.random.default_rng(seed)
    draws = [metric(generator.integers(0, n, n)) for _ in range(300)]
    low, high = np.nanquantile(draws, [0.025, 0.975])
    return float(low), float(high)


WORDS = ["Free", "prize", "call", "now", "to", "claim", "your", "ticket", "before", "midnight", "or", "STOP", "mum"]


def binary(folder: pathlib.Path, n: int = 400, **changes: Any) -> Study:
    """A text classification with two rivals; the numbers are computed from simulated answers."""
    generator = np.random.default_rng(1)
    spam = generator.random(n) < 0.16
    true = np.where(spam, "spam", "ham")
    p_model = 1 / (1 + np.exp(-(np.where(spam, 3.2, -4.0) + generator.normal(0, 1.8, n))))
    p_rival = 1 / (1 + np.exp(-(np.where(spam, 2.0, -4.0) + generator.normal(0, 2.2, n))))
    model, rival = (classified(true, np.stack([1 - p, p], 1), ["ham", "spam"], "spam") for p in (p_model, p_rival))
    constant = classified(true, np.tile([0.84, 0.16], (n, 1)), ["ham", "spam"], "spam")
    texts = [" ".join(generator.choice(WORDS, size=int(generator.integers(4, 22)))) for _ in range(n)]
    features = {"text": Feature("text", dtype="string"), "label": Feature("category", dtype="string")}
    data = rows({"text": pa.array(texts), "label": pa.array(list(true))}, features, "label")

    def f1(said: np.ndarray) -> Any:
        def on(rows: np.ndarray) -> float:
            t, s = spam[rows], said[rows]
            return 2 * (t & s).sum() / max((t.sum() + s.sum()), 1)

        return on

    def accuracy(said: np.ndarray) -> Any:
        return lambda rows: float((spam[rows] == said[rows]).mean())

    def brier(p: np.ndarray) -> Any:
        return lambda rows: float(((spam[rows] - p[rows]) ** 2).mean())

    answers = {"model": p_model, "tfidf-logistic": p_rival, "majority": np.full(n, 0.16)}
    metrics = {
        name: {"f1": f1(p > 0.5), "accuracy": accuracy(p > 0.5), "brier": brier(p)} for name, p in answers.items()
    }
    every = np.arange(n)

    def scores(name: str) -> dict[str, Score]:
        return {
            metric: score(
                on(every),
                *interval(on, n),
                n=n,
                higher=metric != "brier",
                **({"positive": "spam"} if metric == "f1" else {}),
            )
            for metric, on in metrics[name].items()
        }

    def paired(metric: str, name: str) -> Difference:
        sign = -1 if metric == "brier" else 1
        a, b = metrics["model"][metric], metrics[name][metric]

        def gap(rows: np.ndarray) -> float:
            return sign * (a(rows) - b(rows))

        low, high = interval(gap, n)
        return difference(gap(every), low, high, p=0.0004 if low > 0 else 0.4)

    found = {
        metric: {name: paired(metric, name) for name in ("tfidf-logistic", "majority")} for metric in metrics["model"]
    }
    best = found["f1"]["tfidf-logistic"]
    validation = classified(true[:100], np.stack([1 - p_model, p_model], 1)[:100], ["ham", "spam"], "spam")
    state = "clears" if best.low > 0 else "not-separable"
    history = [
        {"epoch": e, "step": 61 * e, "loss": 0.11 / e, "validation_loss": 0.12 / e + 0.01, "f1": 0.99 - 0.05 / e**2}
        for e in range(1, 6)
    ]
    study = Study(
        name="sms-spam",
        question="Is this text message spam?",
        run=run(folder),
        experiment=EXPERIMENT,
        schema=data.schema,
        splits={"fold": {"train": 3 * n, "validation": 100, "test": n}},
        evaluations=[Evaluation("fold", 7, {}, model, validation, data)],
        baselines={
            "majority": [Evaluation("fold", 7, {}, constant, None, data)],
            "tfidf-logistic": [Evaluation("fold", 7, {}, rival, None, data)],
        },
        scores={"test": scores("model"), "validation": {"f1": score(0.993, 0.978, 1.0)}},
        baseline_scores={name: scores(name) for name in ("majority", "tfidf-logistic")},
        differences=found,
        verdict=Verdict(
            state,
            "The model clears its best baseline on f1, by "
            f"{best.value:.3f} (95 % interval {best.low:.3f} to {best.high:.3f}).",
            "f1",
            "tfidf-logistic",
            best,
            cautions=[
                "58 test rows have near copies in train. Without them the lead over `tfidf-logistic`, "
                "+0.035 (-0.002 to 0.073), is no longer separable from zero."
            ],
            weakened_by=["near-duplicates"],
        ),
        audit=AUDIT,
        history=history,
        openings=1,
        lock=LOCK,
        timings={"load": 0.4, "split": 0.1, "train": 192.3, "evaluate": 4.2},
        warnings=["9 rows were cut at 64 tokens"],
    )
    return replace(study, **changes)


EXPERIMENT: dict[str, Any] = {
    "format": 1,
    "name": "sms-spam",
    "question": {"en": "Is this text message spam?", "zh": "这条短信是垃圾短信吗？"},
    "intended_use": "Sorting text messages in English for their owner. Not for blocking messages unseen.",
    "seed": 7,
    "task": {"name": "classification", "positive": "spam"},
    "data": {
        "source": {"name": "csv", "path": "data/SMSSpamCollection", "delimiter": "\t"},
        "split": {"name": "stratified", "validation": 0.1, "test": 0.2},
    },
    "preprocessing": ["clean-text", {"name": "wordpiece", "vocabulary_size": 4000, "max_length": 64}],
    "model": {"name": "bert", "layers": 2, "hidden_size": 128},
    "engine": "torch",
    "training": {
        "optimizer": {"name": "adamw", "learning_rate": 5e-4},
        "epochs": 5,
        "batch_size": 32,
        "early_stopping": {"monitor": "f1", "patience": 2},
    },
    "evaluation": {"metrics": ["f1", "accuracy"], "baselines": ["majority", "tfidf-logistic"]},
}

AUDIT = [
    AuditFinding("exact-duplicates", "passed", "403 repeated texts, all on one side of the split", ("text",)),
    AuditFinding(
        "near-duplicates",
        "warning",
        "58 test rows have near copies in train, token overlap 0.7 or more",
        ("text",),
        tuple(range(58)),
        58,
        "split: {group_by: near-duplicates}",
    ),
    AuditFinding("classes", "passed", "every class occurs in every split"),
    AuditFinding("time", "note", "no column has the role `time`"),
]

LOCK: dict[str, Any] = {
    "plugins": [{"distribution": "sci-core", "version": "1.0.0"}, {"distribution": "sci-text", "version": "1.0.0"}],
    "data": {"fingerprint": "7d039a" * 10, "train": "a1" * 32, "validation": "b2" * 32, "test": "c3" * 32},
    "weights": "b41f" * 16,
    "seeds": {"split": 7, "training": 7},
    "environment": {"python": "3.12.7", "platform": "Linux x86_64", "threads": 2},
    "determinism": "A",
    "engine": {"name": "torch", "version": "2.9.1"},
}


def regression(folder: pathlib.Path, n: int = 240, **changes: Any) -> Study:
    """House prices in euro from three numbers."""
    generator = np.random.default_rng(2)
    area = generator.uniform(30, 200, n)
    age = generator.integers(0, 90, n).astype(float)
    town = generator.choice(["Köln", "Aachen", "Bonn"], n)
    true = 2400 * area - 900 * age + generator.normal(0, 30000, n) + 60000
    said = 2300 * area - 850 * age + 70000 + generator.normal(0, 12000, n)
    rival = np.full(n, true.mean())
    features = {
        "area": Feature("number", dtype="float64", unit="m²"),
        "age": Feature("number", dtype="float64", unit="year"),
        "town": Feature("category", dtype="string", size=3),
        "price": Feature("number", dtype="float64", unit="EUR"),
    }
    columns = {"area": area, "age": age, "town": pa.array(list(town)), "price": true}
    data = rows(columns, features, "price")

    def rmse(answer: np.ndarray) -> Any:
        return lambda rows: float(np.sqrt(((true[rows] - answer[rows]) ** 2).mean()))

    every = np.arange(n)
    model, base = rmse(said), rmse(rival)

    def gap(rows: np.ndarray) -> float:
        return base(rows) - model(rows)

    paired = difference(gap(every), *interval(gap, n), p=0.0001, detectable=np.nan)
    study = Study(
        name="house-prices",
        question="",
        run=run(folder),
        experiment={"task": "regression", "model": {"name": "linear-regression"}, "engine": "numpy"},
        schema=data.schema,
        splits={"fold": {"train": 700, "validation": 100, "test": n}},
        evaluations=[Evaluation("fold", 7, {}, regressed(true, said), None, data)],
        baselines={"mean": [Evaluation("fold", 7, {}, regressed(true, rival), None, data)]},
        scores={"test": {"rmse": score(model(every), *interval(model, n), n=n, higher=False)}},
        baseline_scores={"mean": {"rmse": score(base(every), *interval(base, n), n=n, higher=False)}},
        differences={"rmse": {"mean": paired}},
        verdict=Verdict("clears", "The model clears its best baseline on rmse.", "rmse", "mean", paired),
        audit=[],
        history=[],
        openings=2,
        lock={},
        timings={},
    )
    return replace(study, **changes)


def several(folder: pathlib.Path, classes: Sequence[str], n: int = 300, right: float = 0.8, **changes: Any) -> Study:
    """A classification with any number of classes; a share of the answers is right."""
    generator = np.random.default_rng(3)
    k = len(classes)
    true = generator.integers(0, k, n)
    said = np.where(generator.random(n) < right, true, generator.integers(0, k, n))
    probability = np.full((n, k), 0.1 / max(k - 1, 1))
    probability[np.arange(n), said] = 0.9 if k > 1 else 1.0
    test = classified([classes[at] for at in true], probability, classes)
    data = rows(
        {"x": generator.normal(size=n), "class": pa.array([classes[at] for at in true])},
        {"x": Feature("number", dtype="float64"), "class": Feature("category", dtype="string")},
        "class",
    )
    value = float((true == said).mean())
    found = score(value, value - 0.04, min(value + 0.04, 1.0), n=n)
    study = Study(
        name="several",
        question="Which class?",
        run=run(folder),
        experiment={"task": {"name": "classification"}, "model": "softmax-regression", "engine": "numpy"},
        schema=data.schema,
        splits={"fold": {"train": 3 * n, "validation": 0, "test": n}},
        evaluations=[Evaluation("fold", 7, {}, test, None, data)],
        baselines={},
        scores={"test": {"accuracy": found}},
        baseline_scores={},
        differences={},
        verdict=Verdict("no-baseline", f"accuracy is {value:.3f}. There is no baseline.", "accuracy"),
        audit=[],
        history=[],
        openings=1,
        lock={},
        timings={},
    )
    return replace(study, **changes)


def failure(folder: pathlib.Path, **changes: Any) -> Failure:
    """Training that diverged in its third epoch, with a batch of four rows."""
    features = {"age": Feature("number", dtype="float64", unit="year"), "y": Feature("number", dtype="float64")}
    batch = rows({"age": np.array([40.0, 51.0, 1e9, np.nan]), "y": np.arange(4.0)}, features, "y")
    found = Failure(
        name="tumours",
        question="",
        run=run(folder),
        file="../../../tumours.yaml",
        experiment={
            "task": "regression",
            "data": {"target": "y"},
            "model": "linear",
            "engine": "numpy",
            "training": {"optimizer": {"name": "sgd", "learning_rate": 0.5}, "batch_size": 4},
        },
        splits={"fold": {"train": 80, "validation": 10, "test": 10}},
        error={
            "id": "train.diverged",
            "message": "loss became NaN at step 412 (epoch 3); weights of step 400 are kept",
            "suggestion": "a smaller training.optimizer.learning_rate",
            "exit": 5,
        },
        child="",
        finished=0,
        children=1,
        step=412,
        epoch=3,
        kept=400,
        history=[{"epoch": e, "step": 200 * e, "loss": 2.0 / e, "validation_loss": 2.2 / e} for e in (1, 2)],
        steps=np.arange(402, 413),
        losses=np.array([*np.geomspace(1.0, 1e7, 10), np.nan]),
        rows=batch,
    )
    return replace(found, **changes)
