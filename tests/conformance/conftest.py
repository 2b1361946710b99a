"""A plugin that is installed for one test, in order or with one promise broken."""

from __future__ import annotations

import importlib
import pathlib
import runpy
import sys
from collections.abc import Callable, Iterator

import pytest

KEPT = runpy.run_path(str(pathlib.Path(__file__).with_name("houses.py")))


@pytest.fixture
def room(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pathlib.Path]:
    """An empty folder on the path."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)
    yield site
    sys.path[:] = path


@pytest.fixture
def built(room: pathlib.Path) -> Callable[..., None]:
    """Installs a house, with one change where a mutant is given."""

    def build(house: str, mutant: tuple[str, str, str, str] | None = None) -> None:
        files = {
            **{f"sci_house/{name}": text for name, text in KEPT["HOUSES"][house].items()},
            "sci_house/__init__.py": "",
            "sci_house/config.py": KEPT["CONFIG"],
            "sci_house/py.typed": "",
            "sci_house-1.0.dist-info/METADATA": KEPT["METADATA"],
            "sci_house-1.0.dist-info/entry_points.txt": "[sci.plugins]\nhouse = sci_house.plugin\n",
            "sci_house-1.0.dist-info/RECORD": "",
        }
        if mutant is not None:
            [place] = [name for name in files if name.endswith(f"/{mutant[1]}")]
            assert mutant[2] in files[place], "the change fits nothing"
            files[place] = files[place].replace(mutant[2], mutant[3], 1)
            if mutant[3] == "absent":
                del files[place]
        for name, text in files.items():
            (room / name).parent.mkdir(exist_ok=True)
            (room / name).write_text(text, encoding="utf-8")
        importlib.invalidate_caches()

    return build
