"""The README's commands run, and its links lead somewhere."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ELSEWHERE = ("make ", "sci serve")
"""Commands that other tests run, or that never end."""


def blocks(language):
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """All shell commands of the README in one shell, in their order, in an empty folder."""
    folder = tmp_path_factory.mktemp("readme")
    lines = [line for block in blocks("sh") for line in block.splitlines() if not line.startswith(ELSEWHERE)]
    scripts = str(pathlib.Path(sys.executable).parent)
    environment = {**os.environ, "PATH": os.pathsep.join([scripts, os.environ["PATH"]])}
    process = subprocess.run(
        ["bash", "-euc", "\n".join(lines)], cwd=folder, env=environment, capture_output=True, encoding="utf-8"
    )
    return process, folder


def test_shell_commands_run_as_they_stand(session):
    process, _ = session

    assert process.returncode == 0, process.stderr


def test_the_shown_result_is_the_result(session):
    process, _ = session
    shown = next(block for block in blocks("text") if "The model clears" in block)

    printed = [line.split() for line in process.stdout.splitlines()]
    absent = [line for line in shown.splitlines() if line.split() not in printed]

    assert not absent


def test_the_prize_is_predicted_to_be_spam(session):
    process, _ = session

    assert re.search(r"^id,label,.*\n0,spam,", process.stdout, flags=re.MULTILINE)


def test_the_run_directory_holds_what_the_readme_lists(session):
    _, folder = session
    [run] = [path for path in (folder / "spam" / "runs" / "spam").iterdir() if path.is_dir()]
    listing = next(block for block in blocks("text") if block.startswith("runs/spam/"))

    named = [name for line in listing.splitlines()[1:] for name in re.split(r" {4,}", line.strip())[0].split()]

    assert len(named) > 10
    assert not [name for name in named if not (run / name).exists()]


def test_the_python_lines_run(session):
    _, folder = session
    [code] = blocks("python")
    checked = code + "\nassert 'interval' in run.metrics['test']['f1']\n"

    process = subprocess.run(
        [sys.executable, "-c", checked], cwd=folder / "spam", capture_output=True, encoding="utf-8"
    )

    assert process.returncode == 0, process.stderr


def test_every_make_target_exists():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)

    assert set(re.findall(r"make ([a-z-]+)", "".join(blocks("sh")))) <= set(targets)


def test_linked_files_exist():
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]

    assert len(links) > 8
    assert not [link for link in links if not (ROOT / link).is_file()]


def test_the_picture_is_light():
    assert (ROOT / "docs" / "assets" / "report.png").stat().st_size < 150_000
