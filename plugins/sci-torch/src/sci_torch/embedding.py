"""Vectors that stand for categories and tokens."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn


class Categories(nn.Module):
    """One table for each category column: ``<position>.weight`` [classes + 1, size]; row 0 stands for a missing one."""

    def __init__(self, classes: Sequence[int], size: int) -> None:
        super().__init__()
        self.count = len(classes)
        for position, number in enumerate(classes):
            self.add_module(str(position), nn.Embedding(number + 1, size))

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        """`codes` int64 [n, columns], -1 for missing; the vectors side by side [n, columns * size]."""
        moved = codes + 1
        return torch.cat([self._modules[str(i)](moved[:, i]) for i in range(self.count)], dim=1)  # type: ignore[misc]
