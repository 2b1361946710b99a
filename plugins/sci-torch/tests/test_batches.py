from __future__ import annotations

import numpy as np
import pytest
import torch

from sci_torch import batches
from sci_torch.batches import Ahead, Resident, Wanted

CPU = torch.device("cpu")


class Feed:
    """Rows made when asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def batch(self, indices, epoch):
        self.asked.append(int(indices[0]))
        return {"numbers": indices[:, None] * 1.0 + epoch}


def wanted(*sizes: int) -> list[Wanted]:
    draw = np.random.default_rng(0)
    return [Wanted(draw.integers(0, 50, size), 0) for size in sizes]


@pytest.mark.parametrize("width", [1, 3, 16])
@pytest.mark.parametrize("sizes", [(32, 32, 8), (7, 7, 7, 2), (5,)])
def test_whole_tensors_give_the_rows_asked_for(monkeypatch, width, sizes) -> None:
    monkeypatch.setattr(batches, "GATHERED_BYTES", 40 * (4 * width + 8))
    rows = {"numbers": torch.randn(50, width), "target": torch.arange(50)}
    asked = wanted(*sizes)
    found = list(Resident(rows).each(asked))
    assert len(found) == len(sizes)
    for one, batch in zip(asked, found, strict=True):
        assert torch.equal(batch["numbers"], rows["numbers"][one.indices])
        assert torch.equal(batch["target"], rows["target"][one.indices])


@pytest.mark.parametrize(("width", "size", "together"), [(16, 8, 3), (3, 16, 3), (3, 7, 1), (1, 8, 1)])
def test_batches_gathered_together_lie_as_if_gathered_alone(width, size, together) -> None:
    rows = {"numbers": torch.randn(50, width)}
    found = list(Resident(rows).each(wanted(size, size, size)))
    assert len({batch["numbers"].untyped_storage().data_ptr() for batch in found}) == 4 - together
    assert {batch["numbers"].data_ptr() % 64 for batch in found} == {0}


def test_batches_are_made_ahead_in_their_order() -> None:
    feed = Feed()
    asked = [Wanted(np.array([i]), 2) for i in range(9)]
    each = Ahead(feed, CPU).each(asked)
    assert next(each)["numbers"].item() == 2
    assert [batch["numbers"].item() for batch in each] == list(range(3, 11))
    assert feed.asked == list(range(9))


def test_no_more_is_made_than_was_asked_for() -> None:
    feed = Feed()
    each = Ahead(feed, CPU).each([Wanted(np.array([i]), 0) for i in range(100)])
    next(each)
    each.close()
    assert len(feed.asked) <= 2 + batches.AHEAD
