from __future__ import annotations

import importlib.util
import pathlib
import sys
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def reading() -> ModuleType:
    """What reads event files back."""
    path = pathlib.Path(__file__).parent / "reading.py"
    spec = importlib.util.spec_from_file_location("sci_track_tests_reading", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
