from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from sci_report.plugin import sci_analyses, sci_reporters

SPECS = [*sci_reporters(), *sci_analyses()]


def test_the_plugin_offers_reporters_and_analyses():
    assert [spec.name for spec in sci_reporters()] == ["html", "markdown", "model-card"]
    assert {"learning-curve", "residuals", "calibration", "roc-curve"} <= {spec.name for spec in sci_analyses()}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_target_and_its_settings_can_be_made(spec):
    module, _, name = spec.target.partition(":")
    target = getattr(importlib.import_module(module), name)
    config = None
    if spec.config:
        module, _, name = spec.config.partition(":")
        config = getattr(importlib.import_module(module), name)()
        assert all(field.description for field in type(config).model_fields.values())
    assert callable(getattr(target(config), "report", None) or getattr(target(config), "analyze", None))


def test_finding_the_plugin_imports_nothing_heavy():
    heavy = ("matplotlib", "jinja2", "numpy", "pydantic")
    code = f"import sys, sci_report.plugin; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
