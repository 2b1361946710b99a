"""Rows whose answers were shared out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sci.api import Dataset
from sci_explain.answers import Answers
from sci_explain.game import Game
from sci_explain.shapley import Shares


class Row(NamedTuple):
    """One row.

    Args:
        place: among the rows that were drawn.
        id: of the raw row.
        output: which answer was shared out.
        game: its players.
        shares: of the players.
    """

    place: int
    id: int
    output: int
    game: Game
    shares: Shares

    @property
    def players(self) -> Sequence[str]:
        """What each share belongs to."""
        return self.game.players


class Explained(NamedTuple):
    """Several rows.

    Args:
        kind: of their players: columns, words or patches.
        rows: those with an answer.
        output: what was shared out, in words.
        asked: how many rows were predicted for it.
        answers: the model.
        drawn: the raw rows that were drawn.
    """

    kind: str
    rows: Sequence[Row]
    output: dict[str, str]
    asked: int
    answers: Answers | None = None
    drawn: Dataset | None = None

    def as_json(self) -> dict[str, object]:
        """The numbers, row by row."""
        return {
            "players": self.kind,
            "output": self.output["en"],
            "predicted_rows": self.asked,
            "rows": [
                {
                    "id": row.id,
                    "base": row.shares.base,
                    "answer": row.shares.full,
                    "class": self.answers.classes[row.output] if self.answers and self.answers.classes else None,
                    "players": list(row.players),
                    "shares": row.shares.parts,
                }
                for row in self.rows
            ],
        }

    def matrix(self) -> np.ndarray:
        """Shares of players that are the same in every row, float64 [rows, players]."""
        return np.stack([row.shares.parts for row in self.rows])
