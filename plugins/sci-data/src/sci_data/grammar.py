"""Sentences from patterns with slots: ``"the {meal} was {taste}"``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

_SLOT = re.compile(r"\{(\w+)\}")


def pick(random: np.random.Generator, choices: Sequence[str]) -> str:
    """One of them, each as likely."""
    return choices[int(random.integers(len(choices)))]


def filled(random: np.random.Generator, pattern: str, words: Mapping[str, Sequence[str]]) -> str:
    """The pattern with a word drawn for each slot, from left to right."""
    return _SLOT.sub(lambda slot: pick(random, words[slot[1]]), pattern)
