"""Settings of engine tensorflow."""

from __future__ import annotations

from pydantic import Field

from sci.api import ComponentConfig


class TensorflowConfig(ComponentConfig):
    """Settings of engine tensorflow."""

    threads: int = Field(default=1, ge=1)
    """Threads within an operation, and operations at a time; with another number the last digits of a result may
    differ. TensorFlow takes it once in a process."""

    jit: bool = False
    """Compile updates with XLA: seconds at the start, then less time for small networks, and more for convolutions on
    the CPU."""
