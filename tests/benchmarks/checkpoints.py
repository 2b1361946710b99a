"""What a checkpoint after each epoch costs: the same run with and without them, epoch by epoch in turn.

python tests/benchmarks/checkpoints.py --rows 10000        # longer epochs
"""

from __future__ import annotations

import sys
from typing import Any

import epochs
import figures
import topic
from topic import Scale
from workloads import ENCODER, experiment

NAME = "checkpoints"
ROWS = 2048
"""Training rows of an epoch, which decide how long it lasts."""

NEVER = {"every_minutes": 1e6}


def measure(scale: Scale) -> dict[str, Any]:
    """Seconds of epochs."""
    work = ENCODER._replace(rows=scale.rows or ROWS)
    experiments = {
        "sci": experiment(work, "torch", checkpoint={"every_epochs": 1}),
        "without": experiment(work, "torch", checkpoint=NEVER),
    }
    found = figures.facts("torch")
    return {"facts": found, "works": {"encoder": epochs.alternate(work, experiments, {}, scale.rounds)}}


if __name__ == "__main__":
    sys.exit(topic.command({NAME: measure}, __doc__))
