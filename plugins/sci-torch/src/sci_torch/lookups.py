"""Vectors that a network looks up for codes, and networks that are given them instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import torch
from torch import nn

from sci.api import VECTORS
from sci_torch.embedding import Categories
from sci_torch.network import Tensors


def looked_up(network: nn.Module, batch: Tensors) -> dict[str, torch.Tensor]:
    """The vectors for the codes of a batch, by their key and `VECTORS`."""
    found: dict[str, torch.Tensor] = {}

    def keep(key: str, vectors: torch.Tensor) -> None:
        found.setdefault(key + VECTORS, vectors)

    with torch.no_grad(), _watched(network, batch, keep):
        network(batch)
    return found


@contextmanager
def given(network: nn.Module, batch: Tensors) -> Iterator[dict[str, torch.Tensor]]:
    """The batch without its vectors; inside, the network goes on with them instead of those that it looks up."""
    vectors = {key: tensor for key, tensor in batch.items() if key.removesuffix(VECTORS) in batch.keys() - {key}}
    codes = {key: tensor for key, tensor in batch.items() if key not in vectors}

    def replace(key: str, found: torch.Tensor) -> torch.Tensor | None:
        own = vectors.get(key + VECTORS)
        return None if own is None else own.to(found.dtype)

    if not vectors:
        yield codes
        return
    with _watched(network, codes, replace):
        yield codes


@contextmanager
def _watched(
    network: nn.Module, batch: Tensors, see: Callable[[str, torch.Tensor], torch.Tensor | None]
) -> Iterator[None]:
    """Calls `see` with the key of codes and what is looked up for them; what it returns is taken instead."""
    named: Mapping[str, nn.Module] = getattr(network, "lookups", {})
    keys = {id(module): key for key, module in named.items()}

    def hook(module: nn.Module, arguments: tuple[torch.Tensor, ...], vectors: torch.Tensor) -> torch.Tensor | None:
        known = [key for key, codes in batch.items() if arguments and codes is arguments[0]]
        key = keys.get(id(module)) or next(iter(known), None)
        return None if key is None else see(key, vectors)

    with ExitStack() as hooks:
        for module in network.modules():
            if isinstance(module, nn.Embedding | Categories) or id(module) in keys:
                hooks.callback(module.register_forward_hook(hook).remove)
        yield
