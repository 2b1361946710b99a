"""Engine torch."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from sci.api import ConfigError, Feature, Feed, Schema, State
from sci_torch.config import TorchConfig
from sci_torch.hardware import Hardware, chosen, known_precision, settle
from sci_torch.lookups import given, looked_up
from sci_torch.prediction import emitted
from sci_torch.start import start_from
from sci_torch.tensors import array, tensors
from sci_torch.trainer import Groups, Loss, TorchTrainer
from sci_torch.trouble import named_trouble
from sci_torch.weights import load_weights, weights


class TorchEngine:
    """PyTorch with a loop of its own. What a model of it is: `sci_torch.network.Network`."""

    def __init__(self, config: TorchConfig) -> None:
        self.config = config
        self.hardware = Hardware(torch.device("cpu"))

    def start(self, settings: Mapping[str, Any], seed: int) -> Mapping[str, str]:
        """Choose device, precision, threads and determinism, for this process.

        The determinism level is A where only deterministic operations are allowed, otherwise C.
        """
        self.hardware = chosen(settings, seed)
        deterministic = bool(settings.get("deterministic", True))
        settle(self.config.threads, deterministic)
        device = self.hardware.device
        return {
            "device": str(device) if device.type != "cuda" else f"{device} ({torch.cuda.get_device_name(device)})",
            "threads": str(self.config.threads),
            "determinism": "A" if deterministic else "C",
            "precision": self.hardware.precision,
            "compiled": "yes" if self.config.compile else "no",
        }

    def number_dtype(self, precision: str | None) -> str:
        """``float64`` when asked for, otherwise ``float32``: halves are made inside the network only."""
        known_precision(precision or "float32")
        return "float64" if precision == "float64" else "float32"

    def build(
        self, factory: Callable[..., nn.Module], config: Any, inputs: Schema, heads: Mapping[str, Feature], seed: int
    ) -> nn.Module:
        """The network on the device, with the weights that its settings ask for: `sci_torch.start`."""
        hardware = Hardware(self.hardware.device, self.hardware.precision, seed)
        with hardware.seeded():
            network = start_from(factory(config, inputs, heads, seed), config, seed)
        return network.to(hardware.device, hardware.dtype)

    def trainer(
        self,
        network: nn.Module,
        loss: Loss | None,
        optimizers: Callable[[Groups], Mapping[str, torch.optim.Optimizer]],
        feed: Feed,
        settings: Mapping[str, Any],
    ) -> TorchTrainer:
        """A trainer for a network."""
        with named_trouble():
            return TorchTrainer(network, loss, optimizers, feed, settings, self.hardware, compiled=self.config.compile)

    def predict(
        self, network: nn.Module, batch: Mapping[str, np.ndarray], options: Mapping[str, Any]
    ) -> dict[str, np.ndarray]:
        """What the network emits for these rows."""
        with named_trouble():
            with given(network, tensors(batch, self.hardware.device)) as rows:
                found = emitted(network, rows, options, self.hardware)
            return {name: array(value) for name, value in found.items()}

    def lookups(self, network: nn.Module, batch: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The vectors that the network looks up for codes, under their key and `VECTORS`."""
        network.eval()
        with named_trouble():
            found = looked_up(network, tensors(batch, self.hardware.device))
            return {key: array(vectors) for key, vectors in found.items()}

    def state(self, network: nn.Module) -> State:
        """Parameters and buffers under the names of ``state_dict()``; halves as float32."""
        return State(weights(network))

    def load_state(self, network: nn.Module, state: State) -> None:
        """Take over weights, in the network's own precision.

        Raises:
            ConfigError: names or shapes are those of another model.
        """
        load_weights(network, state.arrays)

    def gradients(
        self,
        network: nn.Module,
        batch: Mapping[str, np.ndarray],
        output: str,
        inputs: Sequence[str],
        weights: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """Derivative of one head, summed over its elements with these weights, by keys of the batch that are real
        numbers, those of `lookups` among them.

        Raises:
            ConfigError: the network does not emit that head, or the batch has no such numbers.
        """
        network.eval()
        rows = tensors(batch, self.hardware.device)
        absent = [key for key in inputs if key not in rows or not rows[key].is_floating_point()]
        wanted = {key: rows[key].detach().clone().requires_grad_() for key in inputs if key not in absent}
        # The kernels of recurrent layers that are trained on a GPU have no derivative when they do not train.
        with given(network, {**rows, **wanted}) as plain, torch.backends.cudnn.flags(enabled=False):
            found = network(plain)
        absent += [] if output in found else [output]
        if absent:
            raise ConfigError(f"the model has no derivative for `{'`, `'.join(absent)}`", id="engine.gradient")
        head = found[output]
        counted = torch.ones_like(head) if weights is None else torch.as_tensor(weights).to(head)
        slopes = torch.autograd.grad((head * counted).sum(), list(wanted.values()), allow_unused=True)
        return {
            key: array(torch.zeros_like(wanted[key]) if slope is None else slope)
            for key, slope in zip(wanted, slopes, strict=True)
        }

    def export(self, network: nn.Module, format: str, signature: Mapping[str, Any], directory: pathlib.Path) -> None:
        """Write nothing: engine torch knows no foreign format."""
        raise ConfigError(
            f"engine torch cannot write `{format}`",
            id="engine.export",
            hint="sci serve answers with this model as it is",
        )
