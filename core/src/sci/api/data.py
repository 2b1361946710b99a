"""Where rows come from, and how they are divided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np

    from sci.api.context import RunContext
    from sci.api.rows import Dataset


class Fold(NamedTuple):
    """One division of the rows, as positions in the data set (int64). A plain split is one fold.

    Args:
        name: differs from fold to fold.
        train: int64 [n], the rows that are learned from.
        validation: int64 [n], the rows that training may look at, to stop early or to calibrate; may be empty.
        test: int64 [n], the rows that are sealed until the model is finished.
    """

    name: str
    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


class Source(Protocol):
    """Reads rows. Target of kind `sources`: called with its settings.

    Where the settings decide what columns are, whatever their values look like, the settings model has a method
    ``kinds() -> {column: kind}``; what an experiment declares in ``data.columns`` stands above it.
    """

    def read(self, context: RunContext) -> Dataset:
        """All rows, as `dataset(anything that speaks Arrow)`.

        Paths in the settings go through `context.resolve`. Columns keep the types of the file; roles and declared kinds
        are the core's affair. A source with a setting `path` can be read once for each file of a predefined split.

        Args:
            context: resolves paths and reports progress.
        """
        ...


class Splitter(Protocol):
    """Divides rows into training, validation and test. Target of kind `splitters`: called with its settings.

    Where each part is a file of its own, the settings model has a method ``parts() -> {part: path}``. The core then
    reads the source once for each file and adds a context column ``split.part`` with the part's name.
    """

    def split(self, dataset: Dataset, context: RunContext, seed: int) -> Sequence[Fold]:
        """The folds. Every row is in at most one part of a fold; the same seed gives the same folds.

        Args:
            dataset: all rows, raw, under a schema with roles.
            context: takes warnings.
            seed: what every draw follows from.
        """
        ...
