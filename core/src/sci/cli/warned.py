"""The installed plugins, with one line on stderr for each that somebody should look at."""

from __future__ import annotations

import pathlib

from sci.cli.views import tell
from sci.pipeline.runner import plugins
from sci.plugins.manager import PluginSystem


def system(folder: pathlib.Path | None = None) -> PluginSystem:
    """Load the plugins under the policy for a folder, this one by default, and say what is wrong with any."""
    loaded = plugins(folder)
    for line in loaded.warnings():
        tell(f"{line}\n")
    return loaded
