"""What TensorFlow complains about, in words that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sci.api import ConfigError, TrainingError
from sci_tensorflow.runtime import tf


@contextmanager
def named_trouble() -> Iterator[None]:
    """Memory that does not suffice, and operations without a deterministic form, named as what they are."""
    try:
        yield
    except tf.errors.ResourceExhaustedError as error:
        raise TrainingError(
            "the device has too little memory for one update",
            id="train.memory",
            hint="training: {gradient_accumulation: 2, ...}, or a smaller batch_size",
        ) from error
    except tf.errors.UnimplementedError as error:
        if "determinis" not in str(error).lower():
            raise
        raise ConfigError(
            "the model uses an operation that this device computes in no fixed order",
            id="engine.deterministic",
            note=error.message.splitlines()[0][:200],
            hint="training: {deterministic: false, ...}, or device: cpu",
        ) from error
