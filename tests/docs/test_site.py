"""The site builds strictly, loads nothing from elsewhere, and its reference pages are complete."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from sci.cli.verbs import VERBS
from sci.plugins.manager import load

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SOURCES = [
    *(ROOT / "core/src").rglob("*.py"),
    *(path for one in ROOT.glob("plugins/*/src") for path in one.rglob("*.py")),
]
REFERENCE = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=["']?(?:https?:)?//[^>]*>""")


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, env={**os.environ})
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_builds_strictly_with_its_tables(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))

    assert len(pages) > 20
    assert not [one for one in pages if "&lt;!-- table:" in one.read_text(encoding="utf-8")]
    assert "training.early_stopping.patience" in (site / "reference/experiment-file/index.html").read_text("utf-8")
    assert "bag-of-words" in (site / "reference/components/index.html").read_text("utf-8")


def test_the_built_pages_load_nothing_from_elsewhere(site: Path) -> None:
    loaded = {
        f"{one.name}: {found}" for one in site.rglob("*.html") for found in REFERENCE.findall(one.read_text("utf-8"))
    }

    loaded |= {one.name for one in site.rglob("*.css") if re.search(r"url\([\"']?(https?:)?//", one.read_text("utf-8"))}
    assert not loaded


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_every_block_of_an_engine_is_on_its_page(site: Path, engine: str) -> None:
    face = ast.parse((ROOT / f"plugins/sci-{engine}/src/sci_{engine}/api.py").read_text("utf-8"))
    exports = next(ast.literal_eval(node.value) for node in face.body if isinstance(node, ast.Assign))
    built = (site / "reference/engine-faces/index.html").read_text("utf-8")

    frameworks = {"tf", "keras"}
    assert {name for name in exports if f'id="sci_{engine}.api.{name}"' not in built} <= frameworks


def test_every_page_of_the_nav_exists_and_every_page_is_in_it() -> None:
    nav = set(_leaves(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]))
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}

    assert nav <= pages
    assert {one for one in pages - nav if not one.startswith("adr/")} == set()


def _leaves(nav: object) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    for inner in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from _leaves(inner)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_on_the_page_of_the_command_line(verb: str) -> None:
    assert re.search(rf"^`sci {verb}\b", page("reference/cli.md"), re.MULTILINE)


@pytest.mark.parametrize("code", range(10))
def test_every_exit_code_is_on_the_page_of_the_command_line(code: int) -> None:
    assert re.search(rf"^\| {code} \| ", page("reference/cli.md"), re.MULTILINE)


def test_every_environment_variable_is_on_the_page_of_the_command_line() -> None:
    used = {name for path in SOURCES for name in re.findall(r'"(SCI_[A-Z_]+)"', path.read_text(encoding="utf-8"))}

    assert used
    assert {name for name in used if f"`{name}`" not in page("reference/cli.md")} == set()


def test_every_module_of_the_plugin_api_is_on_its_page() -> None:
    modules = {path.stem for path in (ROOT / "core/src/sci/api").glob("*.py")} - {"__init__"}

    assert set(re.findall(r"^::: sci\.api\.(\w+)$", page("reference/api.md"), re.MULTILINE)) == modules


def test_every_id_of_an_error_or_warning_has_its_heading() -> None:
    headings = set(re.findall(r"^### (\S+)$", page("reference/errors.md"), re.MULTILINE))

    found = {one for path in SOURCES for one in ids(ast.parse(path.read_text(encoding="utf-8")))}

    found |= {f"audit.{name}" for name in load().registry.names("audits")}
    assert len(found) > 100
    assert {one for one in found if not one.endswith(".") and one not in headings} == set()
    assert {one for one in found if one.endswith(".") and not any(name.startswith(one) for name in headings)} == set()


def test_no_id_is_explained_that_no_source_speaks_of() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)

    gone = {
        one
        for one in re.findall(r"^### (\S+)$", page("reference/errors.md"), re.MULTILINE)
        if one not in text and one.partition(".")[2] not in text
    }

    assert gone == set()


def ids(tree: ast.AST) -> Iterator[str]:
    """Ids in a source: of ``id=``, of warnings, of refused requests; what comes before the first place of an f-string."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        values = [] if called == "phrase" else [word.value for word in node.keywords if word.arg == "id"]
        values += node.args[:1] if called == "warn" else node.args[1:2] if called == "Refusal" else []
        for value in values:
            yield from _texts(value)
        if called == "_wrong" and node.args and isinstance(node.args[0], ast.Constant):
            yield f"config.{node.args[0].value}"


def _texts(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
            yield start
        case ast.IfExp(body=one, orelse=other) | ast.BoolOp(values=[one, other]):
            yield from _texts(one)
            yield from _texts(other)
        case ast.Call(args=[_, default]):
            yield from _texts(default)
        case _:
            pass
