"""Shares of columns, words or patches in single answers: Shapley values, and what is lost without each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sci.api import Finding, RunContext, Study
from sci.api.numbers import count, significant
from sci.api.wording import both
from sci_explain.answers import Answers
from sci_explain.config import OcclusionConfig, ShapConfig
from sci_explain.explained import Explained, Row
from sci_explain.explaining import explaining
from sci_explain.game import Game, few_enough, games
from sci_explain.shapley import Shares, shapley
from sci_explain.shown import findings
from sci_explain.subject import Subject


class Shap:
    """The analysis `shap`. Lundberg and Lee (2017), arXiv:1705.07874."""

    def __init__(self, config: ShapConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """Shapley values of some test rows; nothing where the model answers in no numbers."""
        return explaining("shap", study, context, self._findings)

    def _findings(self, subject: Subject) -> list[Finding]:
        found = explained(subject, self.config, self._shares)
        if not found.rows:
            return []
        most = max(len(row.players) for row in found.rows)
        exact = both(", exactly", "（精确值）")
        if most > 30 or 2**most - 2 > self.config.samples:
            exact = both(
                ", estimated from {n} coalitions a row", "（每行由 {n} 个联盟估计）", n=count(self.config.samples)
            )
        how = both(
            "Shapley values of {output}: what each part adds, on average over all orders in which parts can "
            "join{exact}. With the base they add up to the answer (largest gap {gap}).",
            "{output}的 Shapley 值：在各部分加入的所有次序上平均，每一部分带来的增量{exact}。"
            "加上基准值等于模型的回答（最大偏差 {gap}）。",
            output=found.output,
            exact=exact,
            gap=significant(max(row.shares.gap for row in found.rows)),
        )
        return findings(subject, found, both("Shapley values", "Shapley 值"), how)

    def _shares(self, game: Game, output: int, seed: int) -> Shares:
        few_enough(len(game.players), self.config.samples)
        return shapley(game, output, self.config.samples, seed)


class Occlusion:
    """The analysis `occlusion`. Zeiler and Fergus (2014), arXiv:1311.2901."""

    def __init__(self, config: OcclusionConfig) -> None:
        self.config = config

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """What answers lose; nothing where the model answers in no numbers."""
        return explaining("occlusion", study, context, self._findings)

    def _findings(self, subject: Subject) -> list[Finding]:
        found = explained(subject, self.config, lambda game, output, _: lost(game, output))
        if not found.rows:
            return []
        how = both(
            "How much {output} falls when one part is left out and all others stay. Parts that can stand in for "
            "each other seem unimportant, and the losses need not add up.",
            "只去掉一个部分、其余不变时，{output}下降多少。能互相替代的部分会显得不重要，各项损失也不必相加为总和。",
            output=found.output,
        )
        return findings(subject, found, both("Occlusion", "遮挡"), how)


def lost(game: Game, output: int) -> Shares:
    """What the answer loses without each player in turn.

    Args:
        game: the row.
        output: which of its answers.
    """
    alone = np.eye(len(game.players), dtype=bool)
    coalitions = np.concatenate([np.ones_like(alone[:1]), ~alone, np.zeros_like(alone[:1])])
    if not len(alone):
        coalitions = np.ones((2, 0), dtype=bool)
    values = game.values(coalitions)[:, output]
    return Shares(float(values[-1]), values[0] - values[1:-1], float(values[0]), len(coalitions))


def explained(
    subject: Subject, config: ShapConfig | OcclusionConfig, share: Callable[[Game, int, int], Shares]
) -> Explained:
    """Some test rows, each with its answer shared out; none where the model answers in no numbers.

    Args:
        subject: the model.
        config: how many rows, and of what.
        share: gives the shares of a game in one of its answers, with a seed.
    """
    answers = Answers(subject.model.pipeline, config.output)
    if not answers.known:
        return Explained("columns", (), answers.name(), 0)
    rows, background = subject.test(config.rows), subject.train(config.background)
    before = answers(rows)
    chosen = answers.chosen(before)
    found: list[Row] = []
    played = games(answers, rows, background, subject.columns(config.columns), config.patch)
    for at, game in enumerate(played):
        if not np.isfinite(before[at]).all():
            continue
        subject.context.report(f"{subject.name}: row {at + 1}", at, len(rows))
        output = int(chosen[at])
        found.append(Row(at, int(rows.ids[at]), output, game, share(game, output, subject.context.seed + at)))
    return Explained(played.kind, found, answers.name(), answers.asked, answers, rows)
