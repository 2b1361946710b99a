"""The test rows, closed until evaluation; every opening is in the ledger."""

from __future__ import annotations

import numpy as np

from sci.api import Dataset
from sci.runs.ledger import Ledger


class Sealed:
    """Holds the test rows of one fold. Nothing but `open` gives them."""

    def __init__(self, dataset: Dataset, indices: np.ndarray, run: str, ledger: Ledger | None, who: str = "") -> None:
        self._dataset = dataset
        self._indices = indices
        self._run = run
        self._ledger = ledger
        self._who = who
        self.fingerprint = dataset.take(indices).fingerprint()

    def __len__(self) -> int:
        return len(self._indices)

    def open(self, purpose: str) -> Dataset:
        """The test rows; the ledger says who looked and what for. A run that goes on after a stop does not count
        twice."""
        if self._ledger is not None:
            self._ledger.record(self.fingerprint, self._run, " ".join([purpose, self._who]).strip(), len(self))
        return self._dataset.take(self._indices)
