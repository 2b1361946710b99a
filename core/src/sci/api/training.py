"""Between the core, which owns the training loop, and an engine, which owns the arithmetic."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from sci.api.state import State

if TYPE_CHECKING:
    import numpy as np

    from sci.api.columns import Feature, Schema

T = TypeVar("T")


class Step(NamedTuple):
    """One update of the weights.

    Args:
        number: counts updates from 0 over the whole training.
        epoch: counts passes from 0.
        indices: int64, the rows of this update; micro-batches and ranks divide them inside the engine.
        rate: multiplies every learning rate.
    """

    number: int
    epoch: int
    indices: np.ndarray
    rate: float


class Feed(Protocol):
    """Rows as an engine sees them. Arrays are writable and contiguous.

    Keys: ``numbers`` float [n, d] and ``categories`` int64 [n, c] (every scalar input, packed once), other inputs by
    column name, ``<key>.length`` beside what is padded, ``target`` or ``target.<slot>``, ``weight``, ``id``.
    """

    def __len__(self) -> int:
        """Number of rows."""
        ...

    def signature(self) -> Mapping[str, tuple[str, tuple[int | None, ...]]]:
        """dtype and shape (rows first) of every key; None where it varies from batch to batch."""
        ...

    def resident(self) -> dict[str, np.ndarray] | None:
        """All rows, when dense, not random and within `training.resident_bytes`; else None."""
        ...

    def batch(self, indices: np.ndarray, epoch: int) -> dict[str, np.ndarray]:
        """These rows. A pure function of its arguments: batches may be prefetched in any order.

        Args:
            indices: int64 positions of the rows.
            epoch: counts passes from 0; augmentation differs from one to the next.
        """
        ...


class Schedule(Protocol):
    """The learning rate over the steps. Target of kind `schedules`: called with its settings.

    One that looks at the validation value (reduce on plateau) also has ``observe(value: float) -> None`` (lower is
    better), ``state() -> State`` and ``load_state(state)``.
    """

    def factor(self, step: int, total: int) -> float:
        """What multiplies every learning rate at this step.

        Args:
            step: counts updates from 0.
            total: number of updates of the whole training.
        """
        ...


class Trainer(Protocol):
    """One network in training.

    It may also have

    * ``warnings() -> [str]``: what makes the trained network worth less than it seems, such as a solver that did not
      converge. The run asks when training is over, and keeps each as a warning;
    * ``mass(batch) -> float``: how much a batch counts beside others, where validation rows come in several pieces.
      Without it a batch counts by the weights of its rows, or their number;
    * ``validation_loss(batch) -> float``: the loss that `validate` gives, alone. Without it `validate` is asked;
    * ``notes() -> [str]``: what its first weights came from, said beside what training came to.
    """

    def run(self, steps: Sequence[Step]) -> np.ndarray:
        """One update for each step; the losses, float64 [len(steps)].

        The result does not depend on how steps are grouped into calls. After the first loss that is not finite no
        weight changes any more.

        Args:
            steps: the updates, in their order.
        """
        ...

    def validate(
        self, batch: Mapping[str, np.ndarray], options: Mapping[str, Any]
    ) -> tuple[dict[str, np.ndarray], float]:
        """What the network emits for these rows and their mean loss: dropout off, averaged weights where there are
        any.

        The loss is that of the network called with the batch, targets and all (teacher forcing). What is emitted comes
        from `predict_step`, where the network has one, and that is not given the targets.

        Args:
            batch: rows with their targets.
            options: the settings of the task, with what its `validation_options` change.
        """
        ...

    def state(self) -> State:
        """Everything that the next step depends on: network, optimisers, native random state."""
        ...

    def load_state(self, state: State) -> None:
        """Go on from a checkpoint as if nothing had happened.

        Args:
            state: what `state` returned.
        """
        ...


VECTORS = ".vectors"
"""Ends the key under which a batch holds the vectors that a network looks up for the codes under the key before it."""


class Engine(Protocol):
    """A framework. Target of kind `engines`: called with its settings (what only this engine knows).

    With ``lookups(network, batch) -> {key + VECTORS: vectors}`` it also gives the vectors that a network looks up for
    codes, rows first: those of tokens [n, L, width], and those of the categories of a row side by side. `predict` and
    `gradients` then take them in a batch beside the codes, and the network goes on with them instead of those that it
    would look up; so derivatives reach what has no derivative by itself.

    Native objects of an engine, made by components with one target for each engine:

    * model: ``(config, inputs: Schema, heads, seed) -> network``, called with a batch, returns ``{head: tensor}``. It
      may have ``parameter_groups() -> {group: [(name, parameter)]}``, ``training_step(batch, optimizers, step) ->
      loss``, ``predict_step(batch, options) -> {head: tensor}`` where predicting is more than calling it (beam search;
      `options` are the settings of the task), and, with the trait ``fit-once``, ``fit(batch) -> None``. A head that is
      ragged is ``[n, L, ...]`` with ``<head>.length`` [n] beside it, whichever of the two emits it; L may differ from
      batch to batch;
    * loss: ``(config, heads) -> (outputs, batch) -> scalar`` in the engine's own tensors (an engine without automatic
      differentiation documents what it needs instead). It is a mean over rows, unless the loss has ``mass(batch) ->
      scalar``: how much a batch counts beside others, such as its number of target tokens. Then it is a mean over
      those, and 0 where there are none. Micro-batches of an update and pieces of the validation rows are put together
      by their mass;
    * optimizer: ``(config, parameters: [(name, parameter)]) -> native optimiser``.
    """

    def start(self, settings: Mapping[str, Any], seed: int) -> Mapping[str, str]:
        """Choose device and threads, seed; what was chosen and the determinism level (A, B, C) go into the lock.

        Args:
            settings: the resolved ``training`` keys (precision, device, deterministic, ...).
            seed: what every native draw follows from.
        """
        ...

    def number_dtype(self, precision: str | None) -> str:
        """dtype in which `numbers` and targets that are numbers are packed.

        Args:
            precision: what the experiment gives as `training.precision`.
        """
        ...

    def build(
        self, factory: Callable[..., Any], config: Any, inputs: Schema, heads: Mapping[str, Feature], seed: int
    ) -> Any:
        """The native network from a model component's target.

        Args:
            factory: the target, called as ``factory(config, inputs, heads, seed)``.
            config: settings of the model.
            inputs: the inputs after all steps.
            heads: what the task wants the network to emit.
            seed: what the first weights follow from.
        """
        ...

    def trainer(
        self,
        network: Any,
        loss: Callable[..., Any] | None,
        optimizers: Callable[[Mapping[str, Sequence[tuple[str, Any]]]], Mapping[str, Any]],
        feed: Feed,
        settings: Mapping[str, Any],
    ) -> Trainer:
        """A trainer for a network.

        Args:
            network: what `build` returned.
            loss: what is minimised, called as the class says; None where the task has none.
            optimizers: makes the native optimisers from the network's parameter groups (group ``""`` when it has one
                only).
            feed: the training rows.
            settings: the resolved ``training`` keys.
        """
        ...

    def predict(
        self, network: Any, batch: Mapping[str, np.ndarray], options: Mapping[str, Any]
    ) -> dict[str, np.ndarray]:
        """What the network emits, as arrays: one for each head, ``<head>.length`` where ragged.

        Args:
            network: what `build` returned.
            batch: rows, without targets.
            options: the settings of the task.
        """
        ...

    def state(self, network: Any) -> State:
        """The weights alone, under stable names.

        Args:
            network: what `build` returned.
        """
        ...

    def load_state(self, network: Any, state: State) -> None:
        """Take over weights.

        Args:
            network: what `build` returned.
            state: what `state` returned of a network that was built alike.
        """
        ...

    def gradients(
        self,
        network: Any,
        batch: Mapping[str, np.ndarray],
        output: str,
        inputs: Sequence[str],
        weights: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """Derivative of one head, summed over its elements, by each input: the shape of the input.

        `ConfigError` (``engine.gradient``) where the network has none.

        Args:
            network: what `build` returned.
            batch: rows, without targets.
            output: the head.
            inputs: keys of the batch.
            weights: how much each element of the head counts in the sum, in the head's shape; 1 for all where left
                out.
        """
        ...

    def export(self, network: Any, format: str, signature: Mapping[str, Any], directory: pathlib.Path) -> None:
        """Write the network in a foreign format; raise `ConfigError` for a format that the engine cannot write.

        Args:
            network: what `build` returned.
            format: as the deployer names it, such as ``onnx``.
            signature: dtype and shape of every key of a batch, as `Feed.signature` gives them.
            directory: where the files go.
        """
        ...


def without_targets(batch: Mapping[str, T]) -> dict[str, T]:
    """The arrays of a batch but for ``target`` and ``target.<slot>``: what a network may see that predicts.

    Args:
        batch: the keys of a `Feed`.
    """
    return {key: values for key, values in batch.items() if key.partition(".")[0] != "target"}
