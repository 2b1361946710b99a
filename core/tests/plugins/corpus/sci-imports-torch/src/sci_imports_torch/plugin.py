"""Imports a framework to say what it offers."""

from __future__ import annotations

import torch  # noqa: F401

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("heavy", "sci_imports_torch.metric:Metric")]
