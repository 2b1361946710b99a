"""How figures are written for people: the same digits in terminal, reports and notebooks.

The interval's width decides the decimals: the fewest whose rounding error (half a unit) is at most a twentieth of the
width.
"""

from __future__ import annotations

import math

MINUS = "-"


def decimals(width: float) -> int:
    """Decimals for a value whose interval has this width; negative means tens and hundreds. NaN or 0: three."""
    if not math.isfinite(width) or width <= 0:
        return 3
    return min(max(math.ceil(-math.log10(width / 10)), -9), 9)


def fixed(value: float, places: int) -> str:
    """A value with so many decimals, thousands marked; never rounded across 0 or 1."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "inf" if value > 0 else f"{MINUS}inf"
    unit = 10.0**-places
    rounded = round(value, places)
    shown = max(places, 0)
    if rounded == 1 and 0 < value < 1 and places > 0:
        return f"> {1 - unit:.{shown}f}"
    if rounded == 0 and value != 0 and places > 0 and abs(value) < unit / 2:
        return f"{0:.{shown}f}"
    return f"{rounded:,.{shown}f}"


def signed(value: float, places: int) -> str:
    """A difference with its sign."""
    text = fixed(value, places)
    return text if text.startswith((MINUS, "–", "0." + "0" * places, ">")) and value <= 0 else f"+{text}"
