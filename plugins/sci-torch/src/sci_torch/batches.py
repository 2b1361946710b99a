"""The rows of each update on the device, in order."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple, Protocol

import numpy as np
import torch

from sci.api import Feed
from sci_torch.tensors import tensors

GATHERED_BYTES = 1 << 22
ALIGNMENT = 64
AHEAD = 2


class Wanted(NamedTuple):
    """Rows that are computed together, in one epoch."""

    indices: np.ndarray
    epoch: int


class Batches(Protocol):
    """Gives batches."""

    def each(self, wanted: Sequence[Wanted]) -> Iterator[dict[str, torch.Tensor]]:
        """One batch for each, in this order."""
        ...


def batches(feed: Feed, device: torch.device) -> Batches:
    """Whole tensors where the feed has them, otherwise batches made ahead of their use."""
    resident = feed.resident()
    return Ahead(feed, device) if resident is None else Resident(tensors(resident, device))


class Resident:
    """All rows as tensors on the device.

    Rows of several batches are gathered at once, up to `GATHERED_BYTES`, and cut into views: one gather for each batch
    costs a small network a tenth of its time. Views that would not begin at a multiple of `ALIGNMENT` bytes are
    avoided, because products of what lies otherwise may differ in their last digit, and the result must not depend on
    which batches were gathered together.
    """

    def __init__(self, rows: dict[str, torch.Tensor]) -> None:
        self.rows = rows
        sizes = [math.prod(values.shape[1:]) * values.element_size() for values in rows.values()]
        self.row_bytes = max(sum(sizes), 1)
        self.unit = math.lcm(*(ALIGNMENT // math.gcd(ALIGNMENT, size) for size in sizes))

    def each(self, wanted: Sequence[Wanted]) -> Iterator[dict[str, torch.Tensor]]:
        device = next(iter(self.rows.values())).device
        index = torch.from_numpy(np.concatenate([one.indices for one in wanted])).to(device)
        start = 0
        for counts in self._groups([len(one.indices) for one in wanted]):
            here = index.narrow(0, start, sum(counts))
            parts = [values.index_select(0, here).split(counts) for values in self.rows.values()]
            for views in zip(*parts, strict=True):
                yield dict(zip(self.rows, views, strict=True))
            start += sum(counts)

    def _groups(self, counts: Sequence[int]) -> Iterator[list[int]]:
        limit = max(GATHERED_BYTES // self.row_bytes, 1)
        group: list[int] = []
        for count in counts:
            if group and (sum(group) + count > limit or group[-1] % self.unit):
                yield group
                group = []
            group.append(count)
        if group:
            yield group


class Ahead:
    """Batches that a thread makes while the one before is used: never more than `AHEAD` of them wait."""

    def __init__(self, feed: Feed, device: torch.device) -> None:
        self.feed = feed
        self.device = device

    def each(self, wanted: Sequence[Wanted]) -> Iterator[dict[str, torch.Tensor]]:
        with ThreadPoolExecutor(1, "sci-torch-batches") as thread:
            waiting: deque[Future[dict[str, torch.Tensor]]] = deque()
            try:
                for one in wanted:
                    waiting.append(thread.submit(self._made, one))
                    if len(waiting) > AHEAD:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for left in waiting:
                    left.cancel()

    def _made(self, one: Wanted) -> dict[str, torch.Tensor]:
        return tensors(self.feed.batch(one.indices, one.epoch), self.device)
