"""What `sci plugin new` writes works: packages of every kind are built, installed, found, tested and used.

The command comes from the core's wheel, and so do the templates. Two fresh environments see nothing of the repository:
one without frameworks, one with them. Libraries of others are linked, not fetched.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
KINDS = sorted(path.name for path in (ROOT / "templates/plugin/kind").iterdir())
ALONE = [kind for kind in KINDS if kind != "domain"]
NATIVE = ("domain", "model", "optimizer")
ENGINES = ("sci-torch", "sci-tensorflow", "sci-networks")

every_kind = pytest.mark.parametrize("kind", KINDS)


def name_of(kind: str) -> str:
    return f"made-{kind}"


@pytest.fixture(scope="module")
def plain(new_environment, others, wheels):
    """An environment with the core and the standard plugins that need no framework."""
    environment = new_environment()
    environment.sees(others(False))
    environment.install("--no-deps", "--no-index", *(wheels[name] for name in wheels if name not in ENGINES))
    return environment


@pytest.fixture(scope="module")
def generated(plain, tmp_path_factory) -> dict[str, Path]:
    """A package of every kind, as the command of an installed core writes it; kind to folder."""
    folder = tmp_path_factory.mktemp("generated")
    for kind in KINDS:
        plain.run("-m", "sci", "plugin", "new", name_of(kind), "--kind", kind, folder=folder)
    return {kind: folder / f"sci-{name_of(kind)}" for kind in KINDS}


@pytest.fixture(scope="module")
def new_wheels(generated, build, tmp_path_factory) -> dict[str, Path]:
    """The wheel of each, by kind."""
    found = build(list(generated.values()), tmp_path_factory.mktemp("new-wheels"))
    return {kind: found[f"sci-{name_of(kind)}"] for kind in KINDS}


@pytest.fixture(scope="module")
def first(plain, new_wheels):
    """The environment without frameworks, with all packages that need none."""
    plain.install("--no-deps", "--no-index", *(new_wheels[kind] for kind in ALONE))
    return plain


@pytest.fixture(scope="module")
def second(new_environment, others, wheels, new_wheels):
    """An environment with both frameworks, their engines, and the packages that have code for them."""
    environment = new_environment()
    environment.sees(others(True))
    environment.install("--no-deps", "--no-index", *wheels.values(), *(new_wheels[kind] for kind in NATIVE))
    return environment


@every_kind
def test_package_has_all_that_a_package_needs(generated, kind):
    folder = generated[kind]
    package = folder / "src" / f"sci_made_{kind}"
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["name"] == f"sci-made-{kind}"
    assert project["entry-points"]["sci.plugins"] == {f"made-{kind}": f"sci_made_{kind}.plugin"}
    assert "sci-core>=0.1,<0.2" in project["dependencies"]
    assert project["license"] == "Apache-2.0"
    assert (folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert (package / "__init__.py").read_bytes() == (package / "py.typed").read_bytes() == b""
    assert {"plugin.py", "config.py"} < {path.name for path in package.iterdir()}
    assert len((folder / "README.md").read_text("utf-8").split()) > 100
    assert "## Unreleased" in (folder / "CHANGELOG.md").read_text("utf-8")
    assert yaml.safe_load((folder / ".github/workflows/ci.yml").read_text("utf-8"))["jobs"]
    assert "__pycache__/" in (folder / ".gitignore").read_text("utf-8")


@every_kind
def test_nothing_of_the_template_is_left(generated, kind):
    texts = {path: path.read_text("utf-8") for path in generated[kind].rglob("*") if path.is_file()}

    assert [str(path) for path, text in texts.items() if "{{ " in text.replace("${{ matrix", "")] == []
    assert [str(path) for path in texts if "{{" in str(path)] == []
    assert [str(path) for path, text in texts.items() if "TODO" in text or "FIXME" in text] == []


@every_kind
def test_package_is_clean_for_mypy(plain, generated, kind, tmp_path_factory):
    cache = tmp_path_factory.getbasetemp() / "mypy"

    plain.run("-m", "mypy", "--cache-dir", str(cache), folder=generated[kind])


def test_packages_are_clean_for_ruff(generated):
    assert complaints(generated["metric"].parent) == ""


def complaints(folder: Path) -> str:
    """What ruff finds in the packages of a folder, each under its own configuration."""
    found = ""
    for command in (["check", "--quiet"], ["format", "--quiet", "--diff"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", "."]
        done = subprocess.run(ruff, cwd=folder, capture_output=True, text=True)
        found += done.stdout + done.stderr
    return found


def test_packages_of_all_kinds_are_found_side_by_side(first):
    listed = json.loads(first.run("-m", "sci", "plugins", "list", "--json"))["plugins"]
    examined = json.loads(first.run("-m", "sci", "plugins", "doctor", "--json"))

    assert {f"sci-made-{kind}" for kind in ALONE} < {one["distribution"] for one in listed}
    assert {one["status"] for one in listed} == {"installed"}
    assert {one["status"] for one in examined["plugins"]} == {"ok"}
    assert examined["attention"] == 0


@pytest.mark.parametrize("kind", ALONE)
def test_own_tests_of_a_package_pass(first, generated, kind):
    printed = first.run("-m", "pytest", "-q", "-p", "no:cacheprovider", folder=generated[kind])

    assert " passed" in printed.splitlines()[-1]


@pytest.mark.parametrize("kind", NATIVE)
def test_own_tests_of_a_package_pass_on_frameworks(second, generated, kind):
    printed = second.run("-m", "pytest", "-q", "-p", "no:cacheprovider", folder=generated[kind])

    assert " passed" in printed.splitlines()[-1]


def test_the_kit_says_so_on_the_command_line(first):
    answer = json.loads(first.run("-m", "sci", "plugin", "test", "made-metric", "--json"))

    assert answer["passed"] is True


@pytest.mark.parametrize("kind", [kind for kind in ALONE if kind not in ("deployer", "metric")])
def test_component_is_used_in_a_run(first, generated, kind, tmp_path):
    run = ran(first, generated[kind] / "experiment.yaml", tmp_path, "--set", "report=[]")

    assert f"sci-made-{kind}" in used(run)


def test_metric_has_an_interval_in_a_run(first, generated, tmp_path):
    run = ran(first, generated["metric"] / "experiment.yaml", tmp_path)
    scores = json.loads((run / "metrics.json").read_text("utf-8"))["test"]["cohen-kappa"]

    assert "sci-made-metric" in used(run)
    assert scores["interval"][0] < scores["value"] < scores["interval"][1]
    assert "cohen-kappa" in (run / "report.html").read_text("utf-8")


def test_deployer_hands_over_in_a_run(first, generated, tmp_path):
    run = ran(first, generated["deployer"] / "experiment.yaml", tmp_path, "--set", "report=[]")

    assert (run / "exports/sql/score.sql").read_text("utf-8").startswith("SELECT id,")


@pytest.mark.parametrize("kind", ["model", "optimizer"])
def test_component_is_used_in_a_run_on_torch(second, generated, kind, tmp_path):
    run = ran(second, generated[kind] / "experiment.yaml", tmp_path, "--set", "engine=torch", "--set", "report=[]")

    assert {f"sci-made-{kind}", "sci-torch"} < used(run)


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_template_of_a_domain_is_copied_and_run_on_either_engine(second, engine, tmp_path):
    second.run("-m", "sci", "init", "made-domain", folder=tmp_path)
    file = tmp_path / "made-domain" / "experiment.yaml"

    run = ran(second, file, tmp_path, "--set", f"engine={engine}", "--set", "training.epochs=5", "--set", "report=[]")

    assert {"sci-made-domain", f"sci-{engine}"} < used(run)
    lock = json.loads((run / "sci.lock").read_text("utf-8"))
    assert lock["engine"]["determinism"] in ("A", "B")

    new = file.parent / "spectra.csv"
    answers = second.run("-m", "sci", "predict", str(run), str(new), folder=tmp_path).splitlines()
    assert len(answers) == len(new.read_text("utf-8").splitlines())


def ran(environment, file: Path, output: Path, *more: str) -> Path:
    """The directory of a finished run."""
    printed = environment.run("-m", "sci", "run", str(file), "--quiet", "--output", str(output), *more)
    run = Path(printed.strip())
    assert json.loads((run / "manifest.json").read_text("utf-8"))["status"] == "finished"
    return run


def used(run: Path) -> set[str]:
    """The distributions whose components a run was made of."""
    return {one["distribution"] for one in json.loads((run / "sci.lock").read_text("utf-8"))["plugins"]}


def test_frameworks_are_absent_from_the_first_environment(first):
    code = "import importlib.util as u; print([n for n in ('torch', 'tensorflow', 'keras') if u.find_spec(n)])"

    assert first.run("-c", code).strip() == "[]"


def test_nothing_is_overwritten(plain, tmp_path):
    plain.run("-m", "sci", "plugin", "new", "twice", "--kind", "metric", folder=tmp_path)
    kept = (tmp_path / "sci-twice/README.md").read_bytes()

    done = subprocess.run(
        [plain.python, "-m", "sci", "plugin", "new", "twice", "--kind", "model"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert "usage.exists" in done.stderr
    assert (tmp_path / "sci-twice/README.md").read_bytes() == kept
