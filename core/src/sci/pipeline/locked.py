"""`sci.lock`: everything that must be equal for a run to repeat."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable, Mapping
from importlib import metadata
from typing import Any

from sci.api import ComponentConfig, SciError, Work
from sci.plugins.entry import Entry

LIBRARIES = ("numpy", "pyarrow", "pydantic", "safetensors")


def lock(
    plugins: Iterable[Any],
    engine: Mapping[str, str],
    data: Mapping[str, Any],
    weights: Mapping[str, str],
    seeds: Mapping[str, Any],
    bundle: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The lock of a run as a document; `bundle` is the identity of the bundle in force."""
    return {
        "format": 1,
        "sci": metadata.version("sci-core"),
        "bundle": dict(bundle) if bundle else None,
        "plugins": distributions(plugins),
        "engine": dict(engine),
        "determinism": engine.get("determinism", "C"),
        "data": dict(data),
        "weights": weights if len(weights) != 1 else next(iter(weights.values())),
        "seeds": dict(seeds),
        "environment": environment(),
    }


def distributions(records: Iterable[Any]) -> list[dict[str, str]]:
    """Name and version of each distribution, once."""
    found = {record.distribution: record.version for record in records}
    return [{"distribution": name, "version": found[name]} for name in sorted(found)]


def environment() -> dict[str, Any]:
    """The machine and the libraries, without names of people, hosts or folders."""
    return {
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "platform": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "threads": os.environ.get("OMP_NUM_THREADS", ""),
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
    }


def citations(cited: Mapping[tuple[str, str], tuple[Entry, ComponentConfig]]) -> list[dict[str, Any]]:
    """What each component cites: kind, name, the work in words, and its fields where they are known."""
    return [
        {"kind": kind, "name": name, "cite": str(work), **({"work": work.fields()} if isinstance(work, Work) else {})}
        for (kind, name), (entry, settings) in sorted(cited.items(), key=lambda one: one[0])
        for work in _works(entry, settings)
    ]


def _works(entry: Entry, settings: ComponentConfig) -> list[str | Work]:
    """A reference that cannot be looked up must not cost a study that is trained: it stays as it is written."""
    try:
        return entry.works(settings)
    except SciError:
        return [entry.spec.cite]
