"""Works that are cited by the steps."""

from __future__ import annotations

from sci.api import Work

MOMENTS = Work(
    "Chan, Tony F. and Golub, Gene H. and LeVeque, Randall J.",
    "Algorithms for Computing the Sample Variance: Analysis and Recommendations",
    1983,
    "The American Statistician",
    volume="37",
    number="3",
    pages="242-247",
    doi="10.2307/2683386",
)
