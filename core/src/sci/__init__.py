"""sci: one experiment file, one honest study.

    import sci
    run = sci.run("spam.yaml")      # the same as `sci run spam.yaml`
    run.metrics                     # with intervals
    sci.load("runs/latest")         # open a finished run

Importing this package imports neither NumPy nor any plugin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sci.pipeline.compare import compare as compare
    from sci.pipeline.opened import Run as Run
    from sci.pipeline.opened import load as load
    from sci.pipeline.runner import run as run

__version__ = "0.1.0"

_HOMES = {
    "Run": "sci.pipeline.opened",
    "compare": "sci.pipeline.compare",
    "load": "sci.pipeline.opened",
    "run": "sci.pipeline.runner",
}

__all__ = ["Run", "__version__", "compare", "load", "run"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sci' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
