"""What passes from preprocessing to training."""

from __future__ import annotations

from dataclasses import dataclass

from sci.api import Dataset, Schema, Task
from sci.pipeline.steps import Steps


@dataclass(frozen=True)
class Prepared:
    """Fitted steps, the task that learned from the training rows, and both parts after the steps that do not draw.

    Args:
        schema: the raw schema.
        steps: fitted on `train` only.
        task: fitted on the prepared training rows.
        train: training rows before the first random step.
        validation: validation rows after all steps, for the engine.
        raw_validation: validation rows as the source gave them, for metrics.
    """

    schema: Schema
    steps: Steps
    task: Task
    train: Dataset
    validation: Dataset
    raw_validation: Dataset
