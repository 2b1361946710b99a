"""How the vocabulary grows with the texts, and how much of other texts it covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sci.api import Dataset, Figure, Finding, Prose, RunContext, Study, Table, Trained
from sci.api.numbers import count, percent
from sci.api.wording import both, joined, quoted
from sci_text.config import VocabularyGrowthConfig
from sci_text.growth_figure import drawn
from sci_text.words import cut

NAME = "vocabulary-growth"
POINTS = 60
LEAST = 0.01
"""Exponent up to which nothing grows."""
COLUMNS = 4
"""Columns that are told of where none are named."""


class Growth(NamedTuple):
    """Words of the training texts, in a random order of the texts.

    Args:
        words: that were read, at some points, int64 [points].
        distinct: different ones among them, int64 [points].
        exponent: b of Heaps' law, distinct = k words^b, fitted to the points; NaN where there are too few,
            and where nothing grows.
        factor: its k.
    """

    words: np.ndarray
    distinct: np.ndarray
    exponent: float
    factor: float


class Coverage(NamedTuple):
    """Words of a part, and those that do not occur in the training rows.

    Args:
        part: train, validation or test.
        texts: in it.
        words: in these texts.
        distinct: different words.
        unknown: words that the training rows do not have, as often as they occur.
        touched: texts with such a word.
    """

    part: str
    texts: int
    words: int
    distinct: int
    unknown: int
    touched: int


class VocabularyGrowth:
    """The analysis `vocabulary-growth`: distinct words against words read (Heaps 1978), and what is out of vocabulary.

    Words are compared without case, as the source gave them; a Chinese or Japanese character is a word unless jieba
    cuts.
    """

    def __init__(self, config: VocabularyGrowthConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """One finding for each column of text; nothing where there is none."""
        if not study.models:
            return []
        model = study.models[0]()
        texts = [name for name, feature in model.pipeline.request.inputs.items() if feature.kind == "text"]
        wanted = self.config.columns if self.config.columns is not None else texts[:COLUMNS]
        return [
            finding
            for at, name in enumerate(name for name in wanted if name in texts)
            for finding in self._told(context, model, name, at)
        ]

    def _told(self, context: RunContext, model: Trained, name: str, at: int) -> Iterator[Finding]:
        order = context.random(NAME).permutation(len(model.train))
        known: set[str] = set()
        points = [(0, 0)]
        for words in self._words(model.train.take(order), name):
            known.update(words)
            points.append((points[-1][0] + len(words), len(known)))
        if not known:
            return
        growth = grown(np.array(points, dtype=np.int64))
        train = Coverage("train", len(points) - 1, points[-1][0], len(known), 0, 0)
        others = [("validation", model.validation), ("test", model.test)]
        parts = [train, *(self._covered(part, rows, name, known) for part, rows in others if rows is not None)]
        yield told(context, name, growth, [part for part in parts if part.texts], at)

    def _words(self, rows: Dataset, name: str) -> Iterator[list[str]]:
        for batch in rows.with_schema(rows.schema).batches():
            for text in batch[name].to_pylist():  # type: ignore[union-attr]
                yield [word.casefold() for word in cut(text or "", self.config.segmenter).words]

    def _covered(self, part: str, rows: Dataset, name: str, known: set[str]) -> Coverage:
        total, unknown, touched = 0, 0, 0
        distinct: set[str] = set()
        for words in self._words(rows, name):
            new = sum(word not in known for word in words)
            total, unknown, touched = total + len(words), unknown + new, touched + bool(new)
            distinct.update(words)
        return Coverage(part, len(rows), total, len(distinct), unknown, touched)


def grown(points: np.ndarray) -> Growth:
    """Some of the points, equally far apart, and Heaps' law through points that are equally far apart in logarithms.

    Args:
        points: words and distinct words after each text, int64 [texts + 1, 2], from (0, 0).
    """
    words, distinct = points.T
    shown = np.unique(np.searchsorted(words, np.linspace(0, words[-1], POINTS)))
    exponent = factor = float("nan")
    if words[-1] >= 100:
        places = np.unique(np.searchsorted(words, np.geomspace(max(words[-1] / 100, 10), words[-1], POINTS)))
        if len(places) > 2:
            slope, logarithm = map(float, np.polyfit(np.log(words[places]), np.log(distinct[places]), 1))
            if slope > LEAST:
                exponent, factor = slope, float(np.exp(logarithm))
    return Growth(words[shown], distinct[shown], exponent, factor)


def told(context: RunContext, name: str, growth: Growth, parts: Sequence[Coverage], at: int) -> Finding:
    """The figure, and the table of the parts."""
    said: list[Prose] = [
        both(
            "Column {name}: the training texts have {words} words, {distinct} of them different.",
            "列 {name}：训练文本共有 {words} 个词，其中不同的词 {distinct} 个。",
            name=quoted(name),
            words=count(parts[0].words),
            distinct=count(parts[0].distinct),
        )
    ]
    if np.isfinite(growth.exponent):
        said.append(
            both(
                "Twice the words bring {more:.2f} times the vocabulary (Heaps' law with exponent {exponent:.2f}).",
                "词数加倍时，词汇量约为 {more:.2f} 倍（Heaps 定律，指数 {exponent:.2f}）。",
                more=2**growth.exponent,
                exponent=growth.exponent,
            )
        )
    said += [
        both(
            "Of the words of {part}, {rate} do not occur in the training rows.",
            "{part}的词中有 {rate} 未在训练行中出现。",
            part=PARTS[part.part],
            rate=f"{percent(part.unknown, part.words)} %",
        )
        for part in parts[1:]
        if part.words
    ]
    title = both("How the vocabulary of {name} grows", "{name} 的词汇增长", name=quoted(name))
    path = drawn(growth.words, growth.distinct, growth.exponent, growth.factor).write(
        context, NAME if at == 0 else f"{NAME}-{at + 1}"
    )
    points = Table(
        [both("words read", "已读词数"), both("different words", "不同的词")],
        [list(map(int, point)) for point in zip(growth.words, growth.distinct, strict=True)],
    )
    heads: list[Prose] = [
        both("rows", "数据"),
        both("texts", "文本"),
        both("words", "词"),
        both("different", "不同的词"),
        both("not in train", "训练行中没有"),
        both("texts with such a word", "含此类词的文本"),
    ]
    rows = [
        [part.part, part.texts, part.words, part.distinct]
        + (
            ["", ""]
            if part.part == "train"
            else [f"{percent(part.unknown, part.words)} %", f"{percent(part.touched, part.texts)} %"]
        )
        for part in parts
    ]
    heading = both("Vocabulary", "词汇")
    return Finding(NAME, "data", heading, joined(*said), [Figure(path, title, table=points)], Table(heads, rows))


PARTS = {"validation": both("the validation rows", "验证行"), "test": both("the test rows", "测试行")}
