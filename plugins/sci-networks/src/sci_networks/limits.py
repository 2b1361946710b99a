"""What a stack of attention refuses."""

from __future__ import annotations

from sci.api import ConfigError, DataError
from sci_networks.config import StackConfig


def demand_divisor(config: StackConfig, model: str) -> None:
    """Raise `ConfigError` where the heads of the attention do not divide the width."""
    size, heads = config.hidden_size, config.heads
    if size % heads:
        fitting = max(number for number in range(1, heads + 1) if size % number == 0)
        raise ConfigError(
            f"{heads} heads do not divide hidden_size `{size}`",
            id="config.value",
            hint=f"model: {{name: {model}, hidden_size: {size}, heads: {fitting}}}",
        )


def too_long(found: int, longest: int, model: str) -> DataError:
    """A sequence of more positions than the model has places for."""
    return DataError(
        f"a sequence has {found} positions, and the {model} was built for {longest}",
        id="data.length",
        hint=f"model: {{name: {model}, max_length: {found}}}, or a step that cuts sequences",
    )
