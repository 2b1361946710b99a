"""What is asked of the data: targets, what the network emits, what people get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sci.api.state import Stateful

if TYPE_CHECKING:
    import numpy as np

    from sci.api.columns import Batch, Feature, Kind, Schema
    from sci.api.data import Fold
    from sci.api.rows import Dataset


class Task(Stateful):
    """The question, in NumPy only: no framework. Target of kind `tasks`: called with its settings."""

    slots: ClassVar[Mapping[str, tuple[Kind, ...]]] = {"target": ()}
    """The targets that it needs and the kinds that each takes; the first kind is the one that a plain column becomes.
    Empty for a task that learns from inputs alone; the experiment then names no ``data.target``."""

    loss: ClassVar[str | None] = None
    """Component of kind `losses` that it minimises unless `training.loss` names another."""

    metrics: ClassVar[tuple[str, ...]] = ()
    """What is computed when the experiment names no metric; those that are not installed are left out."""

    baselines: ClassVar[tuple[str, ...]] = ()
    """What is run when the experiment names no baseline; those that are not installed are left out."""

    paired: ClassVar[bool] = True
    """False when predictions are a set of samples, not one for each test row."""

    def __init__(self, config: Any) -> None:
        self.config = config

    def check(self, dataset: Dataset, fold: Fold) -> None:
        """Raise `DataError` when these rows cannot answer the question (missing labels, a class absent from train).

        Called inside `sci_split` for each fold, with the raw rows.

        Args:
            dataset: all rows.
            fold: their division.
        """

    def check_outside(self, dataset: Dataset) -> None:
        """Raise `DataError` when the trained model cannot be measured on these rows (a class that it does not know).

        Called by ``sci evaluate``, after `fit` or `load_state`.

        Args:
            dataset: raw rows of another file, with their targets.
        """

    def target_steps(self, schema: Schema) -> list[Mapping[str, Any]]:
        """Preprocessing of the targets that the task itself needs, as in the experiment file; before the user's
        steps.

        Args:
            schema: of the raw rows.
        """
        return []

    def heads(self, schema: Schema) -> Mapping[str, Feature]:
        """What the network emits: ``{"logits": Feature("array", shape=(3,))}``.

        Args:
            schema: of the rows after all steps.
        """
        raise NotImplementedError

    def outputs(self, schema: Schema) -> Mapping[str, Feature]:
        """What people get: columns ``prediction.<name>`` of the predictions and fields of the server's answer.

        Args:
            schema: of the rows after all steps.
        """
        raise NotImplementedError

    def request(self, schema: Schema) -> Schema:
        """What a caller sends: by default the inputs; context columns may come along.

        Args:
            schema: of the raw rows.
        """
        return schema.drop(*(name for name in schema.columns if schema.roles.get(name) != "input"))

    def fit(self, train: Dataset) -> None:
        """Learn what decoding and metrics need (class names, priors).

        Args:
            train: the training rows after all steps.
        """

    def validation_options(self, watched: bool) -> Mapping[str, Any] | None:
        """What differs from the task's settings where validation rows are answered after an epoch; None where they are
        not, and the history has their loss alone. For answers that take a search.

        Args:
            watched: whether early stopping watches a metric of the answers.
        """
        return {}

    def info(self) -> Mapping[str, Any]:
        """Facts for metrics and reports, as JSON: ``{"classes": ["ham", "spam"], "positive": "spam"}``. After `fit`."""
        return {}

    def decode(self, raw: Mapping[str, np.ndarray], batch: Batch) -> Batch:
        """From what the network emitted to what people get, one column for each of `outputs`.

        Args:
            raw: one array for each head, rows first: [n, ...], or [n, L, ...] with ``<head>.length`` [n] where the head
                is ragged. Rows come in pieces, and L may differ from one to the next: what is ragged is returned as a
                `Ragged`.
            batch: the inputs and context columns of the same rows, after all steps; where rows are evaluated, also the
                targets that a step with `random_in_evaluation` made of inputs.
        """
        raise NotImplementedError
