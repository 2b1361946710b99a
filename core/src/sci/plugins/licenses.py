"""Whether the license that a distribution states is among those that a policy allows."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence

_WORDS = re.compile(r"\(|\)|[^\s()]+")


def fits(expression: str, allowed: Sequence[str]) -> bool:
    """Whether an SPDX expression can be met with allowed licenses alone.

    Of alternatives (OR) one has to be allowed, of a conjunction (AND) all. What is no such expression is compared as a
    whole, so that a license that cannot be understood is not allowed by accident.

    Args:
        expression: ``Apache-2.0``, ``MIT OR GPL-2.0-only``, ``(MIT AND BSD-3-Clause) OR ISC``.
        allowed: names, or patterns such as ``BSD-*``; upper and lower case are the same.
    """
    words = _WORDS.findall(expression)
    if not words or _is_allowed(expression, allowed):
        return bool(words)
    try:
        answer, rest = _alternatives(words, allowed)
    except (IndexError, ValueError):
        return False
    return answer and not rest


def _is_allowed(name: str, allowed: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(name.strip().lower(), pattern.lower()) for pattern in allowed)


def _alternatives(words: Sequence[str], allowed: Sequence[str]) -> tuple[bool, Sequence[str]]:
    answer, words = _conjunction(words, allowed)
    while words and words[0].upper() == "OR":
        other, words = _conjunction(words[1:], allowed)
        answer = answer or other
    return answer, words


def _conjunction(words: Sequence[str], allowed: Sequence[str]) -> tuple[bool, Sequence[str]]:
    answer, words = _one(words, allowed)
    while words and words[0].upper() == "AND":
        other, words = _one(words[1:], allowed)
        answer = answer and other
    return answer, words


def _one(words: Sequence[str], allowed: Sequence[str]) -> tuple[bool, Sequence[str]]:
    if words[0] == "(":
        answer, words = _alternatives(words[1:], allowed)
        if words[0] != ")":
            raise ValueError("a bracket is not closed")
        return answer, words[1:]
    name, rest = words[0], words[1:]
    if rest[:1] and rest[0].upper() == "WITH":
        return _is_allowed(f"{name} WITH {rest[1]}", allowed) or _is_allowed(name, allowed), rest[2:]
    return _is_allowed(name, allowed), rest
