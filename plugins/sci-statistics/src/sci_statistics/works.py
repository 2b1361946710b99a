"""Works that are cited by the intervals, tests, calibrators and audits."""

from __future__ import annotations

from sci.api import Work

BOOTSTRAP = Work(
    "Efron, Bradley",
    "Better Bootstrap Confidence Intervals",
    1987,
    "Journal of the American Statistical Association",
    volume="82",
    number="397",
    pages="171-185",
    doi="10.1080/01621459.1987.10478410",
)
WILSON = Work(
    "Wilson, Edwin B.",
    "Probable Inference, the Law of Succession, and Statistical Inference",
    1927,
    "Journal of the American Statistical Association",
    volume="22",
    number="158",
    pages="209-212",
    doi="10.1080/01621459.1927.10502953",
)
PAIRED_BOOTSTRAP = Work(
    "Efron, Bradley and Tibshirani, Robert J.",
    "An Introduction to the Bootstrap",
    1993,
    "Chapman & Hall",
    doi="10.1007/978-1-4899-4541-9",
    kind="book",
)
MCNEMAR = Work(
    "McNemar, Quinn",
    "Note on the sampling error of the difference between correlated proportions or percentages",
    1947,
    "Psychometrika",
    volume="12",
    number="2",
    pages="153-157",
    doi="10.1007/BF02295996",
)
DELONG = Work(
    "DeLong, Elizabeth R. and DeLong, David M. and Clarke-Pearson, Daniel L.",
    "Comparing the Areas under Two or More Correlated Receiver Operating Characteristic Curves: A Nonparametric "
    "Approach",
    1988,
    "Biometrics",
    volume="44",
    number="3",
    pages="837-845",
    doi="10.2307/2531595",
)
CORRECTED_T = Work(
    "Nadeau, Claude and Bengio, Yoshua",
    "Inference for the Generalization Error",
    2003,
    "Machine Learning",
    volume="52",
    number="3",
    pages="239-281",
    doi="10.1023/A:1024068626366",
)
TEMPERATURE = Work(
    "Guo, Chuan and Pleiss, Geoff and Sun, Yu and Weinberger, Kilian Q.",
    "On Calibration of Modern Neural Networks",
    2017,
    "Proceedings of the 34th International Conference on Machine Learning",
    arxiv="1706.04599",
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
CONFORMAL = Work(
    "Angelopoulos, Anastasios N. and Bates, Stephen",
    "A Gentle Introduction to Conformal Prediction and Distribution-Free Uncertainty Quantification",
    2021,
    "arXiv",
    arxiv="2107.07511",
    kind="misc",
)
LEAKAGE = Work(
    "Kapoor, Sayash and Narayanan, Arvind",
    "Leakage and the reproducibility crisis in machine-learning-based science",
    2023,
    "Patterns",
    volume="4",
    number="9",
    pages="100804",
    doi="10.1016/j.patter.2023.100804",
)
PERMUTATION = Work(
    "Phipson, Belinda and Smyth, Gordon K.",
    "Permutation P-values Should Never Be Zero: Calculating Exact P-values When Permutations Are Randomly Drawn",
    2010,
    "Statistical Applications in Genetics and Molecular Biology",
    volume="9",
    number="1",
    doi="10.2202/1544-6115.1585",
)
LEARNING_CURVES = Work(
    "Perlich, Claudia and Provost, Foster and Simonoff, Jeffrey S.",
    "Tree Induction vs. Logistic Regression: A Learning-Curve Analysis",
    2003,
    "Journal of Machine Learning Research",
    volume="4",
    pages="211-255",
)
LABEL_ERRORS = Work(
    "Northcutt, Curtis G. and Athalye, Anish and Mueller, Jonas",
    "Pervasive Label Errors in Test Sets Destabilize Machine Learning Benchmarks",
    2021,
    "arXiv",
    arxiv="2103.14749",
    kind="misc",
)
RESEMBLANCE = Work(
    "Broder, Andrei Z.",
    "On the resemblance and containment of documents",
    1997,
    "Proceedings of Compression and Complexity of SEQUENCES 1997",
    pages="21-29",
    doi="10.1109/SEQUEN.1997.666900",
    kind="inproceedings",
)
TWO_SAMPLES = Work(
    "Lopez-Paz, David and Oquab, Maxime",
    "Revisiting Classifier Two-Sample Tests",
    2017,
    "International Conference on Learning Representations",
    arxiv="1610.06545",
    kind="inproceedings",
)
