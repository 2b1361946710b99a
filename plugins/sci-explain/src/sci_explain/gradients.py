"""Integrated gradients: the derivative of the network's output, averaged along a straight path to the row.

Sundararajan, Taly and Yan (2017), arXiv:1703.01365. Shares add up to the output of the row minus that of the baseline;
how far they are from it is measured for each row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sci.api import ConfigError, Figure, Finding, Pipeline, RunContext, Study, Table
from sci.api.numbers import count, significant
from sci.api.wording import both, joined, quoted
from sci_explain.answers import Answers
from sci_explain.charts import Bar, bars
from sci_explain.config import GradientsConfig
from sci_explain.explaining import explaining
from sci_explain.inputs import names_of, real
from sci_explain.patches import encoded
from sci_explain.pictures import Picture, pictures
from sci_explain.subject import Subject
from sci_explain.target import Target

NAME = "integrated-gradients"
LINES = 15
EXAMPLES = 6
LARGE = 0.05
"""A gap of more than this share of the difference that was to be shared out is said to be large."""

Arrays = dict[str, np.ndarray]


class Paths(NamedTuple):
    """Shares along the paths of several rows.

    Args:
        shares: key of the network's input to shares of its elements, in its shape.
        gaps: float64 [n], sum of the shares minus the difference of outputs.
        differences: float64 [n], output of the row minus that of its baseline.
    """

    shares: Mapping[str, np.ndarray]
    gaps: np.ndarray
    differences: np.ndarray


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
        arrays = real(pipeline.features, encoded(pipeline, rows)[0])
        keys = derivable(arrays)
        target = Target.of(pipeline, answers, arrays)
        start = self._baseline(subject, arrays, keys)
        paths = integrated(pipeline, target, arrays, start, keys, self.config.points)
        subject.keep(
            {
                "output": target.words["en"],
                "baseline": self.config.baseline,
                "points": self.config.points,
                "ids": rows.ids,
                "gaps": paths.gaps,
                "differences": paths.differences,
                "shares": dict(paths.shares),
            }
        )
        return [self._told(subject, target, arrays, paths, rows.ids)]

    def _baseline(self, subject: Subject, arrays: Arrays, keys: Sequence[str]) -> Arrays:
        """Where paths begin, one row for each key: zero where lengths differ."""
        if self.config.baseline == "zero":
            return {key: np.zeros_like(arrays[key][:1]) for key in keys}
        features = subject.model.pipeline.features
        train = real(features, encoded(subject.model.pipeline, subject.train(self.config.background))[0])
        return {
            key: np.zeros_like(arrays[key][:1])
            if f"{key}.length" in arrays
            else train[key].mean(axis=0, keepdims=True).astype(arrays[key].dtype)
            for key in keys
        }

    def _told(self, subject: Subject, target: Target, arrays: Arrays, paths: Paths, ids: np.ndarray) -> Finding:
        worst = float(np.abs(paths.gaps).max())
        spread = float(np.abs(paths.differences).mean())
        large = both(" That is large: take more `points`.", "偏差较大，请增加 `points`。")
        mean = self.config.baseline == "mean"
        text = both(
            "Shares of the network's inputs in {output}: derivatives, averaged over {points} points on the way from "
            "{start} to each of {rows} test rows. They add up to the difference of the outputs: the largest gap is "
            "{gap}, where differences are {spread} on average.{large}",
            "网络各输入对{output}的贡献：从{start}到 {rows} 个测试行的路径上取 {points} 个点的导数平均。"
            "贡献之和等于输出之差：最大偏差 {gap}，输出之差平均为 {spread}。{large}",
            output=target.words,
            points=self.config.points,
            start=both("the mean training row", "训练行的均值") if mean else both("zero", "零"),
            rows=count(len(ids)),
            gap=significant(worst),
            spread=significant(spread),
            large=large if worst > LARGE * spread else "",
        )
        figures = _figures(subject, arrays, paths, ids)
        title = both("Integrated gradients", "积分梯度")
        return Finding(NAME, "explanation", title, joined(text, subject.which()), figures)


def derivable(arrays: Mapping[str, np.ndarray]) -> list[str]:
    """Keys of real numbers.

    Raises:
        ConfigError: the network reads codes and tokens only.
    """
    odd = ("id", "weight", "target")
    found = [
        key
        for key, array in arrays.items()
        if np.issubdtype(array.dtype, np.floating) and key not in odd and not key.startswith("target.")
    ]
    if not found:
        raise ConfigError(
            "the network reads no real numbers, and there is no derivative by codes and tokens",
            id="engine.gradient",
            hint="analysis: [shap] or [occlusion]",
        )
    return found


def integrated(
    pipeline: Pipeline, target: Target, arrays: Arrays, start: Arrays, keys: Sequence[str], points: int
) -> Paths:
    """Shares by Gauss-Legendre quadrature along straight paths.

    Args:
        pipeline: the model.
        target: what of its output is shared out.
        arrays: the rows as the network reads them.
        start: one row for each key where paths begin.
        keys: inputs that change along the path; all others stay as they are.
        points: of the quadrature.
    """
    places, weights = np.polynomial.legendre.leggauss(points)
    sums = {key: np.zeros(arrays[key].shape) for key in keys}
    ways = {key: arrays[key].astype(np.float64) - start[key].astype(np.float64) for key in keys}

    def at(place: float) -> Arrays:
        moved = {key: (start[key] + place * ways[key]).astype(arrays[key].dtype) for key in keys}
        return {**arrays, **moved}

    for place, weight in zip((places + 1) / 2, weights / 2, strict=True):
        here = at(float(place))
        slopes = pipeline.gradients(here, target.head, keys, target.slopes(pipeline.network(here)))
        for key in keys:
            sums[key] += weight * slopes[key]
    shares = {key: sums[key] * ways[key] for key in keys}
    differences = target.values(pipeline.network(at(1.0))) - target.values(pipeline.network(at(0.0)))
    totals = sum(array.reshape(len(array), -1).sum(axis=1) for array in shares.values())
    return Paths(shares, totals - differences, differences)


def _figures(subject: Subject, arrays: Arrays, paths: Paths, ids: np.ndarray) -> list[Figure]:
    names: list[str] = []
    sizes: list[float] = []
    figures: list[Figure] = []
    for key, shares in paths.shares.items():
        if key == "numbers":
            names += names_of(subject.model.pipeline.features)
            sizes += np.abs(shares).mean(axis=0).tolist()
        elif shares.ndim in (3, 4) and f"{key}.length" not in arrays:
            figures.append(_images(subject, key, arrays[key], shares, ids))
        else:
            names.append(key)
            sizes.append(float(np.abs(shares).reshape(len(shares), -1).sum(axis=1).mean()))
    if not names:
        return figures
    order = np.argsort(-np.array(sizes), kind="stable")
    title = both("Largest share: {name}", "贡献最大：{name}", name=quoted(names[order[0]]))
    sheet = bars(
        [Bar(names[at], sizes[at]) for at in order[:LINES]],
        both("mean size of the share", "贡献的平均大小"),
        "; ".join(f"{names[at]}: {sizes[at]:.4g}" for at in order[:LINES]),
    )
    table = Table(
        [both("input", "输入"), both("mean size", "平均大小")], [[names[at], sizes[at]] for at in order[:500]]
    )
    caption = both("Inputs are those of the network, after all steps.", "输入是经过所有步骤之后网络读到的输入。")
    return [Figure(sheet.write(subject.context, NAME), title, caption, table), *figures]


def _images(subject: Subject, key: str, images: np.ndarray, shares: np.ndarray, ids: np.ndarray) -> Figure:
    flat = shares.sum(axis=3) if shares.ndim == 4 else shares
    found = [
        Picture(both("row {id}", "第 {id} 行", id=int(ids[at])), images[at], flat[at], 1)
        for at in range(min(EXAMPLES, len(flat)))
    ]
    return Figure(
        pictures(found).write(subject.context, f"{NAME}-{len(key)}"),
        both("Pixels and their shares", "像素及其贡献"),
        both("Blue pixels raise the output, orange ones lower it.", "蓝色像素提高输出，橙色像素降低输出。"),
    )
