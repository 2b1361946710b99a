"""What a command imports follows from what it needs, not from what is installed."""

from __future__ import annotations

import json
import os
import random
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from sci.plugins.guard import FRAMEWORKS
from sci.plugins.manager import assemble
from sci.plugins.policy import Policy

ROOT = Path(__file__).resolve().parents[2]
CROWD = 300
IMPORTED_BY_ARROW = {"pandas"}
"""`pyarrow.array` looks for pandas whatever it is given, and imports it where it is installed."""
PROBE = """
import json, sys
from sci.cli.main import main
code = main(sys.argv[2:])
json.dump({"code": code, "modules": sorted(sys.modules)}, open(sys.argv[1], "w"))
"""
EXPERIMENT = """\
format: 1
name: small
seed: 7
task: {name: classification, positive: "yes"}
data:
  source: {name: csv, path: small.csv}
  target: label
  split: {name: stratified, validation: 0.2, test: 0.2}
preprocessing: [impute, one-hot, standardize]
model: logistic
engine: numpy
training:
  optimizer: {name: adam, learning_rate: 0.01}
  epochs: 3
evaluation: {metrics: [accuracy, f1]}
analysis: [calibration]
report: [html]
"""
NAMED = {
    "sources": ["csv"],
    "splitters": ["stratified"],
    "preprocessors": ["impute", "one-hot", "standardize", "label-index"],
    "tasks": ["classification"],
    "models": ["logistic"],
    "engines": ["numpy"],
    "optimizers": ["adam"],
    "metrics": ["accuracy", "f1"],
    "analyses": ["calibration"],
    "reporters": ["html"],
}
"""The components of the experiment, with the step that the task itself asks for."""

ASSEMBLED = ("sources", "splitters", "tasks", "preprocessors")
"""The kinds whose code answers without training: rows are read and divided, and the schema flows through task and
steps."""


@dataclass(frozen=True)
class Outcome:
    """What a command printed and what was imported when it ended."""

    out: str
    modules: frozenset[str]

    def of(self, *packages: str) -> set[str]:
        """The imported modules that belong to these packages."""
        return {name for name in self.modules if name.partition(".")[0] in packages}

    @property
    def plugins(self) -> set[str]:
        return {name for name in self.modules if name.startswith("sci_")}


@pytest.fixture
def sci(tmp_path):
    def run(*arguments: str, path: Path | None = None) -> Outcome:
        seen = tmp_path / "seen.json"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCI_", "PYTHON"))}
        home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
        environment = {**kept, **home, **({"PYTHONPATH": str(path)} if path else {})}
        done = subprocess.run(
            [sys.executable, "-P", "-c", PROBE, str(seen), *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment,
            cwd=tmp_path,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        found = json.loads(seen.read_text())
        assert found["code"] == 0, done.stderr
        return Outcome(done.stdout, frozenset(found["modules"]))

    return run


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """A folder with many installed plugins, and the names of their packages."""
    folder = tmp_path_factory.mktemp("crowd")
    benchmarks = str(ROOT / "tests/benchmarks")
    sys.path.insert(0, benchmarks)
    try:
        return folder, runpy.run_path(f"{benchmarks}/startup.py")["write_plugins"](folder, CROWD)
    finally:
        sys.path.remove(benchmarks)


@pytest.fixture
def experiment(tmp_path):
    draw = random.Random(3)
    rows = ["age,height,color,label"]
    for _ in range(60):
        age = draw.randint(20, 70)
        color = draw.choice(["red", "green", "blue"])
        rows.append(f"{age},{draw.uniform(150, 200):.1f},{color},{'yes' if age > 45 else 'no'}")
    (tmp_path / "small.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "small.yaml").write_text(EXPERIMENT, encoding="utf-8")
    return str(tmp_path / "small.yaml")


def own_specs():
    """The specs of the repository's plugins by kind."""
    folders = {folder.name for folder in ROOT.glob("plugins/*")}
    for record in assemble(Policy(), environ={}).records:
        if record.distribution in folders:
            yield from ((kind, spec) for kind, specs in record.specs.items() for spec in specs)


def chosen(kind, spec) -> bool:
    """Whether the experiment names it, for its engine."""
    return spec.name in NAMED.get(kind, ()) and (not spec.engines or "numpy" in spec.engines)


def targets(spec) -> set[str]:
    found = [spec.target] if isinstance(spec.target, str) else spec.target.values()
    return {target.partition(":")[0] for target in found}


def test_importing_the_package_and_its_plugin_api_imports_no_library(tmp_path):
    code = "import sys, sci, sci.api; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)

    tops = {name.partition(".")[0] for name in done.stdout.split()}
    assert tops & {"numpy", "pyarrow", "pydantic", "yaml", "stevedore", "pluggy", "typer", *FRAMEWORKS} == set()


def test_no_audit_imports_scipy_because_every_training_waits_for_it():
    modules = sorted(set().union(*(targets(spec) for kind, spec in own_specs() if kind == "audits")))
    code = f"import sys, {', '.join(modules)}; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)

    assert {*modules} <= {*done.stdout.split()}
    assert "scipy" not in done.stdout.split()


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"]], ids=["nothing", "help", "version"])
def test_help_imports_no_heavy_library_and_no_plugin(sci, arguments):
    outcome = sci(*arguments)

    assert outcome.of("numpy", "pyarrow", "pydantic", "yaml", "stevedore", *FRAMEWORKS) == set()
    assert outcome.plugins == set()


def test_help_does_not_look_at_installed_plugins(sci, crowd):
    folder, _ = crowd

    assert sci("--help", path=folder).modules == sci("--help").modules


def test_list_of_plugins_imports_none_of_them(sci):
    outcome = sci("plugins", "list")

    assert outcome.plugins == set()
    assert outcome.of("numpy", "pyarrow", *FRAMEWORKS) == set()


def test_list_of_plugins_imports_none_of_three_hundred(sci, crowd):
    folder, packages = crowd

    outcome = sci("plugins", "list", path=folder)

    assert all(package.replace("_", "-") in outcome.out for package in packages)
    assert outcome.plugins == set()
    assert outcome.of("numpy", "pyarrow", *FRAMEWORKS) == set()


def test_check_imports_what_the_experiment_names_and_nothing_else_of_three_hundred_plugins(sci, crowd, experiment):
    folder, packages = crowd
    named = [spec for kind, spec in own_specs() if chosen(kind, spec)]
    assembled = [spec for kind, spec in own_specs() if kind in ASSEMBLED and spec.name in NAMED[kind]]
    used = set().union(*(targets(spec) for spec in assembled))
    unused = set().union(*(targets(spec) for _, spec in own_specs())) - used

    outcome = sci("check", experiment, path=folder)

    assert len(named) == sum(map(len, NAMED.values()))
    assert {spec.config.partition(":")[0] for spec in named if spec.config} <= outcome.modules
    assert used <= outcome.modules
    assert unused & outcome.modules == set()
    assert outcome.of(*(FRAMEWORKS - IMPORTED_BY_ARROW)) == set()
    assert outcome.of(*packages) == {*packages, *(f"{package}.plugin" for package in packages)}


def test_check_leaves_plugins_whose_code_it_does_not_need_at_their_light_modules(sci, experiment):
    homes = {module.partition(".")[0] for kind, spec in own_specs() if kind in ASSEMBLED for module in targets(spec)}
    settings = {spec.config.partition(":")[0] for _, spec in own_specs() if spec.config}

    outcome = sci("check", experiment)

    others = {name for name in outcome.plugins if name.partition(".")[0] not in homes}
    light = {name for name in others if "." not in name or name.endswith(".plugin")}
    assert {"sci_metrics.plugin", "sci_numpy.plugin", "sci_optim.plugin", "sci_report.plugin"} <= light
    assert others - light - settings == set()
