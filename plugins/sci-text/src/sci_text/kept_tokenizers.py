"""The tokenizers that a run has kept."""

from __future__ import annotations

import json
import pathlib
from typing import Any

FILE = "steps.json"
"""What a run has learned in its steps, in the folder of its model."""


def kept_tokenizers(steps: pathlib.Path) -> dict[str, Any]:
    """Column to the content of its `tokenizer.json`.

    Args:
        steps: the file of the run.

    Raises:
        ValueError: the file is not what a run has written.
    """
    try:
        kept = json.loads(steps.read_bytes()).values()
        return {name: text for state in kept for name, text in state.get("tokenizers", {}).items()}
    except AttributeError as error:
        raise ValueError(str(error)) from error
