"""How fast training is, against loops written by hand and against other trainers.

    python tests/benchmarks/engines.py            # measure everything, write the raw figures and the page
    python tests/benchmarks/engines.py --page     # write the page from the raw figures
    python tests/benchmarks/torch_epochs.py       # measure one topic again; the others keep their figures
    python tests/benchmarks/torch_epochs.py --quick

Needs what requirements-bench.txt names. Programs take turns, so that a busy moment of the machine hits all of them.
"""

from __future__ import annotations

import sys

import checkpoints
import first_step
import tensorflow_epochs
import topic
import torch_epochs

TOPICS = {
    torch_epochs.NAME: torch_epochs.measure,
    tensorflow_epochs.NAME: tensorflow_epochs.measure,
    first_step.NAME: first_step.measure,
    checkpoints.NAME: checkpoints.measure,
}

if __name__ == "__main__":
    sys.exit(topic.command(TOPICS, __doc__))
