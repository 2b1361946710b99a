"""Small studies that really run, and the study object that their analyses were given."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sci.api import Study, hookimpl
from sci.pipeline.runner import plugins, run
from sci.testing.context import KitContext

ROWS = 300


class Kept:
    """A run that is over.

    Args:
        study: what its analyses were given.
        folder: the run directory.
    """

    def __init__(self, study: Study, folder: Path) -> None:
        self.study = study
        self.folder = folder

    def numbers(self, analysis: str) -> dict[str, Any]:
        """What an analysis wrote down."""
        found: dict[str, Any] = json.loads((self.folder / "explanations" / f"{analysis}.json").read_text("utf-8"))
        return found

    def warnings(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads((self.folder / "manifest.json").read_text("utf-8"))["warnings"]
        return found


class _Watcher:
    study: Any = None

    @hookimpl(wrapper=True)
    def sci_analyze(self, study: Study) -> Any:
        self.study = study
        return (yield)


@pytest.fixture(scope="session")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Kept]:
    """Runs an experiment over a table of columns."""

    def conduct(columns: dict[str, Any], **experiment: Any) -> Kept:
        folder = tmp_path_factory.mktemp("study")
        names = list(columns)
        lines = [",".join(names), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
        (folder / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        whole = {
            "format": 1,
            "name": "planted",
            "seed": 7,
            "task": "regression",
            "data": {
                "source": {"name": "csv", "path": "rows.csv"},
                "target": "y",
                "split": {"name": "random", "test": 0.4},
            },
            "model": "least-squares",
            "engine": "numpy",
            "training": {},
            "evaluation": {"metrics": ["mse"], "baselines": []},
            "report": [],
            **experiment,
        }
        (folder / "experiment.yaml").write_text(json.dumps(whole), encoding="utf-8")
        system = plugins()
        watcher = _Watcher()
        system.manager.register(watcher, "watcher")
        try:
            done = run(folder / "experiment.yaml", output=folder / "runs", system=system)
        finally:
            system.manager.unregister(name="watcher")
        return Kept(watcher.study, done.path)

    return conduct


@pytest.fixture(scope="session")
def table() -> dict[str, Any]:
    """Five numbers and a category; the target is 3 times `planted`, half of `weak`, and the rest is noise."""
    draw = np.random.default_rng(5)
    columns: dict[str, Any] = {name: draw.normal(size=ROWS).round(6) for name in ("noise", "planted", "weak", "idle")}
    columns["kind"] = draw.choice(["red", "green", "blue"], ROWS)
    columns["y"] = (3 * columns["planted"] + 0.5 * columns["weak"] + 0.3 * draw.normal(size=ROWS)).round(6)
    return columns


@pytest.fixture(scope="session")
def linear(studied: Callable[..., Kept], table: dict[str, Any]) -> Kept:
    """A line through those numbers, explained in every way."""
    analyses = [
        "permutation-importance",
        {"name": "shap", "rows": 12},
        {"name": "occlusion", "rows": 12},
        {"name": "integrated-gradients", "points": 8},
        {"name": "partial-dependence", "points": 7},
    ]
    return studied(table, preprocessing=["one-hot", "standardize"], analysis=analyses)


@pytest.fixture(scope="session")
def classes(table: dict[str, Any]) -> dict[str, Any]:
    """The same with classes to predict."""
    return {**table, "y": np.where(table["y"] > 0.4, "high", "low")}


@pytest.fixture
def context(tmp_path: Path) -> KitContext:
    return KitContext(tmp_path)
