"""Epochs on engine tensorflow: a tiny perceptron and a convolutional network."""

from __future__ import annotations

import sys
from typing import Any

import epochs
import figures
import topic
from topic import Scale
from workloads import CNN, MLP, experiment

NAME = "tensorflow"
RIVALS = {"step": "tensorflow_step", "fit": "keras_fit"}


def measure(scale: Scale) -> dict[str, Any]:
    """Seconds of epochs."""
    found = figures.facts("tensorflow", "keras")
    works = {
        work.kind: epochs.alternate(work, {"sci": experiment(work, "tensorflow")}, RIVALS, scale.rounds)
        for work in (one._replace(rows=scale.rows or one.rows) for one in (MLP, CNN))
    }
    return {"facts": found, "works": works}


if __name__ == "__main__":
    sys.exit(topic.command({NAME: measure}, __doc__))
