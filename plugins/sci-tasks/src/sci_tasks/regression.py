"""Which number is it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from sci.api import Batch, Dataset, Feature, Fold, Kind, Schema, Task
from sci.api.errors import SeveralErrors
from sci_tasks.quantities import Quantities


class Regression(Task):
    """One number for each row."""

    slots: ClassVar[Mapping[str, tuple[Kind, ...]]] = {"target": ("number",)}
    loss: ClassVar[str | None] = "mean-squared-error"
    metrics: ClassVar[tuple[str, ...]] = ("rmse", "mae", "r2")
    baselines: ClassVar[tuple[str, ...]] = ("mean", "linear")

    def check(self, dataset: Dataset, fold: Fold) -> None:
        quantities = Quantities.read(dataset, dataset.schema.slots["target"], fold)
        errors = [*quantities.text(), *quantities.missing(), *quantities.infinite()]
        if errors:
            raise errors[0] if len(errors) == 1 else SeveralErrors(errors)

    def heads(self, schema: Schema) -> Mapping[str, Feature]:
        """``value``: one number for each row, [n]."""
        return {"value": Feature("number")}

    def outputs(self, schema: Schema) -> Mapping[str, Feature]:
        """``value``: float64 [n], in the unit that the target has in the source."""
        return {"value": Feature("number", dtype="float64", unit=schema.target().unit, like="target")}

    def decode(self, raw: Mapping[str, np.ndarray], batch: Batch) -> Batch:
        return {"value": np.asarray(raw["value"], dtype=np.float64)}
