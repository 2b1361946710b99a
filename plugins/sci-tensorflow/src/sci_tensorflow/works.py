"""Works that are cited by the engine."""

from __future__ import annotations

from sci.api import Work

TENSORFLOW = Work(
    "Abadi, Martín and Agarwal, Ashish and Barham, Paul and others",
    "TensorFlow: Large-Scale Machine Learning on Heterogeneous Distributed Systems",
    2016,
    "arXiv",
    arxiv="1603.04467",
    kind="misc",
)
