"""Predictions beside the truth, as stored with each run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api.columns import Column, Feature
from sci.api.rows import from_arrow, to_arrow


def target_key(slot: str) -> str:
    """Under which name the target of a slot stands in predictions, and in what a network reads.

    Args:
        slot: such as ``target`` or ``time``.
    """
    return "target" if slot == "target" else f"target.{slot}"


@dataclass(frozen=True)
class Predictions:
    """An Arrow table: ``id``, ``target`` (or ``target.<slot>``) as the source gave it, ``prediction.<output>``, and
    slices.

    Args:
        table: one row for each predicted row; for tasks that are not paired, one for each sample.
        features: what each column means, without `id`.
        info: what the task knows: classes, the positive class.
        paired: row i of the prediction answers row i of the target.
    """

    table: pa.Table
    features: Mapping[str, Feature]
    info: Mapping[str, Any] = field(default_factory=dict)
    paired: bool = True

    def __len__(self) -> int:
        return self.table.num_rows

    @property
    def ids(self) -> np.ndarray:
        """int64 [n]."""
        return self.table.column("id").to_numpy()

    def target(self, slot: str = "target") -> Column:
        """The truth in the unit of the source: ndarray for numbers, Arrow text for categories and text."""
        return self._column(target_key(slot))

    def prediction(self, output: str) -> Column:
        """One output of the task: ``label``, ``probability`` [n, classes], ``value``."""
        return self._column(f"prediction.{output}")

    def has(self, output: str) -> bool:
        """Whether the task gives this output."""
        return f"prediction.{output}" in self.table.column_names

    def codes(self, column: str) -> np.ndarray:
        """``target`` or ``label`` as positions in ``info["classes"]``, int64 [n]; -1 for a name that is not a class."""
        name = "target" if column == "target" else f"prediction.{column}"
        classes = pa.array(self.info["classes"], type=pa.large_string())
        found = pc.index_in(self.table.column(name).cast(pa.large_string()), value_set=classes)
        return found.fill_null(-1).to_numpy().astype(np.int64)

    def _column(self, name: str) -> Column:
        return from_arrow(self.table.column(name), self.features[name])

    @classmethod
    def pool(cls, parts: Sequence[Predictions]) -> Predictions:
        """Those of several folds as one set of rows; features and info are those of the first.

        Args:
            parts: at least one, all with the same columns.
        """
        if len(parts) == 1:
            return parts[0]
        return replace(parts[0], table=pa.concat_tables([part.table for part in parts]))

    @staticmethod
    def first_answers(parts: Sequence[Predictions]) -> list[np.ndarray]:
        """The rows of each part that no part before it answered, so that every row counts once.

        Args:
            parts: test rows of several models.

        Returns:
            Positions among the rows of each part, int64.
        """
        seen = np.zeros(0, dtype=np.int64)
        found = []
        for part in parts:
            found.append(np.flatnonzero(~np.isin(part.ids, seen)))
            seen = np.concatenate([seen, part.ids])
        return found

    def take(self, indices: np.ndarray) -> Predictions:
        """These rows, in this order; rows may repeat."""
        return replace(self, table=self.table.take(pa.array(indices, type=pa.int64())))

    def arrow(self) -> pa.Table:
        """The table with features and info in its metadata, ready for Parquet."""
        described = {
            "features": {name: feature.as_json() for name, feature in self.features.items()},
            "info": dict(self.info),
            "paired": self.paired,
        }
        return self.table.replace_schema_metadata({"sci": json.dumps(described, ensure_ascii=False)})

    @classmethod
    def from_arrow(cls, table: pa.Table) -> Predictions:
        """The inverse of `arrow`."""
        described = json.loads(table.schema.metadata[b"sci"])
        features = {name: Feature.from_json(data) for name, data in described["features"].items()}
        return cls(table.replace_schema_metadata(None), features, described["info"], described["paired"])

    @classmethod
    def of(
        cls, ids: np.ndarray, columns: Mapping[str, Column], features: Mapping[str, Feature], **more: Any
    ) -> Predictions:
        """Predictions from columns in the form in which they pass between steps."""
        table = pa.table({"id": pa.array(ids), **{name: to_arrow(column) for name, column in columns.items()}})
        return cls(table, features, **more)
