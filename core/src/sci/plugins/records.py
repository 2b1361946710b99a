"""What is known about each plugin, whatever became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sci.api.errors import Place
from sci.api.specs import ComponentSpec

Status = Literal["installed", "ok", "degraded", "disabled", "denied", "incompatible", "duplicate", "broken"]


@dataclass
class PluginRecord:
    """One entry point of the group `sci.plugins`.

    Args:
        name: name of the entry point.
        distribution: name of the distribution that declares it.
        version: version of the distribution.
        entry_point: the light module, ``package.module`` or ``package.module:object``.
        summary: one line, from the distribution's metadata.
        license: from the metadata.
        home: address of the project, from the metadata.
        needs: the range of sci-core that it asks for, such as ``>=1.0,<2``.
        status: ``installed`` was seen and not loaded; ``ok`` and ``degraded`` are in use; the rest are left out.
        reason: why the status is neither `installed` nor `ok`: one line.
        error: the exception that made it broken, where there was one.
        where: the line of the policy that denies it.
        seconds: what importing its light module and collecting its components took.
        specs: its components by kind.
        experiments: its experiment templates, name to ``package:folder``.
        wraps: the stage hooks that it wraps.
        observes: the observer hooks that it implements.
    """

    name: str
    distribution: str
    version: str
    entry_point: str
    summary: str = ""
    license: str = ""
    home: str = ""
    needs: str = ""
    status: Status = "installed"
    reason: str = ""
    error: BaseException | None = None
    where: Place | None = None
    seconds: float = 0.0
    specs: dict[str, list[ComponentSpec]] = field(default_factory=dict)
    experiments: dict[str, str] = field(default_factory=dict)
    wraps: tuple[str, ...] = ()
    observes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Distribution and version, as messages name a plugin."""
        return f"{self.distribution} {self.version}".strip()

    @property
    def module(self) -> str:
        """The light module, without the object."""
        return self.entry_point.partition(":")[0].strip()

    @property
    def package(self) -> str:
        """The package that holds the light module, or the module itself where it stands alone."""
        return self.module.rpartition(".")[0] or self.module

    @property
    def in_use(self) -> bool:
        """Its components can be named."""
        return self.status in ("ok", "degraded")

    def answers_to(self, name: str) -> bool:
        """Whether somebody who types `name` means this plugin: the distribution, or the entry point."""
        return canonical(name) in (canonical(self.distribution), canonical(self.name))

    def leave_out(self, status: Status, reason: str, error: BaseException | None = None) -> None:
        """Take the plugin out of use, and forget what it offered."""
        self.status, self.reason, self.error = status, reason, error
        self.specs, self.experiments, self.wraps, self.observes = {}, {}, (), ()


def canonical(name: str) -> str:
    """A distribution's name as PEP 503 compares it; ``*`` and ``?`` of patterns stay."""
    squeezed = "".join("-" if letter in "-_." else letter for letter in name.strip().lower())
    return "-".join(part for part in squeezed.split("-") if part)
