from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from sci.api import ComponentConfig
from sci_data import plugin

SPECS = [*plugin.sci_sources(), *plugin.sci_splitters()]


def load(target):
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_target_and_settings_exist_and_every_setting_is_described(spec):
    config = load(spec.config)

    assert callable(load(spec.target))
    assert issubclass(config, ComponentConfig)
    assert spec.summary
    for name, field in config.model_fields.items():
        assert field.description, f"{spec.name}.{name}"


@pytest.mark.parametrize("module", ["sci_data.plugin", "sci_data.config", "sci_data.split_config"])
def test_light_modules_import_nothing_heavy(module):
    heavy = "{'numpy', 'pyarrow', 'scipy', 'sklearn', 'pandas'}"
    code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout == "[]\n"


def test_reading_a_csv_file_does_not_need_scikit_learn_or_scipy():
    heavy = "{'scipy', 'sklearn', 'pandas'}"
    code = f"import sys, sci_data.delimited, sci_data.drawn; print(sorted({heavy} & set(sys.modules)))"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout == "[]\n"
