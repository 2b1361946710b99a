"""Sequences as vectors."""

from __future__ import annotations

import math

import torch
from torch import nn

from sci_networks.limits import too_long


def vectors(values: torch.Tensor, embedding: nn.Embedding | None, dtype: torch.dtype) -> torch.Tensor:
    """Tokens [n, L] looked up, or series [n, L, *shape] with the numbers of a position in one row: [n, L, width]."""
    if embedding is not None:
        found: torch.Tensor = embedding(values)
        return found
    return values.to(dtype).reshape(*values.shape[:2], math.prod(values.shape[2:]))


def places(table: torch.Tensor, length: int, lengths: torch.Tensor, model: str) -> torch.Tensor:
    """What is added at each position, [length, size]; padding beyond the longest sequence repeats the last.

    Raises:
        DataError: one of the `lengths` is more than the table [longest, size] has places.
    """
    longest = len(table)
    if length <= longest:
        return table[:length]
    if (found := int(lengths.max())) > longest:
        raise too_long(found, longest, model)
    return torch.cat([table, table[-1:].expand(length - longest, -1)])
