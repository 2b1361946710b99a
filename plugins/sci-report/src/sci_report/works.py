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
