"""What an encoder and decoder reads and what it answers with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sci.api import ENDED, ConfigError, Feature, Schema, head_shape, sequence_input
from sci_networks.config import EncoderDecoderConfig


class Ends(NamedTuple):
    """Both sides of an encoder and decoder.

    Args:
        source: the input's column.
        known: number of its tokens.
        head: the head that scores tokens of the answer.
        classes: number of those.
        end: the code that begins and ends an answer.
    """

    source: str
    known: int
    head: str
    classes: int
    end: int


def ends(config: EncoderDecoderConfig, inputs: Schema, heads: Mapping[str, Feature]) -> Ends:
    """What the model is built for.

    Raises:
        ConfigError: the input is no sequence of tokens, the task wants no sequence that ends itself, or `tied` is `all`
            and both sides have vocabularies of their own.
    """
    source, known, _ = sequence_input(inputs, "encoder-decoder")
    wanted = [(name, feature) for name, feature in heads.items() if feature.format == ENDED]
    if known is None or len(heads) != 1 or not wanted:
        raise ConfigError(
            "encoder-decoder reads tokens and answers with tokens, and this task wants something else",
            id="flow.head",
            hint="task: seq2seq",
        )
    [(head, feature)] = wanted
    [classes] = head_shape(head, feature)
    if config.tied == "all" and known != classes:
        raise ConfigError(
            f"one table cannot stand for {known:,} tokens of `{source}` and {classes:,} of the target",
            id="config.value",
            hint="a token step with shared: true for both columns, or model: {tied: output}",
        )
    return Ends(source, known, head, classes, int(feature.pad))


class Search(NamedTuple):
    """How an answer is searched for: the options that the task gives.

    Args:
        beam: beginnings that are followed at once.
        penalty: power of the length that log-probabilities are divided by.
        longest: tokens of the longest answer.
    """

    beam: int
    penalty: float
    longest: int

    @classmethod
    def of(cls, options: Mapping[str, Any], room: int) -> Search:
        """From a task's settings; greedy where it has none.

        Args:
            options: `beam`, `length_penalty`, `max_length`.
            room: positions that the model has for an answer without its end.
        """
        longest = int(options.get("max_length", room))
        return cls(int(options.get("beam", 1)), float(options.get("length_penalty", 0.0)), min(longest, room))
