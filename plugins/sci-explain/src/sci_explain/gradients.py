"""Integrated gradients: the derivative of the network's output, averaged along a straight path to the row.

Sundararajan, Taly and Yan (2017), arXiv:1703.01365. Shares add up to the output of the row minus that of the baseline;
how far they are from it is measured for each row. Tokens and categories take part by the vectors that the network looks
up for them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sci.api import VECTORS, Dataset, Finding, Pipeline, RunContext, Study
from sci.api.numbers import count, significant
from sci.api.wording import both, joined
from sci_explain.answers import Answers
from sci_explain.config import GradientsConfig
from sci_explain.explaining import explaining
from sci_explain.input_shares import Shares, drawn
from sci_explain.inputs import real
from sci_explain.patches import encoded
from sci_explain.paths import Arrays, derivable, integrated
from sci_explain.subject import Subject
from sci_explain.target import Target

NAME = "integrated-gradients"
LARGE = 0.05
"""A gap of more than this share of the difference that was to be shared out is said to be large."""


class IntegratedGradients:
    """The analysis `integrated-gradients`."""

    def __init__(self, config: GradientsConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """Mean sizes of the shares; images with theirs. Nothing where the network's output is not understood."""
        return explaining(NAME, study, context, self._findings)

    def _findings(self, subject: Subject) -> list[Finding]:
        pipeline = subject.model.pipeline
        answers = Answers(pipeline, self.config.output)
        if not answers.known:
            return []
        rows = subject.test(self.config.rows)
        arrays = _arrays(pipeline, rows)
        keys = derivable(arrays)
        target = Target.of(pipeline, answers, arrays)
        start = self._baseline(subject, arrays, keys)
        shares = Shares(pipeline, rows, arrays, integrated(pipeline, target, arrays, start, keys, self.config.points))
        subject.keep(
            {
                "output": target.words["en"],
                "baseline": self.config.baseline,
                "points": self.config.points,
                "ids": rows.ids,
                "gaps": shares.paths.gaps,
                "differences": shares.paths.differences,
                **shares.as_json(),
            }
        )
        return [self._told(subject, target, shares, not all(array.any() for array in start.values()))]

    def _baseline(self, subject: Subject, arrays: Arrays, keys: Sequence[str]) -> Arrays:
        """Where paths begin, one row for each key: zero where lengths differ."""
        start = {key: np.zeros_like(arrays[key][:1]) for key in keys}
        even = [key for key in keys if f"{key.removesuffix(VECTORS)}.length" not in arrays]
        if self.config.baseline == "mean" and even:
            train = _arrays(subject.model.pipeline, subject.train(self.config.background))
            start |= {key: train[key].mean(axis=0, keepdims=True).astype(arrays[key].dtype) for key in even}
        return start

    def _told(self, subject: Subject, target: Target, shares: Shares, zero: bool) -> Finding:
        paths = shares.paths
        worst = float(np.abs(paths.gaps).max())
        spread = float(np.abs(paths.differences).mean())
        large = both(" That is large: take more `points`.", "偏差较大，请增加 `points`。")
        text = both(
            "Shares of the network's inputs in {output}: derivatives, averaged over {points} points on the way from "
            "{start} to each of {rows} test rows. They add up to the difference of the outputs: the largest gap is "
            "{gap}, where differences are {spread} on average.{large}",
            "网络各输入对{output}的贡献：从{start}到 {rows} 个测试行的路径上取 {points} 个点的导数平均。"
            "贡献之和等于输出之差：最大偏差 {gap}，输出之差平均为 {spread}。{large}",
            output=target.words,
            points=self.config.points,
            start=both("zero", "零") if zero else both("the mean training row", "训练行的均值"),
            rows=count(len(paths.gaps)),
            gap=significant(worst),
            spread=significant(spread),
            large=large if worst > LARGE * spread else "",
        )
        vectors = both(
            "Tokens and categories take part by the vectors that the network looks up for them.",
            "词元和类别以网络为其查得的向量参与计算。",
        )
        title = both("Integrated gradients", "积分梯度")
        said = joined(text, vectors if shares.looked_up else "", subject.which())
        return Finding(NAME, "explanation", title, said, drawn(subject, shares, target))


def _arrays(pipeline: Pipeline, rows: Dataset) -> Arrays:
    """The rows as the network reads them, with the vectors that it looks up for codes."""
    arrays = real(pipeline.features, encoded(pipeline, rows)[0])
    return {**arrays, **pipeline.lookups(arrays)}
