"""The hand-made studies, loaded by path because test folders are no packages."""

from __future__ import annotations

import importlib.util
import pathlib
import sys
from types import ModuleType

import pytest


def _load(name: str) -> ModuleType:
    path = pathlib.Path(__file__).parent / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"sci_report_tests_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def studies() -> ModuleType:
    return _load("studies")


@pytest.fixture(scope="session")
def pages() -> ModuleType:
    return _load("pages")


@pytest.fixture(scope="session")
def hostile() -> list[str]:
    return list(_load("hostile").STRINGS)


@pytest.fixture(scope="session")
def extremes(studies: ModuleType) -> ModuleType:
    return _load("extremes")


@pytest.fixture(scope="session")
def browser() -> ModuleType:
    return _load("browser")
