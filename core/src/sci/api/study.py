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
    """One metric with its uncertainty. `value`, `low` and `high` are NaN where they are not defined.

    Args:
        value: the metric.
        low: lower end of its interval.
        high: upper end of its interval.
        confidence: of the interval, such as 0.95.
        method: how the interval was made.
        n: number of rows.
        higher_is_better: as the metric says.
        details: facts to print beside the value, such as the positive class; for several children, `values` and `sd`.
    """

    value: float
    low: float
    high: float
    confidence: float
    method: str
    n: int
    higher_is_better: bool
    details: Mapping[str, Any] = field(default_factory=dict)


Scores = Mapping[str, Score]
"""Metric name to score."""


@dataclass(frozen=True)
class Evaluation:
    """What one child (a fold with a seed) came to.

    Args:
        fold: name of its fold.
        seed: its seed.
        scores: ``test`` and ``validation`` to scores.
        test: predictions of the test rows, beside the truth.
        validation: predictions of the validation rows; None where there are none.
        rows: the raw test rows, opened.
    """

    fold: str
    seed: int
    scores: Mapping[str, Scores]
    test: Predictions
    validation: Predictions | None
    rows: Dataset


@dataclass(frozen=True)
class Verdict:
    """One sentence on the primary metric against the best baseline; one function of the core makes it.

    Args:
        state: clears, worse, not-separable, equivalent, no-baseline or undefined.
        sentence: for people.
        metric: the primary metric.
        baseline: the best baseline; None where there is none.
        difference: the model minus that baseline; None where there is none.
        tiny: whether this was a trial run.
        cautions: sentences that belong beside it.
        weakened_by: what weakens it: ``incomplete`` (a model of the study failed), ``waived`` (a check of the audit),
            ``opened`` (the test set, before), and each audit without whose rows the state would be another one.
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
    """Rows for people: numbers stay numbers, the reporter formats them.

    Args:
        columns: the heads.
        rows: one sequence for each row, as long as `columns`.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Figure:
    """A figure file in the run directory (SVG), what it shows, and the numbers behind it.

    Args:
        path: as it was given to `context.write`, such as ``figures/lines.svg``.
        title: a few words.
        caption: what to see in it.
        table: the numbers that were drawn, for those who cannot see it.
    """

    path: str
    title: str
    caption: str = ""
    table: Table | None = None


@dataclass(frozen=True)
class Finding:
    """What an analysis found.

    Args:
        name: of the analysis.
        place: section of the report: results, data, model, mistakes, calibration, slices or explanation.
        title: its heading there.
        text: what it means, in a sentence or two.
        figures: in their order.
        table: rows to print.
    """

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
    """Everything known when training and evaluation are over.

    Args:
        name: of the study.
        question: what the experiment asks, in its words; empty where it does not say.
        run: the run directory.
        experiment: the resolved experiment.
        schema: of the raw rows, with roles and slots.
        splits: fold to rows in train, validation, test.
        evaluations: one for each child, a fold with a seed.
        baselines: baseline to its evaluations, one for each child.
        scores: ``test`` and ``validation``, over all children; ``holdout`` where the study held rows out.
        baseline_scores: baseline to scores on the test rows.
        differences: metric to baseline to the paired difference on the test rows, the model minus the baseline.
        verdict: the sentence on top of the report.
        audit: what the audits found.
        history: one row for each epoch of the first child: epoch, step, loss, validation_loss, metrics.
        openings: how often this test set has been opened, this study included.
        lock: what ``sci.lock`` holds: data, components, versions, seeds.
        timings: stage to seconds, so far.
        warnings: those of the run, one sentence each.
        branding: whose study it is, where a bundle or a policy says.
    """

    name: str
    question: str
    run: pathlib.Path
    experiment: Mapping[str, Any]
    schema: Schema
    splits: Mapping[str, Mapping[str, int]]
    evaluations: Sequence[Evaluation]
    baselines: Mapping[str, Sequence[Evaluation]]
    scores: Mapping[str, Scores]
    baseline_scores: Mapping[str, Scores]
    differences: Mapping[str, Mapping[str, Difference]]
    verdict: Verdict
    audit: Sequence[AuditFinding]
    history: Sequence[Mapping[str, float]]
    openings: int
    lock: Mapping[str, Any]
    timings: Mapping[str, float]
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
    """Writes a study down. Target of kind `reporters`: called with its settings.

    It may also have ``compare(comparison, context)``, which ``sci report RUN RUN`` calls: it gets the document that
    ``sci compare --json`` prints, and a context whose directory holds it with ``disagreements.csv``. It returns the
    names of the files written through `context.write`, the main one first.
    """

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
    """A model handed over.

    Args:
        name: of the deployer; its files lie in ``exports/<name>/``.
        files: what was written, as it was given to `context.write`.
        how: the command or address to use it.
    """

    name: str
    files: Sequence[str]
    how: str


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
