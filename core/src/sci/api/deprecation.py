"""What of the plugin interface is on its way out, and telling those who still use it.

Users never hear of it: a use is a `DeprecationWarning`, which Python shows to whoever runs tests or asks for it with
``-W default``. `sci plugins list` and `sci plugins doctor` show to everybody else which plugins have to be renewed.
"""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Deprecation:
    """Something that plugins use and should stop using.

    Args:
        name: what it is, as messages say it: ``sci.api.Old``, ``hook sci_old``, ``argument rows of hook sci_load``.
        instead: what to write.
        until: the first version of sci-core that is without it.
        home: of an export of `sci.api`, ``module:attribute`` where it lies until then.
    """

    name: str
    instead: str
    until: str
    home: str = ""

    def sentence(self, who: str) -> str:
        """One line that names the plugin, what to write, and when support ends."""
        return f"{who} uses {self.name}, which ends with sci-core {self.until}: write {self.instead}"


class ApiDeprecationWarning(DeprecationWarning):
    """A plugin uses something of the plugin interface that will go.

    Args:
        deprecation: what goes, until when, and what takes its place.
        who: the distribution and version that uses it; the hook specifications of the core leave it out.
    """

    def __init__(self, deprecation: Deprecation, who: str = "a plugin") -> None:
        super().__init__(deprecation.sentence(who))
        self.deprecation = deprecation
        self.who = who


EXPORTS: dict[str, Deprecation] = {}
"""Deprecated names of `sci.api`, each with the place where its value still lies."""

_owners: dict[str, str] = {}


def own(package: str, title: str) -> None:
    """Note which distribution a package belongs to, as messages name it.

    Args:
        package: the dotted name of the package that holds the plugin's modules.
        title: name and version of the distribution.
    """
    _owners[package] = title


def owner(module: str) -> str:
    """The distribution and version that a module belongs to; the module's own name where it is no plugin's.

    Args:
        module: dotted name.
    """
    parts = module.split(".")
    prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((_owners[prefix] for prefix in prefixes if prefix in _owners), module)


def warn_of(deprecation: Deprecation) -> None:
    """Warn of a use, at the line outside of the core that uses it.

    Args:
        deprecation: what is used.
    """
    frame = sys._getframe(1)
    while frame.f_back is not None and _is_between(str(frame.f_globals.get("__name__", ""))):
        frame = frame.f_back
    module = str(frame.f_globals.get("__name__", ""))
    warnings.warn_explicit(
        ApiDeprecationWarning(deprecation, owner(module)),
        ApiDeprecationWarning,
        frame.f_code.co_filename,
        frame.f_lineno,
        module,
        frame.f_globals.setdefault("__warningregistry__", {}),
    )


def deprecated(name: str, instead: str, until: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Mark a function or method of `sci.api`: each line that calls it is warned once.

    Args:
        name: what messages call it, such as ``Schema.by``.
        instead: what to write.
        until: the first version of sci-core that is without it.
    """
    deprecation = Deprecation(name, instead, until)

    def mark(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def warned(*arguments: P.args, **named: P.kwargs) -> T:
            warn_of(deprecation)
            return function(*arguments, **named)

        return warned

    return mark


def _is_between(module: str) -> bool:
    """Whether a frame is the core's or the import system's, and not the one that uses what is deprecated."""
    return module.partition(".")[0] in ("sci", "importlib", "_frozen_importlib")
