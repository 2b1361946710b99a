"""The conformance kit: whether a plugin keeps what its components promise.

In the tests of a plugin:

    from sci.testing import parametrize_with_checks

    @parametrize_with_checks("sci-within")
    def test_conformance(check):
        check()

`run_checks` does the same without pytest, and `sci plugin test` on the command line. Importing this package imports
neither NumPy nor pytest nor any plugin: a light module may import `Case` and `Expected` from it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sci.testing.case import Case as Case
    from sci.testing.case import Expected as Expected
    from sci.testing.check import Check as Check
    from sci.testing.parametrize import parametrize_with_checks as parametrize_with_checks
    from sci.testing.predictions import classified as classified
    from sci.testing.predictions import measured as measured
    from sci.testing.result import Result as Result
    from sci.testing.run import run_checks as run_checks

_HOMES = {
    "Case": "case",
    "Check": "check",
    "Expected": "case",
    "Result": "result",
    "classified": "predictions",
    "measured": "predictions",
    "parametrize_with_checks": "parametrize",
    "run_checks": "run",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605  (the table above is the one list of exports)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sci.testing' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"sci.testing.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
