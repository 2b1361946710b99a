"""Works that are cited by what reports and figures go back to."""

from __future__ import annotations

from sci.api import Work

MODEL_CARD = Work(
    "Mitchell, Margaret and Wu, Simone and Zaldivar, Andrew and others",
    "Model Cards for Model Reporting",
    2019,
    "Proceedings of the Conference on Fairness, Accountability, and Transparency",
    pages="220-229",
    doi="10.1145/3287560.3287596",
    kind="inproceedings",
)
CALIBRATION = Work(
    "Pakdaman Naeini, Mahdi and Cooper, Gregory and Hauskrecht, Milos",
    "Obtaining Well Calibrated Probabilities Using Bayesian Binning",
    2015,
    "Proceedings of the AAAI Conference on Artificial Intelligence",
    volume="29",
    number="1",
    doi="10.1609/aaai.v29i1.9602",
    kind="inproceedings",
)
ROC = Work(
    "Fawcett, Tom",
    "An introduction to ROC analysis",
    2006,
    "Pattern Recognition Letters",
    volume="27",
    number="8",
    pages="861-874",
    doi="10.1016/j.patrec.2005.10.010",
)
PRECISION_RECALL = Work(
    "Davis, Jesse and Goadrich, Mark",
    "The relationship between Precision-Recall and ROC curves",
    2006,
    "Proceedings of the 23rd International Conference on Machine Learning",
    pages="233-240",
    doi="10.1145/1143844.1143874",
    kind="inproceedings",
)
CONFORMAL = Work(
    "Angelopoulos, Anastasios N. and Bates, Stephen",
    "A Gentle Introduction to Conformal Prediction and Distribution-Free Uncertainty Quantification",
    2021,
    "arXiv",
    arxiv="2107.07511",
    kind="misc",
)
SELECTIVE = Work(
    "Geifman, Yonatan and El-Yaniv, Ran",
    "Selective Classification for Deep Neural Networks",
    2017,
    "Advances in Neural Information Processing Systems 30",
    arxiv="1705.08500",
    kind="inproceedings",
)
THRESHOLD = Work(
    "Elkan, Charles",
    "The Foundations of Cost-Sensitive Learning",
    2001,
    "Proceedings of the 17th International Joint Conference on Artificial Intelligence",
    pages="973-978",
    kind="inproceedings",
)
DIFFERENCE = Work(
    "Zou, Guang Yong and Donner, Allan",
    "Construction of confidence limits about effect measures: A general approach",
    2008,
    "Statistics in Medicine",
    volume="27",
    number="10",
    pages="1693-1702",
    doi="10.1002/sim.3095",
)
RESIDUALS = Work(
    "Cook, R. Dennis and Weisberg, Sanford",
    "Residuals and Influence in Regression",
    1982,
    "Chapman and Hall",
    kind="book",
)
