"""One thing that a plugin owes, under an identifier that never changes its meaning."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["required", "recommended"]
LEVELS: tuple[Level, ...] = ("required", "recommended")

EVERY = "components"
"""In the place of a kind: the check looks at components of every kind, without running their code."""


@dataclass(frozen=True)
class Check:
    """One check.

    Args:
        id: such as ``SCI-PRE-003``: a family and a number. It never comes to mean something else.
        kind: what it looks at: a kind of component, `EVERY`, or None for the plugin as a whole.
        expects: what has to hold, in one sentence.
        mend: what to do where it does not hold.
        level: `required` has to pass; `recommended` is only shown when it is asked for.
        since: the version of sci-core that brought it; only recommended to plugins that also support an older one.
        after: ids of checks that have to pass first, because this one would only repeat what they say.
        run: looks, and raises `Fault` or `NotApplicable`.
    """

    id: str
    kind: str | None
    expects: str
    mend: str
    level: Level
    since: str
    after: tuple[str, ...]
    run: Callable[[Any], None]


class Fault(Exception):
    """Something else was found than a check expects.

    Args:
        received: what was found.
        expected: what should have been found, where that is more than the check's own sentence.
        mend: what to do, where that is more than the check's own advice.
    """

    def __init__(self, received: str, *, expected: str = "", mend: str = "") -> None:
        super().__init__(received)
        self.received = received
        self.expected = expected
        self.mend = mend


class NotApplicable(Exception):
    """There is nothing here that the check could look at; the message says why."""


CHECKS: dict[str, Check] = {}
"""Every check by its id; `sci.testing.catalogue` fills it."""


def check(
    id: str,
    kind: str | None,
    *,
    mend: str,
    level: Level = "required",
    since: str = "0.1",
    after: tuple[str, ...] = (),
) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Make a function a check; its docstring is the sentence that has to hold."""

    def register(function: Callable[[Any], None]) -> Callable[[Any], None]:
        if id in CHECKS:
            raise ValueError(f"two checks are called {id}")
        expects = " ".join(inspect.cleandoc(function.__doc__ or "").split())
        CHECKS[id] = Check(id, kind, expects, mend, level, since, after, function)
        return function

    return register
