"""How results are judged: metrics, intervals, comparisons, audits, baselines, calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from sci.api.state import State

if TYPE_CHECKING:
    from sci.api.columns import Batch
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
    * ``describe(predictions) -> dict``, facts to print beside the value (the positive class).
    """

    higher_is_better: bool
    bounds: tuple[float | None, float | None]

    def __call__(self, predictions: Predictions) -> float:
        """The value; NaN where it is not defined for these rows."""
        ...


@dataclass(frozen=True)
class Range:
    """An interval of a metric. `low` and `high` are NaN where none is defined, and `method` then says why."""

    low: float
    high: float
    confidence: float
    method: str


class Interval(Protocol):
    """Uncertainty of one metric on one test set. Target of kind `intervals`: called with its settings."""

    def interval(self, metric: Metric, predictions: Predictions, confidence: float, seed: int) -> Range: ...


@dataclass(frozen=True)
class Difference:
    """The difference a - b of a metric on the same rows, oriented so that positive means a is better."""

    value: float
    low: float
    high: float
    confidence: float
    p: float
    method: str
    detectable: float
    """The smallest difference that this test set could have shown (80 % power, two-sided 5 %); NaN where unknown."""


class Comparison(Protocol):
    """A paired test. Target of kind `comparisons`: called with its settings."""

    def compare(self, metric: Metric, a: Predictions, b: Predictions, confidence: float, seed: int) -> Difference: ...


@dataclass(frozen=True)
class AuditFinding:
    """What an audit found. `rows` are ids, never values."""

    check: str
    severity: Literal["error", "warning", "note", "passed"]
    message: str
    columns: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    count: int = 0
    hint: str = ""
    waived: bool = False
    """The experiment turned this error into a warning; set by the core."""


class Audit(Protocol):
    """Looks at the raw rows and their split before training. Target of kind `audits`: called with its settings."""

    def audit(self, dataset: Dataset, folds: Sequence[Fold], context: RunContext) -> Sequence[AuditFinding]: ...


class Baseline(Protocol):
    """A rival on the same folds. Target of kind `baselines`: called with its settings."""

    def patch(self, experiment: Mapping[str, Any]) -> Mapping[str, Any]:
        """Top-level keys of the experiment to replace (preprocessing, model, engine, training); run as a child."""
        ...


class Calibrator(Protocol):
    """Something fitted on validation predictions and served with the model. Target of kind `calibrators`."""

    def fit(self, validation: Predictions) -> None: ...

    def transform(self, predictions: Batch, info: Mapping[str, Any]) -> Batch:
        """New outputs from old ones; may add outputs."""
        ...

    def state(self) -> State: ...

    def load_state(self, state: State) -> None: ...
