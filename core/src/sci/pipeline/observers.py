"""Tells plugins and trackers what happens; what they raise becomes a warning."""

from __future__ import annotations

from typing import Any

from sci.api import Observer
from sci.pipeline.context import Context
from sci.plugins.manager import PluginSystem


class Observers:
    """The observer hooks of all plugins, and the trackers that the experiment names."""

    def __init__(self, system: PluginSystem, trackers: list[tuple[str, Observer]]) -> None:
        self._system = system
        self._trackers = trackers

    def tell(self, event: str, context: Context, **facts: Any) -> None:
        """Call every observer of an event, each on its own."""
        for record, error in self._system.notify(f"sci_{event}", context=context, **facts):
            self._failed(context, record.title, event, error)
        for name, tracker in self._trackers:
            try:
                getattr(tracker, event)(context, **facts)
            except Exception as error:
                self._failed(context, f"tracker {name}", event, error)

    def hear(self, event: str) -> bool:
        """Whether anybody would be told of an event."""
        return bool(self._trackers or getattr(self._system.hooks, f"sci_{event}").get_hookimpls())

    def _failed(self, context: Context, who: str, event: str, error: Exception) -> None:
        context.warn("plugin.observer", f"{who} could not observe {event}: {type(error).__name__}: {error}")
