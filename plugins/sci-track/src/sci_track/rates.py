"""Learning rates, and which updates are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def base_rates(experiment: Mapping[str, Any]) -> dict[str, float]:
    """Name of a column to the learning rate that the experiment gives, which the schedule multiplies.

    ``learning_rate``, or ``learning_rate/<group>`` where the groups of a model's parameters have optimizers of their
    own; empty where the optimizer has no learning rate.
    """
    optimizer = (experiment.get("training") or {}).get("optimizer")
    if not isinstance(optimizer, Mapping):
        return {}
    groups = {"learning_rate": optimizer}
    if "name" not in optimizer:
        groups = {f"learning_rate/{group}": settings for group, settings in optimizer.items()}
    found = {name: settings.get("learning_rate") for name, settings in groups.items() if isinstance(settings, Mapping)}
    return {name: float(rate) for name, rate in found.items() if isinstance(rate, int | float)}


def columns(steps: Mapping[str, np.ndarray], bases: Mapping[str, float], every: int) -> dict[str, np.ndarray]:
    """The updates that are written, by the name of the column: step, epoch, loss and the learning rates."""
    kept = steps["step"] % every == 0 if every else np.zeros(len(steps["step"]), dtype=bool)
    found = {name: steps[name][kept] for name in ("step", "epoch", "loss")}
    return found | {name: base * steps["rate"][kept] for name, base in bases.items()}
