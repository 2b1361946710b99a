"""Number formats of the arithmetic."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from sci.api import ConfigError
from sci_tensorflow.runtime import keras, tf

POLICIES = {"float32": "float32", "float64": "float64", "bf16": "mixed_bfloat16", "fp16": "mixed_float16"}
"""What `training.precision` means to Keras. With bf16 and fp16 weights stay in float32."""


def named(precision: str | None) -> str:
    """The precision, `float32` when not given.

    Raises:
        ConfigError: there is no such precision.
    """
    if precision not in (None, *POLICIES):
        raise ConfigError(
            f"engine tensorflow has no precision `{precision}`",
            id="engine.precision",
            note=f"it has {', '.join(POLICIES)}",
            hint="precision: float32",
        )
    return precision or "float32"


@contextlib.contextmanager
def applied(precision: str) -> Iterator[None]:
    """Layers made in this block calculate in the precision."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(POLICIES[precision])
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def widened(heads: Mapping[str, Any]) -> dict[str, Any]:
    """Heads as losses and tasks see them: at least float32."""
    half = (tf.float16, tf.bfloat16)
    return {name: tf.cast(one, tf.float32) if one.dtype in half else one for name, one in heads.items()}


class LossScale:
    """A factor of the loss that keeps gradients in fp16 from vanishing (Micikevicius et al. 2018, arXiv:1710.03740).

    It doubles after `PATIENCE` updates, and halves where a gradient overflows; that update is left out.
    """

    FIRST = 2.0**16
    PATIENCE = 2000

    def __init__(self) -> None:
        self.factor = tf.Variable(self.FIRST, dtype=tf.float32, trainable=False)
        self.good = tf.Variable(0, dtype=tf.int64, trainable=False)

    @property
    def variables(self) -> dict[str, Any]:
        """What the next update depends on."""
        return {"factor": self.factor, "good": self.good}

    def grow(self) -> None:
        """After an update."""
        ripe = tf.equal(self.good.read_value() + 1, self.PATIENCE)
        self.factor.assign(tf.where(ripe, 2.0, 1.0) * self.factor.read_value())
        self.good.assign(tf.where(ripe, tf.constant(0, tf.int64), self.good.read_value() + 1))

    def shrink(self) -> None:
        """After an overflow."""
        self.factor.assign(self.factor.read_value() / 2)
        self.good.assign(0)
