"""Shares of what a network reads as shares of what people know: columns, words, pixels."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from sci.api import VECTORS, Dataset, Figure, Pipeline, Table
from sci.api.numbers import significant
from sci.api.wording import both, quoted
from sci_explain.charts import Bar, bars
from sci_explain.inputs import names_of
from sci_explain.paths import Arrays, Paths
from sci_explain.pictures import Picture, pictures
from sci_explain.subject import Subject
from sci_explain.target import Target
from sci_explain.texts import Passage
from sci_explain.tokens import Words, in_words
from sci_explain.word_figures import word_figures

LINES = 15
EXAMPLES = 6


class Shares:
    """The shares of some rows.

    Args:
        pipeline: the model.
        rows: the raw rows.
        arrays: the rows as the network reads them.
        paths: shares of its inputs.
    """

    def __init__(self, pipeline: Pipeline, rows: Dataset, arrays: Arrays, paths: Paths) -> None:
        self.pipeline = pipeline
        self.rows = rows
        self.arrays = arrays
        self.paths = paths
        self.looked_up = any(key.endswith(VECTORS) for key in paths.shares)

    @cached_property
    def by_key(self) -> dict[str, np.ndarray]:
        """Shares by key of the network's input; those of vectors are summed to one for each code."""
        return {key.removesuffix(VECTORS): self._of_codes(key, array) for key, array in self.paths.shares.items()}

    def _of_codes(self, key: str, shares: np.ndarray) -> np.ndarray:
        if not key.endswith(VECTORS):
            return shares
        codes = self.arrays[key.removesuffix(VECTORS)]
        return shares.reshape(len(shares), shares.shape[1] if shares.ndim > 2 else codes.shape[1], -1).sum(axis=2)

    @cached_property
    def words(self) -> dict[str, list[Words]]:
        """The words of each text whose tokens have shares, where the steps tell where they stand."""
        batch = self.rows.batch(np.arange(len(self.rows), dtype=np.int64))
        return {
            name: in_words(spans, self.by_key[name])
            for name, spans in self.pipeline.spans(batch).items()
            if name + VECTORS in self.paths.shares
        }

    def as_json(self) -> dict[str, Any]:
        """The numbers, row by row."""
        shares = {name: self._inside(name, array) for name, array in self.by_key.items()}
        words = {
            name: [{"words": one.words, "shares": one.shares, "rest": one.rest} for one in texts]
            for name, texts in self.words.items()
        }
        return {"shares": shares, **({"words": words} if words else {})}

    def _inside(self, name: str, array: np.ndarray) -> Any:
        """Without the shares of padding."""
        lengths = self.arrays.get(f"{name}.length")
        return array if lengths is None else [row[:length] for row, length in zip(array, lengths, strict=True)]


def drawn(subject: Subject, shares: Shares, target: Target) -> list[Figure]:
    """Bars of columns, words in their texts, and images with their pixels.

    Args:
        subject: the model.
        shares: of what it reads.
        target: what was shared out.
    """
    names: list[str] = []
    sizes: list[float] = []
    figures: list[Figure] = []
    for key, array in shares.by_key.items():
        known = _columns(subject, key, array)
        if key in shares.words:
            figures += word_figures(subject, _passages(shares, key, target))
        elif known:
            names += known
            sizes += np.abs(array).mean(axis=0).tolist()
        elif array.ndim in (3, 4) and f"{key}.length" not in shares.arrays:
            figures.append(_images(subject, key, shares))
        else:
            names.append(key)
            sizes.append(float(np.abs(array).reshape(len(array), -1).sum(axis=1).mean()))
    return [*([_bars(subject, names, sizes)] if names else []), *figures]


def _columns(subject: Subject, key: str, array: np.ndarray) -> list[str]:
    """The names of the columns that are packed under a key of the network's input; none for others."""
    features = subject.model.pipeline.features
    packed = {"numbers": names_of(features), "categories": _categories(features.inputs)}
    found = packed.get(key, [])
    return found if array.ndim == 2 and len(found) == array.shape[1] else []


def _categories(inputs: dict[str, Any]) -> list[str]:
    return [name for name, feature in inputs.items() if feature.kind == "category"]


def _bars(subject: Subject, names: list[str], sizes: list[float]) -> Figure:
    order = np.argsort(-np.array(sizes), kind="stable")
    sheet = bars(
        [Bar(names[at], sizes[at]) for at in order[:LINES]],
        both("mean size of the share", "贡献的平均大小"),
        "; ".join(f"{names[at]}: {sizes[at]:.4g}" for at in order[:LINES]),
    )
    table = Table(
        [both("input", "输入"), both("mean size", "平均大小")], [[names[at], sizes[at]] for at in order[:500]]
    )
    return Figure(
        sheet.write(subject.context, subject.name),
        both("Largest share: {name}", "贡献最大：{name}", name=quoted(names[order[0]])),
        both("Inputs are those of the network, after all steps.", "输入是经过所有步骤之后网络读到的输入。"),
        table,
    )


def _passages(shares: Shares, key: str, target: Target) -> list[Passage]:
    outputs = shares.paths.differences
    return [
        Passage(
            both(
                "row {id}: the output moves by {difference}",
                "第 {id} 行：输出改变 {difference}",
                id=int(id),
                difference=significant(float(output)),
            ),
            one.words,
            one.shares,
        )
        for id, output, one in zip(shares.rows.ids, outputs, shares.words[key], strict=True)
    ]


def _images(subject: Subject, key: str, shares: Shares) -> Figure:
    array, images = shares.by_key[key], shares.arrays[key]
    flat = array.sum(axis=3) if array.ndim == 4 else array
    found = [
        Picture(both("row {id}", "第 {id} 行", id=int(shares.rows.ids[at])), images[at], flat[at], 1)
        for at in range(min(EXAMPLES, len(flat)))
    ]
    return Figure(
        pictures(found).write(subject.context, f"{subject.name}-{len(key)}"),
        both("Pixels and their shares", "像素及其贡献"),
        both("Blue pixels raise the output, orange ones lower it.", "蓝色像素提高输出，橙色像素降低输出。"),
    )
