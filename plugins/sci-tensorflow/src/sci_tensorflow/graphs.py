"""Graphs that look at rows without learning from them, each traced once for rows of any number and length."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from sci.api import VECTORS, ConfigError, without_targets
from sci_tensorflow.lookups import given, looked_up
from sci_tensorflow.network import Network
from sci_tensorflow.precision import widened
from sci_tensorflow.runtime import tf

Arrays = Mapping[str, np.ndarray]
_COUNTED = "counted weights"
"""Key beside those of a batch, which are names of columns; it travels into the graph with them."""


def emit(
    network: Network,
    batch: Arrays,
    options: Mapping[str, Any],
    loss: Callable[..., Any] | None = None,
    penalty: Callable[[], Any] | None = None,
) -> tuple[dict[str, np.ndarray], float]:
    """What a network emits for these rows, and its loss where one is given (NaN otherwise)."""
    checked(network, loss, batch)
    if not rows(batch):
        nothing = {key: np.zeros((1, *array.shape[1:]), array.dtype) for key, array in batch.items()}
        found, _ = emit(network, nothing, options)
        return {head: array[:0] for head, array in found.items()}, float("nan")

    def work(tensors: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
        with given(network, tensors) as rows:
            decode = getattr(network, "predict_step", None)
            called = widened(network(rows, training=False)) if loss is not None or decode is None else {}
            heads = called if decode is None else widened(decode(without_targets(rows), options))
        if loss is None:
            return heads, tf.constant(float("nan"), tf.float64)
        return heads, _whole(loss(called, rows), penalty)

    traced = _traced(network, ("emit", _text(options), loss), batch, work)
    heads, value = traced(dict(batch))
    return {head: tensor.numpy() for head, tensor in heads.items()}, float(value)


def measured(
    network: Network, batch: Arrays, loss: Callable[..., Any], penalty: Callable[[], Any] | None = None
) -> float:
    """The loss of what a network emits when it is told the targets of these rows."""
    checked(network, loss, batch)

    def work(tensors: Mapping[str, Any]) -> Any:
        with given(network, tensors) as rows:
            called = widened(network(rows, training=False))
        return _whole(loss(called, rows), penalty)

    return float(_traced(network, ("measured", loss), batch, work)(dict(batch)))


def _whole(loss: Any, penalty: Callable[[], Any] | None) -> Any:
    return tf.cast(loss + (0 if penalty is None else penalty()), tf.float64)


def derivatives(
    network: Network, batch: Arrays, output: str, inputs: Sequence[str], weights: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Derivative of one head, summed over its elements with these weights, by keys of the batch.

    Raises:
        ConfigError: there is no such head, or an input is no number.
    """
    checked(network, None, batch)
    missing = [key for key in inputs if key not in batch or not np.issubdtype(batch[key].dtype, np.floating)]
    if missing:
        raise ConfigError(f"the model has no derivative for `{'`, `'.join(missing)}`", id="engine.gradient")

    whole = dict(batch) if weights is None else {**batch, _COUNTED: np.asarray(weights)}

    def work(tensors: Mapping[str, Any]) -> dict[str, Any]:
        with tf.GradientTape() as tape:
            rows = {key: tensor for key, tensor in tensors.items() if key != _COUNTED}
            watched = {key: rows[key] for key in inputs}
            tape.watch(watched)
            with given(network, {**rows, **watched}) as plain:
                heads = widened(network(plain, training=False))
            if output not in heads:
                raise ConfigError(f"the model has no head `{output}`", id="engine.gradient", note=", ".join(heads))
            head = heads[output]
            total = tf.reduce_sum(head * tf.cast(tensors[_COUNTED], head.dtype) if _COUNTED in tensors else head)
        found: dict[str, Any] = tape.gradient(total, watched, unconnected_gradients="zero")
        return found

    traced = _traced(network, ("derivatives", output, tuple(inputs)), whole, work)
    return {key: tensor.numpy() for key, tensor in traced(whole).items()}


def vectors(network: Network, batch: Arrays) -> dict[str, np.ndarray]:
    """The vectors that a network looks up for codes, under their key and `VECTORS`."""
    checked(network, None, batch)

    def work(tensors: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = widened(looked_up(network, tensors))
        return found

    return {key: tensor.numpy() for key, tensor in _traced(network, ("vectors",), batch, work)(dict(batch)).items()}


def checked(network: Network, loss: Any, batch: Arrays) -> None:
    """Let network and loss look at arrays before they reach a graph, where nothing can be said any more."""
    for part in (network, loss):
        if hasattr(part, "check"):
            part.check(batch)


def rows(batch: Arrays) -> int:
    """Number of rows."""
    return len(next(iter(batch.values())))


def _traced(network: Network, purpose: tuple[Any, ...], batch: Arrays, work: Callable[..., Any]) -> Any:
    signature = {key: _relaxed(key, batch) for key in batch}
    place = (*purpose, tuple(sorted((key, spec.dtype, tuple(spec.shape)) for key, spec in signature.items())))
    if place not in network.functions:
        network.functions[place] = graph(work, signature)
    return network.functions[place]


def graph(work: Callable[..., Any], signature: Mapping[str, Any]) -> Any:
    """A graph of one mapping of tensors. TensorFlow counts traces by source line, and would warn of many networks; a
    `partial` has no line."""
    return tf.function(partial(work), input_signature=[signature], autograph=False)


def _relaxed(key: str, batch: Arrays) -> Any:
    """The number of rows is open, and so is the length of what is padded."""
    array = batch[key]
    open_axes = 2 if f"{key.removesuffix(VECTORS)}.length" in batch else 1
    return tf.TensorSpec([None] * open_axes + list(array.shape[open_axes:]), tf.as_dtype(array.dtype))


def _text(options: Mapping[str, Any]) -> str:
    return json.dumps(options, sort_keys=True, default=str)
