"""Wall time of a process from its start to the first training step, on a csv file of 10,000 rows.

The rival imports torch and creates an AdamW, and does nothing else.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

import contest
import figures
import numpy as np
import topic
import workloads
from topic import Scale

NAME = "first_step"
ROWS = 10_000
COLUMNS = 10

SCRIPT = """\
import os

import torch

torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))])
os._exit(0)
"""
"""It ends as `sci` does here, without taking the interpreter down."""


def measure(scale: Scale) -> dict[str, Any]:
    """Seconds of whole processes: `begun` ends before the first step, `done` after it."""
    rows = scale.rows or ROWS
    clocks: dict[str, dict[str, list[float]]] = {"wall": {}, "cpu": {}}
    found = figures.facts("torch")
    with tempfile.TemporaryDirectory(prefix="sci-bench-") as scratch:
        folder = Path(scratch)
        given = contest.one_thread(workloads.install(folder))
        commands = programs(folder, rows)
        for number in range(-min(contest.WARM, scale.rounds - 1), scale.rounds):
            for name, command in commands.items():
                before = processor_seconds()
                wall = figures.timed(command, folder, given) / 1000
                if number >= 0:
                    clocks["wall"].setdefault(name, []).append(round(wall, 4))
                    clocks["cpu"].setdefault(name, []).append(round(processor_seconds() - before, 4))
    return {"facts": found, "works": {"csv": {"workload": {"rows": rows, "columns": COLUMNS}, **clocks}}}


def programs(folder: Path, rows: int) -> dict[str, list[str]]:
    """Each program's command line."""
    write_csv(folder / "rows.csv", rows)
    sci = [sys.executable, str(Path(sys.executable).with_name("sci")), "run"]
    commands = {}
    for step, name in enumerate(("begun", "done")):
        described = workloads.experiment(workloads.MLP, "torch", schedule={"name": "made-up-end", "step": step})
        described["data"] = {
            "source": {"name": "csv", "path": "rows.csv"},
            "target": "target",
            "split": {"name": "stratified", "validation": 0.1, "test": 0.2},
        }
        described["preprocessing"] = ["standardize"]
        workloads.write_experiment(folder / f"{name}.yaml", described)
        commands[name] = [*sci, f"{name}.yaml"]
    script = folder / "rival.py"
    script.write_text(SCRIPT, encoding="utf-8")
    return {**commands, "script": [sys.executable, str(script)]}


def write_csv(file: Path, rows: int) -> None:
    """Numbers with six digits, and a class."""
    draw = np.random.default_rng(0)
    values, classes = draw.standard_normal((rows, COLUMNS)), draw.integers(3, size=rows)
    names = [*(f"x{i}" for i in range(COLUMNS)), "target"]
    lines = [
        ",".join([*(f"{x:.6f}" for x in row), f"c{code}"])
        for row, code in zip(values.tolist(), classes.tolist(), strict=True)
    ]
    file.write_text("\n".join([",".join(names), *lines]) + "\n", encoding="utf-8")


def processor_seconds() -> float:
    """Of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(topic.command({NAME: measure}, __doc__))
