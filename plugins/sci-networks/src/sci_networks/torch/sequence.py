"""Sequences as vectors."""

from __future__ import annotations

import math

import torch
from torch import nn


def vectors(values: torch.Tensor, embedding: nn.Embedding | None, dtype: torch.dtype) -> torch.Tensor:
    """Tokens [n, L] looked up, or series [n, L, *shape] with the numbers of a position in one row: [n, L, width]."""
    if embedding is not None:
        found: torch.Tensor = embedding(values)
        return found
    return values.to(dtype).reshape(*values.shape[:2], math.prod(values.shape[2:]))
