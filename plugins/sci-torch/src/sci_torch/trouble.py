"""What torch complains about, in words that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from sci.api import ConfigError, TrainingError


@contextmanager
def named_trouble() -> Iterator[None]:
    """Memory that does not suffice, and operations without a deterministic form, named as what they are."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise TrainingError(
            "the device has too little memory for one update",
            id="train.memory",
            hint="training: {gradient_accumulation: 2, ...}, or a smaller batch_size",
        ) from error
    except RuntimeError as error:
        message = str(error)
        if "does not have a deterministic implementation" in message:
            raise ConfigError(
                f"the model uses `{message.split()[0]}`, which this device computes in no fixed order",
                id="engine.deterministic",
                hint="training: {deterministic: false, ...}, or device: cpu",
            ) from error
        if "DefaultCPUAllocator" in message:
            raise TrainingError(
                "memory does not suffice for one update",
                id="train.memory",
                hint="training: {gradient_accumulation: 2, ...}, or a smaller batch_size",
            ) from error
        raise
