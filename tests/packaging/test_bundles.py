"""A bundle is locked, collected, carried over, and installed where there is no network at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SMALL = ("sci-tasks", "sci-tabular")
HERE = {name: value for name, value in os.environ.items() if not name.startswith("SCI_")}


def program(*arguments: str | Path, folder: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=folder,
        env={**HERE, "PIP_NO_BUILD_ISOLATION": "0", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture(scope="session")
def house(tmp_path_factory) -> Path:
    """The sources of a new bundle with the core and two light plugins."""
    folder = tmp_path_factory.mktemp("house")
    program("sci", "bundle", "new", "st-mary", folder=folder)
    project = folder / "st-mary-bundle" / "pyproject.toml"
    kept = [
        line
        for line in project.read_text(encoding="utf-8").splitlines()
        if not line.strip().startswith('"sci-') or any(name in line for name in ("sci-core", *SMALL))
    ]
    project.write_text("\n".join(kept) + "\n", encoding="utf-8")
    rules = project.parent / "src" / "st_mary_bundle" / "bundle.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(re.sub("sci-statistics", "sci-tasks", text), encoding="utf-8")
    return project.parent


@pytest.fixture(scope="session")
def shelf(wheels, tmp_path_factory) -> Path:
    """A folder with the wheels of the repository that the bundle needs, as an index of the house would have them."""
    folder = tmp_path_factory.mktemp("shelf")
    for name in ("sci-core", *SMALL):
        shutil.copy(wheels[name], folder)
    return folder


@pytest.fixture(scope="session")
def lock(house, shelf) -> Path:
    program("sci", "bundle", "lock", f"./{house.name}", "--find-links", shelf, folder=house.parent)
    return house.parent / "bundle.lock"


@pytest.fixture(scope="session")
def wheelhouse(house, shelf, lock) -> Path:
    done = program(
        *("sci", "bundle", "wheelhouse", house.name, "--lock", lock, "--find-links", shelf, "--json"),
        folder=house.parent,
    )
    assert len(json.loads(done.stdout)["wheels"]) == lock.read_text().count("==")
    return house.parent / "wheelhouse"


def test_the_lock_pins_everything_with_its_hash_and_no_address(lock, shelf):
    text = lock.read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9-]+)==(\S+) \\\n    --hash=sha256:([0-9a-f]{64})$", text, re.MULTILINE)

    names = [name for name, _, _ in pins]
    assert {"st-mary-bundle", "sci-core", *SMALL, "numpy", "pyarrow", "pydantic-core"} <= set(names)
    assert names == sorted(names)
    assert len(pins) == text.count("==")
    assert "://" not in text
    [core] = shelf.glob("sci_core-*.whl")
    assert ("sci-core", "0.1.0", hashlib.sha256(core.read_bytes()).hexdigest()) in pins


def test_the_wheelhouse_holds_what_the_lock_pins_and_its_checksums(wheelhouse, lock):
    sums = dict(line.split("  ")[::-1] for line in (wheelhouse / "SHA256SUMS").read_text().splitlines())

    assert (wheelhouse / "requirements.txt").read_text() == lock.read_text()
    assert {path.name for path in wheelhouse.iterdir()} == {*sums, "SHA256SUMS"}
    assert {name: hashlib.sha256((wheelhouse / name).read_bytes()).hexdigest() for name in sums} == sums
    assert all(name.endswith(".whl") for name in sums if name not in ("requirements.txt", "install.py"))


def test_the_wheelhouse_installs_in_a_network_namespace_without_interfaces(wheelhouse, tmp_path):
    alone = ["unshare", "--user", "--map-root-user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("network namespaces cannot be made here")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    kept = {name: value for name, value in HERE.items() if not name.startswith(("PYTHON", "PIP_"))}
    kept |= {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}

    def inside(*command: str | Path) -> str:
        done = subprocess.run(
            [*alone, *map(str, command)], cwd=tmp_path, env=kept, capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    reach = "import socket; s = socket.socket(); s.settimeout(2); print(s.connect_ex(('127.0.0.1', 9)))"
    assert "101" in inside(python, "-c", reach)  # network is unreachable: not even the loopback is up
    inside(python, wheelhouse / "install.py")
    listed = json.loads(inside(python, "-m", "sci", "plugins", "list", "--json"))["plugins"]
    shown = json.loads(inside(python, "-m", "sci", "bundle", "show", "--json"))

    assert {one["distribution"]: one["status"] for one in listed} == dict.fromkeys(SMALL, "installed")
    assert shown["bundle"]["name"] == "st-mary"
    assert "house-regression" in inside(python, "-m", "sci", "init")


def test_a_wheel_that_was_changed_is_not_installed(wheelhouse, tmp_path):
    copy = tmp_path / "wheelhouse"
    shutil.copytree(wheelhouse, copy)
    [wheel] = copy.glob("sci_tasks-*.whl")
    wheel.write_bytes(wheel.read_bytes() + b"\0")

    done = subprocess.run([sys.executable, copy / "install.py"], capture_output=True, text=True, cwd=tmp_path)

    assert done.returncode == 1
    assert done.stderr == f"not what was collected: {wheel.name}; nothing was installed\n"


def test_nothing_is_overwritten_and_a_lock_that_does_not_fit_is_refused(house, shelf, wheelhouse, lock, tmp_path):
    program("sci", "bundle", "wheelhouse", house, "--output", wheelhouse, folder=tmp_path, code=2)
    wrong = tmp_path / "wrong.lock"
    wrong.write_text(re.sub("(sci-tasks.*\n.*sha256:).{8}", r"\g<1>00000000", lock.read_text()), encoding="utf-8")

    done = program(
        *("sci", "bundle", "wheelhouse", house, "--lock", wrong, "--find-links", shelf, "--output", "new"),
        folder=tmp_path,
        code=2,
    )

    assert "[bundle.pip]" in done.stderr
    assert "://" not in done.stderr
    assert not (tmp_path / "new").exists()
