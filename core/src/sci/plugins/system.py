"""The plugins of one process: their records, their components, and the hooks that can be called."""

from __future__ import annotations

import pathlib
from dataclasses import dataclass, field
from typing import Any

import pluggy

from sci.hookspecs import STAGE_HOOKS
from sci.plugins import faults
from sci.plugins.records import PluginRecord
from sci.plugins.registry import Registry

CORE = "sci_core"
"""The name under which the core's stages are registered; with its underscore no plugin can have it."""


@dataclass
class PluginSystem:
    """The plugins of one process.

    Args:
        records: what became of each plugin, sorted by name.
        registry: the components that can be named.
        manager: pluggy's manager, with the healthy plugins registered in the order of their names.
        ignored: names in SCI_DISABLE_PLUGINS that fit no plugin.
        folder: whose policy holds, so that another process can load the same; None where it cannot.
    """

    records: list[PluginRecord]
    registry: Registry
    manager: pluggy.PluginManager
    ignored: list[str] = field(default_factory=list)
    folder: pathlib.Path | None = None

    @property
    def hooks(self) -> Any:
        """The callable hooks: ``hooks.sci_load(context=...)``."""
        return self.manager.hook

    def register_core(self, implementation: object) -> None:
        """Register the core's own stages, beneath every wrapper."""
        self.manager.register(implementation, CORE)

    def notify(self, hook: str, **arguments: Any) -> list[tuple[PluginRecord, Exception]]:
        """Tell every observer, each on its own; returns those that raised."""
        by_name = {record.name: record for record in self.records}
        raised = []
        for one in getattr(self.hooks, hook).get_hookimpls():
            try:
                one.function(*(arguments[name] for name in one.argnames))
            except Exception as error:
                if one.plugin_name not in by_name:
                    raise
                raised.append((by_name[one.plugin_name], error))
        return raised

    def wrappers(self) -> dict[str, list[str]]:
        """The plugins that wrap each stage, outermost first; stages that nobody wraps are left out."""
        return {
            stage: names
            for stage in STAGE_HOOKS
            if (
                names := [
                    one.plugin_name for one in reversed(getattr(self.hooks, stage).get_hookimpls()) if one.wrapper
                ]
            )
        }

    def warnings(self) -> list[str]:
        """One line for each plugin that somebody should look at."""
        lines = [line for record in self.records if (line := warning(record))]
        notice = [self.registry.policy.notice] if self.registry.policy.notice else []
        return [
            *notice,
            *lines,
            *(f"warning: SCI_DISABLE_PLUGINS names `{name}`, which is not installed" for name in self.ignored),
        ]


def warning(record: PluginRecord) -> str:
    """The line on standard error about a plugin that is left out by fault, not by choice; empty for the others."""
    if record.status == "broken":
        where = faults.place(record.error) if record.error is not None else ""
        why = f"{type(record.error).__name__}, {where}" if where else record.reason
        return f"warning: {record.title} is broken and left out ({why}); sci plugins doctor {record.distribution}"
    if record.status == "degraded":
        return f"warning: {record.title} is degraded ({record.reason}); sci plugins doctor {record.distribution}"
    if record.status in ("incompatible", "duplicate"):
        return f"warning: {record.title} is left out ({record.reason}); sci plugins doctor {record.distribution}"
    return ""
