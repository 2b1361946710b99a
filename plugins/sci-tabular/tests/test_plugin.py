from __future__ import annotations

import importlib
import re
import subprocess
import sys

import pytest

from sci.api import ComponentConfig, ComponentSpec, Preprocessor
from sci_tabular.plugin import sci_preprocessors

SPECS = {spec.name: spec for spec in sci_preprocessors()}


def resolve(place: str) -> type:
    module, attribute = place.split(":")
    return getattr(importlib.import_module(module), attribute)


def test_the_plugin_offers_the_steps_of_a_table() -> None:
    assert list(SPECS) == [
        "impute",
        "standardize",
        "min-max",
        "scale-target",
        "one-hot",
        "ordinal",
        "clean-rows",
        "pixels",
    ]


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_each_component_is_a_preprocessor_made_from_its_default_settings(spec: ComponentSpec) -> None:
    settings = resolve(spec.config) if spec.config else ComponentConfig
    needed = {"pixels": {"height": 1, "width": 1}}.get(spec.name, {})
    step = resolve(str(spec.target))(settings(**needed), ("x",))

    assert isinstance(step, Preprocessor)
    assert step.accepts <= set(spec.accepts)
    assert all(field.description for field in settings.model_fields.values())
    assert settings.model_json_schema()["additionalProperties"] is False


def test_looking_at_the_plugin_imports_no_numbers_and_no_tables() -> None:
    script = "import sys, sci_tabular.plugin; sci_tabular.plugin.sci_preprocessors(); print(*sorted(sys.modules))"

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert not re.search(r"\b(numpy|pyarrow|pydantic|sklearn)\b", loaded)
