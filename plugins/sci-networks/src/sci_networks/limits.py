"""What a stack of attention refuses."""

from __future__ import annotations

from sci.api import DataError


def too_long(found: int, longest: int, model: str) -> DataError:
    """A sequence of more positions than the model has places for."""
    return DataError(
        f"a sequence has {found} positions, and the {model} was built for {longest}",
        id="data.length",
        hint=f"model: {{name: {model}, max_length: {found}}}, or a step that cuts sequences",
    )
