"""What the distribution offers."""

from __future__ import annotations

import importlib
import subprocess
import sys

from sci_statistics import plugin

SPECS = [*plugin.sci_intervals(), *plugin.sci_comparisons(), *plugin.sci_audits()]


def test_offered_names() -> None:
    assert {spec.name for spec in SPECS} == {
        *("bootstrap", "wilson", "paired-bootstrap", "mcnemar", "delong", "corrected-t", "corrected-resampled"),
        *("conflicting-labels", "constant-columns", "duplicates", "fitted-outside-train", "groups", "id-columns"),
        *("leaking-columns", "missing-classes", "near-duplicates", "shift", "time-order"),
    }


def test_every_target_can_be_built_from_default_settings() -> None:
    for spec in SPECS:
        module, attribute = str(spec.target).split(":")
        config = None
        if spec.config:
            config = getattr(importlib.import_module(spec.config.split(":")[0]), spec.config.split(":")[1])()
        assert getattr(importlib.import_module(module), attribute)(config).config is config


def test_discovery_imports_nothing_heavy() -> None:
    heavy = "numpy", "scipy", "pyarrow", "pydantic"
    code = f"import sys, sci_statistics.plugin; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
