"""Vectors that a network looks up for codes, and networks that are given them instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sci.api import VECTORS
from sci_tensorflow.runtime import tf

_seen: ContextVar[Callable[[Any, Any, Any], Any] | None] = ContextVar("lookups", default=None)


def passed_on(layer: Any, codes: Any, vectors: Any) -> Any:
    """What a layer goes on with that has looked up vectors for codes: every layer of ours that does so asks."""
    see = _seen.get()
    return vectors if see is None else see(layer, codes, vectors)


def looked_up(network: Any, batch: Mapping[str, Any]) -> dict[str, Any]:
    """The vectors for the codes of a batch, by their key and `VECTORS`."""
    found: dict[str, Any] = {}

    def keep(key: str, vectors: Any) -> Any:
        found.setdefault(key + VECTORS, vectors)
        return vectors

    with _watched(network, batch, keep):
        network(batch, training=False)
    return found


@contextmanager
def given(network: Any, batch: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The batch without its vectors; inside, the network goes on with them instead of those that it looks up."""
    vectors = {key: tensor for key, tensor in batch.items() if key.removesuffix(VECTORS) in batch.keys() - {key}}
    codes = {key: tensor for key, tensor in batch.items() if key not in vectors}

    def replace(key: str, found: Any) -> Any:
        own = vectors.get(key + VECTORS)
        return found if own is None else tf.cast(own, found.dtype)

    if not vectors:
        yield codes
        return
    with _watched(network, codes, replace):
        yield codes


@contextmanager
def _watched(network: Any, batch: Mapping[str, Any], see: Callable[[str, Any], Any]) -> Iterator[None]:
    """Calls `see` with the key of codes and what is looked up for them; what it returns is taken instead."""
    keys = {id(layer): key for key, layer in getattr(network, "lookups", {}).items()}

    def hook(layer: Any, codes: Any, vectors: Any) -> Any:
        known = [key for key, tensor in batch.items() if tensor is codes]
        key = keys.get(id(layer)) or next(iter(known), None)
        return vectors if key is None else see(key, vectors)

    before = _seen.set(hook)
    try:
        yield
    finally:
        _seen.reset(before)
