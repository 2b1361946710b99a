"""What a plugin does while it says what it offers, seen from a process in which nothing was imported before."""

from __future__ import annotations

import locale
import logging
import os
import random
import signal
import sys
import threading
from typing import Any

from sci.api.errors import SciError
from sci.plugins.guard import FRAMEWORKS
from sci.plugins.manager import assemble
from sci.testing.child import ask
from sci.testing.subject import Subject


def seen(subject: Subject) -> dict[str, Any]:
    """What the other process says; asked once."""
    if "light" not in subject.memory:
        subject.memory["light"] = ask("sci.testing.light", subject.record.name)
    found: dict[str, Any] = subject.memory["light"]
    return found


def there(plugin: str) -> dict[str, Any]:
    """In the other process: load the light module, then the settings of every component."""
    logging.getLogger()
    before = surroundings()
    system = assemble(only=[plugin])
    [record] = [one for one in system.records if one.name == plugin]
    after = surroundings()
    frameworks = imported()
    faults = {}
    for entry in system.registry.entries():
        try:
            entry.config_class()
        except SciError as error:
            faults[f"{entry.kind} {entry.spec.name}"] = (
                f"{error.message} ({error.note})" if error.note else error.message
            )
    return {
        "status": record.status,
        "reason": record.reason,
        "frameworks": frameworks,
        "changed": sorted(name for name, value in before.items() if after[name] != value),
        "settings": faults,
        "later": sorted(set(imported()) - set(frameworks)),
    }


def imported() -> list[str]:
    """The frameworks that are imported."""
    return sorted(FRAMEWORKS & set(sys.modules))


def surroundings() -> dict[str, Any]:
    """What a process has one of, and what a plugin must leave to those who run it."""
    return {
        "environment variables": dict(os.environ),
        "the root logger": (logging.root.level, [type(one).__name__ for one in logging.root.handlers]),
        "the state of `random`": random.getstate(),
        "signal handlers": [repr(signal.getsignal(one)) for one in (signal.SIGINT, signal.SIGTERM)],
        "threads": threading.active_count(),
        "the hook for uncaught exceptions": repr(sys.excepthook),
        "the locale": locale.setlocale(locale.LC_ALL),
        "the default encoding of files": sys.getfilesystemencoding(),
        "the recursion limit": sys.getrecursionlimit(),
    }
