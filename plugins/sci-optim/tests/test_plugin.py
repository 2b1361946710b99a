from __future__ import annotations

import importlib
import subprocess
import sys
from typing import Any

import pytest

from sci.api import ComponentConfig, ComponentSpec
from sci_optim import plugin

SPECS = [*plugin.sci_optimizers(), *plugin.sci_schedules()]


def imported(target: str) -> Any:
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def test_names_are_those_that_experiment_files_use() -> None:
    assert [spec.name for spec in plugin.sci_optimizers()] == [
        "gradient-descent",
        "sgd",
        "momentum",
        "nesterov",
        "adagrad",
        "rmsprop",
        "adam",
        "adamw",
        "lion",
    ]
    assert [spec.name for spec in plugin.sci_schedules()] == [
        "constant",
        "step",
        "cosine",
        "linear",
        "one-cycle",
        "warm-up",
        "reduce-on-plateau",
    ]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_component_stands_on_its_defaults(spec: ComponentSpec) -> None:
    assert spec.config is not None
    config = imported(spec.config)
    target = imported(spec.target if isinstance(spec.target, str) else spec.target["numpy"])

    assert issubclass(config, ComponentConfig)
    assert target(config()) if isinstance(spec.target, str) else target(config(), [])


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_setting_is_described(spec: ComponentSpec) -> None:
    assert spec.config is not None
    assert {n for n, field in imported(spec.config).model_fields.items() if not field.description} == set()


@pytest.mark.parametrize("spec", plugin.sci_optimizers(), ids=lambda spec: spec.name)
def test_every_optimizer_is_native_to_every_engine(spec: ComponentSpec) -> None:
    assert spec.engines == ("numpy", "torch", "tensorflow")


def left_loaded(statement: str, names: set[str]) -> list[str]:
    """Which of these modules are loaded after a statement in a fresh interpreter."""
    code = f"import sys; {statement}; print(*sorted({names} & set(sys.modules)))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_discovery_imports_nothing_heavy() -> None:
    heavy = {"numpy", "pydantic", "pyarrow", "torch", "tensorflow", "keras"}
    assert left_loaded("import sci_optim.plugin", heavy) == []


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_an_engine_loads_its_own_framework_only(engine: str) -> None:
    pytest.importorskip(engine)
    found = left_loaded(f"import sci_optim.{engine}.adam", {"torch", "tensorflow", "keras"})
    assert engine in found
    assert {"torch": "tensorflow", "tensorflow": "torch"}[engine] not in found
