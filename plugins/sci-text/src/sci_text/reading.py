"""What the models read: one column of tokens."""

from __future__ import annotations

from sci.api import ConfigError, DataError, Feature, Schema, sequence_input


def tokens_input(inputs: Schema, reader: str) -> tuple[str, Feature, int]:
    """Name, feature and number of different tokens of the single input.

    Args:
        inputs: the schema that a model is built from.
        reader: the model, for messages.

    Raises:
        ConfigError: the input is something else, or not the only one.
    """
    name, vocabulary, _ = sequence_input(inputs, reader)
    if vocabulary is None:
        raise ConfigError(f"{reader} reads tokens, and `{name}` is a series", id="flow.kind")
    return name, inputs.columns[name], vocabulary


def demand_length(found: int, longest: int, reader: str) -> None:
    """Stop for a sequence that is longer than what a model was built for."""
    if found > longest:
        raise DataError(
            f"a sequence has {found:,} tokens, and {reader} was built for {longest:,}",
            id="data.length",
            hint=f"max_length: {longest} in the step that makes the tokens",
        )
