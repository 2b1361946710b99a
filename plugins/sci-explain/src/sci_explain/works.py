"""Works that are cited by the explanations."""

from __future__ import annotations

from sci.api import Work

PERMUTATION = Work(
    "Breiman, Leo",
    "Random Forests",
    2001,
    "Machine Learning",
    volume="45",
    number="1",
    pages="5-32",
    doi="10.1023/A:1010933404324",
)
SHAP = Work(
    "Lundberg, Scott M. and Lee, Su-In",
    "A Unified Approach to Interpreting Model Predictions",
    2017,
    "Advances in Neural Information Processing Systems 30",
    arxiv="1705.07874",
    kind="inproceedings",
)
OCCLUSION = Work(
    "Zeiler, Matthew D. and Fergus, Rob",
    "Visualizing and Understanding Convolutional Networks",
    2014,
    "Computer Vision - ECCV 2014",
    pages="818-833",
    doi="10.1007/978-3-319-10590-1_53",
    kind="inproceedings",
)
INTEGRATED_GRADIENTS = Work(
    "Sundararajan, Mukund and Taly, Ankur and Yan, Qiqi",
    "Axiomatic Attribution for Deep Networks",
    2017,
    "Proceedings of the 34th International Conference on Machine Learning",
    pages="3319-3328",
    arxiv="1703.01365",
    kind="inproceedings",
)
PARTIAL_DEPENDENCE = Work(
    "Friedman, Jerome H.",
    "Greedy function approximation: A gradient boosting machine",
    2001,
    "The Annals of Statistics",
    volume="29",
    number="5",
    pages="1189-1232",
    doi="10.1214/aos/1013203451",
)
