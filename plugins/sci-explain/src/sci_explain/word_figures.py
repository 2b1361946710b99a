"""The words that answers turn on, over all texts and within some of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from sci.api import Figure, Table
from sci.api.wording import both, quoted
from sci_explain.charts import Bar, bars
from sci_explain.subject import Subject
from sci_explain.texts import Passage, passages

LINES = 15
"""Words in a figure."""
EXAMPLES = 6
"""Texts in a figure."""
COMMON = 2
"""Texts that a word has to occur in to stand among the words of all texts."""


def word_figures(subject: Subject, texts: Sequence[Passage]) -> list[Figure]:
    """Mean shares of words, and the first texts with their words coloured.

    Args:
        subject: the model.
        texts: those that were explained.
    """
    sums = _by_word(texts)
    common = {word: shares for word, shares in sums.items() if len(shares) >= min(COMMON, len(texts))}
    means = {word: float(np.mean(shares)) for word, shares in (common or sums).items()}
    order = sorted(means, key=lambda word: -abs(means[word]))
    title = both("Words that the answers turn on", "左右回答的词")
    if order:
        title = both("Most telling word: {word}", "最有分量的词：{word}", word=quoted(order[0]))
    sheet = bars(
        [Bar(word, means[word]) for word in order[:LINES]],
        both("mean share where the word occurs", "出现该词时的平均贡献"),
        "; ".join(f"{word}: {means[word]:.4g}" for word in order[:LINES]),
    )
    heads = [both("word", "词"), both("mean share", "平均贡献"), both("texts", "文本数")]
    table = Table(heads, [[word, means[word], len(sums[word])] for word in order[:500]])
    caption = both("Right raises the answer, left lowers it.", "向右提高回答的值，向左降低。")
    mean = Figure(sheet.write(subject.context, subject.name), title, caption, table)
    each = Figure(
        passages(texts[:EXAMPLES]).write(subject.context, f"{subject.name}-rows"),
        both("Words in their texts", "文本中的词"),
        both(
            "Blue words raise the answer, orange ones lower it; the deeper, the more.",
            "蓝色的词提高回答的值，橙色的词降低；颜色越深影响越大。",
        ),
    )
    return [mean, each]


def _by_word(texts: Sequence[Passage]) -> dict[str, list[float]]:
    """The share of each word in every text that it occurs in."""
    sums: dict[str, list[float]] = defaultdict(list)
    for text in texts:
        own: dict[str, float] = defaultdict(float)
        for word, share in zip(text.words, text.shares, strict=True):
            own[word.lower()] += float(share)
        for word, share in own.items():
            sums[word].append(share)
    return sums
