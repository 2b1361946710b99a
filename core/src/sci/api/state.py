"""What a fitted thing keeps: arrays and JSON, nothing else is ever written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclass
class State:
    """What is kept. No pickle is ever written or read.

    Args:
        arrays: name to array; written as safetensors.
        meta: anything that JSON can hold; keys are text.
    """

    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)


class Stateful:
    """Something that may keep a fitted state. The default keeps nothing."""

    def state(self) -> State:
        """The fitted state; `load_state` of a fresh object with the same settings must restore it exactly."""
        return State()

    def load_state(self, state: State) -> None:
        """Take over a state.

        Args:
            state: what `state` returned of an object with the same settings.
        """
