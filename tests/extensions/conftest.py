"""The packages of the page "Extend sci", installed as the page shows them, and `sci` called beside them."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

PAGE = pathlib.Path(__file__).parents[2] / "docs/how-to/extend-sci.md"
FILES: dict[str, str] = dict(
    re.findall(r'^```\w+ title="([^"]+)"\n(.*?)^```$', PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
)
RANGE = re.search(r'"(sci-core>=[^"]+)"', PAGE.read_text(encoding="utf-8"))


@dataclasses.dataclass(frozen=True)
class Done:
    """What a command line came to."""

    code: int
    out: str
    err: str
    folder: pathlib.Path

    @property
    def run(self) -> pathlib.Path:
        """The run directory, which is the last line."""
        return self.folder / self.out.strip().splitlines()[-1]

    def json(self, name: str) -> Any:
        return json.loads((self.run / name).read_text(encoding="utf-8"))


@dataclasses.dataclass(frozen=True)
class House:
    """A folder to work in, and one with installed packages."""

    folder: pathlib.Path
    site: pathlib.Path
    capture: Any

    def install(self, *names: str) -> None:
        """Install packages of the page: their files, and metadata that declare the entry point."""
        for name in names:
            package = f"sci_{name}"
            files = {path: text for path, text in FILES.items() if path.startswith(f"{package}/")}
            assert f"{package}/plugin.py" in files
            for path, text in {**files, f"{package}/__init__.py": ""}.items():
                (self.site / package).mkdir(exist_ok=True)
                (self.site / path).write_text(text, encoding="utf-8")
            info = self.site / f"{package}-1.0.dist-info"
            info.mkdir()
            assert RANGE
            (info / "METADATA").write_text(
                f"Metadata-Version: 2.1\nName: sci-{name}\nVersion: 1.0\nRequires-Dist: {RANGE[1]}\n"
            )
            (info / "entry_points.txt").write_text(f"[sci.plugins]\n{name} = {package}.plugin\n")
            (info / "RECORD").write_text("")

    def write(self, name: str, text: str = "") -> None:
        """A file of the working folder; without a text the one that the page shows."""
        (self.folder / name).write_text(text or FILES[name], encoding="utf-8")

    def table(self, name: str, **columns: Any) -> None:
        """A csv file."""
        rows = zip(*columns.values(), strict=True)
        lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
        self.write(name, "\n".join(lines) + "\n")

    def sci(self, *arguments: str) -> Done:
        """Run ``sci ...`` in this process."""
        from sci.cli.main import main

        self.capture.readouterr()
        code = main(list(arguments))
        out, err = self.capture.readouterr()
        return Done(code, out, err, self.folder)

    def ran(self, *arguments: str) -> Done:
        """A run that ends well."""
        done = self.sci("run", *arguments)
        assert done.code == 0, done.err
        return done


@pytest.fixture
def house(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[House]:
    """An empty folder to work in, with no configuration above it; what is installed is forgotten afterwards."""
    folder, site = tmp_path / "work", tmp_path / "site"
    folder.mkdir()
    site.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(site))
    for name in [name for name in os.environ if name.startswith("SCI_")]:
        monkeypatch.delenv(name)
    for name in ("XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    yield House(folder, site, capsys)
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(str(site)):
            del sys.modules[name]


@pytest.fixture
def imported(house: House) -> Callable[[str], Any]:
    """Installs a package of the page and imports one of its modules."""

    def import_(module: str) -> Any:
        import importlib

        house.install(module.partition(".")[0].removeprefix("sci_"))
        return importlib.import_module(module)

    return import_
