"""The installed plugins, with one line on stderr for each that somebody should look at."""

from __future__ import annotations

import sys

from sci.pipeline.runner import plugins
from sci.plugins.manager import PluginSystem


def system() -> PluginSystem:
    """Load the plugins and say what is wrong with any."""
    loaded = plugins()
    for line in loaded.warnings():
        print(line, file=sys.stderr)
    return loaded
