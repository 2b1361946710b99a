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
        "adagrad",
        "rmsprop",
        "adam",
        "adamw",
    ]
    assert [spec.name for spec in plugin.sci_schedules()] == [
        "constant",
        "step",
        "cosine",
        "linear",
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


def test_discovery_imports_nothing_heavy() -> None:
    code = "import sys, sci_optim.plugin; print(sorted({'numpy', 'pydantic', 'pyarrow'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
