"""A finished study as analyses, reports and deployers see it."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from sci.api.columns import Batch, Feature, Schema, Spans
    from sci.api.context import RunContext
    from sci.api.controls import ControlResult
    from sci.api.judgement import AuditFinding, Difference, Metric
    from sci.api.predictions import Predictions
    from sci.api.rows import Dataset

Prose: TypeAlias = str | Mapping[str, str]
"""Words for people: a text in English, or one for each language, ``{"en": ..., "zh": ...}``. What stands between
backticks is shown as it would be typed."""


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
            ``opened`` (the test set, before), each audit without whose rows the state would be another one, and each
            control that speaks against it.
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

    columns: Sequence[Prose]
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
    title: Prose
    caption: Prose = ""
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
    title: Prose
    text: Prose = ""
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
        bibtex: what the study cites, data, software and methods, as ``sci cite`` prints it.
        controls: control to what it came to; no rivals.
        models: for each of `evaluations` what opens its model, which is done only when it is asked for.
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
    controls: Mapping[str, ControlResult] = field(default_factory=dict)
    bibtex: str = ""
    models: Sequence[Callable[[], Trained]] = ()


@dataclass(frozen=True)
class Failure:
    """Training that came to no end, as reporters see it.

    Args:
        name: of the experiment.
        question: what was asked.
        run: the run directory.
        file: the experiment file, as seen from `run`.
        experiment: the resolved experiment.
        splits: fold to rows in train, validation, test.
        error: what is wrong, with the keys of ``--json``: id, message, suggestion, exit.
        child: fold and seed of the child that failed, such as ``fold-0.seed-7``; empty where there is only one.
        finished: children that had been evaluated before.
        children: children of the study.
        step: number of the update that failed; None where none had begun.
        epoch: of that update, from 1; None where none had begun.
        kept: number of the update after which the last whole checkpoint was written; None where there is none.
        history: one row for each finished epoch of that child, as in a `Study`.
        steps: int64 [n], the last updates with their numbers, the one that failed at the end.
        losses: float64 [n], the loss of each.
        rows: the raw training rows of the batch that failed; None where no batch is to blame.
        branding: whose study it is, where a bundle or a policy says.
    """

    name: str
    question: str
    run: pathlib.Path
    file: str
    experiment: Mapping[str, Any]
    splits: Mapping[str, Mapping[str, int]]
    error: Mapping[str, Any]
    child: str
    finished: int
    children: int
    step: int | None
    epoch: int | None
    kept: int | None
    history: Sequence[Mapping[str, float]]
    steps: np.ndarray
    losses: np.ndarray
    rows: Dataset | None
    branding: Branding | None = None


@dataclass(frozen=True)
class Trained:
    """The model of one child of a study and the rows that it has seen, for analyses that ask it.

    Args:
        pipeline: from raw rows to answers.
        train: the raw rows that it was trained on.
        test: the raw test rows, opened.
        metrics: those of the study, by name.
        validation: the raw validation rows; None where whoever opened the model does not give them.
    """

    pipeline: Pipeline
    train: Dataset
    test: Dataset
    metrics: Mapping[str, Metric]
    validation: Dataset | None = None


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

    @property
    def features(self) -> Schema:
        """What the network reads: the inputs after all steps."""
        ...

    def predict(self, data: Dataset | pa.Table) -> pa.Table:
        """``id`` and ``prediction.<output>`` for raw rows; missing columns are a `DataError`.

        Args:
            data: rows with the columns of `request`, in any order.
        """
        ...

    def predictions(self, data: Dataset) -> Predictions:
        """Answers beside the truth, as metrics read them.

        Args:
            data: rows of the study with their targets, such as those of `Trained`.
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

    def gradients(
        self,
        arrays: Mapping[str, np.ndarray],
        output: str,
        inputs: Sequence[str],
        weights: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """Derivative of one head, summed over its elements, by each input: the shape of the input.

        `ConfigError` (``engine.gradient``) where the engine or the model has none.

        Args:
            arrays: what `encode` gave first.
            output: the head, a key of what `network` gives.
            inputs: keys of the arrays.
            weights: how much each element of the head counts in the sum, in the head's shape; 1 for all where left
                out.
        """
        ...

    def lookups(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The vectors that the network looks up for codes, under ``<key>.vectors``; none where it looks up none, or the
        engine does not tell.

        Beside the codes in the arrays of `network` and `gradients` they take the place of what would be looked up.

        Args:
            arrays: what `encode` gave first.
        """
        ...

    def spans(self, batch: Batch) -> Mapping[str, Spans]:
        """Where the tokens of each input that is a text stand in it, as far as the steps tell.

        Args:
            batch: raw rows.
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
    """Looks at a finished study. Target of kind `analyses`: called with its settings.

    Its settings may refuse columns and metrics that are not there before anything is trained:
    `ComponentConfig.demand_names`.
    """

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

    With ``failed(failure, context)``, returning the same, it also tells of training that came to no end: a `Failure`.
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
