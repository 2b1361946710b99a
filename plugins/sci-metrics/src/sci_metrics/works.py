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
PRECISION_AND_RECALL = Work(
    "Kent, Allen and Berry, Madeline M. and Luehrs, Jr., Fred U. and Perry, J. W.",
    "Machine literature searching VIII. Operational criteria for designing information retrieval systems",
    1955,
    "American Documentation",
    volume="6",
    number="2",
    pages="93-101",
    doi="10.1002/asi.5090060209",
)
F_MEASURE = Work("van Rijsbergen, C. J.", "Information Retrieval", 1979, "Butterworths", kind="book")
AVERAGED = Work(
    "Sokolova, Marina and Lapalme, Guy",
    "A systematic analysis of performance measures for classification tasks",
    2009,
    "Information Processing & Management",
    volume="45",
    number="4",
    pages="427-437",
    doi="10.1016/j.ipm.2009.03.002",
)
MACRO_F1 = Work(
    "Opitz, Juri and Burst, Sebastian", "Macro F1 and Macro F1", 2019, "arXiv", arxiv="1911.03347", kind="misc"
)
ROC_OF_MANY = Work(
    "Fawcett, Tom",
    "An introduction to ROC analysis",
    2006,
    "Pattern Recognition Letters",
    volume="27",
    number="8",
    pages="861-874",
    doi="10.1016/j.patrec.2005.10.010",
)
PRECISION_RECALL_CURVE = Work(
    "Davis, Jesse and Goadrich, Mark",
    "The relationship between Precision-Recall and ROC curves",
    2006,
    "Proceedings of the 23rd International Conference on Machine Learning",
    pages="233-240",
    doi="10.1145/1143844.1143874",
    kind="inproceedings",
)
LOG_LOSS = Work(
    "Good, I. J.",
    "Rational Decisions",
    1952,
    "Journal of the Royal Statistical Society: Series B (Methodological)",
    volume="14",
    number="1",
    pages="107-114",
    doi="10.1111/j.2517-6161.1952.tb00104.x",
)
MAE = Work(
    "Willmott, Cort J. and Matsuura, Kenji",
    "Advantages of the mean absolute error (MAE) over the root mean square error (RMSE) in assessing average model "
    "performance",
    2005,
    "Climate Research",
    volume="30",
    number="1",
    pages="79-82",
    doi="10.3354/cr030079",
)
RMSE = Work(
    "Chai, T. and Draxler, R. R.",
    "Root mean square error (RMSE) or mean absolute error (MAE)? - Arguments against avoiding RMSE in the literature",
    2014,
    "Geoscientific Model Development",
    volume="7",
    number="3",
    pages="1247-1250",
    doi="10.5194/gmd-7-1247-2014",
)
R2 = Work(
    "Chicco, Davide and Warrens, Matthijs J. and Jurman, Giuseppe",
    "The coefficient of determination R-squared is more informative than SMAPE, MAE, MAPE, MSE and RMSE in regression "
    "analysis evaluation",
    2021,
    "PeerJ Computer Science",
    volume="7",
    pages="e623",
    doi="10.7717/peerj-cs.623",
)
MULTI_LABEL = Work(
    "Tsoumakas, Grigorios and Katakis, Ioannis",
    "Multi-Label Classification: An Overview",
    2007,
    "International Journal of Data Warehousing and Mining",
    volume="3",
    number="3",
    pages="1-13",
    doi="10.4018/jdwm.2007070101",
)
PERPLEXITY = Work(
    "Jelinek, F. and Mercer, R. L. and Bahl, L. R. and Baker, J. K.",
    "Perplexity: a measure of the difficulty of speech recognition tasks",
    1977,
    "The Journal of the Acoustical Society of America",
    volume="62",
    number="S1",
    pages="S63",
    doi="10.1121/1.2016299",
)
