"""The head that holds a score for each class."""

from __future__ import annotations

from collections.abc import Mapping

from sci.api import Feature, head_shape, only_head


def class_scores(heads: Mapping[str, Feature], reader: str) -> tuple[str, Feature]:
    """Name and feature of the single head, a vector for each row or, where it is ragged, for each position.

    Args:
        heads: what the task wants the network to emit.
        reader: who reads it, for the message.

    Raises:
        ConfigError: the task wants something else, or leaves the number of classes open.
    """
    if len(heads) == 1:
        ((name, feature),) = heads.items()
        if feature.ragged and len(head_shape(name, feature)) == 1:
            return name, feature
    name, _ = only_head(heads, 1, reader)
    return name, heads[name]
