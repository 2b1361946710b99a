from __future__ import annotations

import importlib
import re
import subprocess
import sys

import pytest

from sci.api import ComponentSpec, Preprocessor
from sci_text.plugin import sci_preprocessors

SPECS = {spec.name: spec for spec in sci_preprocessors()}


def resolve(place: str) -> type:
    module, attribute = place.split(":")
    return getattr(importlib.import_module(module), attribute)


NEEDED = {
    "tokenizer": {"pretrained": "tokenizer.json"},
    "synonyms": {"file": "synonyms.tsv"},
    "back-translate": {"there": "runs/a", "back": "runs/b"},
}
"""Settings that have no default."""


def test_the_plugin_offers_cleaning_counts_tokens_and_augmentation() -> None:
    assert list(SPECS) == [
        *("clean-text", "deduplicate", "bag-of-words"),
        *("wordpiece", "bpe", "unigram", "characters", "words", "tokenizer"),
        *("token-dropout", "swap", "synonyms", "back-translate", "mask-tokens"),
    ]


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_each_component_is_a_preprocessor_made_from_its_settings(spec: ComponentSpec) -> None:
    settings = resolve(str(spec.config))
    step = resolve(str(spec.target))(settings(**NEEDED.get(spec.name, {})), ("x",))

    assert isinstance(step, Preprocessor)
    assert step.accepts == set(spec.accepts)
    assert all(field.description for field in settings.model_fields.values())
    assert settings.model_json_schema()["additionalProperties"] is False


def test_looking_at_the_plugin_imports_no_numbers_and_no_tables() -> None:
    script = "import sys, sci_text.plugin; sci_text.plugin.sci_preprocessors(); print(*sorted(sys.modules))"

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert not re.search(r"\b(numpy|pyarrow|pydantic|sklearn|tokenizers)\b", loaded)
