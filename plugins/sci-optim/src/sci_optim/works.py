"""Works that are cited by the optimizers and schedules."""

from __future__ import annotations

from sci.api import Work

GRADIENT_DESCENT = Work(
    "Cauchy, Augustin-Louis",
    "Méthode générale pour la résolution des systèmes d'équations simultanées",
    1847,
    "Comptes rendus hebdomadaires des séances de l'Académie des sciences",
    volume="25",
    pages="536-538",
)
SGD = Work(
    "Sutskever, Ilya and Martens, James and Dahl, George and Hinton, Geoffrey",
    "On the importance of initialization and momentum in deep learning",
    2013,
    "Proceedings of the 30th International Conference on Machine Learning, PMLR",
    volume="28",
    number="3",
    pages="1139-1147",
    kind="inproceedings",
)
MOMENTUM = Work(
    "Polyak, B. T.",
    "Some methods of speeding up the convergence of iteration methods",
    1964,
    "USSR Computational Mathematics and Mathematical Physics",
    volume="4",
    number="5",
    pages="1-17",
    doi="10.1016/0041-5553(64)90137-5",
)
ADAGRAD = Work(
    "Duchi, John and Hazan, Elad and Singer, Yoram",
    "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization",
    2011,
    "Journal of Machine Learning Research",
    volume="12",
    pages="2121-2159",
)
RMSPROP = Work(
    "Tieleman, Tijmen and Hinton, Geoffrey",
    "Lecture 6.5, RMSProp: Divide the gradient by a running average of its recent magnitude",
    2012,
    "Coursera: Neural Networks for Machine Learning",
    kind="misc",
)
ADAM = Work(
    "Kingma, Diederik P. and Ba, Jimmy",
    "Adam: A Method for Stochastic Optimization",
    2015,
    "3rd International Conference on Learning Representations",
    arxiv="1412.6980",
    kind="inproceedings",
)
ADAMW = Work(
    "Loshchilov, Ilya and Hutter, Frank",
    "Decoupled Weight Decay Regularization",
    2019,
    "7th International Conference on Learning Representations",
    arxiv="1711.05101",
    kind="inproceedings",
)
LION = Work(
    "Chen, Xiangning and Liang, Chen and Huang, Da and others",
    "Symbolic Discovery of Optimization Algorithms",
    2023,
    "Advances in Neural Information Processing Systems 36",
    arxiv="2302.06675",
    kind="inproceedings",
)
COSINE = Work(
    "Loshchilov, Ilya and Hutter, Frank",
    "SGDR: Stochastic Gradient Descent with Warm Restarts",
    2017,
    "5th International Conference on Learning Representations",
    arxiv="1608.03983",
    kind="inproceedings",
)
ONE_CYCLE = Work(
    "Smith, Leslie N. and Topin, Nicholay",
    "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates",
    2017,
    "arXiv",
    arxiv="1708.07120",
    kind="misc",
)
