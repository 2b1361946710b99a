"""Cheap rivals of a translator that run on the same folds, with the steps that they need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sci.api import ComponentConfig, ConfigError

NUMPY = {"engine": {"name": "numpy"}, "training": {}}


class TranslationMemory:
    """The target of the training row whose input is most alike; the experiment's own steps stay."""

    def __init__(self, config: ComponentConfig) -> None:
        self.config = config

    def patch(self, experiment: Mapping[str, Any]) -> Mapping[str, Any]:
        """Model `translation-memory`, which is fitted in one step."""
        return {"model": {"name": "translation-memory"}, **NUMPY}


class CopySource:
    """The input itself, untouched."""

    def __init__(self, config: ComponentConfig) -> None:
        self.config = config

    def patch(self, experiment: Mapping[str, Any]) -> Mapping[str, Any]:
        """Model `copy-source`, and one vocabulary of bytes for both sides, which loses nothing.

        Raises:
            ConfigError: the input is no text, or not the only one.
        """
        inputs = experiment["inputs"]
        if list(inputs.values()) != ["text"]:
            raise ConfigError(
                f"baseline `copy-source` reads one text, and the inputs are {', '.join(inputs) or 'none'}",
                id="baseline.inputs",
                hint="evaluation: {baselines: [translation-memory]}",
            )
        target = experiment["data"]["target"]
        columns = [*inputs, *(target.values() if isinstance(target, Mapping) else [target])]
        bytes_ = {"name": "bpe", "columns": columns, "shared": True, "vocabulary_size": 262, "max_length": 4096}
        return {"preprocessing": [bytes_], "model": {"name": "copy-source"}, **NUMPY}
