from __future__ import annotations

import contextlib
import os
import pathlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, Literal

import numpy as np
import pytest

from sci.api import Dataset, Feature, Schema, dataset


class Run:
    """A run without a core: paths lie in one folder, and what components say is kept."""

    run_id = "test"
    purpose: Literal["run", "check", "predict", "evaluate"] = "run"
    experiment: Mapping[str, Any] = {}
    seed = 0

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self.warnings: list[tuple[str, str]] = []
        self.reports: list[str] = []

    def resolve(self, path: str) -> pathlib.Path:
        return self.directory / path

    @contextlib.contextmanager
    def write(self, name: str) -> Iterator[BinaryIO]:
        with (self.directory / name).open("wb") as file:
            yield file

    def report(self, message: str, done: int | None = None, total: int | None = None) -> None:
        self.reports.append(message)

    def warn(self, id: str, message: str) -> None:
        self.warnings.append((id, message))

    def changed(self, column: str, why: str) -> None:
        raise AssertionError("only wrappers change columns")

    def random(self, stream: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, len(stream)])

    def stop_requested(self) -> bool:
        return False


@pytest.fixture
def context(tmp_path: pathlib.Path) -> Run:
    return Run(tmp_path)


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run for property tests, where every example may use the same one."""
    return Run(tmp_path_factory.mktemp("run"))


@pytest.fixture
def labelled() -> Callable[..., Dataset]:
    """Makes a data set from columns, with roles; every column without one is an input."""

    def make(columns: Mapping[str, Any], **roles: str) -> Dataset:
        raw = dataset(columns)
        found = {name: roles.get(name, "input") for name in columns}
        targets = [name for name, role in found.items() if role == "target"]
        slots = dict(zip(("target",), targets, strict=False))
        features = {
            name: Feature("category", dtype="string") if feature.kind == "text" else feature
            for name, feature in raw.schema.columns.items()
        }
        return Dataset({name: raw.stored(name) for name in columns}, Schema(features, found, slots))

    return make


@pytest.fixture(scope="session")
def reference() -> Callable[[str], pathlib.Path]:
    """Finds a file among the reference data."""

    def find(name: str) -> pathlib.Path:
        root = os.environ.get("SCI_REFERENCE_DATA")
        if root is None:
            pytest.skip("SCI_REFERENCE_DATA names no folder with reference data")
        path = pathlib.Path(root) / name
        if not path.exists():
            pytest.skip(f"the reference data have no {name}")
        return path

    return find
