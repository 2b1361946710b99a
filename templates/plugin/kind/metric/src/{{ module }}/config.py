"""Settings of {{ distribution }}."""

from __future__ import annotations

from typing import Literal

from sci.api import ComponentConfig


class KappaConfig(ComponentConfig):
    """Settings of `{{ component }}`."""

    weights: Literal["none", "linear", "quadratic"] = "none"
    """What a miss counts: `none` all alike; `linear` and `quadratic` by the distance of the classes in their order."""
