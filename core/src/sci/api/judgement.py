"""How results are judged: metrics, intervals, comparisons, audits, baselines, calibration."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from sci.api.state import State

if TYPE_CHECKING:
    import numpy as np

    from sci.api.columns import Batch, Column, Feature, Ragged
    from sci.api.context import RunContext
    from sci.api.data import Fold
    from sci.api.predictions import Predictions
    from sci.api.rows import Dataset


class Metric(Protocol):
    """A figure of merit. Target of kind `metrics`: called with its settings.

    It may also have

    * ``statistics(predictions) -> float64 [n, k]`` and ``value(sums [..., k], n) -> [...]``, which make resampling one
      matrix product;
    * ``weighted(predictions) -> (counts [b, n] -> values [b])``, the metric as a function of how often each row counts,
      where it is no function of sums;
    * ``interval: str``, the interval component that suits it (``wilson`` for a proportion, with ``statistics`` of one
      column of 0 and 1);
    * ``comparison: str``, the comparison component that suits it, fixed before any result is seen (``mcnemar`` for a
      proportion, ``delong`` for an area under the ROC curve);
    * ``scores(predictions) -> (float64 [n], bool [n])``, where it is an area under the ROC curve: what orders the rows,
      and which of them should come first;
    * ``describe(predictions) -> dict``, facts to print beside the value (the positive class).
    """

    higher_is_better: bool
    """Whether a larger value is a better one."""
    bounds: tuple[float | None, float | None]
    """The smallest and the largest value that it can have; None where there is none."""

    def __call__(self, predictions: Predictions) -> float:
        """The value; NaN where it is not defined for these rows.

        Args:
            predictions: truth and answers; there may be no row.
        """
        ...


@dataclass(frozen=True)
class Range:
    """An interval of a metric.

    Args:
        low: its lower end; NaN where none is defined, and `method` then says why.
        high: its upper end, likewise.
        confidence: share of such intervals that hold the true value, such as 0.95.
        method: how it was made, in a few words for the report.
    """

    low: float
    high: float
    confidence: float
    method: str


class Curve(Protocol):
    """A figure of merit at several points, such as the true positive rate at each of 101 false positive rates."""

    @property
    def points(self) -> int:
        """At how many points."""
        ...

    def weighted(self, predictions: Predictions) -> Callable[[np.ndarray], np.ndarray]:
        """The curve as a function of how often each row counts.

        Args:
            predictions: truth and answers of n rows.

        Returns:
            A function of counts float64 [b, n] that gives values float64 [b, points]; NaN where one is not defined.
        """
        ...


@dataclass(frozen=True)
class Band:
    """An interval for each point of a curve, each on its own: the whole curve leaves such a band more often.

    Args:
        low: the lower ends, float64 [points]; NaN where none is defined.
        high: the upper ends, likewise.
        confidence: share of such intervals that hold the true value of their point, such as 0.95.
        method: how it was made, or why there is none, in a few words for the report.
    """

    low: np.ndarray
    high: np.ndarray
    confidence: float
    method: str


class Interval(Protocol):
    """Uncertainty of one metric on one test set. Target of kind `intervals`: called with its settings.

    It may also have ``band(curve, predictions, confidence, seed) -> Band``, the same for each point of a `Curve`.
    """

    def interval(self, metric: Metric, predictions: Predictions, confidence: float, seed: int) -> Range:
        """The interval of one metric.

        Args:
            metric: what is computed.
            predictions: the rows that it is computed on.
            confidence: share of such intervals that hold the true value, such as 0.95.
            seed: what every draw follows from.
        """
        ...


@dataclass(frozen=True)
class Difference:
    """The difference a - b of a metric on the same rows, oriented so that positive means a is better.

    Args:
        value: the difference.
        low: lower end of its interval.
        high: upper end of its interval.
        confidence: of the interval, such as 0.95.
        p: two-sided, for no difference; NaN where the method gives none.
        method: how it was made, in a few words for the report.
        detectable: the smallest difference that this test set could have shown (80 % power, two-sided 5 %); NaN where
            unknown.
        effect: the difference on a scale without unit, with the same sign; NaN where none is defined for the metric.
        scale: of the effect, such as ``Cohen's g``.
    """

    value: float
    low: float
    high: float
    confidence: float
    p: float
    method: str
    detectable: float
    effect: float = math.nan
    scale: str = ""

    @property
    def word(self) -> Literal["better", "worse", "not separable", "undefined"]:
        """What the difference comes to: by the interval, and where the test disagrees with it, by the more cautious."""
        if math.isnan(self.low) or math.isnan(self.high):
            return "undefined"
        if self.low <= 0 <= self.high or self.disputed:
            return "not separable"
        return "better" if self.low > 0 else "worse"

    @property
    def disputed(self) -> bool:
        """Whether the interval leaves out 0 although the test does not."""
        return (self.low > 0 or self.high < 0) and self.p > 1 - self.confidence


class Comparison(Protocol):
    """A paired test. Target of kind `comparisons`: called with its settings.

    One with the trait ``folds`` compares studies of several folds: the predictions are those of all folds one after the
    other, with a column ``fold``, and ``info["train_rows"]`` is the mean number of rows that a fold was trained on.
    Where several seeds answered every row, it stands there as often, and a column ``seed`` says whose the answers are.
    """

    def compare(self, metric: Metric, a: Predictions, b: Predictions, confidence: float, seed: int) -> Difference:
        """The difference of two models in one metric.

        Args:
            metric: what is compared.
            a: predictions of the one model.
            b: predictions of the other, for the same rows in the same order.
            confidence: of the interval of the difference, such as 0.95.
            seed: what every draw follows from.
        """
        ...


@dataclass(frozen=True)
class AuditFinding:
    """What an audit found.

    Args:
        check: name of the audit; one audit may give several findings.
        severity: error stops the run unless the experiment waives it; warning and note stand in the report; passed
            says that it was looked at and nothing was found.
        message: one sentence for people, with the figures, and without a value of any row.
        columns: the columns that it is about.
        rows: ids of rows, never values. A few examples will do; where all `count` rows are named, the verdict is judged
            again without those of them that are tested. ``audit.json`` keeps the first twenty.
        count: how many rows it is about.
        hint: what to type against it.
        waived: the experiment turned this error into a warning; set by the core.
    """

    check: str
    severity: Literal["error", "warning", "note", "passed"]
    message: str
    columns: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    count: int = 0
    hint: str = ""
    waived: bool = False


class Audit(Protocol):
    """Looks at the raw rows and their split before training. Target of kind `audits`: called with its settings.

    Every installed audit looks at every study, with the defaults of its settings; no experiment has to name it. What
    its findings do, an experiment says with ``audit: {NAME: warn}`` or ``off``.
    """

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]:
        """What it found; an empty list means that it does not apply.

        Args:
            dataset: all rows, raw, the test rows among them.
            folds: their division.
            context: the run.
        """
        ...


class Fingerprint(Protocol):
    """What two values of a column have in common when they are nearly the same: two photographs of one scene, a
    recording and its echo. Target of kind `fingerprints`: called with its settings.

    Every installed fingerprint is asked about the inputs of the kinds that its `accepts` names; an audit then looks for
    near copies across the split. A value is turned into a set of numbers, and two values are near copies where their
    sets have much in common. A hash of 64 bits is such a set, too: that of its bits, each with its place; values whose
    hashes differ in 5 bits then have a likeness of 59 / 69 = 0.86.
    """

    likeness: float
    """Elements that two near copies have in common, as a share of those that either has (the Jaccard index), 0 to 1."""

    def elements(self, column: Column, feature: Feature) -> Ragged:
        """The set of each row, which depends on that row alone.

        Args:
            column: some rows of an input, in the form in which it passes between steps.
            feature: what the column means.

        Returns:
            uint64 elements of each row; order and repetition do not matter. A row without any is like no other.
        """
        ...


class Baseline(Protocol):
    """A rival on the same folds. Target of kind `baselines`: called with its settings."""

    def patch(self, experiment: Mapping[str, Any]) -> Mapping[str, Any]:
        """Top-level keys of the experiment to replace (preprocessing, model, engine, training); run as a child.

        Args:
            experiment: the resolved experiment.
        """
        ...


class Calibrator(Protocol):
    """Something fitted on validation predictions and served with the model. Target of kind `calibrators`.

    Calibrators are fitted in their order, each on what those before it made of the validation predictions. One may also
    have

    * ``check(info)``, called before training, which raises a `ConfigError` where it does not suit these classes;
    * ``outputs(outputs, info) -> dict``, output to `Feature`, for those that `transform` adds to the `outputs` given;
    * ``info() -> dict``, facts that it learned, as JSON: they stand beside what the task knows, and are served.
    """

    def fit(self, validation: Predictions) -> None:
        """Learn from the predictions of rows that the model was not trained on.

        Args:
            validation: truth and answers of the validation rows.
        """
        ...

    def transform(self, predictions: Batch, info: Mapping[str, Any]) -> Batch:
        """New outputs from old ones; may add outputs.

        Args:
            predictions: outputs of the task, by name.
            info: what the task knows: classes, the positive class.
        """
        ...

    def state(self) -> State:
        """What was fitted; stored with the model."""
        ...

    def load_state(self, state: State) -> None:
        """Take over a state that `state` returned.

        Args:
            state: of a calibrator with the same settings.
        """
        ...
