"""Works that are cited by the engine, its models and losses."""

from __future__ import annotations

from sci.api import Work

NUMPY = Work(
    "Harris, Charles R. and Millman, K. Jarrod and van der Walt, Stéfan J. and others",
    "Array programming with NumPy",
    2020,
    "Nature",
    volume="585",
    pages="357-362",
    doi="10.1038/s41586-020-2649-2",
)
RIDGE = Work(
    "Hoerl, Arthur E. and Kennard, Robert W.",
    "Ridge Regression: Biased Estimation for Nonorthogonal Problems",
    1970,
    "Technometrics",
    volume="12",
    number="1",
    pages="55-67",
    doi="10.1080/00401706.1970.10488634",
)
LOGISTIC = Work(
    "Cox, D. R.",
    "The Regression Analysis of Binary Sequences",
    1958,
    "Journal of the Royal Statistical Society: Series B",
    volume="20",
    number="2",
    pages="215-232",
    doi="10.1111/j.2517-6161.1958.tb00292.x",
)
HUBER = Work(
    "Huber, Peter J.",
    "Robust Estimation of a Location Parameter",
    1964,
    "The Annals of Mathematical Statistics",
    volume="35",
    number="1",
    pages="73-101",
    doi="10.1214/aoms/1177703732",
)
