"""How n-grams weigh, as settings and task have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sci.api import ConfigError, Feature, Feed, head_shape
from sci_text.model_config import NgramLinearConfig
from sci_text.ngrams import counted, inverse_frequency, naive_bayes

PRIOR = 0.25
"""Where weights begin that have log-count ratios to begin with."""


class Weighing(NamedTuple):
    """How n-grams weigh for one head.

    Args:
        head: its name.
        outputs: numbers of it.
        scalar: whether it is one number without an axis.
        kind: ``naive-bayes``, ``idf`` or ``none``.
        prior: where the weights of n-grams begin.
    """

    head: str
    outputs: int
    scalar: bool
    kind: str
    prior: float

    @property
    def width(self) -> int:
        """Weights of one n-gram: one, or one for each class."""
        return self.outputs if self.kind == "naive-bayes" else 1

    def of_rows(self, feed: Feed, column: str, config: NgramLinearConfig) -> np.ndarray:
        """Weights of the buckets in the training rows, float64 [buckets + 1, width]; those that no row has are 0, as is
        the last, which fills rows up."""
        found = np.ones((config.buckets, self.width))
        if self.kind != "none":
            classes = self.outputs if self.kind == "naive-bayes" else 0
            counts, rows = counted(feed, column, config.orders, config.buckets, classes)
            found = naive_bayes(counts) if classes else inverse_frequency(counts, rows)
            found[counts.sum(axis=0) == 0] = 0.0
        return np.concatenate([found, np.zeros((1, self.width))])


def weighing(config: NgramLinearConfig, heads: Mapping[str, Feature]) -> Weighing:
    """How n-grams weigh for what a task wants.

    Raises:
        ConfigError: it wants several heads, one for each position, or none that has classes where those are weighed by;
            or a prior that only classes give a meaning to.
    """
    [(name, feature)] = heads.items() if len(heads) == 1 else [("", None)]
    shape = None if feature is None or feature.ragged else head_shape(name, feature)
    if shape is None or len(shape) > 1:
        raise ConfigError(
            "ngram-linear gives one number, or one for each class, for each row, and the task wants something else",
            id="flow.head",
        )
    kind = config.weighting if config.weighting != "auto" else "naive-bayes" if shape else "idf"
    if kind == "naive-bayes" and not shape:
        raise ConfigError(
            "model.weighting is `naive-bayes`, and the task has no classes",
            id="flow.head",
            hint="model: {name: ngram-linear, weighting: idf}",
        )
    if config.prior and kind != "naive-bayes":
        raise ConfigError(
            f"model.prior {config.prior:g} begins as naive Bayes, and n-grams are weighed by `{kind}`",
            id="flow.head",
            hint="model: {name: ngram-linear, weighting: naive-bayes}",
        )
    prior = config.prior if config.prior is not None else PRIOR if kind == "naive-bayes" else 0.0
    return Weighing(name, shape[0] if shape else 1, not shape, kind, prior)
