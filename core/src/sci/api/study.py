"""A finished study as analyses, reports and deployers see it."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from sci.api.columns import Batch, Feature, Schema
    from sci.api.context import RunContext
    from sci.api.judgement import AuditFinding, Difference
    from sci.api.predictions import Predictions
    from sci.api.rows import Dataset


@dataclass(frozen=True)
class Score:
    """One metric with its uncertainty. `value`, `low` and `high` are NaN where they are not defined."""

    value: float
    low: float
    high: float
    confidence: float
    method: str
    n: int
    higher_is_better: bool
    details: Mapping[str, Any] = field(default_factory=dict)
    """Facts to print beside the value, such as the positive class; for several children, `values` and `sd`."""


Scores = Mapping[str, Score]
"""Metric name to score."""


@dataclass(frozen=True)
class Evaluation:
    """What one child (a fold with a seed) came to. `rows` are the raw test rows, opened."""

    fold: str
    seed: int
    scores: Mapping[str, Scores]
    """``test`` and ``validation`` to scores."""
    test: Predictions
    validation: Predictions | None
    rows: Dataset


@dataclass(frozen=True)
class Verdict:
    """One sentence on the primary metric against the best baseline; one function of the core makes it.

    `state`: clears, worse, not-separable, equivalent, no-baseline, undefined. `tiny` marks a trial run.
    """

    state: str
    sentence: str
    metric: str
    baseline: str | None = None
    difference: Difference | None = None
    tiny: bool = False
    cautions: Sequence[str] = ()
    weakened_by: Sequence[str] = ()


@dataclass(frozen=True)
class Table:
    """Rows for people: numbers stay numbers, the reporter formats them."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Figure:
    """A figure file in the run directory (SVG), what it shows, and the numbers behind it."""

    path: str
    title: str
    caption: str = ""
    table: Table | None = None


@dataclass(frozen=True)
class Finding:
    """What an analysis found. `place` is the section of the report: data, model, results, mistakes, explanation."""

    name: str
    place: str
    title: str
    text: str = ""
    figures: Sequence[Figure] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Branding:
    """Whose study it is, as a bundle or a policy says; reporters show it where they can.

    Args:
        name: the institution.
        line: one sentence for the foot of a page, such as a notice of confidentiality.
        logo: the bytes of a picture; empty when there is none.
        media_type: of the picture: ``image/png``, ``image/jpeg`` or ``image/svg+xml``.
    """

    name: str
    line: str = ""
    logo: bytes = b""
    media_type: str = ""


@dataclass(frozen=True)
class Study:
    """Everything known when training and evaluation are over."""

    name: str
    question: str
    run: pathlib.Path
    experiment: Mapping[str, Any]
    schema: Schema
    """The raw schema, with roles and slots."""
    splits: Mapping[str, Mapping[str, int]]
    """Fold to rows in train, validation, test."""
    evaluations: Sequence[Evaluation]
    baselines: Mapping[str, Sequence[Evaluation]]
    scores: Mapping[str, Scores]
    """``test`` and ``validation``, over all children."""
    baseline_scores: Mapping[str, Scores]
    """Baseline to scores on the test rows."""
    differences: Mapping[str, Mapping[str, Difference]]
    """Metric to baseline to the paired difference on the test rows, the model minus the baseline."""
    verdict: Verdict
    audit: Sequence[AuditFinding]
    history: Sequence[Mapping[str, float]]
    """One row for each epoch of the first child: epoch, step, loss, validation_loss, metrics."""
    openings: int
    """How often this test set has been opened, this study included."""
    lock: Mapping[str, Any]
    timings: Mapping[str, float]
    """Stage to seconds, so far."""
    warnings: Sequence[str] = ()
    branding: Branding | None = None


class Pipeline(Protocol):
    """The trained pipeline: what was trained is what is served. ``encode -> network -> decode``."""

    @property
    def request(self) -> Schema:
        """What a caller sends: names, kinds, units, categories."""
        ...

    @property
    def outputs(self) -> Mapping[str, Feature]:
        """What a caller gets."""
        ...

    @property
    def info(self) -> Mapping[str, Any]:
        """Classes, the positive class, decoding."""
        ...

    def predict(self, data: Dataset | pa.Table) -> pa.Table:
        """``id`` and ``prediction.<output>`` for raw rows; missing columns are a `DataError`.

        Args:
            data: rows with the columns of `request`, in any order.
        """
        ...

    def encode(self, batch: Batch) -> tuple[dict[str, np.ndarray], Batch]:
        """Raw rows as the network's arrays, and as the rows that the last step left (for `decode`).

        Args:
            batch: raw rows; targets are not read.
        """
        ...

    def network(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """What the network emits. Only this part needs the engine.

        Args:
            arrays: what `encode` gave first.
        """
        ...

    def decode(self, raw: Mapping[str, np.ndarray], rows: Batch) -> Batch:
        """What people get, in the units of the source.

        Args:
            raw: what `network` gave.
            rows: what `encode` gave second.
        """
        ...


class Analysis(Protocol):
    """Looks at a finished study. Target of kind `analyses`: called with its settings."""

    def analyze(self, study: Study, context: RunContext) -> Sequence[Finding]:
        """Findings; figures are written through `context.write`. An empty list means that it does not apply.

        Args:
            study: everything known when training and evaluation are over.
            context: the run.
        """
        ...


class Reporter(Protocol):
    """Writes a study down. Target of kind `reporters`: called with its settings."""

    def report(self, study: Study, findings: Sequence[Finding], context: RunContext) -> Sequence[str]:
        """Names of the files written through `context.write`, the main one first.

        Args:
            study: everything known when training and evaluation are over.
            findings: what the analyses found.
            context: the run.
        """
        ...


@dataclass(frozen=True)
class Deployment:
    """A model handed over."""

    name: str
    files: Sequence[str]
    how: str
    """The command or address to use it."""


class Deployer(Protocol):
    """Hands the model over. Target of kind `deployers`: called with its settings.

    With the trait ``serves`` it also has ``serve(run, host, port) -> None``, which answers requests until stopped.
    """

    def deploy(self, pipeline: Pipeline, context: RunContext) -> Deployment:
        """Write under ``exports/<name>/`` through `context.write`.

        Args:
            pipeline: the trained pipeline.
            context: the run.
        """
        ...
