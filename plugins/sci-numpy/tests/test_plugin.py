from __future__ import annotations

import importlib
import pathlib
import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from sci.api import ComponentConfig, ComponentSpec
from sci_numpy import plugin
from sci_numpy.losses import MeanSquaredError

SPECS = [*plugin.sci_engines(), *plugin.sci_models(), *plugin.sci_losses(), *plugin.sci_baselines()]


def imported(target: str) -> Any:
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def target_of(spec: ComponentSpec) -> Any:
    return imported(spec.target if isinstance(spec.target, str) else spec.target["numpy"])


def settings_of(spec: ComponentSpec) -> Any:
    return ComponentConfig() if spec.config is None else imported(spec.config)()


def test_names_are_those_that_experiment_files_use() -> None:
    assert [[spec.name for spec in hook()] for hook in (plugin.sci_engines, plugin.sci_models)] == [
        ["numpy"],
        ["linear", "least-squares", "logistic", "softmax", "constant"],
    ]
    assert [[spec.name for spec in hook()] for hook in (plugin.sci_losses, plugin.sci_baselines)] == [
        ["mean-squared-error", "mean-absolute-error", "huber", "cross-entropy", "binary-cross-entropy"],
        ["majority", "mean", "linear"],
    ]


@pytest.mark.parametrize("spec", [*plugin.sci_engines(), *plugin.sci_baselines()], ids=lambda spec: spec.name)
def test_component_stands_on_its_defaults(spec: ComponentSpec) -> None:
    assert target_of(spec)(settings_of(spec))


@pytest.mark.parametrize("spec", plugin.sci_models(), ids=lambda spec: spec.name)
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_model_serves_the_tasks_that_it_names(spec: ComponentSpec, task: str, schema, heads) -> None:
    if task in spec.tasks:
        wanted = heads(3 if task == "classification" else None)
        assert target_of(spec)(settings_of(spec), schema(2), wanted, 0).parameters


@pytest.mark.parametrize("spec", plugin.sci_models(), ids=lambda spec: spec.name)
def test_models_that_fit_once_say_so(spec: ComponentSpec, schema, heads) -> None:
    network = target_of(spec)(settings_of(spec), schema(2), heads(3 if spec.tasks[0] == "classification" else None), 0)
    assert hasattr(network, "fit") == ("fit-once" in spec.traits)


@pytest.mark.parametrize("spec", [spec for spec in SPECS if spec.config], ids=lambda spec: spec.name)
def test_every_setting_is_described(spec: ComponentSpec) -> None:
    assert spec.config is not None
    assert {n for n, field in imported(spec.config).model_fields.items() if not field.description} == set()


def test_discovery_imports_nothing_heavy() -> None:
    code = "import sys, sci_numpy.plugin; print(sorted({'numpy', 'pydantic', 'pyarrow'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_model_in_the_readme_learns_a_line(bench, steps) -> None:
    readme = pathlib.Path(__file__).parent.parent / "README.md"
    (code,) = re.findall(r"```python\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {"np": np}
    exec(code, names)
    x = np.linspace(-1, 1, 50)[:, None]
    made = bench(names["Line"], MeanSquaredError, {"numbers": x, "target": 3 * x[:, 0] - 1})
    made.trainer.run(steps(50, 10, 200))
    assert made.weights["slope"] == pytest.approx(3.0)
    assert made.weights["bias"] == pytest.approx(-1.0)
