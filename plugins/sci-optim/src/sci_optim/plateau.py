"""A schedule that listens to the validation value."""

from __future__ import annotations

import math

from sci.api import State
from sci_optim.config import ReduceOnPlateauConfig
from sci_optim.schedule import Schedule


class ReduceOnPlateau(Schedule[ReduceOnPlateauConfig]):
    """The rate falls by `gamma` after more than `patience` values in a row that are no improvement.

    A value improves on the best one when it is lower by more than `threshold` times the size of the best one. A value
    that is not finite is no improvement.
    """

    def __init__(self, config: ReduceOnPlateauConfig) -> None:
        super().__init__(config)
        self.current = 1.0
        self.best: float | None = None
        self.waited = 0

    def after(self, step: int, total: int) -> float:
        return self.current

    def observe(self, value: float) -> None:
        """Take note of a validation value; lower is better."""
        if self._improves(value):
            self.best, self.waited = value, 0
            return
        self.waited += 1
        if self.waited > self.config.patience:
            self.current = max(self.current * self.config.gamma, self.config.minimum)
            self.waited = 0

    def _improves(self, value: float) -> bool:
        if not math.isfinite(value):
            return False
        return self.best is None or value < self.best - self.config.threshold * abs(self.best)

    def state(self) -> State:
        """The current factor, the best value, and how many values brought none."""
        return State(meta={"current": self.current, "best": self.best, "waited": self.waited})

    def load_state(self, state: State) -> None:
        """Go on from a state that `state` returned."""
        self.current = float(state.meta["current"])
        self.best = None if state.meta["best"] is None else float(state.meta["best"])
        self.waited = int(state.meta["waited"])
