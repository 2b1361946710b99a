"""Updates of a network's weights, many of them inside one graph."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from sci.api import ConfigError, Feed, State, Step
from sci_tensorflow.adaptation import learning
from sci_tensorflow.graphs import checked, emit, graph, measured
from sci_tensorflow.network import Network, mass, parameter_groups
from sci_tensorflow.precision import LossScale, widened
from sci_tensorflow.rows import Arguments, rows_of
from sci_tensorflow.runtime import silent, tf
from sci_tensorflow.start import first_weights
from sci_tensorflow.trouble import named_trouble

Loss = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]
Groups = Mapping[str, Sequence[tuple[str, Any]]]


class Optimizer(Protocol):
    """A native optimizer of engine tensorflow, made by a target ``(config, [(name, variable)])``."""

    @property
    def variables(self) -> Mapping[str, Any]:
        """Everything that the next update depends on but the parameters, under stable names."""
        ...

    def apply(self, gradients: Sequence[Any], rate: Any) -> None:
        """One update, inside a graph; `gradients` in the order of the parameters, None for one to leave alone."""
        ...


class GraphStep(NamedTuple):
    """A step as a network's own `training_step` sees it: scalar tensors."""

    number: Any
    epoch: Any
    rate: Any


class TensorflowTrainer:
    """One network in training.

    Args:
        network: the model; its variables are updated in place.
        loss: called with heads and batch, gives a scalar that is a mean over rows, or over what its ``mass(batch)``
            counts.
        optimizers: makes the optimizers from the network's parameter groups.
        feed: the training rows.
        settings: of the ``training`` section `gradient_accumulation` (micro-batches of an update, 1), `gradient_clip`
            (largest norm of all gradients together, None) and `precision`.
        device: where the graph runs.
        jit: whether XLA compiles an update.
    """

    def __init__(
        self,
        network: Network,
        loss: Loss | None,
        optimizers: Callable[[Groups], Mapping[str, Optimizer]],
        feed: Feed,
        settings: Mapping[str, Any],
        device: str | None = None,
        jit: bool = False,
    ) -> None:
        self.network = network
        self.loss = loss
        self.feed = feed
        self.device = device
        self.parts = int(settings.get("gradient_accumulation") or 1)
        self.clip = settings.get("gradient_clip")
        self.stopped = False
        self.traces = 0
        self.fits = hasattr(network, "fit")
        self.steps_itself = hasattr(network, "training_step")
        self._check(settings)
        self.begun = first_weights(network, feed)
        self.groups: Groups = {} if self.fits else parameter_groups(network)
        self.parameters = [variable for parameters in self.groups.values() for _, variable in parameters]
        self.optimizers = {} if self.fits else dict(optimizers(self.groups))
        self.scale = LossScale() if settings.get("precision") == "fp16" else None
        compiled = tf.function(autograph=False, jit_compile=True) if jit else lambda work: work
        self._advance = compiled(self._advanced)
        self._slope_of = compiled(self._slope_of_piece)
        self._chunk: Any = None
        self._idle: list[bool] = []

    def _check(self, settings: Mapping[str, Any]) -> None:
        if not (self.fits or self.steps_itself or self.loss is not None):
            raise ConfigError(
                "the model is trained by gradient steps, and neither the task nor the experiment names a loss",
                id="train.loss",
                hint="training: {loss: ...}",
            )
        if self.steps_itself and (self.parts > 1 or self.clip is not None):
            raise ConfigError(
                "the model brings its own training step, which is neither accumulated nor clipped",
                id="train.own-step",
                hint="training without gradient_accumulation and gradient_clip",
            )
        if self.steps_itself and settings.get("precision") == "fp16":
            raise ConfigError(
                "the model brings its own training step, which does not scale its loss as `fp16` needs",
                id="train.own-step",
                hint="precision: bf16",
            )

    def notes(self) -> list[str]:
        """Where the first weights came from, as far as not from the seed."""
        return self.begun

    def run(self, steps: Sequence[Step]) -> np.ndarray:
        """One update for each step; the losses, float64 [len(steps)], of the weights before their update.

        After the first loss or gradient that is not finite no weight changes any more and all losses are NaN. A network
        that fits once is fitted instead, and the loss is that of the fitted weights (0 where there is none to compute).
        """
        losses = np.full(len(steps), np.nan)
        if self.fits:
            for position, step in enumerate(steps):
                losses[position] = self._fit(step)
            return losses
        with named_trouble():
            return self._chunked(steps, losses)

    def _chunked(self, steps: Sequence[Step], losses: np.ndarray) -> np.ndarray:
        chunk = self._graph()
        done = 0
        for group, given in self.rows.groups(steps):
            if self.stopped:
                break
            numbers = {
                "rates": np.array([step.rate for step in group], dtype=np.float64),
                "numbers": np.array([step.number for step in group], dtype=np.int64),
                "epochs": np.array([step.epoch for step in group], dtype=np.int64),
            }
            with self._quietly():
                found, stopped = chunk({**given, **numbers})
            losses[done : done + len(group)] = found.numpy()
            self.stopped = bool(stopped)
            done += len(group)
        return losses

    def _fit(self, step: Step) -> float:
        arrays = self.feed.batch(step.indices, step.epoch)
        checked(self.network, self.loss, arrays)
        batch = {key: tf.convert_to_tensor(array) for key, array in arrays.items()}
        self.network.fit(batch)  # type: ignore[attr-defined]  # one of the optional methods of a network
        if self.loss is None:
            return 0.0
        return float(self.loss(widened(self.network(batch)), batch) + self._penalty())

    def _graph(self) -> Any:
        """The graph of a chunk, traced at the first call and never again."""
        if self._chunk is None:
            self.rows = rows_of(self.feed, self.parts, lambda batch: checked(self.network, self.loss, batch))
            counts = {name: tf.TensorSpec([None], tf.int64) for name in ("numbers", "epochs")}
            signature = {**self.rows.specs, **counts, "rates": tf.TensorSpec([None], tf.float64)}
            self._chunk = graph(self._updates, signature)
        return self._chunk

    def _updates(self, given: Arguments) -> tuple[Any, Any]:
        """Losses of all updates, NaN where none took place, and whether one was not finite."""
        self.traces += 1
        count = tf.shape(given["rates"])[0]

        def one(position: Any, stopped: Any, losses: Any) -> tuple[Any, Any, Any]:
            loss, good = self._update(given, position)
            return position + 1, tf.logical_not(good), losses.write(position, loss)

        with self._placed(), learning():
            done, stopped, losses = tf.while_loop(
                lambda position, stopped, _: tf.logical_and(position < count, tf.logical_not(stopped)),
                one,
                (0, tf.constant(False), tf.TensorArray(tf.float64, count, element_shape=[])),
                parallel_iterations=1,
            )
        return tf.where(tf.range(count) < done, losses.stack(), math.nan), stopped

    def _quietly(self) -> Any:
        """The first updates in fp16 make native code say which processors have instructions for it."""
        return silent() if self.scale is not None and not self.traces else contextlib.nullcontext()

    def _placed(self) -> Any:
        return tf.device(self.device) if self.device else contextlib.nullcontext()

    def _update(self, given: Arguments, position: Any) -> tuple[Any, Any]:
        """One update: its loss, and whether training may go on."""
        rate = given["rates"][position]
        if self.steps_itself:
            step = GraphStep(given["numbers"][position], given["epochs"][position], rate)
            return self._own_update(self.rows.batch(given, position), step)
        if self.parts == 1:
            return self._advance(self.rows.batch(given, position), rate)
        before = self._statistics()
        loss, gradients = self._accumulated(given, given["first"][position], given["first"][position + 1])
        return self._applied(loss, gradients, rate, before)

    def _advanced(self, batch: Mapping[str, Any], rate: Any) -> tuple[Any, Any]:
        before = self._statistics()
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(self.parameters)
            loss = self._loss(batch) + self._penalty()
            scaled = self._scaled(loss)
        return self._applied(loss, self._gradients(tape, scaled), rate, before)

    def _loss(self, batch: Mapping[str, Any]) -> Any:
        assert self.loss is not None
        return self.loss(widened(self.network(batch, training=True)), batch)

    def _penalty(self) -> Any:
        found = self.network.penalty() if hasattr(self.network, "penalty") else None
        return 0 if found is None else found

    def _scaled(self, loss: Any) -> Any:
        return loss if self.scale is None else loss * tf.cast(self.scale.factor, loss.dtype)

    def _gradients(self, tape: Any, loss: Any) -> list[Any]:
        """Dense gradients in the order of `parameters`; None where the loss does not depend on one."""
        found = [
            dense(gradient, variable)
            for gradient, variable in zip(tape.gradient(loss, self.parameters), self.parameters, strict=True)
        ]
        if self.scale is None:
            return found
        return [None if one is None else one / tf.cast(self.scale.factor, one.dtype) for one in found]

    def _slope_of_piece(self, batch: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        """Loss and gradients of one micro-batch, times its mass; zeros where the loss does not depend on a weight."""
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(self.parameters)
            loss = self._loss(batch)
            scaled = self._scaled(loss)
        own = mass(batch, self.loss)
        found = self._gradients(tape, scaled)
        self._idle = [one is None for one in found]
        gradients = [
            tf.zeros_like(variable) if one is None else tf.cast(own, one.dtype) * one
            for one, variable in zip(found, self.parameters, strict=True)
        ]
        return own * tf.cast(loss, tf.float64), gradients

    def _accumulated(self, given: Arguments, first: Any, end: Any) -> tuple[Any, list[Any]]:
        """Loss and gradients of an update from its micro-batches, weighed by what they hold, with the penalty."""

        def one(piece: Any, total: Any, loss: Any, gradients: list[Any]) -> tuple[Any, ...]:
            batch = self.rows.batch(given, piece)
            own = mass(batch, self.loss)
            part, found = self._slope_of(batch)
            held = own > 0  # a piece without mass teaches nothing, whatever its loss
            loss += tf.where(held, part, 0)
            sums = [a + tf.where(held, b, tf.zeros_like(b)) for a, b in zip(gradients, found, strict=True)]
            return piece + 1, total + own, loss, sums

        zero = tf.constant(0, tf.float64)
        start = (first, zero, zero, [tf.zeros_like(variable) for variable in self.parameters])
        _, total, loss, gradients = tf.while_loop(lambda piece, *_: piece < end, one, start, parallel_iterations=1)
        whole = tf.where(total > 0, total, 1)
        gradients = [gradient / tf.cast(whole, gradient.dtype) for gradient in gradients]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(self.parameters)
            penalty = self._penalty()
        slopes = [None] * len(gradients) if isinstance(penalty, int) else tape.gradient(penalty, self.parameters)
        summed = [
            None if idle and slope is None else gradient if slope is None else gradient + slope
            for gradient, slope, idle in zip(gradients, slopes, self._idle, strict=True)
        ]
        return loss / whole + tf.cast(penalty, tf.float64), summed

    def _applied(self, loss: Any, gradients: list[Any], rate: Any, before: Sequence[Any]) -> tuple[Any, Any]:
        """Update the weights where loss and gradients are finite; the loss, and whether training may go on."""
        loss = tf.cast(loss, tf.float64)
        norm = global_norm(gradients)
        finite = tf.math.is_finite(norm)
        good = tf.logical_and(tf.math.is_finite(loss), finite)

        def apply() -> Any:
            self._step(self._clipped(gradients, norm), rate)
            if self.scale is not None:
                self.scale.grow()
            return tf.constant(True)

        def undo() -> Any:
            restore(self.network.statistics, before)
            if self.scale is None:
                return tf.constant(False)
            self.scale.shrink()  # an overflow of fp16 is no divergence as long as a smaller factor can avoid it
            return tf.logical_and(tf.math.is_finite(loss), self.scale.factor >= 1)

        go_on = tf.cond(good, apply, undo)
        reported = tf.where(tf.logical_or(go_on, tf.logical_not(tf.math.is_finite(loss))), loss, math.nan)
        return reported, go_on

    def _clipped(self, gradients: list[Any], norm: Any) -> list[Any]:
        if self.clip is None:
            return gradients
        factor = tf.where(norm > self.clip, self.clip / norm, 1)
        return [None if one is None else one * tf.cast(factor, one.dtype) for one in gradients]

    def _step(self, gradients: Sequence[Any], rate: Any) -> None:
        at = 0
        for group, parameters in self.groups.items():
            self.optimizers[group].apply(gradients[at : at + len(parameters)], rate)
            at += len(parameters)

    def _own_update(self, batch: Mapping[str, Any], step: GraphStep) -> tuple[Any, Any]:
        variables = list(self._variables().values())
        before = [tf.identity(variable) for variable in variables]
        loss = tf.cast(self.network.training_step(batch, self.optimizers, step), tf.float64)  # type: ignore[attr-defined]
        good = tf.math.is_finite(loss)

        def undo() -> Any:
            restore(variables, before)
            return tf.constant(False)

        return loss, tf.cond(good, lambda: tf.constant(True), undo)

    def _statistics(self) -> list[Any]:
        return [tf.identity(variable) for variable in self.network.statistics]

    def _variables(self) -> dict[str, Any]:
        """Everything but the weights' canonical form that an update changes, by the names of `state`."""
        found = {f"network/{weight.name}": weight.variable for weight in self.network.weights}
        return {**found, **self._beside()}

    def _beside(self) -> dict[str, Any]:
        found = {f"random/{name}": variable for name, variable in self.network.random.items()}
        for group, optimizer in self.optimizers.items():
            found |= {f"optimizer/{group}/{name}": variable for name, variable in optimizer.variables.items()}
        if self.scale is not None:
            found |= {f"scale/{name}": variable for name, variable in self.scale.variables.items()}
        return found

    def state(self) -> State:
        """Canonical weights under ``network/<name>``, the rest under ``optimizer/``, ``random/`` and ``scale/``."""
        arrays = {f"network/{weight.name}": weight.array() for weight in self.network.weights}
        arrays |= {name: np.array(variable.numpy()) for name, variable in self._beside().items()}
        return State(arrays, {"stopped": self.stopped})

    def load_state(self, state: State) -> None:
        """Go on from a state that `state` returned, bit for bit."""
        for weight in self.network.weights:
            weight.assign(state.arrays[f"network/{weight.name}"])
        for name, variable in self._beside().items():
            variable.assign(state.arrays[name])
        self.stopped = bool(state.meta["stopped"])

    def validate(
        self, batch: Mapping[str, np.ndarray], options: Mapping[str, Any]
    ) -> tuple[dict[str, np.ndarray], float]:
        """What the network emits for these rows, and the loss with the penalty, as in training (NaN without a loss)."""
        with named_trouble(), self._placed():
            return emit(self.network, batch, options, self.loss, self._penalty)

    def validation_loss(self, batch: Mapping[str, np.ndarray]) -> float:
        """The loss that `validate` gives; nothing is decoded."""
        with named_trouble(), self._placed():
            return math.nan if self.loss is None else measured(self.network, batch, self.loss, self._penalty)

    def mass(self, batch: Mapping[str, np.ndarray]) -> float:
        """How much these rows count beside others in a mean of losses."""
        return float(mass({key: tf.convert_to_tensor(values) for key, values in batch.items()}, self.loss))


def dense(gradient: Any, variable: Any) -> Any:
    """The gradient of the whole variable, where only some of its rows were used."""
    if not isinstance(gradient, tf.IndexedSlices):
        return gradient
    return tf.math.unsorted_segment_sum(gradient.values, gradient.indices, variable.shape[0])


def global_norm(gradients: Sequence[Any]) -> Any:
    """The length of all gradients together, float64."""
    squares = [tf.nn.l2_loss(gradient) for gradient in gradients if gradient is not None]
    return tf.sqrt(2 * tf.cast(tf.add_n(squares), tf.float64)) if squares else tf.constant(0, tf.float64)


def restore(variables: Sequence[Any], before: Sequence[Any]) -> None:
    """Give variables the values that they had."""
    for variable, value in zip(variables, before, strict=True):
        variable.assign(value)
