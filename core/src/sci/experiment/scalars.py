"""What a word without quotes means: the rules of YAML 1.2, less what surprises.

`no`, `on` and `y` are words, `5e-4` is a number, `010`, `12:30:45`, `1_000`, `0x1F` and dates stay as they are written.
"""

from __future__ import annotations

import re

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_UNBOUNDED = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}

Scalar = str | int | float | bool | None


class Refused(ValueError):
    """A number that no setting can hold; the message is what it is, without the number itself."""


def scalar(text: str) -> Scalar:
    """The value of a plain (unquoted) scalar.

    Raises:
        Refused: not a number, infinite, minus zero, or out of the range of int64 or float64.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return _whole(text)
    if _DECIMAL.fullmatch(text):
        return _decimal(text)
    if _UNBOUNDED.fullmatch(text):
        raise Refused("is infinite or not a number, which no setting can be")
    return text


def _whole(text: str) -> int:
    # Python converts no more than 4,300 digits, and nothing with more than 19 fits.
    if len(text) > 20 or not -(2**63) <= int(text) < 2**63:
        raise Refused("does not fit in 64 bits; an identifier stands in quotes")
    if text == "-0":
        raise Refused("is zero with a sign")
    return int(text)


def _decimal(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Refused("is too large for a number of 64 bits")
    if value == 0 and re.search("[1-9]", re.split("[eE]", text)[0]):
        raise Refused("is too small for a number of 64 bits")
    if value == 0 and text.startswith("-"):
        raise Refused("is zero with a sign")
    return value
