"""Epochs of one workload, by `sci` and by its rivals in turn."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import contest
import workloads


def alternate(
    work: workloads.Workload,
    experiments: Mapping[str, Mapping[str, Any]],
    rivals: Mapping[str, str],
    rounds: int,
) -> dict[str, Any]:
    """Seconds of every epoch.

    Args:
        work: what all of them train.
        experiments: name in the figures to the experiment file that `sci` runs.
        rivals: name in the figures to the module of `rivals`.
    """
    with tempfile.TemporaryDirectory(prefix="sci-bench-") as scratch:
        folder = Path(scratch)
        workloads.prepare(work, folder)
        for name, described in experiments.items():
            workloads.write_experiment(folder / f"{name}.yaml", dict(described))
        programs = {
            **{name: ("sci_run", f"{name}.yaml") for name in experiments},
            **{name: (module,) for name, module in rivals.items()},
        }
        found = contest.contest(programs, folder, workloads.install(folder), rounds)
    return {"workload": {key: value for key, value in work._asdict().items() if value}, **found}
