"""A default that its own bounds forbid, in a field whose type is unknown."""

from sci.api import ComponentConfig


class BrokenConfig(ComponentConfig):
    scale: Scale = 1.0  # noqa: F821
