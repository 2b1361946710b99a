"""Prints on standard output, in every way that there is."""

from __future__ import annotations

import os

from sci.api import ComponentSpec, hookimpl

print("hello from sci-prints")
os.write(1, b"hello from a descriptor\n")
os.system("echo hello from a child")


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    return [ComponentSpec("printed", "sci_prints.metric:Metric", config="sci_prints.config:PrintingConfig")]
