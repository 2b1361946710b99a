"""What a model of engine torch is, and what it finds in a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

import torch

Tensors: TypeAlias = Mapping[str, torch.Tensor]
"""A batch: the keys of `Feed` to tensors, rows first."""


class Network(Protocol):
    """A model of engine torch: an `nn.Module` made by a target ``(config, inputs: Schema, heads, seed)``.

    Its parameters and persistent buffers are all that is saved, under the names of ``state_dict()``. It may also have

    * ``parameter_groups() -> {group: [(name, parameter)]}``, where several optimizers train it;
    * ``penalty() -> tensor | None``, added once to the loss of each update;
    * ``fit(batch) -> None``, which sets the weights from all rows at once; its component then has the trait
      ``fit-once``;
    * ``training_step(batch, {group: optimizer}, step) -> tensor``, which computes gradients and calls the optimizers
      itself (adversarial training) and returns its loss without asking the device for its value; its component then
      has the trait ``own-step``. Learning rates are set before it is called;
    * ``predict_step(batch, options) -> {head: tensor}``, where predicting is more than calling it (beam search). It
      is not given the targets; the validation loss still comes from calling the network with them;
    * ``begin(feed) -> [str]``, called once with the training rows before the first update, and never when a trained
      network is restored: it sets what comes from files or is counted in the rows, and returns what is worth saying;
    * ``adopt(saved, own) -> {name: array}``, where `pretrained` may name weights that are called otherwise: those of
      `saved` under the names of `own`, which maps the network's weights to their shapes;
    * ``lookups: {key: module}``, the module that gives the vectors for the codes under a key of the batch. It is needed
      only where an `nn.Embedding` or a `Categories` is not called with the very tensor of the batch: derivatives by
      tokens and categories are taken by these vectors.

    First weights come from `sci_torch.api.initialize`, from the seed and the weights' names alone. Random numbers in
    training come from torch's own generators, whose state is part of a checkpoint.
    """

    def __call__(self, batch: Tensors) -> dict[str, torch.Tensor]:
        """What the network emits for each head; rows are the first axis, ``<head>.length`` beside a ragged one."""
        ...


def rows(batch: Tensors) -> int:
    """Number of rows of a batch."""
    return len(next(iter(batch.values())))


def mass(batch: Tensors, loss: Any = None) -> torch.Tensor | float:
    """How much a batch counts beside others: what its loss says; else its number of rows, or the sum of their
    weights."""
    if hasattr(loss, "mass"):
        found: torch.Tensor | float = loss.mass(batch)
        if not isinstance(found, torch.Tensor):
            return float(found)
        return found.to(torch.float32 if found.device.type == "mps" else torch.float64)
    return batch["weight"].sum() if "weight" in batch else float(rows(batch))


def weighted_mean(values: torch.Tensor, batch: Tensors) -> torch.Tensor:
    """The mean of one value for each row [n], in which rows count by their ``weight``; 0 where every weight is 0."""
    if "weight" not in batch:
        return values.mean()
    weight = batch["weight"].to(values.dtype)
    total = weight.sum()
    return (weight * values).sum() / torch.where(total == 0, 1, total)
