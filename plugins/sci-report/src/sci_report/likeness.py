"""How much two texts are alike, by the sequences of characters that they share."""

from __future__ import annotations

from collections import Counter

ORDER = 6
"""Characters of the longest sequence."""
RECALL = 2
"""How many times as much recall counts as precision."""


def chrf(answer: str, reference: str) -> float:
    """The chrF of one text: the F score of its sequences of characters, averaged over their lengths (Popović 2015), as
    sacreBLEU computes it for a sentence; 0 to 100."""
    said, true = "".join(answer.split()), "".join(reference.split())
    precision = recall = 0.0
    orders = min(ORDER, len(said), len(true))
    for order in range(1, orders + 1):
        found, wanted = _sequences(said, order), _sequences(true, order)
        shared = sum(min(count, wanted[sequence]) for sequence, count in found.items() if sequence in wanted)
        precision += shared / (len(said) - order + 1)
        recall += shared / (len(true) - order + 1)
    if not precision:
        return 0.0
    precision, recall = precision / orders, recall / orders
    return 100 * (1 + RECALL**2) * precision * recall / (RECALL**2 * precision + recall)


def _sequences(text: str, order: int) -> Counter[str]:
    return Counter(text[start : start + order] for start in range(len(text) - order + 1))
