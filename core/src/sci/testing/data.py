"""Small data sets, made anew for whoever asks: every kind of column, and nothing at random."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import Dataset, Feature, Ragged, Role, Schema
from sci.api.errors import ConfigError

INPUT: Role = "input"
ROWS = 48
CLASSES = ("green", "red", "blue")
CITIES = ("Oslo", "Lima", "Accra", "Perth")
WORDS = ("good morning", "win a prize now", "see you at noon", "call this number", "no, not today")


def named(name: str) -> Dataset:
    """The data set of this name.

    Raises:
        ConfigError: there is none.
    """
    if name not in DATA:
        raise ConfigError(f"no data set of the kit is called `{name}`", id="plugin.check", note=", ".join(DATA))
    return DATA[name]()


def table() -> Dataset:
    """Inputs of every plain kind and a number to predict. Nothing is missing.

    `dose` and `age` are numbers, `spectrum` a vector of 3, `smoker` a boolean, `city` a category by name, `grade` one
    by code, `note` a text, `site` a group; the target is `outcome`.
    """
    return _table(np.round(5 + 2 * _wave(3) + _wave(11), 3), Feature("number", dtype="float64", unit="day"))


def classes() -> Dataset:
    """The inputs of `table` and a category to predict, by name: `green`, `red` or `blue`."""
    names = pa.array([CLASSES[row % 3 if row % 5 else 0] for row in range(ROWS)], pa.large_string())
    return _table(names, Feature("category", dtype="string"))


def regression() -> Dataset:
    """What a model reads: five numbers `x0` to `x4`, and a number to predict that is nearly linear in them."""
    inputs = _inputs()
    value = sum((place + 1) * column for place, column in enumerate(inputs.values()))
    return _dataset(inputs, np.asarray(value + 0.3 * _wave(13)), Feature("number", dtype="float64"))


def classification() -> Dataset:
    """What a model reads: five numbers, and one of three classes to predict, as a code."""
    inputs = _inputs()
    value = np.asarray(sum((place + 1) * column for place, column in enumerate(inputs.values())))
    codes = np.digitize(value, np.quantile(value, [1 / 3, 2 / 3])).astype(np.int64)
    return _dataset(inputs, codes, _label())


def labels() -> Dataset:
    """What a model reads: five numbers, and which of three labels apply, 0 or 1 for each."""
    inputs = _inputs()
    value = np.asarray(sum((place + 1) * column for place, column in enumerate(inputs.values())))
    applies = (value[:, None] > np.quantile(value, [1 / 4, 1 / 2, 3 / 4])).astype(np.float32)
    return _dataset(inputs, applies, replace(_label(), dtype="float32", shape=(3,)))


def images() -> Dataset:
    """Images of 8 by 8 numbers from 0 to 1, and one of three classes, as a code."""
    codes = np.arange(ROWS, dtype=np.int64) % 3
    place = np.arange(64)
    values = 0.5 + 0.5 * np.sin(place[None, :] * (codes[:, None] + 1) / 5 + np.arange(ROWS)[:, None] / 50)
    feature = Feature("image", dtype="float32", shape=(8, 8))
    return _dataset({"picture": values.reshape(ROWS, 8, 8).astype(np.float32)}, codes, _label(), {"picture": feature})


def tokens() -> Dataset:
    """Sequences of 2 to 6 tokens out of 12, and one of three classes, as a code."""
    codes = np.arange(ROWS, dtype=np.int64) % 3
    lengths = 2 + np.arange(ROWS) % 5
    values = np.concatenate([(4 * code + np.arange(size) % 4) for code, size in zip(codes, lengths, strict=True)])
    ragged = Ragged(values.astype(np.int64), np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64))
    feature = Feature("tokens", dtype="int64", ragged=True, size=12)
    return _dataset({"words": ragged}, codes, _label(), {"words": feature})


def series() -> Dataset:
    """Sequences of 3 to 6 vectors of 2 numbers, and one of three classes, as a code."""
    codes = np.arange(ROWS, dtype=np.int64) % 3
    lengths = 3 + np.arange(ROWS) % 4
    values = np.concatenate([np.full((size, 2), code - 1.0) for code, size in zip(codes, lengths, strict=True)])
    values = values + 0.1 * np.sin(np.arange(values.size)).reshape(values.shape)
    ragged = Ragged(values.astype(np.float32), np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64))
    feature = Feature("series", dtype="float32", shape=(2,), ragged=True)
    return _dataset({"signal": ragged}, codes, _label(), {"signal": feature})


def translation() -> Dataset:
    """Sequences of 1 to 4 tokens out of 9, and as their answers the same tokens in the other direction."""
    lengths = 1 + np.arange(ROWS) % 4
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    place = np.arange(offsets[-1])
    codes = 1 + place * place % 8
    start = np.repeat(offsets[:-1], lengths)
    turned = codes[start + np.repeat(offsets[1:], lengths) - 1 - place]
    feature = Feature("tokens", dtype="int64", ragged=True, size=9)
    return _dataset({"words": Ragged(codes, offsets)}, Ragged(turned, offsets), feature, {"words": feature})


DATA: Mapping[str, Callable[[], Dataset]] = {
    made.__name__: made
    for made in (table, classes, regression, classification, labels, images, tokens, series, translation)
}
"""Name to what makes it."""


def _wave(period: int) -> np.ndarray:
    """Numbers without order that are the same everywhere: no two of them are equal."""
    return np.sin(np.arange(ROWS) * (1 + period) * 1.7) + np.arange(ROWS) / 1000


def _inputs() -> dict[str, np.ndarray]:
    return {f"x{place}": _wave(place) for place in range(5)}


def _label() -> Feature:
    return Feature("category", dtype="int64", size=3, values=CLASSES)


def _table(target: Any, feature: Feature) -> Dataset:
    rows = np.arange(ROWS)
    columns: dict[str, Any] = {
        "dose": np.round(20 + 7 * _wave(5), 2),
        "age": np.round(50 + 20 * _wave(2)),
        "spectrum": np.stack([_wave(7), _wave(8), _wave(9)], axis=1).astype(np.float32),
        "smoker": (rows % 3 == 0).astype(np.int64),
        "city": pa.array([CITIES[row * row % 7 % 4] for row in rows], pa.large_string()),
        "grade": (rows * rows % 5 % 3).astype(np.int64),
        "note": pa.array([f"{WORDS[row % 5]}, {row % 7}" for row in rows], pa.large_string()),
        "site": pa.array([f"site {row % 6}" for row in rows], pa.large_string()),
        "outcome": target,
    }
    features = {
        "dose": Feature("number", dtype="float64", unit="mg"),
        "age": Feature("number", dtype="float64", unit="year"),
        "spectrum": Feature("array", dtype="float32", shape=(3,)),
        "smoker": Feature("boolean", dtype="int64"),
        "city": Feature("category", dtype="string"),
        "grade": Feature("category", dtype="int64", size=3, values=("a", "b", "c")),
        "note": Feature("text", dtype="string"),
        "site": Feature("category", dtype="string"),
        "outcome": feature,
    }
    roles: dict[str, Role] = {**dict.fromkeys(features, INPUT), "site": "group", "outcome": "target"}
    return Dataset(columns, Schema(features, roles, {"target": "outcome"}), rows.astype(np.int64) + 100)


def _dataset(
    inputs: Mapping[str, Any],
    target: np.ndarray | Ragged,
    label: Feature,
    features: Mapping[str, Feature] | None = None,
) -> Dataset:
    known = dict(features or {name: Feature("number", dtype="float64") for name in inputs})
    roles: dict[str, Role] = {**dict.fromkeys(known, INPUT), "y": "target"}
    return Dataset({**inputs, "y": target}, Schema({**known, "y": label}, roles, {"target": "y"}))
