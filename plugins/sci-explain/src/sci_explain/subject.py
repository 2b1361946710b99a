"""What is explained: the first model of a study, a draw of its rows, and what an analysis says of both."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sci.api import Dataset, RunContext, Study, Trained
from sci.api.wording import both


class Subject:
    """One model of a study with draws of its rows.

    Args:
        study: the study.
        context: the run.
        name: of the analysis; draws follow from it and the seed.
    """

    def __init__(self, study: Study, context: RunContext, name: str) -> None:
        self.study = study
        self.context = context
        self.name = name
        self.model: Trained = study.models[0]()

    def test(self, rows: int) -> Dataset:
        """At most so many test rows, in their order."""
        return self._some(self.model.test, rows, "test")

    def train(self, rows: int) -> Dataset:
        """At most so many training rows, in their order."""
        return self._some(self.model.train, rows, "train")

    def _some(self, data: Dataset, rows: int, part: str) -> Dataset:
        if len(data) <= rows:
            return data
        draw = self.context.random(f"explain.{part}")
        return data.take(np.sort(draw.choice(len(data), size=rows, replace=False)).astype(np.int64))

    def columns(self, wanted: Sequence[str] | None) -> list[str]:
        """Raw inputs of the model: those that the settings name, or all."""
        return list(self.model.pipeline.request.inputs if wanted is None else wanted)

    def which(self) -> dict[str, str] | str:
        """Which model it is, where there are several."""
        if len(self.study.evaluations) == 1:
            return ""
        first = self.study.evaluations[0]
        return both(
            "Of {n} models the first is explained: fold {fold}, seed {seed}.",
            "共 {n} 个模型，这里解释第一个：折 {fold}，种子 {seed}。",
            n=len(self.study.evaluations),
            fold=f"`{first.fold}`",
            seed=first.seed,
        )

    def keep(self, document: Mapping[str, Any]) -> None:
        """Write ``explanations/<name>.json``."""
        first = self.study.evaluations[0]
        facts = {"analysis": self.name, "fold": first.fold, "seed": first.seed, **document}
        with self.context.write(f"explanations/{self.name}.json") as file:
            file.write(json.dumps(_plain(facts), ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n")


def _plain(value: Any) -> Any:
    """JSON for arrays and numbers of NumPy; what is no number is null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    return None if isinstance(value, float) and not np.isfinite(value) else value
