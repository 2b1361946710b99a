"""A game whose players are parts of one row: what the model answers when only some of them take part.

Shapley (1953), "A value for n-person games"; Lundberg and Lee (2017), arXiv:1705.07874.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from sci.api import ConfigError, Dataset, Pipeline
from sci_explain.answers import Answers
from sci_explain.columns import ColumnGames
from sci_explain.patches import PatchGames, image_of
from sci_explain.words import WordGames


class Game(Protocol):
    """One row."""

    @property
    def players(self) -> Sequence[str]:
        """What each player is called."""
        ...

    def values(self, coalitions: np.ndarray) -> np.ndarray:
        """What is answered for coalitions bool [m, players]: float64 [m, k]."""
        ...


class Games(Protocol):
    """The rows of a data set, each as a game."""

    kind: str
    """columns, words or patches."""

    def __iter__(self) -> Iterator[Game]:
        """The games, in the order of the rows."""
        ...


def games(answers: Answers, rows: Dataset, train: Dataset, columns: Sequence[str], patch: int | None) -> Games:
    """The games that suit a model: words of the only text, patches of the only image, else columns.

    Args:
        answers: the model.
        rows: the raw rows to explain.
        train: raw training rows that stand in for what is left out.
        columns: the raw inputs that take part.
        patch: side of the patches of an image, in pixels.
    """
    pipeline = answers.pipeline
    if image_of(pipeline) is not None:
        return PatchGames(answers, rows, train, patch)
    text = only_text(pipeline)
    if text is not None:
        return WordGames(answers, rows, text)
    return ColumnGames(answers, rows, train, columns)


def only_text(pipeline: Pipeline) -> str | None:
    """The raw input, where it is a single text."""
    inputs = pipeline.request.inputs
    return next((name for name in inputs if len(inputs) == 1 and inputs[name].kind == "text"), None)


def few_enough(players: int, samples: int) -> None:
    """Refuse more players than coalitions can tell apart.

    Raises:
        ConfigError: there are.
    """
    if 4 * players > samples:
        raise ConfigError(
            f"{samples} coalitions cannot tell {players} columns apart",
            id="explain.players",
            hint=f"columns: [...], or samples: {4 * players}",
        )
