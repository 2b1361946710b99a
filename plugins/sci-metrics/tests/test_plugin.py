from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from sci_metrics import plugin

TASKS = {"classification", "multi-label", "token-classification", "masked-lm", "regression", "seq2seq"}
SPECS = [*plugin.sci_metrics(), *plugin.sci_analyses()]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_name_leads_to_code_and_to_settings_with_defaults(spec):
    def found(path):
        module, attribute = path.split(":")
        return getattr(importlib.import_module(module), attribute)

    settings = found(spec.config)() if spec.config else None

    assert found(spec.target)(settings).config is settings
    assert spec.summary
    assert spec.tasks
    assert set(spec.tasks) <= TASKS


def test_names_are_not_offered_twice():
    names = [spec.name for spec in plugin.sci_metrics()]

    assert len(names) == len(set(names)) == 39


def test_discovery_imports_no_arrays():
    code = "import sys, sci_metrics.plugin as p; p.sci_metrics(); print({'numpy', 'pydantic'} & set(sys.modules))"

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "set()"
