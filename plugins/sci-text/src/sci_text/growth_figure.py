"""A line of distinct words over words read, with the law that was fitted to it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sci.api.drawing import GRID, LESS, MORE, MUTED, WIDTH, Drawing, ticks
from sci.api.numbers import count
from sci.api.wording import both

HEIGHT = 250.0
LEFT, TOP, RIGHT, BELOW = 70.0, 30.0, 20.0, 46.0


def drawn(words: np.ndarray, distinct: np.ndarray, exponent: float, factor: float) -> Drawing:
    """The figure.

    Args:
        words: int64 [points], from 0.
        distinct: int64 [points].
        exponent: of Heaps' law; NaN where none was fitted.
        factor: of Heaps' law.
    """
    sheet = Drawing(WIDTH, HEIGHT, f"{count(int(distinct[-1]))} different words among {count(int(words[-1]))}")
    law = factor * words.astype(np.float64) ** exponent if np.isfinite(exponent) else None
    wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BELOW
    right = float(max(words[-1], 1))
    top = float(max(distinct[-1], 1 if law is None else law.max()))

    def place(x: float, y: float) -> tuple[float, float]:
        return LEFT + wide * x / right, TOP + tall * (1 - y / top)

    sheet.words(4, 14, both("different words", "不同的词"), font_weight="bold")
    for tick in ticks(0, top, 4):
        x, y = place(0, tick)
        sheet.mark("line", x1=x, x2=x + wide, y1=y, y2=y, stroke=GRID)
        sheet.words(x - 6, y + 4, count(int(tick)), "end", MUTED, font_size=11)
    for tick in ticks(0, right, 5):
        x, _ = place(tick, 0)
        sheet.words(x, HEIGHT - BELOW + 18, count(int(tick)), "middle", MUTED, font_size=11)
    sheet.words(LEFT + wide, HEIGHT - 8, both("words read", "已读词数"), "end", MUTED, font_size=11)
    line = [place(float(x), float(y)) for x, y in zip(words, distinct, strict=True)]
    if law is not None:
        for one, two in list(pairwise(place(float(x), float(y)) for x, y in zip(words, law, strict=True)))[::2]:
            sheet.mark("line", x1=one[0], y1=one[1], x2=two[0], y2=two[1], stroke=LESS, stroke_width=1.5)
        named = both("Heaps' law, exponent {b:.2f}", "Heaps 定律，指数 {b:.2f}", b=exponent)
        sheet.words(LEFT + 12, TOP + 12, named, fill=LESS, font_size=11)
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in line)
    sheet.mark("path", d=f"M{path}", fill="none", stroke=MORE, stroke_width=2)
    return sheet
