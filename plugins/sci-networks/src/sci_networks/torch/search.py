"""The likeliest answers of a network that writes them code by code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import torch

from sci_networks.answer import Search

Tensors: TypeAlias = Sequence[torch.Tensor]
Step: TypeAlias = Callable[[torch.Tensor, int, Tensors, Tensors], tuple[torch.Tensor, Tensors]]
"""``(last codes [n * k], place, of each beam, of each source) -> (log-probabilities [n * k, V], of each beam)``."""


def beam_search(
    step: Step, beams: Tensors, sources: Tensors, limits: torch.Tensor, end: int, search: Search
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The answer of each source with the largest score, its log-probability over ``((5 + codes) / 6) ** penalty`` (Wu
    et al. 2016, equation 14, the end counted as a code), among those that the search meets.

    At each place the `beam` likeliest beginnings stay. A source is done when `beam` answers have ended, or when no
    beginning could still come to a better score; what has as many codes as its limit has to end.

    Args:
        step: one code further; the first code of every answer is `end`.
        beams: what `step` keeps for each beam, first axis n * k.
        sources: what it reads of each source, first axis n.
        limits: int [n], codes of the longest answer without its end.
        end: the code that ends an answer.
        search: how wide.

    Returns:
        Codes int64 [n, longest], padded with `end`; their numbers int32 [n]; scores [n].
    """
    width, count = search.beam, len(limits)
    device = limits.device
    answers = torch.full((count, search.longest), end, device=device)
    lengths = torch.zeros(count, dtype=torch.int32, device=device)
    rows = torch.arange(count, device=device)
    codes = torch.full((count * width,), end, device=device)
    written = torch.zeros((count, width, 0), dtype=torch.int64, device=device)
    ended = torch.zeros(count, dtype=torch.int64, device=device)
    likely = torch.arange(2 * width, device=device) < width
    best = total = torch.zeros(0)
    length = 0
    while len(rows):
        logs, beams = step(codes, length, beams, sources)
        if not length:
            best = logs.new_full((count,), -torch.inf)
            total = logs.new_full((count, width), -torch.inf)
            total[:, 0] = 0
        logs = logs.unflatten(0, (len(rows), width))
        classes = logs.shape[2]
        last = limits[rows] == length
        going = torch.arange(classes, device=device) != end
        logs = logs.masked_fill(last[:, None, None] & going, -torch.inf)
        sums, places = (total[:, :, None] + logs).flatten(1).topk(2 * width)
        parents, codes = places // classes, places % classes
        ends = codes == end
        scores = (sums / penalty(length + 1, search)).masked_fill(~(ends & likely), -torch.inf)
        score, at = scores.max(1)
        better = (score > best[rows]).nonzero().flatten()
        found = rows[better]
        best[found] = score[better]
        lengths[found] = length
        answers[found, :length] = written[better, parents[better, at[better]]]
        ended = ended + (scores > -torch.inf).sum(1)

        total, chosen = sums.masked_fill(ends, -torch.inf).topk(width)
        parents, codes = parents.gather(1, chosen), codes.gather(1, chosen)
        bound = total[:, 0] / penalty((limits[rows] + 1).to(total.dtype), search)
        stays = (~last & (ended < width) & (best[rows] < bound)).nonzero().flatten()
        beams = [kept.index_select(0, (parents + places_of(rows, width))[stays].flatten()) for kept in beams]
        if len(stays) < len(rows):
            sources = [kept.index_select(0, stays) for kept in sources]
        before = written.gather(1, parents[:, :, None].expand(-1, -1, length))
        written = torch.cat([before, codes[:, :, None]], 2)[stays]
        codes, total, ended, rows = codes[stays].flatten(), total[stays], ended[stays], rows[stays]
        length += 1
    return answers, lengths, best


def penalty(length: torch.Tensor | int, search: Search) -> torch.Tensor | float:
    """What the log-probability of so many codes is divided by."""
    return ((5 + length) / 6) ** search.penalty


def places_of(rows: torch.Tensor, width: int) -> torch.Tensor:
    """Where the beams of each row begin, [rows, 1]."""
    return torch.arange(len(rows), device=rows.device)[:, None] * width
