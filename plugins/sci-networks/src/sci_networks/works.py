"""Works that are cited by the models and losses."""

from __future__ import annotations

from sci.api import Work

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
BACK_PROPAGATION = Work(
    "Rumelhart, David E. and Hinton, Geoffrey E. and Williams, Ronald J.",
    "Learning representations by back-propagating errors",
    1986,
    "Nature",
    volume="323",
    pages="533-536",
    doi="10.1038/323533a0",
)
CNN = Work(
    "LeCun, Yann and Bottou, Léon and Bengio, Yoshua and Haffner, Patrick",
    "Gradient-based learning applied to document recognition",
    1998,
    "Proceedings of the IEEE",
    volume="86",
    number="11",
    pages="2278-2324",
    doi="10.1109/5.726791",
)
LSTM = Work(
    "Hochreiter, Sepp and Schmidhuber, Jürgen",
    "Long Short-Term Memory",
    1997,
    "Neural Computation",
    volume="9",
    number="8",
    pages="1735-1780",
    doi="10.1162/neco.1997.9.8.1735",
)
TRANSFORMER = Work(
    "Vaswani, Ashish and Shazeer, Noam and Parmar, Niki and Uszkoreit, Jakob and Jones, Llion and Gomez, Aidan N. and "
    "Kaiser, Łukasz and Polosukhin, Illia",
    "Attention Is All You Need",
    2017,
    "Advances in Neural Information Processing Systems 30",
    arxiv="1706.03762",
    kind="inproceedings",
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
