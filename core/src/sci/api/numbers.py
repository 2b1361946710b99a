"""How numbers are written: one set of rules for the terminal, reports, model cards and notebooks.

The width of an interval decides the decimals: the fewest whose rounding error (half a unit of the last place) is at
most a twentieth of the width. A value, its interval and its rivals in a row get the same decimals. Nothing is rounded
across 0, nor up to 1 where that is the best value: an accuracy of 0.9996 with three decimals is ``> 0.999``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sci.api.study import Score

MINUS = "\N{MINUS SIGN}"
UNDEFINED = "\N{EN DASH}"
SIGNIFICANT = 3
"""Digits of a number that has no interval."""

_SMALL = 6
"""More decimals than this are not shown; a value below `_TINY` that needs them gets a power of ten."""
_TINY = 1e-3
_LARGE = 1e15


class Shown(NamedTuple):
    """A value with the two ends of its interval, as written."""

    value: str
    low: str
    high: str


def decimals(width: float) -> int | None:
    """Decimals for an interval of this width; negative for tens and hundreds, None where there is no width."""
    if not math.isfinite(width) or width <= 0:
        return None
    return math.ceil(1 - math.log10(width) - 1e-9)


def row_decimals(values: Iterable[float], widths: Iterable[float]) -> int:
    """Decimals for a whole row: the finest that a width asks for, else 3 significant digits of the largest value.

    A width below a hundredth of the widest does not count: its rival hardly varies, as the R² of a mean.
    """
    known = [width for width in widths if math.isfinite(width) and width > 0]
    asked = [found for width in known if width >= max(known) / 100 and (found := decimals(width)) is not None]
    if asked:
        return max(asked)
    sizes = [abs(value) for value in values if math.isfinite(value) and value != 0]
    return SIGNIFICANT - 1 - math.floor(math.log10(max(sizes))) if sizes else 0


def score(
    value: float, low: float, high: float, *, digits: int | None = None, minus: str = MINUS, top: bool = True
) -> Shown:
    """A figure of merit with its interval; `digits` are the decimals of its row, `top` as in `fixed`."""
    places = row_decimals([value], [high - low]) if digits is None else digits
    return Shown(*(fixed(number, places, minus=minus, top=top) for number in (value, low, high)))


def scored(found: Score, *, digits: int | None = None, minus: str = MINUS) -> Shown:
    """The same of a score, which knows whether larger values are better: of a loss 1 is a value like any other."""
    return score(found.value, found.low, found.high, digits=digits, minus=minus, top=found.higher_is_better)


def difference(value: float, low: float, high: float, *, digits: int | None = None, minus: str = MINUS) -> Shown:
    """A difference with its interval, signs written: it is taken before rounding."""
    places = row_decimals([value], [high - low]) if digits is None else digits
    return Shown(*(fixed(number, places, minus=minus, plus="+") for number in (value, low, high)))


def fixed(value: float, places: int, *, minus: str = MINUS, plus: str = "", top: bool = True) -> str:
    """A number with this many decimals and a sign for thousands, never rounded to 0, nor up to 1 where that is the top
    of its scale."""
    if math.isnan(value):
        return UNDEFINED
    if math.isinf(value):
        return (minus if value < 0 else plus) + "\N{INFINITY}"
    if abs(value) >= _LARGE or (places > _SMALL and 0 < abs(value) < _TINY):
        return _scientific(value, places, minus, plus)
    places = min(places, _SMALL)
    unit = 10.0**-places
    rounded = round(value, places)
    if rounded == 0 and value != 0:
        return f"> {minus}{_plain(unit, places)}" if value < 0 else f"< {_plain(unit, places)}"
    if top and value < 1 <= rounded and places > 1:  # with fewer decimals the scale does not end at 1
        return f"> {plus}{_plain(1 - unit, places)}"
    if rounded == 0:
        return _plain(0.0, places)
    return (minus if value < 0 else plus) + _plain(abs(rounded), places)


def significant(value: float, digits: int = SIGNIFICANT, *, minus: str = MINUS) -> str:
    """A number without an interval."""
    if not math.isfinite(value) or value == 0:
        return fixed(value, 0, minus=minus)
    return fixed(value, digits - 1 - math.floor(math.log10(abs(value))), minus=minus)


def p_value(p: float) -> str:
    """Two digits; below 0.001 and near 1 as a bound."""
    if math.isnan(p):
        return UNDEFINED
    if p < 0.001:
        return "< 0.001"
    if p >= 0.995:
        return "1" if p >= 1 else "> 0.99"
    return significant(p, 2)


def percent(part: float, whole: float) -> str:
    """A share in per cent without the sign, one decimal; 0 and 100 only where they are exact."""
    if whole == 0 or math.isnan(part):
        return UNDEFINED
    share = 100 * part / whole
    if share in (0, 100):
        return f"{share:.0f}"
    return "< 0.1" if share < 0.05 else "> 99.9" if share >= 99.95 else f"{share:.1f}"


def confidence(level: float) -> str:
    """The level of an interval in per cent without the sign: ``95``, ``99.9``."""
    return f"{100 * level:.6g}"


def count(n: int) -> str:
    """A whole number, exact, with a sign for thousands."""
    return f"{n:,d}".replace("-", MINUS)


def duration(seconds: float) -> str:
    """``0.4 s``, ``42 s``, ``3 min 12 s``, ``2 h 05 min``."""
    if math.isnan(seconds):
        return UNDEFINED
    if seconds < 9.95:
        return "< 0.1 s" if 0 < seconds < 0.05 else f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60:,d} h {minutes % 60:02d} min"


def size(bytes: int) -> str:
    """``812 B``, ``12 kB``, ``3.6 MB``: powers of 1,000."""
    amount = float(bytes)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if amount < 999.5 or unit == "TB":
            break
        amount /= 1000
    if unit == "B":
        return f"{bytes} B"
    return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:,.0f} {unit}"


def _plain(value: float, places: int) -> str:
    return f"{round(value, places):,.{max(places, 0)}f}"


def _scientific(value: float, places: int, minus: str, plus: str) -> str:
    exponent = math.floor(math.log10(abs(value)))
    mantissa, power = f"{abs(value):.{min(max(exponent + places, 0), SIGNIFICANT + 1)}e}".split("e")
    return f"{minus if value < 0 else plus}{mantissa}e{int(power)}"
