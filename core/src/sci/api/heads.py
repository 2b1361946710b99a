"""What a task wants of a network, read from its heads."""

from __future__ import annotations

from collections.abc import Mapping

from sci.api.columns import Feature
from sci.api.errors import ConfigError

ENDED = "ended"
"""Format of a ragged head that says itself where its sequence ends, as a translation does: [n, L + 1, classes] for
targets of at most L codes, with ``<head>.length`` one more than that of the target. Behind the last code of the target
stands the code that it is padded with (`Feature.pad` of the head): it means "the end", and begins a sequence, too.
"""


def head_shape(name: str, feature: Feature) -> tuple[int, ...]:
    """The shape of one element of a head.

    Args:
        name: the head.
        feature: what the task wants of it.

    Raises:
        ConfigError: the task leaves a size open.
    """
    shape = tuple(size for size in feature.shape if size is not None)
    if len(shape) != len(feature.shape):
        raise ConfigError(f"the task leaves the shape {list(feature.shape)} of `{name}` open", id="flow.head")
    return shape


def only_head(heads: Mapping[str, Feature], rank: int, reader: str) -> tuple[str, tuple[int, ...]]:
    """Name and shape of the single head, which has to be a number (rank 0) or a vector (rank 1) for each row.

    Args:
        heads: what the task wants the network to emit.
        rank: 0 or 1.
        reader: who gives it, for the message, such as "a linear model".

    Raises:
        ConfigError: the task wants something else.
    """
    if len(heads) == 1:
        ((name, feature),) = heads.items()
        shape = tuple(size for size in feature.shape if size is not None)
        if not feature.ragged and len(shape) == len(feature.shape) == rank:
            return name, shape
    wanted = ", ".join(f"{name} of shape {list(feature.shape)}" for name, feature in heads.items())
    raise ConfigError(
        f"the task wants {wanted or 'nothing'} from the network, and {reader} has {('one number', 'one vector')[rank]}",
        id="flow.head",
    )
