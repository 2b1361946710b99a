"""Works that are cited by the engine."""

from __future__ import annotations

from sci.api import Work

TORCH = Work(
    "Ansel, Jason and Yang, Edward and He, Horace and others",
    "PyTorch 2: Faster Machine Learning Through Dynamic Python Bytecode Transformation and Graph Compilation",
    2024,
    "Proceedings of the 29th ACM International Conference on Architectural Support for Programming Languages and "
    "Operating Systems",
    pages="929-947",
    doi="10.1145/3620665.3640366",
    kind="inproceedings",
)
