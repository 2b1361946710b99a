"""What sci-explain owes to those who use its components."""

from __future__ import annotations

from sci.testing import parametrize_with_checks


@parametrize_with_checks("sci-explain")
def test_conformance(check):
    check()
