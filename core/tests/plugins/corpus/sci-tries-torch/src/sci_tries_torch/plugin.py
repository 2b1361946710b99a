"""Tries to import a framework and does without it."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl

try:
    import torch
except ImportError:
    torch = None


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("tried", "sci_tries_torch.metric:Metric")]
