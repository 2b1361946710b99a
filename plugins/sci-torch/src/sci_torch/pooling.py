"""What stands for a whole sequence; padding never counts."""

from __future__ import annotations

import torch

from sci_torch.network import Tensors


def lengths_of(batch: Tensors, name: str) -> torch.Tensor:
    """How many positions of each row hold something: the column beside it, or all of them, [n]."""
    if f"{name}.length" in batch:
        return batch[f"{name}.length"]
    values = batch[name]
    return torch.full(values.shape[:1], values.shape[1], dtype=torch.int32, device=values.device)


def inside(lengths: torch.Tensor, longest: int) -> torch.Tensor:
    """Boolean [n, longest]: true before each row's end."""
    return torch.arange(longest, device=lengths.device) < lengths[:, None]


def mean(values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """The mean over positions of [n, L, width]: [n, width]; 0 for an empty row."""
    kept = inside(lengths, values.shape[1])[:, :, None]
    return torch.where(kept, values, 0).sum(dim=1) / lengths.clamp(min=1)[:, None].to(values.dtype)


def maximum(values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """The largest value over positions of [n, L, width]: [n, width]; 0 for an empty row."""
    kept = inside(lengths, values.shape[1])[:, :, None]
    found = torch.where(kept, values, -torch.inf).amax(dim=1)
    return torch.where((lengths > 0)[:, None], found, 0)


def first(values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """The first position of [n, L, width]: [n, width]; 0 for an empty row."""
    return torch.where((lengths > 0)[:, None], values[:, 0], 0)


def last(values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """The last position before each row's end, of [n, L, width]: [n, width]; 0 for an empty row."""
    place = (lengths.to(torch.int64) - 1).clamp(min=0)[:, None, None]
    found = torch.take_along_dim(values, place, dim=1)[:, 0]
    return torch.where((lengths > 0)[:, None], found, 0)


POOLING = {"first": first, "last": last, "mean": mean, "max": maximum}
"""Name of the setting to what makes one vector of a sequence, called as (values, lengths)."""
