"""Scripts that measure lie beside one another, and import each other as such."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType

import pytest


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Callable[[str], ModuleType]:
    """A module of the folder that the test is in."""
    monkeypatch.syspath_prepend(request.path.parent)
    return importlib.import_module
