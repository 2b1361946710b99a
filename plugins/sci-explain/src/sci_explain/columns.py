"""Games of columns: one that does not take part has the values of training rows instead, and answers are averaged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from sci.api import Column, Dataset, Ragged
from sci.api.rows import take
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
        above, below = (data.batch(np.arange(len(data), dtype=np.int64)) for data in (background, rows))
        self.pool = {name: joined(above[name], below[name]) for name in rows.schema.columns}

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
        mixed = {name: take(column, places.get(name, own.ravel())) for name, column in games.pool.items()}
        found = games.answers(Dataset(mixed, games.rows.schema))
        means: np.ndarray = found.reshape(m, games.background, -1).mean(axis=1)
        return means


def joined(above: Column, below: Column) -> Column:
    """Two columns of one feature, one below the other."""
    if isinstance(above, Ragged) and isinstance(below, Ragged):
        values = np.concatenate([above.values, below.values])
        return Ragged(values, np.concatenate([above.offsets, above.offsets[-1] + below.offsets[1:]]))
    if isinstance(above, pa.Array | pa.ChunkedArray):
        return pa.chunked_array([*_chunks(above), *_chunks(below)])
    return np.concatenate([np.asarray(above), np.asarray(below)])


def _chunks(column: Column) -> list[pa.Array]:
    return column.chunks if isinstance(column, pa.ChunkedArray) else [column]
