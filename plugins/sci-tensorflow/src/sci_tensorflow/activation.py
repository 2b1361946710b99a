"""Activations by their names."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from sci_tensorflow.runtime import tf


def gelu(values: Any) -> Any:
    """``x Phi(x)``; TensorFlow's own rounds its constants to float32."""
    half = tf.constant(0.5, values.dtype)
    return half * values * (1 + tf.math.erf(values * tf.constant(math.sqrt(0.5), values.dtype)))


def gelu_tanh(values: Any) -> Any:
    """Its approximation with the hyperbolic tangent (Hendrycks and Gimpel 2016, arXiv:1606.08415)."""
    half, inner = tf.constant(0.5, values.dtype), tf.constant(math.sqrt(2 / math.pi), values.dtype)
    cube = tf.constant(0.044715, values.dtype) * values * values * values
    return half * values * (1 + tf.tanh(inner * (values + cube)))


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": tf.nn.relu,
    "gelu": gelu,
    "gelu-tanh": gelu_tanh,
    "silu": tf.nn.silu,
    "tanh": tf.tanh,
}
"""`gelu` is exact, with the error function; `gelu-tanh` is its approximation."""
