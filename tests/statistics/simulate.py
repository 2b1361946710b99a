"""What the intervals and tests hold, by simulation: coverage of 95 % intervals, and errors of the first kind at 5 %.

    python tests/statistics/simulate.py            # 2,000 simulations of each; write the raw figures and the page
    python tests/statistics/simulate.py --part folds    # simulate one part anew, and keep the others
    python tests/statistics/simulate.py --page     # write the page from the raw figures

Rows are drawn from distributions whose metrics are known in closed form. A positive row scores higher than another by
`APART` standard deviations, and is called positive above the middle; errors of a regression are Laplace.

Groups are of `GROUP` rows whose errors share a part of their variance. Over folds, two linear models of one input each are
trained; the target is the sum of both inputs and noise, so that by symmetry they are equally good at any size.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import importlib.metadata
import json
import math
import multiprocessing
import os
import platform
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.stats import norm

from sci.api import Feature, Predictions
from sci_metrics.accuracy import Accuracy
from sci_metrics.binary import F1
from sci_metrics.config import PositiveConfig
from sci_metrics.ranking import RocAuc
from sci_metrics.regression import Rmse
from sci_statistics.bootstrap import Bootstrap
from sci_statistics.config import BootstrapConfig, McNemarConfig, PairedBootstrapConfig
from sci_statistics.delong import DeLong
from sci_statistics.folds import CorrectedT
from sci_statistics.mcnemar import McNemar
from sci_statistics.paired import PairedBootstrap
from sci_statistics.wilson import Wilson

FOLDER = Path(__file__).resolve().parents[2] / "docs/reference"
RAW, PAGE = FOLDER / "statistics.json", FOLDER / "statistics.md"
APART = 1.5
RESAMPLES = 999
CELLS = ((1000, 0.3), (100, 0.1))
GROUP = 20
GROUPED = ((20, 0.3), (50, 0.3), (50, 0.0))
"""Numbers of groups, each with the share of variance that the rows of a group have in common."""
RIGHT = 0.8
"""Accuracy of the grouped rows."""
SPLITS = (("10-fold", 10, 20), ("15 random splits, a fifth for test", 15, 40))
"""Kind of split, number of models, test rows of each, of `CASES` rows."""
CASES = 200
METRICS: dict[str, Any] = {
    "accuracy": Accuracy(None),
    "f1": F1(PositiveConfig()),
    "roc-auc": RocAuc(PositiveConfig()),
    "rmse": Rmse(None),
}
NUMBER, WORD, PAIR = Feature("number"), Feature("category", dtype="string"), Feature("array", shape=(2,))
CLASSES = np.array(["no", "yes"], dtype=object)


def truth(prevalence: float) -> dict[str, float]:
    """The metrics of infinitely many rows."""
    found, false = norm.cdf(APART / 2), norm.cdf(-APART / 2)
    predicted = prevalence * found + (1 - prevalence) * false
    return {
        "accuracy": prevalence * found + (1 - prevalence) * (1 - false),
        "f1": 2 * prevalence * found / (prevalence + predicted),
        "roc-auc": float(norm.cdf(APART / math.sqrt(2))),
        "rmse": math.sqrt(2),
    }


def classified(positive: np.ndarray, scores: np.ndarray) -> Predictions:
    probability = norm.cdf(scores)
    columns = {
        "target": CLASSES[positive.astype(int)],
        "prediction.label": CLASSES[(scores > APART / 2).astype(int)],
        "prediction.probability": np.stack([1 - probability, probability], axis=1),
    }
    features = {"target": WORD, "prediction.label": WORD, "prediction.probability": PAIR}
    info = {"classes": ["no", "yes"], "positive": "yes"}
    return Predictions.of(np.arange(len(positive)), columns, features, info=info)


def measured(errors: np.ndarray) -> Predictions:
    columns = {"target": np.zeros(len(errors)), "prediction.value": errors}
    return Predictions.of(np.arange(len(errors)), columns, dict.fromkeys(columns, NUMBER))


def sample(random: np.random.Generator, n: int, prevalence: float) -> Any:
    """One test set for classification and one for regression."""
    positive = random.random(n) < prevalence
    return classified(positive, random.normal(size=n) + APART * positive), measured(random.laplace(size=n))


def pair(random: np.random.Generator, n: int, prevalence: float) -> Any:
    """Two equally good models on the same rows, for classification and for regression."""
    positive = random.random(n) < prevalence
    shared = random.normal(size=n)
    own = (shared + random.normal(size=(2, n))) / math.sqrt(2) + APART * positive
    errors = random.normal(size=n) + random.normal(size=(2, n))
    return [classified(positive, one) for one in own], [measured(one) for one in errors]


def covered(job: tuple[int, float, int]) -> dict[str, str]:
    """One simulation: metric to inside, below, above or undefined: where the truth lies."""
    n, prevalence, seed = job
    random = np.random.default_rng([seed, n])
    classes, numbers = sample(random, n, prevalence)
    known, bootstrap = truth(prevalence), Bootstrap(BootstrapConfig(resamples=RESAMPLES))
    found = {}
    for name, metric in METRICS.items():
        method = Wilson() if getattr(metric, "interval", "") == "wilson" else bootstrap
        one = method.interval(metric, numbers if name == "rmse" else classes, 0.95, seed)
        found[name] = place(known[name], one.low, one.high)
    return found


def place(value: float, low: float, high: float) -> str:
    if math.isnan(low):
        return "undefined"
    return "below" if value < low else "above" if value > high else "inside"


TESTS: dict[str, tuple[str, Any]] = {
    "accuracy": ("McNemar", McNemar(McNemarConfig())),
    "f1": ("paired bootstrap", PairedBootstrap(PairedBootstrapConfig(resamples=RESAMPLES))),
    "roc-auc": ("DeLong", DeLong()),
    "rmse": ("paired bootstrap", PairedBootstrap(PairedBootstrapConfig(resamples=RESAMPLES))),
}


def rejected(job: tuple[int, float, int]) -> dict[str, str]:
    """One simulation: metric to rejected, kept or undefined."""
    n, prevalence, seed = job
    classes, numbers = pair(np.random.default_rng([seed, n, 1]), n, prevalence)
    found = {}
    for name, (_, method) in TESTS.items():
        p = method.compare(METRICS[name], *(numbers if name == "rmse" else classes), 0.95, seed).p
        found[name] = "undefined" if math.isnan(p) else "rejected" if p <= 0.05 else "kept"
    return found


def grouped(job: tuple[int, float, int]) -> dict[str, str]:
    """One simulation: metric and method to where the truth lies, for intervals that know of groups and for others."""
    groups, shared, seed = job
    random = np.random.default_rng([seed, groups, 2])
    common, own = random.normal(size=(groups, 1)), random.normal(size=(groups, GROUP))
    errors = (math.sqrt(shared) * common + math.sqrt(1 - shared) * own).ravel()
    labels = CLASSES[(errors < norm.ppf(RIGHT)).astype(int)]
    columns = {"target": CLASSES[np.ones(len(errors), dtype=int)], "prediction.label": labels}
    answers = Predictions.of(
        np.arange(len(errors)), columns, dict.fromkeys(columns, WORD), info={"classes": ["no", "yes"]}
    )
    names = pa.array(np.repeat(np.arange(groups), GROUP))
    bootstrap = Bootstrap(BootstrapConfig(resamples=RESAMPLES))
    found = {}
    for metric, known, made in (("accuracy", RIGHT, answers), ("rmse", 1.0, measured(errors))):
        told = dataclasses.replace(made, table=made.table.append_column("group", names))
        blind = Wilson() if metric == "accuracy" else bootstrap
        for method, way, rows in (("whole groups", bootstrap, told), ("single rows", blind, made)):
            one = way.interval(METRICS[metric], rows, 0.95, seed)
            found[f"{metric}, {method}"] = place(known, one.low, one.high)
    return found


def over_folds(job: tuple[str, int, int, int]) -> dict[str, str]:
    """One simulation: test to rejected, kept or undefined, for two equally good models over folds."""
    kind, models, tested, seed = job
    random = np.random.default_rng([seed, models, 3])
    inputs = random.normal(size=(CASES, 2))
    target = inputs.sum(axis=1) + random.normal(size=CASES)
    order = random.permutation(CASES)
    tests = [
        order[at * tested : (at + 1) * tested] if kind == "10-fold" else random.permutation(CASES)[:tested]
        for at in range(models)
    ]
    errors: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    for rows in tests:
        train = np.setdiff1d(np.arange(CASES), rows)
        for at in range(2):
            slope, start = np.polyfit(inputs[train, at], target[train], 1)
            errors[at].append(slope * inputs[rows, at] + start - target[rows])
    fold = pa.array(np.repeat([f"fold-{at}" for at in range(models)], tested))
    found = {}
    for test, trained in (("corrected t", CASES - tested), ("t without correction", math.inf)):
        made = (measured(np.concatenate(own)) for own in errors)
        a, b = (
            dataclasses.replace(one, table=one.table.append_column("fold", fold), info={"train_rows": trained})
            for one in made
        )
        p = CorrectedT().compare(METRICS["rmse"], a, b, 0.95, seed).p
        found[test] = "undefined" if math.isnan(p) else "rejected" if p <= 0.05 else "kept"
    return found


def counted(outcomes: list[dict[str, str]]) -> dict[str, dict[str, int]]:
    names = list(outcomes[0])
    return {name: {w: [o[name] for o in outcomes].count(w) for w in {o[name] for o in outcomes}} for name in names}


def rows_alone(simulations: int, pool: Any) -> list[dict[str, Any]]:
    """Coverage and errors of the first kind on one test set of independent rows."""
    cells = []
    for n, prevalence in CELLS:
        jobs = [(n, prevalence, seed) for seed in range(simulations)]
        coverage, errors = (counted(pool.map(work, jobs, chunksize=20)) for work in (covered, rejected))
        cells.append({"n": n, "prevalence": prevalence, "coverage": coverage, "type_one": errors})
    return cells


def rows_in_groups(simulations: int, pool: Any) -> list[dict[str, Any]]:
    """Coverage on rows that come in groups."""
    return [
        {
            "groups": groups,
            "shared": shared,
            "coverage": counted(
                pool.map(grouped, [(groups, shared, seed) for seed in range(simulations)], chunksize=20)
            ),
        }
        for groups, shared in GROUPED
    ]


def models_over_folds(simulations: int, pool: Any) -> list[dict[str, Any]]:
    """Errors of the first kind over folds."""
    return [
        {
            "split": kind,
            "type_one": counted(
                pool.map(over_folds, [(kind, models, tested, seed) for seed in range(simulations)], chunksize=20)
            ),
        }
        for kind, models, tested in SPLITS
    ]


PARTS = {"rows": rows_alone, "groups": rows_in_groups, "folds": models_over_folds}


def simulated(part: str, simulations: int, processes: int) -> dict[str, Any]:
    """The cells of one part, with when and how they were made."""
    began = time.monotonic()
    with multiprocessing.Pool(processes) as pool:
        cells = PARTS[part](simulations, pool)
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in ("numpy", "scipy")},
        "seconds": round(time.monotonic() - began),
        "simulations": simulations,
        "resamples": RESAMPLES,
        "cells": cells,
    }


def page(raw: dict[str, Any]) -> str:
    """The page, from the raw figures alone."""
    alone, together, folds = (raw[part] for part in PARTS)
    lines = [
        "# What intervals and tests hold",
        "",
        f"Shares of {alone['simulations']:,} simulated test sets whose truth is known; bootstraps of {alone['resamples']:,} resamples.",
        "Accuracy has the interval of Wilson, other metrics BCa. The aim at 1,000 rows is 93 to 97 % and, for tests of two",
        "equally good models at 5 %, 3 to 7 %; small test sets are printed as they are.",
        "",
        "## Coverage of 95 % intervals",
        "",
        "| rows | share of positives | metric | covered | truth below | truth above | undefined |",
        "|---:|---:|---|---:|---:|---:|---:|",
    ]
    for cell in alone["cells"]:
        for name, found in cell["coverage"].items():
            lines.append(f"| {cell['n']:,} | {cell['prevalence']} | {name} | {placed(found)} |")
    lines += [
        "",
        "## Equal models that are called different at 5 %",
        "",
        "| rows | share of positives | metric | test | called different | undefined |",
        "|---:|---:|---|---|---:|---:|",
    ]
    for cell in alone["cells"]:
        for name, found in cell["type_one"].items():
            lines.append(f"| {cell['n']:,} | {cell['prevalence']} | {name} | {TESTS[name][0]} | {told(found)} |")
    lines += [
        "",
        "## Coverage where rows come in groups",
        "",
        f"Groups of {GROUP} rows; the rows of a group share a part of the variance of their errors. With `data.group` whole groups are drawn; an",
        "interval that takes such rows for independent ones is far too narrow. With as few as 20 groups that of whole groups is a little short, too.",
        "",
        "| groups | variance in common | metric, what is drawn | covered | truth below | truth above | undefined |",
        "|---:|---:|---|---:|---:|---:|---:|",
    ]
    for cell in together["cells"]:
        for name, found in cell["coverage"].items():
            lines.append(f"| {cell['groups']} | {cell['shared']} | {name} | {placed(found)} |")
    lines += [
        "",
        "## Equal models over folds that are called different at 5 %",
        "",
        f"Two linear models of one input each, which by symmetry are equally good, on {CASES} rows. Training rows of the folds overlap, which the t test",
        "without correction does not know. The corrected one is `corrected-t`: right for random splits, whose test rows overlap too, and cautious for",
        "ten folds, whose test rows do not.",
        "",
        "| split | test | called different | undefined |",
        "|---|---|---:|---:|",
    ]
    for cell in folds["cells"]:
        for name, found in cell["type_one"].items():
            lines.append(f"| {cell['split']} | {name} | {told(found)} |")
    lines.append("")
    for part, made in raw.items():
        versions = ", ".join(f"{name} {version}" for name, version in made["versions"].items())
        count = f"{made['simulations']:,} simulations"
        lines.append(
            f"- {part}: {count} on {made['date']} with Python {made['python']}, {versions}, in {made['seconds']} s."
        )
    return "\n".join([*lines, "", "Raw figures: [statistics.json](statistics.json). Again: `make statistics`.", ""])


def placed(found: dict[str, int]) -> str:
    """Where the truth lay, as cells."""
    return " | ".join(share(found, word) for word in ("inside", "below", "above", "undefined"))


def told(found: dict[str, int]) -> str:
    """What the test said, as cells."""
    return " | ".join(share(found, word) for word in ("rejected", "undefined"))


def share(found: dict[str, int], word: str) -> str:
    return f"{100 * found.get(word, 0) / sum(found.values()):.1f} %"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--part", choices=PARTS, action="append", help="what to simulate anew; by default everything")
    parser.add_argument("--simulations", type=int, default=2000)
    given = parser.parse_args()
    raw = json.loads(RAW.read_text(encoding="utf-8")) if RAW.exists() else {}
    for part in () if given.page else given.part or PARTS:
        raw[part] = simulated(part, given.simulations, os.cpu_count() or 1)
        RAW.write_text(json.dumps(raw, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    PAGE.write_text(page(json.loads(RAW.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
