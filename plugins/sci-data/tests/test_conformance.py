"""What sci-data owes to those who use its components."""

from __future__ import annotations

from sci.testing import parametrize_with_checks


@parametrize_with_checks("sci-data")
def test_conformance(check):
    check()
