"""Works that are cited by the steps."""

from __future__ import annotations

from sci.api import Work

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

WORDPIECE = Work(
    "Schuster, Mike and Nakajima, Kaisuke",
    "Japanese and Korean voice search",
    2012,
    "IEEE International Conference on Acoustics, Speech and Signal Processing",
    pages="5149-5152",
    doi="10.1109/ICASSP.2012.6289079",
    kind="inproceedings",
)

BPE = Work(
    "Sennrich, Rico and Haddow, Barry and Birch, Alexandra",
    "Neural Machine Translation of Rare Words with Subword Units",
    2016,
    "Annual Meeting of the Association for Computational Linguistics",
    pages="1715-1725",
    doi="10.18653/v1/P16-1162",
    arxiv="1508.07909",
    kind="inproceedings",
)

SEQ2SEQ = Work(
    "Sutskever, Ilya and Vinyals, Oriol and Le, Quoc V.",
    "Sequence to Sequence Learning with Neural Networks",
    2014,
    "Advances in Neural Information Processing Systems",
    volume="27",
    pages="3104-3112",
    arxiv="1409.3215",
    kind="inproceedings",
)
