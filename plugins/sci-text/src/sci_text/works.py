"""Works that are cited by the steps."""

from __future__ import annotations

from sci.api import Work

TFIDF = Work(
    "Salton, Gerard and Buckley, Christopher",
    "Term-weighting approaches in automatic text retrieval",
    1988,
    "Information Processing & Management",
    volume="24",
    number="5",
    pages="513-523",
    doi="10.1016/0306-4573(88)90021-0",
)
