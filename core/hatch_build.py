"""Puts the templates of the repository into the wheel, also when it is built from the source distribution."""

from __future__ import annotations

import pathlib
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Templates(BuildHookInterface):
    """The folder `templates` lies beside the package in a source distribution, one level higher in the repository."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Include it, unless the installation is editable and finds it where it lies."""
        if version == "editable":
            return
        root = pathlib.Path(self.root)
        [*_, folder] = [path for path in (root.parent / "templates", root / "templates") if path.is_dir()]
        build_data["force_include"][str(folder)] = "sci/templates"
