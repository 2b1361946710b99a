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
ROWS = 8192
"""Training rows of an epoch, which decide how long it lasts: about the 30 s of which the aim speaks."""

ROUNDS = 7
"""At most: two epochs of half a minute each."""

NEVER = {"every_minutes": 1e6}


def measure(scale: Scale) -> dict[str, Any]:
    """Seconds of epochs."""
    work = ENCODER._replace(rows=scale.rows or ROWS)
    experiments = {
        "sci": experiment(work, "torch", checkpoint={"every_epochs": 1}),
        "without": experiment(work, "torch", checkpoint=NEVER),
    }
    found = figures.facts("torch")
    measured = epochs.alternate(work, experiments, {}, min(scale.rounds, ROUNDS))
    return {"facts": found, "works": {"encoder": measured}}


if __name__ == "__main__":
    sys.exit(topic.command({NAME: measure}, __doc__))
