"""Works that are cited by the metrics."""

from __future__ import annotations

from sci.api import Work

BALANCED_ACCURACY = Work(
    "Brodersen, Kay Henning and Ong, Cheng Soon and Stephan, Klaas Enno and Buhmann, Joachim M.",
    "The Balanced Accuracy and Its Posterior Distribution",
    2010,
    "20th International Conference on Pattern Recognition",
    pages="3121-3124",
    doi="10.1109/ICPR.2010.764",
    kind="inproceedings",
)
MCC = Work(
    "Gorodkin, J.",
    "Comparing two K-category assignments by a K-category correlation coefficient",
    2004,
    "Computational Biology and Chemistry",
    volume="28",
    number="5-6",
    pages="367-374",
    doi="10.1016/j.compbiolchem.2004.09.006",
)
ROC_AUC = Work(
    "Hanley, James A. and McNeil, Barbara J.",
    "The meaning and use of the area under a receiver operating characteristic (ROC) curve",
    1982,
    "Radiology",
    volume="143",
    number="1",
    pages="29-36",
    doi="10.1148/radiology.143.1.7063747",
)
CONLL = Work(
    "Tjong Kim Sang, Erik F. and De Meulder, Fien",
    "Introduction to the CoNLL-2003 Shared Task: Language-Independent Named Entity Recognition",
    2003,
    "Proceedings of CoNLL-2003 at HLT-NAACL",
    pages="142-147",
    doi="10.3115/1119176.1119195",
    kind="inproceedings",
)
BRIER = Work(
    "Brier, Glenn W.",
    "Verification of forecasts expressed in terms of probability",
    1950,
    "Monthly Weather Review",
    volume="78",
    number="1",
    pages="1-3",
    doi="10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2",
)
BLEU = Work(
    "Papineni, Kishore and Roukos, Salim and Ward, Todd and Zhu, Wei-Jing",
    "BLEU: a Method for Automatic Evaluation of Machine Translation",
    2002,
    "40th Annual Meeting of the Association for Computational Linguistics",
    pages="311-318",
    doi="10.3115/1073083.1073135",
    kind="inproceedings",
)
CHRF = Work(
    "Popović, Maja",
    "chrF: character n-gram F-score for automatic MT evaluation",
    2015,
    "Tenth Workshop on Statistical Machine Translation",
    pages="392-395",
    doi="10.18653/v1/W15-3049",
    kind="inproceedings",
)
