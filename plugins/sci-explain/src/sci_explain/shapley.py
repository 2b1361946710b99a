"""Shapley values of a game."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from sci_explain.game import Game


class Shares(NamedTuple):
    """How an answer is shared out.

    Args:
        base: the answer when nobody takes part.
        parts: float64 [players], what each player adds.
        full: the answer when all do.
        coalitions: how many were asked.
    """

    base: float
    parts: np.ndarray
    full: float
    coalitions: int

    @property
    def gap(self) -> float:
        """How far base and parts are from adding up to the answer."""
        return abs(self.base + float(self.parts.sum()) - self.full)


def shapley(game: Game, output: int, samples: int, seed: int) -> Shares:
    """Shapley values by KernelSHAP: weighted least squares over coalitions, all of them where there are few enough.

    Lundberg and Lee (2017), arXiv:1705.07874, theorem 2.

    Args:
        game: the row.
        output: which of its answers is shared out.
        samples: most coalitions.
        seed: what the draw of coalitions follows from.
    """
    asked = 0

    def answers(masks: np.ndarray) -> np.ndarray:
        nonlocal asked
        asked += len(masks)
        return game.values(np.asarray(masks) > 0.5)[:, output]

    players = len(game.players)
    if players == 0:
        value = float(answers(np.ones((1, 0)))[0])
        return Shares(value, np.zeros(0), value, asked)
    with drawing_from(seed):
        explainer = _kernel_explainer()(answers, np.zeros((1, players)))
        found = explainer.shap_values(np.ones((1, players)), nsamples=samples, l1_reg=0, silent=True)
    parts = np.asarray(found, dtype=np.float64).reshape(players)
    return Shares(float(explainer.expected_value), parts, float(np.ravel(explainer.fx)[0]), asked)


def _kernel_explainer() -> Any:
    """Imported late, because it compiles with numba; its colour maps use what Matplotlib is about to give up."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        from shap import KernelExplainer
    return KernelExplainer


@contextlib.contextmanager
def drawing_from(seed: int) -> Iterator[None]:
    """NumPy's global generator, which shap draws from, seeded for a while and then as it was."""
    before = np.random.get_state()
    np.random.seed(seed % 2**32)
    try:
        yield
    finally:
        np.random.set_state(before)
