"""Vectors that stand for categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sci_tensorflow.block import Block
from sci_tensorflow.layers import Embedding
from sci_tensorflow.lookups import passed_on
from sci_tensorflow.runtime import tf


class Categories(Block):
    """One table for each category column: ``<position>.weight`` [classes + 1, size]; row 0 stands for a missing one."""

    def __init__(self, classes: Sequence[int], size: int) -> None:
        self.tables = [Embedding(number + 1, size) for number in classes]

    def children(self) -> Mapping[str, Any]:
        return {str(position): table for position, table in enumerate(self.tables)}

    def __call__(self, codes: Any) -> Any:
        """`codes` int64 [n, columns], -1 for missing; the vectors side by side [n, columns * size]."""
        moved = codes + 1
        vectors = [table(moved[:, position]) for position, table in enumerate(self.tables)]
        return passed_on(self, codes, tf.concat(vectors, axis=1))
