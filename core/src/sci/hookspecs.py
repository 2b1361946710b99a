"""Every hook, when it is called and what is owed.

Catalogue hooks (`sci_models`, `sci_metrics`, ...) are called once for each plugin while components are collected:
return a list of `ComponentSpec`. There is one for each row of `sci.api.kinds.KINDS`, and two more below.

Stage hooks have one implementation, the core's. Plugins may wrap them with ``@hookimpl(wrapper=True)``, yield once and
return what passes on; any other implementation makes the plugin broken. A wrapper may drop rows or columns and change
what is not a model input; a changed input must be declared with `context.changed`, because it would train on what is
never served.

Observers hear what happens and return nothing. One that raises becomes a warning on the run.

An implementation takes the arguments that it wants, by name, and leaves out the others: a hook grows by arguments, and
plugins that were written before do not notice. A hook or argument that will go carries pluggy's `warn_on_impl` or
`warn_on_impl_args` with an `ApiDeprecationWarning`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pluggy

from sci.api.kinds import KINDS

if TYPE_CHECKING:
    import numpy as np

    from sci.api import ComponentSpec, Dataset, Deployment, Evaluation, Finding, Fold, RunContext, Study

hookspec = pluggy.HookspecMarker("sci")

STAGES = ("load", "split", "preprocess", "train", "evaluate", "analyze", "report", "deploy")


class Catalogue:
    """Hooks that offer things; called once per plugin, before any run."""

    @hookspec
    def sci_experiments(self) -> Mapping[str, str]:  # type: ignore[empty-body]
        """Experiment templates: name to ``package:folder``; the folder holds experiment.yaml and README.md.

        Called by `sci init`.
        """

    @hookspec
    def sci_conformance_cases(self) -> Iterable[Any]:  # type: ignore[empty-body]
        """Cases for the conformance kit: how to build this plugin's components on small data.

        Called by `sci plugin test`. Return a list of `sci.testing.Case`.
        """


def _catalogue_hook(name: str, noun: str, purpose: str) -> Any:
    def hook(self: Any) -> Iterable[ComponentSpec]:  # type: ignore[empty-body]
        ...

    hook.__name__ = hook.__qualname__ = name
    hook.__doc__ = f"Components that {purpose}. Return a list of `ComponentSpec`, one for each {noun}."
    return hookspec(hook)


for _kind in KINDS.values():
    setattr(Catalogue, _kind.hook, _catalogue_hook(_kind.hook, _kind.noun, _kind.purpose))


class Stages:
    """The eight stages of a study, in their order. Wrap only."""

    @hookspec(firstresult=True)
    def sci_load(self, context: RunContext) -> Dataset:  # type: ignore[empty-body]
        """Wherever rows are read from a source (`context.purpose`: run, check, evaluate, predict); never for a
        request.

        Args:
            context: the run, or what stands for one.

        Returns:
            The raw rows, each column with its kind and role.
        """

    @hookspec(firstresult=True)
    def sci_split(self, context: RunContext, dataset: Dataset) -> Sequence[Fold]:  # type: ignore[empty-body]
        """Once, in the parent: the folds. The task's checks and the audits run inside; test rows are sealed after
        it.

        Args:
            context: the run.
            dataset: what `sci_load` gave.

        Returns:
            The folds, as positions in `dataset`.
        """

    @hookspec(firstresult=True)
    def sci_preprocess(self, context: RunContext, train: Dataset, validation: Dataset) -> Any:
        """In each child: the steps, fitted on `train`, and both parts prepared. The test rows are not given.

        Args:
            context: the child.
            train: the raw training rows of its fold.
            validation: the raw validation rows; there may be none.

        Returns:
            The fitted steps with both parts as they leave them; to be passed on as it is.
        """

    @hookspec(firstresult=True)
    def sci_train(self, context: RunContext, prepared: Any) -> Any:
        """In each child: the trained pipeline; calibrators are fitted at its end, on the validation rows.

        Args:
            context: the child.
            prepared: what `sci_preprocess` gave.

        Returns:
            The trained `Pipeline`.
        """

    @hookspec(firstresult=True)
    def sci_evaluate(self, context: RunContext, pipeline: Any, sealed: Any) -> Evaluation:  # type: ignore[empty-body]
        """In each child: predictions and metrics.

        Args:
            context: the child.
            pipeline: what `sci_train` gave.
            sealed: the test rows; ``sealed.open(purpose)`` gives them and writes the ledger.

        Returns:
            Predictions and scores of the child.
        """

    @hookspec(firstresult=True)
    def sci_analyze(self, context: RunContext, study: Study) -> Sequence[Finding]:  # type: ignore[empty-body]
        """Once, in the parent: what the analyses found.

        Args:
            context: the run.
            study: everything known after evaluation, over all children.

        Returns:
            The findings, in the order of the report.
        """

    @hookspec(firstresult=True)
    def sci_report(self, context: RunContext, study: Study, findings: Sequence[Finding]) -> Sequence[str]:  # type: ignore[empty-body]
        """Once, in the parent: the reports.

        Args:
            context: the run.
            study: everything known after evaluation, over all children.
            findings: what `sci_analyze` gave.

        Returns:
            Names of the report files, the main one first.
        """

    @hookspec(firstresult=True)
    def sci_deploy(self, context: RunContext, pipeline: Any) -> Sequence[Deployment]:  # type: ignore[empty-body]
        """Once, in the parent, with the single child's pipeline: what was handed over.

        Args:
            context: the run.
            pipeline: the trained pipeline that is handed over.

        Returns:
            One `Deployment` for each deployer that the experiment names.
        """


class Observers:
    """What happened; return nothing."""

    @hookspec
    def sci_run_started(self, context: RunContext) -> None:
        """The run directory exists; nothing was read yet.

        Args:
            context: the run.
        """

    @hookspec
    def sci_stage_started(self, context: RunContext, stage: str) -> None:
        """A stage begins.

        Args:
            context: the run, or the child in which the stage happens.
            stage: load, split, preprocess, train, evaluate, analyze, report or deploy.
        """

    @hookspec
    def sci_steps_ended(self, context: RunContext, steps: Mapping[str, np.ndarray]) -> None:
        """Updates of the weights, batched. About once a second.

        Args:
            context: the child that trains.
            steps: arrays of one length: `step`, `epoch`, `loss` and `rate`, as in `Observer.steps_ended`.
        """

    @hookspec
    def sci_epoch_ended(self, context: RunContext, rows: Sequence[Mapping[str, float]]) -> None:
        """New rows of the history, batched. About once a second.

        Args:
            context: the child that trains.
            rows: one for each epoch: epoch, step, loss, validation_loss, metrics, seconds.
        """

    @hookspec
    def sci_evaluation_ended(self, context: RunContext, evaluation: Evaluation) -> None:
        """A model was judged: that of the run, of a fold with a seed, or a baseline.

        Args:
            context: the child that was judged; `context.directory` is its own.
            evaluation: its predictions and scores.
        """

    @hookspec
    def sci_stage_finished(self, context: RunContext, stage: str, seconds: float) -> None:
        """A stage is over.

        Args:
            context: the run, or the child in which the stage happened.
            stage: as in `sci_stage_started`.
            seconds: how long it took.
        """

    @hookspec
    def sci_run_failed(self, context: RunContext, error: BaseException) -> None:
        """The run stops with an error; interruption is one too.

        Args:
            context: the run.
            error: what was raised.
        """

    @hookspec
    def sci_run_finished(self, context: RunContext, study: Study) -> None:
        """All stages are done.

        Args:
            context: the run.
            study: everything that is known about it.
        """


GROUPS = (Catalogue, Stages, Observers)
STAGE_HOOKS = tuple(f"sci_{stage}" for stage in STAGES)
OBSERVER_HOOKS = tuple(name for name in vars(Observers) if name.startswith("sci_"))
