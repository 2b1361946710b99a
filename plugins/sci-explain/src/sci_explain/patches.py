"""Games of patches: one that does not take part is painted over with the mean image of training rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sci.api import Batch, Dataset, ImageInput, Pipeline, image_input
from sci.api.errors import ConfigError
from sci.api.rows import take
from sci_explain.answers import Answers

ACROSS = 7
"""Patches along the shorter side by default."""


class PatchGames:
    """The images that the network reads.

    Args:
        answers: the model.
        rows: raw rows to explain.
        background: raw training rows; their mean image is what is painted with.
        patch: side of the patches, in pixels.
    """

    kind = "patches"

    def __init__(self, answers: Answers, rows: Dataset, background: Dataset, patch: int | None) -> None:
        image = image_of(answers.pipeline)
        assert image is not None
        self.answers = answers
        self.image = image
        self.arrays, self.encoded = encoded(answers.pipeline, rows)
        plain = self.arrays[image.name]
        mean = encoded(answers.pipeline, background)[0][image.name].mean(axis=0, dtype=np.float64)
        self.mean = (np.rint(mean) if np.issubdtype(plain.dtype, np.integer) else mean).astype(plain.dtype)
        self.side = patch or max(1, round(min(image.height, image.width) / ACROSS))

    @property
    def grid(self) -> tuple[int, int]:
        """Patches from top to bottom and from left to right."""
        return -(-self.image.height // self.side), -(-self.image.width // self.side)

    def __iter__(self) -> Iterator[PatchGame]:
        return (PatchGame(self, position) for position in range(len(self.arrays[self.image.name])))


class PatchGame:
    """One image; see `PatchGames`."""

    def __init__(self, games: PatchGames, place: int) -> None:
        self.games = games
        self.place = place
        down, across = games.grid
        self.players = [f"{row + 1}, {column + 1}" for row in range(down) for column in range(across)]

    @property
    def pixels(self) -> np.ndarray:
        """The image, [height, width] or [height, width, channels]."""
        found: np.ndarray = self.games.arrays[self.games.image.name][self.place]
        return found

    def values(self, coalitions: np.ndarray) -> np.ndarray:
        """Answers to the images of the patches that take part, float64 [m, k]."""
        games, m = self.games, len(coalitions)
        image, side = games.image, games.side
        kept = coalitions.reshape(m, *games.grid).repeat(side, axis=1).repeat(side, axis=2)
        kept = kept[:, : image.height, : image.width]
        kept = kept[..., None] if games.mean.ndim == 3 else kept
        same = np.full(m, self.place, dtype=np.int64)
        arrays = {key: array[same] for key, array in games.arrays.items()}
        arrays[image.name] = np.where(kept, arrays[image.name], games.mean)
        return games.answers.decoded(arrays, {name: take(column, same) for name, column in games.encoded.items()})


def image_of(pipeline: Pipeline) -> ImageInput | None:
    """The image that a network reads, where it reads nothing else."""
    inputs = pipeline.features.inputs
    if [feature.kind for feature in inputs.values()] != ["image"]:
        return None
    try:
        return image_input(pipeline.features, "an explanation")
    except ConfigError:  # images of different sizes
        return None


def encoded(pipeline: Pipeline, rows: Dataset) -> tuple[dict[str, np.ndarray], Batch]:
    """All rows as the network reads them."""
    return pipeline.encode(rows.batch(np.arange(len(rows), dtype=np.int64)))
