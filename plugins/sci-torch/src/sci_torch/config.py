"""Settings of engine torch."""

from __future__ import annotations

from pydantic import Field

from sci.api import ComponentConfig


class TorchConfig(ComponentConfig):
    """Settings of engine torch."""

    threads: int = Field(default=1, ge=1)
    """Threads of one operation on the CPU; with another number the last digits of a result may differ."""

    compile: bool = False
    """Whether training compiles the network first (torch.compile): minutes at the start, fewer later where it helps.
    On the CPU it needs a C++ compiler."""
