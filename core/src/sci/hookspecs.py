"""Every hook, when it is called and what is owed.

Catalogue hooks (`sci_models`, `sci_metrics`, ...) are called once for each plugin while components are collected:
return a list of `ComponentSpec`. There is one for each row of `sci.api.kinds.KINDS`, and two more below.

Stage hooks have one implementation, the core's. Plugins may wrap them with ``@hookimpl(wrapper=True)``, yield once and
return what passes on; any other implementation makes the plugin broken. A wrapper may drop rows or columns and change
what is not a model input; a changed input must be declared with `context.changed`, because it would train on what is
never served.

Observers hear what happens and return nothing. One that raises becomes a warning on the run.
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
        """Experiment templates: name to ``package:folder``; the folder holds experiment.yaml and README.md. `sci
        init`."""

    @hookspec
    def sci_conformance_cases(self) -> Iterable[Any]:  # type: ignore[empty-body]
        """Cases for the conformance kit: how to build this plugin's components on small data. `sci plugin test`."""


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
        request."""

    @hookspec(firstresult=True)
    def sci_split(self, context: RunContext, dataset: Dataset) -> Sequence[Fold]:  # type: ignore[empty-body]
        """Once, in the parent: the folds. The task's checks and the audits run inside; test rows are sealed after
        it."""

    @hookspec(firstresult=True)
    def sci_preprocess(self, context: RunContext, train: Dataset, validation: Dataset) -> Any:
        """In each child: the steps, fitted on `train`, and both parts prepared. The test rows are not given."""

    @hookspec(firstresult=True)
    def sci_train(self, context: RunContext, prepared: Any) -> Any:
        """In each child: the trained pipeline; calibrators are fitted at its end, on the validation rows."""

    @hookspec(firstresult=True)
    def sci_evaluate(self, context: RunContext, pipeline: Any, sealed: Any) -> Evaluation:  # type: ignore[empty-body]
        """In each child: predictions and metrics; ``sealed.open(purpose)`` gives the test rows and writes the
        ledger."""

    @hookspec(firstresult=True)
    def sci_analyze(self, context: RunContext, study: Study) -> Sequence[Finding]:  # type: ignore[empty-body]
        """Once, in the parent: what the analyses found."""

    @hookspec(firstresult=True)
    def sci_report(self, context: RunContext, study: Study, findings: Sequence[Finding]) -> Sequence[str]:  # type: ignore[empty-body]
        """Once, in the parent: names of the report files, the main one first."""

    @hookspec(firstresult=True)
    def sci_deploy(self, context: RunContext, pipeline: Any) -> Sequence[Deployment]:  # type: ignore[empty-body]
        """Once, in the parent, with the single child's pipeline: what was handed over."""


class Observers:
    """What happened; return nothing."""

    @hookspec
    def sci_run_started(self, context: RunContext) -> None:
        """The run directory exists; nothing was read yet."""

    @hookspec
    def sci_stage_started(self, context: RunContext, stage: str) -> None:
        """A stage begins."""

    @hookspec
    def sci_steps_ended(self, context: RunContext, steps: Mapping[str, np.ndarray]) -> None:
        """Updates of the weights, batched: arrays `step`, `epoch`, `loss` and `rate`. About once a second."""

    @hookspec
    def sci_epoch_ended(self, context: RunContext, rows: Sequence[Mapping[str, float]]) -> None:
        """New rows of the history, batched. About once a second."""

    @hookspec
    def sci_evaluation_ended(self, context: RunContext, evaluation: Evaluation) -> None:
        """A model was judged: that of the run, of a fold with a seed, or a baseline. `context` is its own."""

    @hookspec
    def sci_stage_finished(self, context: RunContext, stage: str, seconds: float) -> None:
        """A stage is over."""

    @hookspec
    def sci_run_failed(self, context: RunContext, error: BaseException) -> None:
        """The run stops with this error."""

    @hookspec
    def sci_run_finished(self, context: RunContext, study: Study) -> None:
        """All stages are done."""


GROUPS = (Catalogue, Stages, Observers)
STAGE_HOOKS = tuple(f"sci_{stage}" for stage in STAGES)
OBSERVER_HOOKS = tuple(name for name in vars(Observers) if name.startswith("sci_"))
