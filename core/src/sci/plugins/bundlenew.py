"""A new bundle: its names, and its package, which is written from the template."""

from __future__ import annotations

import datetime
import pathlib
import re
from dataclasses import dataclass

from sci import __version__
from sci.api.errors import ConfigError
from sci.plugins.new import core_range
from sci.plugins.template import render, shipped

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 40


@dataclass(frozen=True)
class NewBundle:
    """The package of a bundle that does not exist yet.

    Args:
        name: the institution; the name of the entry point.
    """

    name: str

    @property
    def distribution(self) -> str:
        return f"{self.name}-bundle"

    @property
    def module(self) -> str:
        return f"{self.name.replace('-', '_')}_bundle"

    @property
    def data_file(self) -> pathlib.PurePath:
        """The file with the rules, inside the package."""
        return pathlib.PurePath("src", self.module, "bundle.yaml")

    def write(self, target: pathlib.Path) -> list[pathlib.PurePath]:
        """Write the package as a new folder; the paths of its files inside it.

        Raises:
            ConfigError: the folder is there already.
            StorageError: it cannot be written.
        """
        today = datetime.datetime.now(datetime.UTC)
        values = {
            "name": self.name,
            "distribution": self.distribution,
            "module": self.module,
            "version": f"{today.year}.{today.month}",
            "core_range": core_range(__version__),
        }
        return render([shipped("bundle")], values, target)


def planned(name: str) -> NewBundle:
    """A new bundle whose name is valid.

    Raises:
        ConfigError: it is not.
    """
    short = name.removesuffix("-bundle")
    if _NAME.fullmatch(short) and len(short) <= LONGEST:
        return NewBundle(short)
    usable = re.sub(r"[^a-z0-9]+", "-", short.lower()).strip("-")[:LONGEST].rstrip("-")
    raise ConfigError(
        f"`{name}` cannot be the name of a bundle",
        id="usage.name",
        note=f"lower-case letters, digits and single hyphens, a letter first, at most {LONGEST} characters",
        hint=usable if _NAME.fullmatch(usable) else "",
    )
