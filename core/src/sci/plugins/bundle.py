"""Bundles: distributions with an entry point in the group `sci.bundles`, read without importing any of their code."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sci.api.errors import Place, PolicyError
from sci.plugins.discovery import Found
from sci.plugins.policyfile import PolicyFile, of_bundle

FILE = "bundle.yaml"
"""The data file, inside the package that the entry point names."""

EXPERIMENTS = "experiments"
"""The folder beside it that holds the house's experiment templates."""


@dataclass(frozen=True)
class Bundle:
    """An institution's bundle.

    Args:
        name: of the entry point; what people type.
        distribution: the distribution that brings it.
        version: of the distribution.
        summary: one line, from the distribution's metadata.
        file: the data file.
        sha256: of the data file.
        policy: what it says.
    """

    name: str
    distribution: str
    version: str
    summary: str
    file: Path
    sha256: str
    policy: PolicyFile

    @property
    def title(self) -> str:
        """Name and version, as messages name it."""
        return f"{self.name} {self.version}".strip()

    @property
    def identity(self) -> dict[str, str]:
        """What `sci.lock` keeps of it."""
        return {
            "name": self.name,
            "distribution": self.distribution,
            "version": self.version,
            "sha256": self.sha256,
        }

    def templates(self) -> dict[str, Path]:
        """The house's experiment templates: name to folder."""
        folder = self.file.parent / EXPERIMENTS
        if not folder.is_dir():
            return {}
        return {one.name: one for one in sorted(folder.iterdir()) if (one / "experiment.yaml").is_file()}


def read_bundle(found: Found) -> Bundle:
    """The bundle behind an entry point. None of its modules is imported.

    Raises:
        PolicyError: its data file is not there, cannot be read, or is not a bundle.
    """
    file = _file(found)
    policy = of_bundle(file, found.name, found.metadata.version)
    return Bundle(
        name=found.name,
        distribution=found.metadata.name,
        version=found.metadata.version,
        summary=found.metadata.summary,
        file=file,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        policy=policy,
    )


def _file(found: Found) -> Path:
    """Beside the metadata of the distribution; where that is only a pointer (an editable installation), where Python
    would look for the package. Looking for a package of the first level imports nothing."""
    package = found.value.partition(":")[0].strip()
    candidates: list[Path] = []
    if found.entry_point is not None and package.isidentifier():
        if found.entry_point.dist is not None:
            candidates.append(Path(str(found.entry_point.dist.locate_file(f"{package}/{FILE}"))))
        candidates += [Path(folder) / FILE for folder in _package_folders(package)]
    for file in candidates:
        if file.exists():
            return file
    raise PolicyError(
        f"the bundle {found.name} of {found.metadata.name} has no {FILE}",
        id="bundle.file",
        note=found.fault or f"its entry point is `{found.value}`; it names the package that holds the file",
        where=Place(str(candidates[0])) if candidates else None,
    )


def _package_folders(package: str) -> Sequence[str]:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return ()
    return list(spec.submodule_search_locations or ()) if spec is not None else ()
