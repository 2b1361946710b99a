"""The page on the run directory names what a real run writes, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sci

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "run-directory.md"

EXPERIMENT = """
format: 1
name: small
task: regression
data:
  source: {name: generated, recipe: linear, rows: 80}
  target: y
model: linear
engine: numpy
training:
  optimizer: {name: gradient-descent, learning_rate: 0.1}
  batch_size: all
  epochs: 3
  checkpoint: {every_epochs: 1}
evaluation: {metrics: [mae], baselines: [mean], interval: {name: bootstrap, resamples: 99}}
analysis: [learning-curve, permutation-importance]
report: [html, markdown]
tracking: [tensorboard, csv]
deploy: [rest]
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that has everything that a run can have."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "experiment.yaml").write_text(EXPERIMENT, encoding="utf-8")
    sci.run(folder / "experiment.yaml", output=folder / "runs")
    return folder / "runs"


def named() -> list[str]:
    """The paths of the page's tables, first column."""
    rows = [line.split("|")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return [path for row in rows for path in re.findall(r"`([^`]+)`", row)]


def fits(path: str, name: str) -> bool:
    """Whether a name of the page means this file; a folder with a place to fill in means all that is in it."""
    pattern = re.sub(r"<\w+>", "[^/]+", name.replace(".", r"\."))
    return bool(re.fullmatch(pattern + (".+" if name.endswith("/") and "<" in name else ""), path))


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_every_file_of_a_run_is_on_the_page(output: Path) -> None:
    run = sci.load("latest", output).path
    in_children = [re.sub(r"^children/[^/]+/", "", path) for path in files(run)]

    unnamed = [path for path in in_children if not any(fits(path, name) for name in named())]

    assert unnamed == []


def test_every_file_beside_the_runs_is_on_the_page(output: Path) -> None:
    run = sci.load("latest", output).path.relative_to(output).as_posix()
    beside = [path for path in files(output) if not path.startswith(run)]

    assert beside
    assert [path for path in beside if not any(fits(path, name) for name in named())] == []


def test_every_path_of_the_page_is_in_a_run(output: Path) -> None:
    run = sci.load("latest", output).path
    there = [*files(run), *files(output)]
    folders = [path.relative_to(run).as_posix() + "/" for path in run.iterdir() if path.is_dir()]

    assert [name for name in named() if not any(fits(path, name) for path in there) and name not in folders] == []
