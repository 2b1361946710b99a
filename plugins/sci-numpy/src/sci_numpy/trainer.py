"""Updates of a network's parameters."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from sci.api import ConfigError, Feed, State, Step, without_targets
from sci_numpy.network import Arrays, Network, mass
from sci_numpy.threads import Threads

Loss = Callable[[Arrays, Arrays], tuple[float, Mapping[str, np.ndarray]]]
Groups = Mapping[str, Sequence[tuple[str, np.ndarray]]]


class Optimizer(Protocol):
    """A native optimizer of engine numpy, made by a target ``(config, [(name, parameter)])``."""

    def step(self, gradients: Arrays, rate: float) -> None:
        """Update the parameters in place; `gradients` may hold more than its own and is left as it is."""
        ...

    def state(self) -> State:
        """Everything that the next update depends on, but the parameters."""
        ...

    def load_state(self, state: State) -> None:
        """Go on from a state that `state` returned."""
        ...


class NumpyTrainer:
    """One network in training.

    Args:
        network: the model; its parameters are updated in place.
        loss: see `sci_numpy.losses`.
        optimizers: makes the optimizers from the network's parameter groups.
        feed: the training rows.
        settings: of the ``training`` section `gradient_accumulation` (micro-batches of an update, 1) and
            `gradient_clip` (largest norm of all gradients together, None).
        threads: limits the threads while it computes.
    """

    def __init__(
        self,
        network: Network,
        loss: Loss | None,
        optimizers: Callable[[Groups], Mapping[str, Optimizer]],
        feed: Feed,
        settings: Mapping[str, Any],
        threads: Threads,
    ) -> None:
        self.network = network
        self.loss = loss
        self.feed = feed
        self.resident = feed.resident()
        self.parts = int(settings.get("gradient_accumulation") or 1)
        self.clip = settings.get("gradient_clip")
        self.threads = threads
        self.stopped = False
        self.fits = hasattr(network, "fit")
        self.steps_itself = hasattr(network, "training_step")
        self._check()
        self.optimizers = {} if self.fits else optimizers(groups_of(network))

    def _check(self) -> None:
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

    def run(self, steps: Sequence[Step]) -> np.ndarray:
        """One update for each step; the losses, float64 [len(steps)], of the weights before their update.

        After the first loss or gradient that is not finite no weight changes any more and all losses are NaN. A network
        that fits once is fitted instead, and the loss is that of the fitted weights (0 where there is none to compute).
        """
        losses = np.full(len(steps), np.nan)
        with self.threads.limited(), np.errstate(all="ignore"):  # what overflows is found below
            for position, step in enumerate(steps):
                if self.stopped:
                    break
                losses[position] = self._one(step)
                self.stopped = not math.isfinite(losses[position])
        return losses

    def _one(self, step: Step) -> float:
        if self.fits:
            return self._fit(step)
        return self._own_update(step) if self.steps_itself else self._update(step)

    def _batch(self, indices: np.ndarray, epoch: int) -> dict[str, np.ndarray]:
        if self.resident is None:
            return self.feed.batch(indices, epoch)
        return {key: array[indices] for key, array in self.resident.items()}

    def _fit(self, step: Step) -> float:
        batch = self._batch(step.indices, step.epoch)
        self.network.fit(batch)  # type: ignore[attr-defined]  # one of the optional methods of a network
        return 0.0 if self.loss is None else self.loss(self.network(batch), batch)[0] + _penalty(self.network)[0]

    def _own_update(self, step: Step) -> float:
        before = self.state()
        batch = self._batch(step.indices, step.epoch)
        loss = float(self.network.training_step(batch, self.optimizers, step))  # type: ignore[attr-defined]
        if not math.isfinite(loss):
            self.load_state(before)
        return loss

    def _update(self, step: Step) -> float:
        loss, gradients = self._slope(step)
        norm = math.sqrt(sum(float(np.vdot(gradient, gradient)) for gradient in gradients.values()))
        if not (math.isfinite(loss) and math.isfinite(norm)):
            return math.nan if math.isfinite(loss) else loss
        if self.clip is not None and norm > self.clip:
            gradients = {name: gradient * (self.clip / norm) for name, gradient in gradients.items()}
        for optimizer in self.optimizers.values():
            optimizer.step(gradients, step.rate)
        return loss

    def _slope(self, step: Step) -> tuple[float, dict[str, np.ndarray]]:
        """Loss and gradients of one update, micro-batches weighed by what they hold, and the penalty added once."""
        if self.parts == 1:
            loss, gradients = self._part_slope(self._batch(step.indices, step.epoch))
        else:
            loss, gradients = self._mean_slope(step)
        extra, slopes = _penalty(self.network)
        for name, slope in slopes.items():
            gradients[name] = gradients[name] + slope
        return loss + extra, gradients

    def _mean_slope(self, step: Step) -> tuple[float, dict[str, np.ndarray]]:
        loss, total = 0.0, 0.0
        gradients = {name: np.zeros_like(array) for name, array in self.network.parameters.items()}
        for indices in np.array_split(step.indices, self.parts):
            batch = self._batch(indices, step.epoch) if len(indices) else {}
            own = mass(batch, self.loss) if batch else 0.0
            if own:
                part, found = self._part_slope(batch)
                total += own
                loss += own * part
                for name, gradient in found.items():
                    gradients[name] += own * gradient
        whole = total or 1.0
        return loss / whole, {name: gradient / whole for name, gradient in gradients.items()}

    def _part_slope(self, batch: Arrays) -> tuple[float, dict[str, np.ndarray]]:
        assert self.loss is not None
        loss, slopes = self.loss(self.network(batch), batch)
        return loss, self.network.backward(batch, slopes)

    def state(self) -> State:
        """The parameters under ``network/<name>``, the optimizers' arrays under ``optimizer/<group>/<key>``."""
        arrays = {f"network/{name}": array.copy() for name, array in self.network.parameters.items()}
        states = {group: optimizer.state() for group, optimizer in self.optimizers.items()}
        for group, state in states.items():
            arrays.update({f"optimizer/{group}/{key}": array for key, array in state.arrays.items()})
        return State(arrays, {"optimizers": {g: state.meta for g, state in states.items()}, "stopped": self.stopped})

    def load_state(self, state: State) -> None:
        """Go on from a state that `state` returned, bit for bit."""
        for name, array in self.network.parameters.items():
            np.copyto(array, state.arrays[f"network/{name}"], casting="no")
        for group, optimizer in self.optimizers.items():
            prefix = f"optimizer/{group}/"
            own = {key[len(prefix) :]: a for key, a in state.arrays.items() if key.startswith(prefix)}
            optimizer.load_state(State(own, state.meta["optimizers"][group]))
        self.stopped = bool(state.meta["stopped"])

    def validate(self, batch: Arrays, options: Mapping[str, Any]) -> tuple[dict[str, np.ndarray], float]:
        """What the network emits for these rows, and the loss with the penalty, as in training (NaN without a loss)."""
        emitted = predict(self.network, batch, options, self.threads)
        if self.loss is None:
            return emitted, math.nan
        with self.threads.limited(), np.errstate(all="ignore"):
            called = self.network(batch) if hasattr(self.network, "predict_step") else emitted
            return emitted, self.loss(called, batch)[0] + _penalty(self.network)[0]

    def mass(self, batch: Arrays) -> float:
        """How much these rows count beside others in a mean of losses."""
        return mass(batch, self.loss)


def predict(network: Network, batch: Arrays, options: Mapping[str, Any], threads: Threads) -> dict[str, np.ndarray]:
    """What a network emits for these rows."""
    with threads.limited():
        if hasattr(network, "predict_step"):
            return dict(network.predict_step(without_targets(batch), options))
        return network(batch)


def groups_of(network: Network) -> Groups:
    """The network's parameters by the optimizer that they belong to; group ``""`` when it has one only."""
    if hasattr(network, "parameter_groups"):
        groups: Groups = network.parameter_groups()
        return groups
    return {"": list(network.parameters.items())}


def _penalty(network: Network) -> tuple[float, Mapping[str, np.ndarray]]:
    if hasattr(network, "penalty"):
        found: tuple[float, Mapping[str, np.ndarray]] = network.penalty()
        return found
    return 0.0, {}
