"""The page and the picture of the architecture name what the code has."""

from __future__ import annotations

import pathlib
import re
import tomllib
import xml.etree.ElementTree as ET

from sci.hookspecs import STAGES

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
PICTURE = ROOT / "docs" / "assets" / "architecture.svg"


def layers():
    """The layers of the core that import-linter holds."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    [found] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    return [layer.strip("()") for layer in found if layer != "__main__"]


def rows(heading):
    """The first cells of the table under a heading of the page."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)


def names(shown):
    """The bold names in the picture that are in `shown`, in their order."""
    texts = ET.parse(PICTURE).iter("{http://www.w3.org/2000/svg}text")
    return [text.text for text in texts if text.get("class") == "name" and text.text in shown]


def test_page_describes_the_stages_in_their_order():
    assert rows("Eight stages") == list(STAGES)


def test_page_describes_the_layers_in_their_order():
    assert rows("Layers") == layers()


def test_picture_shows_stages_and_layers_in_their_order():
    assert names(STAGES) == list(STAGES)
    assert names(layers())[-len(layers()) :] == layers()


def test_picture_brings_its_own_background_for_light_and_dark():
    text = PICTURE.read_text(encoding="utf-8")

    assert text.count(".page{fill:") == 2
    assert "prefers-color-scheme: dark" in text
