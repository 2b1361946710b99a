"""Leaks to plant in data sets: each gives rows, a fold, and what must then be found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from sci.api import Dataset, Feature, Fold, Schema

SHARE = 0.06
"""Of the test rows, so many are made copies."""


class Planted(NamedTuple):
    """Rows with a leak, their fold, the audit that must find it, the column, and the least number of rows."""

    rows: Dataset
    fold: Fold
    check: str
    column: str = ""
    least: int = 0


Plant = Callable[[Dataset, Fold, np.random.Generator], Planted]


def copies(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """Test rows are replaced by training rows."""
    taken, held = _pairs(rows, fold, random)
    order = np.arange(len(rows))
    order[held] = taken
    return Planted(rows.take(order).with_ids(rows.ids), fold, "duplicates", least=len(held))


def retyped(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """Test texts are replaced by training texts with a letter less, another case or another sign at the end."""
    taken, held = _pairs(rows, fold, random, longest_of=4)
    name = rows.schema.by("input")[0]
    texts = rows.column(name).to_pylist()
    for number, (source, place) in enumerate(zip(taken, held, strict=True)):
        text, cut = texts[source], int(random.integers(1, max(len(texts[source]) - 1, 2)))
        texts[place] = [text[:cut] + text[cut + 1 :], text.swapcase() + ".", text + " !"][number % 3]
    return Planted(_with(rows, **{name: pa.array(texts)}), fold, "near-duplicates", name, len(held))


def jittered(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """Test rows are replaced by training rows whose numbers are changed in the seventh digit."""
    taken, held = _pairs(rows, fold, random)
    order = np.arange(len(rows))
    order[held] = taken
    copied = rows.take(order).with_ids(rows.ids)
    changed = {}
    for name in rows.schema.by("input"):
        column = copied.column(name)
        if isinstance(column, np.ndarray) and copied.schema.columns[name].kind == "number":
            values = column.astype(np.float64).copy()
            values[held] *= 1 + 1e-7 * random.normal(size=len(held))
            values[held] += 1e-7
            changed[name] = pa.array(values)
    return Planted(_with(copied, **changed), fold, "near-duplicates", least=len(held))


def mislabeled(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """Training rows are repeated in train with the label of another class."""
    target = rows.schema.slots["target"]
    taken, held = (random.choice(fold.train, 12, replace=False) for _ in range(2))
    taken, held = np.setdiff1d(taken, held), np.setdiff1d(held, taken)
    taken, held = taken[: min(len(taken), len(held))], held[: min(len(taken), len(held))]
    order = np.arange(len(rows))
    order[held] = taken
    copied = rows.take(order).with_ids(rows.ids)
    labels = copied.column(target).to_pylist()
    classes = sorted({label for label in labels if label is not None})
    for place in held:
        labels[place] = next(one for one in classes if one != labels[place])
    return Planted(_with(copied, **{target: pa.array(labels)}), fold, "conflicting-labels", least=2 * len(held))


def torn_groups(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """A declared group of about five rows each, without regard to the parts."""
    return Planted(_add(rows, "group", cluster=_groups(rows, random)), fold, "groups", "cluster")


def patients(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """The same groups as an undeclared column that travels along."""
    return Planted(_add(rows, "context", patient_id=_groups(rows, random)), fold, "groups", "patient_id")


def numbered(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """An input that numbers the rows in some order."""
    return Planted(_add(rows, "input", record=pa.array(random.permutation(len(rows)))), fold, "id-columns", "record")


def named(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """An input that names each row by a code."""
    codes = [f"M{code}" for code in random.choice(10**6, len(rows), replace=False)]
    return Planted(_add(rows, "input", product=pa.array(codes)), fold, "id-columns", "product")


def future(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """A declared time that has nothing to do with the parts."""
    days = random.permutation(len(rows)).astype("timedelta64[D]") + np.datetime64("2020-01-01")
    return Planted(_add(rows, "time", day=pa.array(days)), fold, "time-order", "day")


def recoded(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """The target in other words: a class by another name, a number in another unit."""
    target = rows.column(rows.schema.slots["target"])
    if isinstance(target, np.ndarray):
        column = pa.array(1.8 * target + 32)
    else:
        names = {name: f"outcome {place}" for place, name in enumerate(sorted(set(target.to_pylist()), key=str))}
        column = pa.array([names[name] for name in target.to_pylist()])
    return Planted(_add(rows, "input", result=column), fold, "leaking-columns", "result")


def nearly(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """The target with one class in a hundred exchanged, or with noise of a twentieth of its deviation."""
    target = rows.column(rows.schema.slots["target"])
    if isinstance(target, np.ndarray):
        column = pa.array(target + 0.05 * np.nanstd(target) * random.normal(size=len(target)))
    else:
        classes = np.array(target.to_pylist(), dtype=object)
        wrong = random.random(len(classes)) < 0.01
        rare = np.mean(classes == _rarest(classes))
        wrong &= random.random(len(classes)) < min(1.0, 2 * rare)
        classes[wrong] = random.permutation(classes)[wrong]
        column = pa.array(list(classes))
    return Planted(_add(rows, "input", remark=column), fold, "leaking-columns", "remark")


def scored(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """A score that another model may have given: it puts two classes in order in 997 of 1,000 pairs."""
    classes = np.array(rows.column(rows.schema.slots["target"]).to_pylist(), dtype=object)
    column = pa.array((classes == _rarest(classes)) * 3.9 + random.normal(size=len(classes)))
    return Planted(_add(rows, "input", risk=column), fold, "leaking-columns", "risk")


def flagged(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """A flag that is set for half of the rows of the rarest class and for no other row."""
    classes = np.array(rows.column(rows.schema.slots["target"]).to_pylist(), dtype=object)
    column = (classes == _rarest(classes)) & (random.random(len(classes)) < 0.5)
    return Planted(_add(rows, "input", treated=pa.array(column.astype(int))), fold, "leaking-columns", "treated")


def coded(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """A file name that holds the first letters of the class."""
    classes = sorted({str(one) for one in rows.column(rows.schema.slots["target"]).to_pylist()})
    short = {name: "abcdefghijklmnopqrstuvwxyz"[place] * 3 for place, name in enumerate(classes)}
    names = [
        f"{row:05}_{short[str(one)]}_{random.integers(10**4)}"
        for row, one in enumerate(rows.column(rows.schema.slots["target"]).to_pylist())
    ]
    return Planted(_add(rows, "input", file=pa.array(names)), fold, "leaking-columns", "file")


def moved(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """In the test rows one number is larger by a deviation and a half: another device measured it."""
    for name in rows.schema.by("input"):
        column = rows.column(name)
        if isinstance(column, np.ndarray) and rows.schema.columns[name].kind == "number" and np.nanstd(column) > 0:
            values = column.astype(np.float64).copy()
            values[fold.test] += 1.5 * np.nanstd(values)
            return Planted(_with(rows, **{name: pa.array(values)}), fold, "shift")
    raise ValueError("no number")


def selected(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """The test rows are those with the longest texts or the largest first number."""
    column = rows.column(rows.schema.by("input")[0])
    texts = not isinstance(column, np.ndarray)
    order = np.argsort([len(text) for text in column.to_pylist()] if texts else column, kind="stable")
    cuts = np.cumsum([len(fold.train), len(fold.validation)])
    train, validation, test = np.split(order.astype(np.int64), cuts)
    return Planted(rows, Fold("selected", train, validation, test), "shift")


def untested(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """The test rows of one class go to train."""
    target = rows.schema.slots["target"]
    classes = np.array(rows.column(target).to_pylist(), dtype=object)
    gone = fold.test[classes[fold.test] == _rarest(classes)]
    moved = Fold("moved", np.union1d(fold.train, gone), fold.validation, np.setdiff1d(fold.test, gone))
    return Planted(rows, moved, "missing-classes", target)


def standardized(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """Every number is standardized over all rows."""
    return _fitted(rows, fold, lambda values: (values - values.mean()) / values.std())


def ranged(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """A measurement and its double, both brought to 0 to 1 over all rows, the largest of which is tested."""
    values = random.lognormal(size=(len(rows), 2))
    values[fold.test[0]] = values.max(axis=0) + 1
    whole = (values - values.min(axis=0)) / (values.max(axis=0) - values.min(axis=0))
    added = _add(rows, "input", level=pa.array(whole[:, 0]), volume=pa.array(whole[:, 1]))
    return Planted(added, fold, "fitted-outside-train", "level")


def filled(rows: Dataset, fold: Fold, random: np.random.Generator) -> Planted:
    """A tenth of a measurement is missing, and filled in with the mean of all others."""
    values = random.gamma(2.0, 3.0, len(rows))
    gaps = random.random(len(rows)) < 0.1
    values[gaps] = values[~gaps].mean()
    return Planted(_add(rows, "input", level=pa.array(values)), fold, "fitted-outside-train", "level")


def _fitted(rows: Dataset, fold: Fold, step: Callable[[np.ndarray], np.ndarray]) -> Planted:
    changed = {}
    for name in rows.schema.by("input"):
        column = rows.column(name)
        if isinstance(column, np.ndarray) and len(np.unique(column)) > 30 and np.isfinite(column).all():
            changed[name] = pa.array(step(column.astype(np.float64)))
    return Planted(_with(rows, **changed), fold, "fitted-outside-train", next(iter(changed)))


def _pairs(
    rows: Dataset, fold: Fold, random: np.random.Generator, longest_of: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Training rows and as many test rows; with `longest_of`, each the longest of so many texts."""
    count = max(3, round(SHARE * len(fold.test)))
    taken = random.choice(fold.train, (count, longest_of), replace=longest_of * count > len(fold.train))
    if longest_of > 1:
        texts = rows.column(rows.schema.by("input")[0]).to_pylist()
        lengths = np.array([[len(texts[place]) for place in some] for some in taken])
        taken = taken[np.arange(count), lengths.argmax(axis=1)]
    return taken.reshape(count), random.choice(fold.test, count, replace=False)


def _groups(rows: Dataset, random: np.random.Generator) -> pa.Array:
    return pa.array([f"p{number}" for number in random.permutation(len(rows)) // 5])


def _rarest(classes: np.ndarray) -> Any:
    names, counts = np.unique(classes.astype(str), return_counts=True)
    return names[counts.argmin()]


def _with(rows: Dataset, **columns: Any) -> Dataset:
    features = dict(rows.schema.columns)
    for name in columns:
        if features[name].kind == "number":
            features[name] = Feature("number", dtype="float64")
    return rows.with_columns(columns, Schema(features, rows.schema.roles, rows.schema.slots))


def _add(rows: Dataset, role: Any, **columns: pa.Array) -> Dataset:
    from sci.api.rows import plain_feature

    schema = rows.schema.add(role, **{name: plain_feature(column.type) for name, column in columns.items()})
    return rows.with_columns(columns, schema)


PLANTS: dict[str, tuple[Plant, tuple[str, ...]]] = {
    "copies": (copies, ("wine", "digits", "mr", "german-credit", "california")),
    "retyped": (retyped, ("mr", "subj", "cr", "sst", "waimai")),
    "jittered": (jittered, ("wine", "breast-cancer", "california", "pima")),
    "mislabeled": (mislabeled, ("iris", "breast-cancer", "german-credit", "subj")),
    "torn groups": (torn_groups, ("iris", "wine", "heart")),
    "patients": (patients, ("breast-cancer", "pima", "cr")),
    "numbered": (numbered, ("wine", "generated-linear", "taiwan")),
    "named": (named, ("breast-cancer", "auto-mpg", "heart")),
    "future": (future, ("generated-linear", "ai4i-sensors", "waimai")),
    "recoded": (recoded, ("iris", "generated-linear", "auto-mpg", "taiwan")),
    "nearly": (nearly, ("wine", "digits", "california", "german-credit")),
    "scored": (scored, ("breast-cancer", "pima", "heart")),
    "flagged": (flagged, ("digits", "ai4i-sensors", "optdigits")),
    "coded": (coded, ("iris", "digits", "heart")),
    "moved": (moved, ("breast-cancer", "pima", "california", "wisconsin")),
    "selected": (selected, ("iris", "sst", "auto-mpg", "ai4i-sensors")),
    "untested": (untested, ("wine", "digits", "optdigits")),
    "standardized": (standardized, ("wine", "breast-cancer", "california", "taiwan")),
    "ranged": (ranged, ("iris", "pima", "german-credit")),
    "filled": (filled, ("generated-linear", "heart", "optdigits")),
}
"""Kind of leak to how it is planted and the sets that it is planted in, fixed before any audit was run on them."""
