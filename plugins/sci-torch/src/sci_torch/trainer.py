"""Updates of a network's weights."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import nn

from sci.api import ConfigError, Feed, State, Step
from sci_torch.batches import Batches, Wanted, batches
from sci_torch.hardware import Hardware, random_state, set_random_state
from sci_torch.network import Tensors, mass
from sci_torch.prediction import called, emitted
from sci_torch.start import first_weights
from sci_torch.tensors import array, tensors
from sci_torch.trouble import named_trouble
from sci_torch.update import Losses, Update, update
from sci_torch.weights import load_optimizer_state, load_weights, optimizer_state, weights

Loss = Callable[[Tensors, Tensors], torch.Tensor]
Groups = Mapping[str, Sequence[tuple[str, nn.Parameter]]]


class TorchTrainer:
    """One network in training.

    Args:
        network: the model; its weights are updated in place.
        loss: ``(outputs, batch) -> scalar``, a mean over rows, or over what its ``mass(batch)`` counts.
        optimizers: makes the optimizers from the network's parameter groups.
        feed: the training rows.
        settings: of the ``training`` section `gradient_accumulation` (micro-batches of an update, 1) and
            `gradient_clip` (largest norm of all gradients together, None).
        hardware: device, precision and seed.
        compiled: whether the network is compiled first.
    """

    def __init__(
        self,
        network: nn.Module,
        loss: Loss | None,
        optimizers: Callable[[Groups], Mapping[str, torch.optim.Optimizer]],
        feed: Feed,
        settings: Mapping[str, Any],
        hardware: Hardware,
        *,
        compiled: bool = False,
    ) -> None:
        self.network = network
        self.loss = loss
        self.hardware = hardware
        self.parts = int(settings.get("gradient_accumulation") or 1)
        self.clip = settings.get("gradient_clip")
        self.fits = hasattr(network, "fit")
        self.steps_itself = hasattr(network, "training_step")
        self.penalized = hasattr(network, "penalty")
        self._check()
        self.begun = first_weights(network, feed)
        self.batches: Batches = batches(feed, hardware.device)
        self.groups: Groups = {} if self.fits else groups_of(network)
        self.optimizers = {} if self.fits else dict(optimizers(self.groups))
        self.rates = [
            (group, float(group["lr"])) for optimizer in self.optimizers.values() for group in optimizer.param_groups
        ]
        self.update: Update = update(list(self.optimizers.values()), self.clip, hardware.scaled, hardware.device)
        self.compiled = compiled
        with self._quiet():
            self.called: Callable[[Tensors], Tensors] = with_compiler(network) if compiled else network
        self.random = self._first_random()

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
        if self.steps_itself and self.hardware.scaled:
            raise ConfigError(
                "the model brings its own training step, which does not scale its loss as `fp16` needs",
                id="train.own-step",
                hint="precision: bf16",
            )

    def _first_random(self) -> dict[str, torch.Tensor]:
        with self.hardware.seeded():
            return random_state(self.hardware.device)

    def notes(self) -> list[str]:
        """Where the first weights came from, as far as not from the seed."""
        return self.begun

    def run(self, steps: Sequence[Step]) -> np.ndarray:
        """One update for each step; the losses, float64 [len(steps)], of the weights before their update.

        After the first loss or gradient that is not finite no weight changes any more and all losses are NaN. A network
        that fits once is fitted instead, and the loss is that of the fitted weights (0 where there is none to compute).
        """
        if not steps or self.update.stopped:
            return np.full(len(steps), np.nan)
        with named_trouble(), self._quiet(), self._drawing():
            self.network.train()
            if self.fits:
                return self._fitted(steps)
            return self._own(steps) if self.steps_itself else self._stepped(steps)

    def _quiet(self) -> AbstractContextManager[Any]:
        """Compiling warns of what torch itself will change some day."""
        return warnings.catch_warnings(action="ignore") if self.compiled else nullcontext()

    @contextmanager
    def _drawing(self) -> Iterator[None]:
        """Inside this block torch draws from where this training has come to."""
        device = self.hardware.device
        before = random_state(device)
        set_random_state(device, self.random)
        try:
            yield
        finally:
            self.random = random_state(device)
            set_random_state(device, before)

    def _fitted(self, steps: Sequence[Step]) -> np.ndarray:
        losses = []
        with torch.no_grad():
            for batch in self.batches.each([Wanted(step.indices, step.epoch) for step in steps]):
                self.network.fit(batch)  # type: ignore[operator]  # one of the optional methods of a network
                found = 0.0 if self.loss is None else self.loss(self.network(batch), batch)
                losses.append(float(self._penalized(found)))
        return np.asarray(losses, dtype=np.float64)

    def _stepped(self, steps: Sequence[Step]) -> np.ndarray:
        wanted = [
            [Wanted(part, step.epoch) for part in np.array_split(step.indices, self.parts) if len(part)]
            if self.parts > 1
            else [Wanted(step.indices, step.epoch)]
            for step in steps
        ]
        rows = self.batches.each([part for parts in wanted for part in parts])
        statistics = Statistics(self.network)
        losses: list[Losses] = []
        for step, parts in zip(steps, wanted, strict=True):
            self._set_rate(step.rate)
            self.update.clear()
            statistics.keep()
            loss = self._slope(rows) if self.parts == 1 else self._mean_slope(list(islice(rows, len(parts))), step)
            losses.append(found := self.update(loss))
            if isinstance(found, torch.Tensor):
                statistics.settle(self.update.halted)
            elif not math.isfinite(found):
                statistics.settle(self.update.halted)
                break
        self.update.clear()
        return on_host(losses, len(steps))

    def _slope(self, rows: Iterator[dict[str, torch.Tensor]]) -> torch.Tensor:
        """The loss of the next batch; its gradients are added to those of the weights."""
        loss = self._penalized(self._loss_of(next(rows)))
        self._backward(loss)
        return loss.detach()

    def _mean_slope(self, parts: Sequence[dict[str, torch.Tensor]], step: Step) -> torch.Tensor:
        """The mean of the micro-batches' losses, weighed by what they hold, with the penalty added once."""
        masses = [mass(part, self.loss) / len(step.indices) for part in parts]
        total: Any = sum(masses)  # a tensor where rows have weights
        whole = total or 1.0 if isinstance(total, float) else torch.where(total == 0, 1, total)
        loss: torch.Tensor | float = 0.0
        for part, own in zip(parts, masses, strict=True):
            found = self._loss_of(part)
            share = found * (own / whole if isinstance(own, float) else (own / whole).to(found.dtype))
            self._backward(share)
            loss = loss + share.detach()
        extra = self.network.penalty() if self.penalized else None  # type: ignore[operator]
        if extra is not None:
            self._backward(extra)
            loss = loss + extra.detach()
        assert isinstance(loss, torch.Tensor)
        return loss

    def _loss_of(self, batch: Tensors) -> torch.Tensor:
        assert self.loss is not None
        if not self.hardware.low:
            return self.loss(self.called(batch), batch)
        with self.hardware.lowered():
            return self.loss(self.called(batch), batch)

    def _penalized(self, loss: Any) -> Any:
        extra = self.network.penalty() if self.penalized else None  # type: ignore[operator]
        return loss if extra is None else loss + extra

    def _backward(self, loss: torch.Tensor) -> None:
        (loss * self.update.scale if self.hardware.scaled else loss).backward()

    def _set_rate(self, rate: float) -> None:
        for group, base in self.rates:
            group["lr"] = base * rate

    def _own(self, steps: Sequence[Step]) -> np.ndarray:
        """Steps of a network that makes them itself. Whether one diverged is looked at after the last; the steps before
        it are then made again."""
        before = self.state()
        losses = self._own_steps(steps)
        bad = np.flatnonzero(~np.isfinite(losses))
        if len(bad):
            self.load_state(before)
            set_random_state(self.hardware.device, self.random)
            self._own_steps(steps[: bad[0]])
            self.update.halted.fill_(True)
            losses[bad[0] + 1 :] = np.nan
        return losses

    def _own_steps(self, steps: Sequence[Step]) -> np.ndarray:
        losses: list[Losses] = []
        for step, batch in zip(steps, self.batches.each([Wanted(s.indices, s.epoch) for s in steps]), strict=True):
            self._set_rate(step.rate)
            with self.hardware.lowered():
                found = self.network.training_step(batch, self.optimizers, step)  # type: ignore[operator]
            losses.append(found.detach() if isinstance(found, torch.Tensor) else float(found))
        return on_host(losses, len(steps))

    def validate(
        self, batch: Mapping[str, np.ndarray], options: Mapping[str, Any]
    ) -> tuple[dict[str, np.ndarray], float]:
        """What the network emits for these rows, and the loss with the penalty, as in training (NaN without a loss)."""
        rows = tensors(batch, self.hardware.device)
        outputs = emitted(self.network, rows, options, self.hardware)
        taught = None if hasattr(self.network, "predict_step") else outputs
        return {name: array(value) for name, value in outputs.items()}, self._looked_at(rows, taught)

    def validation_loss(self, batch: Mapping[str, np.ndarray]) -> float:
        """The loss that `validate` gives; nothing is decoded."""
        return self._looked_at(tensors(batch, self.hardware.device))

    def _looked_at(self, rows: Tensors, taught: Tensors | None = None) -> float:
        """The loss without dropout, of what the network emits when it is told the targets."""
        if self.loss is None:
            return math.nan
        taught = called(self.network, rows, self.hardware) if taught is None else taught
        with torch.no_grad():
            return float(self._penalized(self.loss(taught, rows)))

    def mass(self, batch: Mapping[str, np.ndarray]) -> float:
        """How much these rows count beside others in a mean of losses."""
        return float(mass(tensors(batch, torch.device("cpu")), self.loss))

    def state(self) -> State:
        """Weights under ``network/<name>``, optimizers under ``optimizer/<group>/<name>/<key>``, and what torch draws
        next."""
        arrays = {f"network/{name}": value for name, value in weights(self.network).items()}
        plain: dict[str, dict[str, Any]] = {}
        for group, optimizer in self.optimizers.items():
            found, plain[group] = optimizer_state(optimizer, self.groups[group])
            arrays.update({f"optimizer/{group}/{name}": value for name, value in found.items()})
        arrays.update({f"update/{name}": array(value) for name, value in self.update.state().items()})
        arrays.update({f"random/{name}": array(value) for name, value in self.random.items()})
        return State(arrays, {"optimizers": plain})

    def load_state(self, state: State) -> None:
        """Go on from a state that `state` returned, bit for bit."""
        load_weights(self.network, under("network/", state.arrays))
        for group, optimizer in self.optimizers.items():
            found = under(f"optimizer/{group}/", state.arrays)
            load_optimizer_state(optimizer, self.groups[group], found, state.meta["optimizers"][group])
        self.rates = [
            (fresh, base)
            for (_, base), fresh in zip(
                self.rates, [g for one in self.optimizers.values() for g in one.param_groups], strict=True
            )
        ]
        self.update.load_state(
            {name: torch.from_numpy(np.array(value)) for name, value in under("update/", state.arrays).items()}
        )
        self.random = {
            name: torch.from_numpy(np.array(value)) for name, value in under("random/", state.arrays).items()
        }


class Statistics:
    """The running statistics of a network, which a forward pass changes: those of a step that diverged are put back."""

    def __init__(self, network: nn.Module) -> None:
        self.now = [buffer for buffer in network.buffers() if buffer.is_floating_point()]
        self.kept = [torch.empty_like(buffer) for buffer in self.now]

    def keep(self) -> None:
        """Before a step."""
        if self.now:
            torch._foreach_copy_(self.kept, self.now)

    def settle(self, halted: torch.Tensor) -> None:
        """After it."""
        for now, kept in zip(self.now, self.kept, strict=True):
            now.copy_(torch.where(halted, kept, now))


def groups_of(network: nn.Module) -> Groups:
    """The weights that learn, by the optimizer that they belong to; group ``""`` when the network has one only.

    Raises:
        ConfigError: every weight of a group is frozen.
    """
    if hasattr(network, "parameter_groups"):
        found: Groups = network.parameter_groups()  # type: ignore[operator]
    else:
        found = {"": list(network.named_parameters())}
    learning = {group: [(name, p) for name, p in named if p.requires_grad] for group, named in found.items()}
    for group, named in learning.items():
        if not named:
            which = f"of parameter group `{group}` " if group else ""
            raise ConfigError(f"no weight {which}learns", id="model.freeze", hint="a shorter list under model.freeze")
    return learning


def with_compiler(network: nn.Module) -> Callable[[Tensors], Tensors]:
    """The network, compiled by a compiler that is told whether algorithms are to be deterministic; `settle`, which
    does not import it, told all others."""
    torch.use_deterministic_algorithms(torch.are_deterministic_algorithms_enabled())
    called: Callable[[Tensors], Tensors] = torch.compile(network)
    return called


def on_host(losses: Sequence[Losses], count: int) -> np.ndarray:
    """The losses as float64 [count], NaN after the last."""
    found = np.full(count, np.nan)
    if losses and isinstance(losses[0], float):
        found[: len(losses)] = losses
    elif losses:
        found[: len(losses)] = torch.stack(losses).to(torch.float64).cpu().numpy()  # type: ignore[arg-type]
    return found


def under(prefix: str, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays whose names begin so, without that beginning."""
    return {name[len(prefix) :]: value for name, value in arrays.items() if name.startswith(prefix)}
