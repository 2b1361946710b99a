"""Likeness of texts to reference texts, by the sequences that they share, as sacreBLEU counts them (Post 2018)."""

from __future__ import annotations

import abc
from itertools import zip_longest
from typing import Any

import numpy as np
from sacrebleu.metrics.base import Metric as SacreMetric
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from sci.api import Predictions
from sci_metrics.config import BleuConfig, ChrfConfig
from sci_metrics.references import named_sources, references, texts
from sci_metrics.sums import Summed, defined, ratio

VARIABLE = -1
"""Stands in sacreBLEU for a number of references that differs from source to source."""


class Counted(Summed, abc.ABC):
    """A figure that follows from what sacreBLEU counts in each row; on all rows it is sacreBLEU's corpus score.

    A row without a text counts as an empty one. Where the rows of a group are one source, each is compared with the
    references of all of them and counts by its share of the group, so that together they count once.
    """

    bounds = (0.0, 100.0)
    counter: SacreMetric

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """What sacreBLEU counts in each row, float64 [n, k]."""
        answers, wanted = texts(predictions.prediction("text")), references(predictions, self.config)
        # sacreBLEU has no public name for the counts behind its scores; the dependency is bounded for that.
        streams = list(zip_longest(*wanted))
        counted = self.counter._extract_corpus_statistics(answers, streams) if answers else []
        found = np.array(counted, dtype=np.float64).reshape(len(answers), self.width)
        return found / np.array([len(several) for several in wanted], dtype=np.float64)[:, None]

    @property
    @abc.abstractmethod
    def width(self) -> int:
        """How many numbers are counted in each row."""

    def describe(self, predictions: Predictions) -> dict[str, Any]:
        """sacreBLEU's signature: everything that the figure depends on; and how many sources there are, where rows of a
        group are one."""
        numbers = {len(several) for several in references(predictions, self.config)}
        self.counter.num_refs = numbers.pop() if len(numbers) == 1 else VARIABLE
        found: dict[str, Any] = {"signature": str(self.counter.get_signature())}
        if self.config.references == "group":
            found["sources"] = len(set(named_sources(predictions)))
        return found


class Bleu(Counted):
    """The geometric mean of the shares of sequences of 1 to 4 tokens that the reference has, too, less where the
    answers are shorter than the references (Papineni et al. 2002); 0 to 100.

    Where no sequence of some length is shared, half of one is counted, then a quarter and so on, as sacreBLEU does by
    default (NIST smoothing).
    """

    ORDER = 4

    def __init__(self, config: BleuConfig) -> None:
        super().__init__(config)
        self.counter = BLEU(tokenize=config.tokenize, lowercase=config.lowercase, force=True)

    @property
    def width(self) -> int:
        return 2 + 2 * self.ORDER

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        length, reference = sums[..., 0], sums[..., 1]
        shared, total = sums[..., 2 : 2 + self.ORDER], sums[..., 2 + self.ORDER :]
        halvings = np.cumsum(shared == 0, axis=-1)
        shares = ratio(np.where(shared == 0, 0.5**halvings, shared), total)
        some = np.asarray(shared.any(axis=-1) & (total > 0).all(axis=-1))
        means = np.exp(np.log(np.where(some[..., None], shares, 1)).mean(axis=-1))
        brevity = np.exp(np.minimum(1 - ratio(reference, np.where(some, length, 1)), 0))
        return np.where(some, 100 * brevity * means, 0.0)


class Chrf(Counted):
    """The F score of sequences of characters, averaged over their lengths, with recall counting `beta` times as much as
    precision (Popović 2015); with `word_order` 2 chrF++ (Popović 2017). 0 to 100.
    """

    def __init__(self, config: ChrfConfig) -> None:
        super().__init__(config)
        self.counter = CHRF(
            char_order=config.char_order, word_order=config.word_order, beta=config.beta, lowercase=config.lowercase
        )

    @property
    def width(self) -> int:
        return 3 * (self.config.char_order + self.config.word_order)

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        answered, wanted, shared = (sums[..., place::3] for place in range(3))
        both = (answered > 0) & (wanted > 0)
        orders = both.sum(axis=-1)
        precision = ratio(np.where(both, ratio(shared, answered), 0).sum(axis=-1), orders)
        recall = ratio(np.where(both, ratio(shared, wanted), 0).sum(axis=-1), orders)
        weight = self.config.beta**2
        return 100 * ratio((1 + weight) * precision * recall, weight * precision + recall)


class ExactMatch(Summed):
    """The share of rows whose text is the target, white space at both ends aside.

    Where the rows of a group are one source, the share of sources whose text is one of their references.
    """

    interval = "wilson"
    comparison = "mcnemar"

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """1 where the row is right, else 0, float64 [n, 1].

        Where the rows of a group are one source, each counts by its share of the group, and a second column has these.
        """
        wanted = references(predictions, self.config)
        pairs = zip(texts(predictions.prediction("text")), wanted, strict=True)
        right = [answer.strip() in [text.strip() for text in several] for answer, several in pairs]
        found = np.array(right, dtype=np.float64)[:, None]
        if self.config.references == "row":
            return found
        shares = 1 / np.array([len(several) for several in wanted], dtype=np.float64)[:, None]
        return np.hstack([found * shares, shares])

    def value(self, sums: np.ndarray, n: Any) -> np.ndarray:
        return defined(sums[..., 0], np.asarray(n, dtype=np.float64) if sums.shape[-1] == 1 else sums[..., 1])
