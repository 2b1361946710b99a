"""What a pipeline answers, as numbers: probabilities of classes, or predicted values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sci.api import Batch, ConfigError, Dataset, Pipeline
from sci.api.wording import both, quoted

ROWS = 4096
"""Rows that are encoded at once."""


class Answers:
    """Numbers that a pipeline answers for raw rows, counted as they are asked for.

    Args:
        pipeline: the trained pipeline.
        output: the class that is explained; by default the positive one of two, and of more the likeliest of each row.

    Raises:
        ConfigError: there is no such class.
    """

    def __init__(self, pipeline: Pipeline, output: str | None = None) -> None:
        self.pipeline = pipeline
        self.asked = 0
        self.key = next((key for key in ("probability", "value") if key in pipeline.outputs), "")
        self.classes: Sequence[str] = pipeline.info.get("classes", ()) if self.key == "probability" else ()
        wanted = output or (pipeline.info.get("positive") if len(self.classes) == 2 else None)
        if wanted is not None and self.classes and wanted not in self.classes:
            raise ConfigError(
                f"there is no class {wanted!r} to explain",
                id="explain.output",
                hint=f"output: one of {', '.join(list(self.classes)[:8])}",
            )
        self.fixed = self.classes.index(wanted) if wanted is not None and self.classes else None

    @property
    def known(self) -> bool:
        """Whether the pipeline answers in numbers at all."""
        return bool(self.key) and (self.key == "value" or len(self.classes) > 0)

    def __call__(self, rows: Dataset) -> np.ndarray:
        """float64 [n, k]: a column for each class, or one."""
        parts = [
            self._batch(rows.batch(np.arange(start, min(start + ROWS, len(rows)), dtype=np.int64)))
            for start in range(0, len(rows), ROWS)
        ]
        return np.concatenate(parts)

    def _batch(self, batch: Batch) -> np.ndarray:
        arrays, rows = self.pipeline.encode(batch)
        return self.decoded(arrays, rows)

    def decoded(self, arrays: Mapping[str, np.ndarray], rows: Batch) -> np.ndarray:
        """The same for rows that are encoded already."""
        self.asked += len(np.asarray(rows["id"]))
        found: Any = self.pipeline.decode(self.pipeline.network(arrays), rows)[self.key]
        return np.asarray(found, dtype=np.float64).reshape(len(np.asarray(rows["id"])), -1)

    def chosen(self, values: np.ndarray) -> np.ndarray:
        """Which column of the answers is explained in each row, int64 [n]."""
        if self.fixed is not None:
            return np.full(len(values), self.fixed, dtype=np.int64)
        return np.argmax(values, axis=1) if self.classes else np.zeros(len(values), dtype=np.int64)

    def name(self, column: int | None = None) -> dict[str, str]:
        """What is explained, in words: of one row where a column is given, else of all."""
        if not self.classes:
            return both("the predicted value", "预测值")
        at = self.fixed if column is None else column
        if at is None:
            return both("the probability of the likeliest class", "最可能类别的概率")
        return both("the probability of {name}", " {name} 的概率", name=quoted(self.classes[at]))
