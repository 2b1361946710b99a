"""What the benchmarks share: times of processes, medians, intervals of ratios, and files of raw figures."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / "docs/reference/benchmarks"
HERE = Path(__file__).resolve().parent
DRAWS = 4000


class Interval(NamedTuple):
    """A figure with the 95 % interval that drawing the rounds again gives."""

    value: float
    low: float
    high: float


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Interval:
    """Median over the rounds of our time divided by theirs in the same round."""
    return median(np.asarray(ours) / np.asarray(theirs))


def difference(ours: Sequence[float], theirs: Sequence[float]) -> Interval:
    """Median over the rounds of our time minus theirs in the same round."""
    return median(np.asarray(ours) - np.asarray(theirs))


def median(rounds: np.ndarray) -> Interval:
    """The median, and its percentile interval over `DRAWS` draws of the rounds with replacement."""
    draw = np.random.default_rng(0).integers(len(rounds), size=(DRAWS, len(rounds)))
    low, high = np.quantile(np.median(rounds[draw], axis=1), [0.025, 0.975])
    return Interval(float(np.median(rounds)), float(low), float(high))


def quartiles(samples: Sequence[float]) -> str:
    """Median, and the middle half of the samples, as two cells of a table."""
    low, middle, high = statistics.quantiles(samples, n=4, method="inclusive")
    return f"{middle:.0f} | {low:.0f} to {high:.0f}"


def facts(*distributions: str) -> dict[str, Any]:
    """Where and when something was measured, and with which versions."""
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        **({"versions": {name: importlib.metadata.version(name) for name in distributions}} if distributions else {}),
    }


def where(found: Mapping[str, Any]) -> str:
    """These facts in one sentence."""
    load = f", load {found['load']:.1f} when it began" if found["load"] is not None else ""
    text = f"Measured on {found['date']} with Python {found['python']} on {found['platform']}, "
    return f"{text}{found['cpus']} processors{load}."


def environment(path: str | None = None, **more: str) -> dict[str, str]:
    """The environment of a measured process: this one's without what steers `sci` and Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCI_", "PYTHON"))}
    return {**kept, **({"PYTHONPATH": path} if path else {}), **more}


def timed(command: Sequence[str], folder: Path, given: Mapping[str, str]) -> float:
    """Milliseconds from the start of a process to its end; what it says goes to a file."""
    with (folder / "said.txt").open("w+") as said:
        began = time.perf_counter()
        ended = subprocess.run(command, cwd=folder, env=given, stdout=said, stderr=said, check=False)
        milliseconds = (time.perf_counter() - began) * 1000
        said.seek(0)
        if ended.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {ended.returncode}: {said.read()}")
    return milliseconds


def read(file: Path) -> dict[str, Any]:
    """Raw figures; none where nothing was measured yet."""
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def write(file: Path, found: Mapping[str, Any]) -> None:
    """Keep raw figures."""
    text = json.dumps(found, indent=1, allow_nan=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text + "\n", encoding="utf-8")
