"""Works that are cited by the engine and its models."""

from __future__ import annotations

from sci.api import Work

SKLEARN = Work(
    "Pedregosa, Fabian and Varoquaux, Gaël and Gramfort, Alexandre and others",
    "Scikit-learn: Machine Learning in Python",
    2011,
    "Journal of Machine Learning Research",
    volume="12",
    pages="2825-2830",
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
TREE = Work(
    "Breiman, Leo and Friedman, Jerome H. and Olshen, Richard A. and Stone, Charles J.",
    "Classification and Regression Trees",
    1984,
    "Wadsworth",
    doi="10.1201/9781315139470",
    kind="book",
)
FOREST = Work(
    "Breiman, Leo",
    "Random Forests",
    2001,
    "Machine Learning",
    volume="45",
    number="1",
    pages="5-32",
    doi="10.1023/A:1010933404324",
)
EXTRA_TREES = Work(
    "Geurts, Pierre and Ernst, Damien and Wehenkel, Louis",
    "Extremely randomized trees",
    2006,
    "Machine Learning",
    volume="63",
    number="1",
    pages="3-42",
    doi="10.1007/s10994-006-6226-1",
)
BOOSTING = Work(
    "Friedman, Jerome H.",
    "Greedy function approximation: A gradient boosting machine",
    2001,
    "The Annals of Statistics",
    volume="29",
    number="5",
    pages="1189-1232",
    doi="10.1214/aos/1013203451",
)
SVM = Work(
    "Cortes, Corinna and Vapnik, Vladimir",
    "Support-vector networks",
    1995,
    "Machine Learning",
    volume="20",
    number="3",
    pages="273-297",
    doi="10.1007/BF00994018",
)
NEIGHBORS = Work(
    "Cover, T. and Hart, P.",
    "Nearest neighbor pattern classification",
    1967,
    "IEEE Transactions on Information Theory",
    volume="13",
    number="1",
    pages="21-27",
    doi="10.1109/TIT.1967.1053964",
)
NAIVE_BAYES = Work(
    "Domingos, Pedro and Pazzani, Michael",
    "On the Optimality of the Simple Bayesian Classifier under Zero-One Loss",
    1997,
    "Machine Learning",
    volume="29",
    pages="103-130",
    doi="10.1023/A:1007413511361",
)
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
