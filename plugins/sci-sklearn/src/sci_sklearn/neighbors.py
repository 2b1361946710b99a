"""What the nearest training rows say."""

from __future__ import annotations

from typing import Any

import numpy as np

from sci_sklearn.config import NeighborsConfig
from sci_sklearn.network import Arrays, Fitted, Layout


class NearestNeighbors(Fitted):
    """The shares of the classes, or the mean of the numbers, among the nearest training rows (Cover and Hart 1967).

    The training rows are the model: whoever has it can read them. With weights, each neighbor counts by its own.
    """

    config: NeighborsConfig

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._index: tuple[int, Any] | None = None

    def learned(self, inputs: np.ndarray, target: np.ndarray, weight: np.ndarray | None) -> dict[str, np.ndarray]:
        if len(inputs) < self.config.neighbors:
            raise ValueError(f"{self.config.neighbors} neighbors are to be asked, and there are {len(inputs)} rows")
        answers = target.astype(np.int64 if self.classes else np.float64)
        count = np.ones(len(inputs)) if weight is None else weight
        return {"rows": np.array(inputs, dtype=np.float64), "answers": answers, "weight": count}

    def answer(self, inputs: np.ndarray) -> np.ndarray:
        distance, near = self._near().kneighbors(inputs)
        count = self._votes(distance) * self.parameters["weight"][near]
        answers = self.parameters["answers"][near]
        if not self.classes:
            return np.sum(answers * count, axis=1) / np.sum(count, axis=1)
        votes = np.zeros((len(inputs), self.classes))
        for column in range(near.shape[1]):
            votes[np.arange(len(inputs)), answers[:, column]] += count[:, column]
        return self.logarithms(votes / votes.sum(axis=1, keepdims=True), np.arange(self.classes))

    def _votes(self, distance: np.ndarray) -> np.ndarray:
        if self.config.voting == "equal":
            return np.ones_like(distance)
        same = distance == 0  # a row that was trained on answers alone
        with np.errstate(divide="ignore"):
            return np.where(same.any(axis=1, keepdims=True), same.astype(np.float64), 1 / distance)

    def _near(self) -> Any:
        """scikit-learn's search over the rows that are kept, built when it is first asked."""
        from sklearn import neighbors

        rows = self.parameters["rows"]
        if self._index is None or self._index[0] != id(rows):
            search = neighbors.NearestNeighbors(
                n_neighbors=self.config.neighbors, metric=self.config.metric, n_jobs=self.threads
            )
            self._index = (id(rows), search.fit(rows))
        return self._index[1]

    def layout(self) -> Layout:
        answers = "i" if self.classes else "f"
        return {"rows": ("f", ("n", self.width)), "answers": (answers, ("n",)), "weight": ("f", ("n",))}

    def flaw(self, arrays: Arrays) -> str:
        if len(arrays["rows"]) < self.config.neighbors:
            return f"they hold {len(arrays['rows'])} rows, and {self.config.neighbors} neighbors are to be asked"
        answers = arrays["answers"]
        odd = self.classes and ((answers < 0) | (answers >= self.classes)).any()
        return f"a row is of none of the {self.classes} classes" if odd else ""
