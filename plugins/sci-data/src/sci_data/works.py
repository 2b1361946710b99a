"""Works that are cited by the formats and the data sets."""

from __future__ import annotations

from sci.api import Work

CSV = Work(
    "Shafranovich, Yakov",
    "Common Format and MIME Type for Comma-Separated Values (CSV) Files",
    2005,
    "RFC 4180",
    doi="10.17487/RFC4180",
    kind="misc",
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
JSON = Work(
    "Bray, Tim",
    "The JavaScript Object Notation (JSON) Data Interchange Format",
    2017,
    "RFC 8259",
    doi="10.17487/RFC8259",
    kind="misc",
)
IRIS = Work(
    "Fisher, R. A.",
    "The use of multiple measurements in taxonomic problems",
    1936,
    "Annals of Eugenics",
    volume="7",
    number="2",
    pages="179-188",
    doi="10.1111/j.1469-1809.1936.tb02137.x",
)
WINE = Work(
    "Aeberhard, Stefan and Forina, M.",
    "Wine",
    1991,
    "UCI Machine Learning Repository",
    doi="10.24432/C5PC7J",
    kind="misc",
)
BREAST_CANCER = Work(
    "Street, W. Nick and Wolberg, William H. and Mangasarian, Olvi L.",
    "Nuclear feature extraction for breast tumor diagnosis",
    1993,
    "Biomedical Image Processing and Biomedical Visualization",
    pages="861-870",
    doi="10.1117/12.148698",
    kind="inproceedings",
)
DIGITS = Work(
    "Alpaydin, E. and Kaynak, C.",
    "Optical Recognition of Handwritten Digits",
    1998,
    "UCI Machine Learning Repository",
    doi="10.24432/C50P49",
    kind="misc",
)
DIABETES = Work(
    "Efron, Bradley and Hastie, Trevor and Johnstone, Iain and Tibshirani, Robert",
    "Least angle regression",
    2004,
    "The Annals of Statistics",
    volume="32",
    number="2",
    pages="407-499",
    doi="10.1214/009053604000000067",
)
STRATIFIED = Work(
    "Kohavi, Ron",
    "A Study of Cross-Validation and Bootstrap for Accuracy Estimation and Model Selection",
    1995,
    "Proceedings of the 14th International Joint Conference on Artificial Intelligence",
    volume="2",
    pages="1137-1143",
    kind="inproceedings",
)
CROSS_VALIDATION = Work(
    "Stone, M.",
    "Cross-Validatory Choice and Assessment of Statistical Predictions",
    1974,
    "Journal of the Royal Statistical Society: Series B (Methodological)",
    volume="36",
    number="2",
    pages="111-147",
    doi="10.1111/j.2517-6161.1974.tb00994.x",
)
GROUPS = Work(
    "Roberts, David R. and Bahn, Volker and Ciuti, Simone and others",
    "Cross-validation strategies for data with temporal, spatial, hierarchical, or phylogenetic structure",
    2017,
    "Ecography",
    volume="40",
    number="8",
    pages="913-929",
    doi="10.1111/ecog.02881",
)
TIME = Work(
    "Tashman, Leonard J.",
    "Out-of-sample tests of forecasting accuracy: an analysis and review",
    2000,
    "International Journal of Forecasting",
    volume="16",
    number="4",
    pages="437-450",
    doi="10.1016/S0169-2070(00)00065-0",
)
