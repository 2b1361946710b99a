"""What stands for a whole sequence; padding never counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sci_tensorflow.runtime import tf


def lengths_of(batch: Mapping[str, Any], name: str) -> Any:
    """How many positions of each row hold something: the column beside it, or all of them, [n]."""
    if f"{name}.length" in batch:
        return batch[f"{name}.length"]
    shape = tf.shape(batch[name])
    return tf.fill([shape[0]], shape[1])


def inside(lengths: Any, longest: Any) -> Any:
    """Boolean [n, longest]: true before each row's end."""
    return tf.sequence_mask(lengths, longest)


def mean(values: Any, lengths: Any) -> Any:
    """The mean over positions of [n, L, width]: [n, width]; 0 for an empty row."""
    kept = inside(lengths, tf.shape(values)[1])[:, :, None]
    total = tf.reduce_sum(tf.where(kept, values, tf.zeros_like(values)), axis=1)
    return total / tf.cast(tf.maximum(lengths, 1), values.dtype)[:, None]


def maximum(values: Any, lengths: Any) -> Any:
    """The largest value over positions of [n, L, width]: [n, width]; 0 for an empty row."""
    kept = inside(lengths, tf.shape(values)[1])[:, :, None]
    found = tf.reduce_max(tf.where(kept, values, tf.cast(float("-inf"), values.dtype)), axis=1)
    return _or_nothing(found, lengths)


def first(values: Any, lengths: Any) -> Any:
    """The first position of [n, L, width]: [n, width]; 0 for an empty row."""
    return _or_nothing(values[:, 0], lengths)


def last(values: Any, lengths: Any) -> Any:
    """The last position before each row's end, of [n, L, width]: [n, width]; 0 for an empty row."""
    return _or_nothing(tf.gather(values, tf.maximum(lengths - 1, 0), batch_dims=1), lengths)


def _or_nothing(found: Any, lengths: Any) -> Any:
    return tf.where((lengths > 0)[:, None], found, tf.zeros_like(found))


POOLING = {"first": first, "last": last, "mean": mean, "max": maximum}
"""Name of the setting to what makes one vector of a sequence, called as (values, lengths)."""
