"""The models of the workloads as one writes them in PyTorch, and their rows."""

from __future__ import annotations

import torch
from torch import nn
from workloads import Workload, load

Rows = dict[str, torch.Tensor]


def rows() -> tuple[Workload, Rows, torch.Tensor]:
    """The workload, the inputs of all training rows under the names of the model's arguments, and the target."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    work, values, target = load()
    found = {"values": torch.from_numpy(values)}
    if work.kind == "encoder":
        found["lengths"] = torch.full((work.rows,), work.size, dtype=torch.int32)
    return work, found, torch.from_numpy(target)


def model(work: Workload) -> nn.Module:
    """The model, called with a row's inputs; class scores come out."""
    return Encoder(work) if work.kind == "encoder" else Mlp(work)


class Mlp(nn.Module):
    """A perceptron."""

    def __init__(self, work: Workload) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        width = work.size
        for units in work.layers:
            layers += [nn.Linear(width, units), nn.ReLU()]
            width = units
        self.layers = nn.Sequential(*layers, nn.Linear(width, work.classes))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return self.layers(values)


class Encoder(nn.Module):
    """The very module that engine torch trains: only the loop around it differs."""

    def __init__(self, work: Workload) -> None:
        super().__init__()
        from sci.api import Feature, Schema
        from sci_networks.config import TransformerConfig
        from sci_networks.torch.transformer import build

        layers, width = work.layers
        tokens = Feature("tokens", dtype="int64", ragged=True, size=work.vocabulary)
        heads = {"logits": Feature("array", shape=(work.classes,))}
        settings = TransformerConfig(layers=layers, hidden_size=width, pooling="first")
        self.network = build(settings, Schema({work.name: tokens}, {work.name: "input"}), heads, 0)
        self.name = work.name

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        return self.network({self.name: values, f"{self.name}.length": lengths})["logits"]
