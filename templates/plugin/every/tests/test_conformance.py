"""The checks that every plugin of sci passes, as `sci plugin test` runs them."""

from __future__ import annotations

from collections.abc import Callable

from sci.testing import parametrize_with_checks


@parametrize_with_checks("{{ distribution }}")
def test_conformance(check: Callable[[], None]) -> None:
    check()
