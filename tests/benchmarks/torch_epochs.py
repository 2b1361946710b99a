"""Epochs on engine torch: a tiny perceptron, where the loop is what costs, and an encoder, where arithmetic does."""

from __future__ import annotations

import sys
from typing import Any

import epochs
import figures
import topic
from topic import Scale
from workloads import ENCODER, MLP, experiment

NAME = "torch"
RIVALS = {
    "expert": "torch_expert",
    "loader": "torch_loader",
    "hugging_face": "hugging_face",
    "lightning": "lightning_fit",
}


def measure(scale: Scale) -> dict[str, Any]:
    """Seconds of epochs."""
    mlp, encoder = (work._replace(rows=scale.rows or work.rows) for work in (MLP, ENCODER))
    found = figures.facts("torch", "transformers", "accelerate", "lightning")
    works = {
        "mlp": epochs.alternate(mlp, {"sci": experiment(mlp, "torch")}, RIVALS, scale.rounds),
        "encoder": epochs.alternate(
            encoder, {"sci": experiment(encoder, "torch")}, {"expert": "torch_expert"}, scale.rounds
        ),
    }
    return {"facts": found, "works": works}


if __name__ == "__main__":
    sys.exit(topic.command({NAME: measure}, __doc__))
