"""What is trained: rows, and the experiment file that says the same as the rivals' programs."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import figures
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FOREVER = 1_000_000
TEST_ROWS = 64


class Workload(NamedTuple):
    """Settings of a model and its rows, for every program alike.

    Args:
        kind: `mlp`, `encoder` or `cnn`.
        rows: training rows of an epoch.
        size: numbers of a row, tokens of a row, or pixels of a side.
        layers: hidden units of the mlp, layers and width of the encoder, channels of the cnn.
        vocabulary: different tokens.
    """

    kind: str
    rows: int
    size: int
    layers: tuple[int, ...]
    classes: int = 10
    batch_size: int = 32
    vocabulary: int = 0

    @property
    def name(self) -> str:
        """The column that an encoder reads."""
        return "text"


MLP = Workload("mlp", rows=50_000, size=32, layers=(64,))
ENCODER = Workload("encoder", rows=1024, size=32, layers=(4, 128), classes=2, vocabulary=8000)
CNN = Workload("cnn", rows=3200, size=28, layers=(32, 64))


def prepare(work: Workload, folder: Path) -> None:
    """Write rows and description into a folder, as ``rows.npz`` for rivals and as ``rows.parquet`` for `sci`."""
    draw = np.random.default_rng(0)
    rows = work.rows + TEST_ROWS
    target = draw.integers(work.classes, size=rows)
    columns: dict[str, Any]
    if work.kind == "mlp":
        values = draw.standard_normal((rows, work.size)).astype(np.float32)
        columns = {f"x{i}": values[:, i].astype(np.float64) for i in range(work.size)}
    elif work.kind == "encoder":
        values = draw.integers(work.vocabulary, size=(rows, work.size))
        columns = {work.name: [" ".join(map(str, row)) for row in values.tolist()]}
    else:
        pixels = draw.integers(256, size=(rows, work.size**2))
        values = (pixels / 255).astype(np.float32).reshape(-1, work.size, work.size, 1)
        columns = {f"p{i:03d}": pixels[:, i] for i in range(work.size**2)}
    part = ["train"] * work.rows + ["test"] * TEST_ROWS
    named = [f"c{code}" for code in target.tolist()]
    pq.write_table(pa.table({**columns, "target": named, "part": part}), folder / "rows.parquet")
    np.savez(folder / "rows.npz", values=values[: work.rows], target=target[: work.rows].astype(np.int64))
    (folder / "workload.json").write_text(json.dumps(work._asdict()), encoding="utf-8")


def here() -> Workload:
    """The workload of the current folder."""
    described = json.loads(Path("workload.json").read_text(encoding="utf-8"))
    return Workload(**{**described, "layers": tuple(described["layers"])})


def load() -> tuple[Workload, np.ndarray, np.ndarray]:
    """The workload of the current folder, values and target codes of its training rows."""
    with np.load("rows.npz", allow_pickle=False) as rows:
        return here(), rows["values"], rows["target"]


def experiment(work: Workload, engine: str, **training: Any) -> dict[str, Any]:
    """The experiment file, which trains until it is stopped."""
    models = {
        "mlp": {"name": "mlp", "hidden": list(work.layers)},
        "encoder": {
            "name": "transformer",
            "layers": work.layers[0],
            "hidden_size": work.layers[-1],
            "pooling": "first",
        },
        "cnn": {"name": "cnn", "channels": list(work.layers), "hidden": [128]},
    }
    steps = {
        "mlp": [],
        "encoder": [{"name": "made-up-codes", "vocabulary": work.vocabulary}],
        "cnn": [{"name": "pixels", "height": work.size, "width": work.size}],
    }
    return {
        "format": 1,
        "name": "benchmark",
        "question": "How fast?",
        "seed": 1,
        "task": "classification",
        "data": {
            "source": {"name": "parquet", "path": "rows.parquet"},
            "target": "target",
            "split": {"name": "predefined", "column": "part"},
        },
        "preprocessing": steps[work.kind],
        "model": models[work.kind],
        "engine": {"name": engine, "threads": 1},
        "training": {
            "optimizer": {"name": "adamw", "learning_rate": 1e-3},
            "epochs": FOREVER,
            "batch_size": work.batch_size,
            **training,
        },
        "evaluation": {"metrics": ["accuracy"], "baselines": []},
    }


def write_experiment(file: Path, described: dict[str, Any]) -> None:
    """JSON is YAML."""
    file.write_text(json.dumps(described, indent=1), encoding="utf-8")


def install(folder: Path) -> str:
    """Put the made-up plugin into a folder as pip would, without pip; the PYTHONPATH that finds it and the rivals."""
    site = folder / "site"
    shutil.copytree(figures.HERE / "made_up", site / "made_up", ignore=shutil.ignore_patterns("__pycache__"))
    described = site / "made_up-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.4\nName: made-up\nVersion: 1.0\n", encoding="utf-8")
    (described / "entry_points.txt").write_text("[sci.plugins]\nmade-up = made_up.plugin\n", encoding="utf-8")
    files = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    listed = "".join(f"{name},,\n" for name in [*files, f"{described.name}/RECORD"])
    (described / "RECORD").write_text(listed, encoding="utf-8")
    return os.pathsep.join([str(figures.HERE), str(site)])
