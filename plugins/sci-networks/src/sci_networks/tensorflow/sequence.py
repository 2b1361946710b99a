"""Sequences as vectors."""

from __future__ import annotations

import math
from typing import Any

from sci_tensorflow.api import Embedding, tf


def vectors(values: Any, embedding: Embedding | None, dtype: str) -> Any:
    """Tokens [n, L] looked up, or series [n, L, *shape] with the numbers of a position in one row: [n, L, width]."""
    if embedding is not None:
        return embedding(values)
    shape = tf.shape(values)
    return tf.reshape(tf.cast(values, dtype), [shape[0], shape[1], math.prod(values.shape[2:])])


def places(table: Any, length: Any, dtype: Any) -> Any:
    """What is added at each position, [length, size]; padding beyond the longest sequence repeats the last."""
    return tf.cast(tf.gather(table, tf.minimum(tf.range(length), table.shape[0] - 1)), dtype)
