"""Games of columns: one that does not take part has the values of training rows instead, and answers are averaged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from sci.api import Dataset, dataset
from sci_explain.answers import Answers


class ColumnGames:
    """Interventional: what is left out is drawn whatever the columns that stay (Janzing et al. 2020, arXiv:1910.13413).

    Args:
        answers: the model.
        rows: raw rows to explain.
        background: raw training rows.
        columns: the players; other inputs stay as they are in the row.
    """

    kind = "columns"

    def __init__(self, answers: Answers, rows: Dataset, background: Dataset, columns: Sequence[str]) -> None:
        self.answers = answers
        self.rows = rows
        self.columns = list(columns)
        self.background = len(background)
        self.pool = pa.concat_tables([background.table(), rows.table()], promote_options="permissive")

    def __iter__(self) -> Iterator[ColumnGame]:
        return (ColumnGame(self, self.background + position) for position in range(len(self.rows)))


class ColumnGame:
    """One row; see `ColumnGames`."""

    def __init__(self, games: ColumnGames, place: int) -> None:
        self.games = games
        self.place = place
        self.players = games.columns

    def values(self, coalitions: np.ndarray) -> np.ndarray:
        """Means over the background, float64 [m, k]."""
        games, m = self.games, len(coalitions)
        own = np.full((m, games.background), self.place)
        other = np.broadcast_to(np.arange(games.background), own.shape)
        places = {name: np.where(coalitions[:, [at]], own, other).ravel() for at, name in enumerate(self.players)}
        mixed = {
            name: games.pool.column(name).take(pa.array(places.get(name, own.ravel())))
            for name in games.pool.column_names
        }
        found = games.answers(dataset(pa.table(mixed), games.rows.schema))
        means: np.ndarray = found.reshape(m, games.background, -1).mean(axis=1)
        return means
