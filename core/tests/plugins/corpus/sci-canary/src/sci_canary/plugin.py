"""Leaves a file behind when it is imported: a denied plugin must not."""

from __future__ import annotations

import os
from pathlib import Path

from sci.api import ComponentSpec, hookimpl

if "CANARY" in os.environ:
    Path(os.environ["CANARY"]).touch()


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("sung", "sci_canary.metric:Metric")]
