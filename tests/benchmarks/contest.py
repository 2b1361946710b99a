"""Programs that take turns, one epoch each, in processes of their own.

In one process they would share settings: one that asks torch for deterministic operations asks for all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import figures

THREADS = ("OMP", "MKL", "OPENBLAS", "NUMEXPR")
WARM = 2
"""First turns that are not counted: they import, build and trace."""


def one_thread(path: str) -> dict[str, str]:
    """The environment of every program here."""
    return figures.environment(
        path,
        **{f"{name}_NUM_THREADS": "1" for name in THREADS},
        TF_NUM_INTEROP_THREADS="1",
        TF_NUM_INTRAOP_THREADS="1",
        TF_CPP_MIN_LOG_LEVEL="3",
        KERAS_BACKEND="tensorflow",
        HF_HUB_OFFLINE="1",
        TOKENIZERS_PARALLELISM="false",
        CUDA_VISIBLE_DEVICES="",
    )


class Contestant:
    """One of the programs: ``python -m rivals.<module> ARGUMENTS`` in `folder`."""

    def __init__(self, module: str, arguments: Sequence[str], folder: Path, path: str) -> None:
        self.module = module
        self.said = folder / f"{module}-{'-'.join(arguments)}.txt"
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"rivals.{module}", *arguments],
            cwd=folder,
            env=one_thread(path),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said.open("w"),
            text=True,
        )

    def turn(self) -> dict[str, float]:
        """One epoch: its seconds of wall time and of processor time."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.module} ended: {self.said.read_text(errors='replace')[-3000:]}")
        return json.loads(line)

    def end(self) -> None:
        """Let it go; what it was in the middle of is of no use to anybody."""
        self.process.kill()
        self.process.communicate()


def contest(programs: Mapping[str, tuple[str, ...]], folder: Path, path: str, rounds: int) -> dict[str, Any]:
    """Seconds of each program's epochs, one in each round; who begins a round changes.

    Args:
        programs: name to module of `rivals` and its arguments.
        folder: where they find the workload.
        path: their PYTHONPATH.
    """
    found: dict[str, Any] = {clock: {name: [] for name in programs} for clock in ("wall", "cpu")}
    running = {name: Contestant(module, arguments, folder, path) for name, (module, *arguments) in programs.items()}
    try:
        names = list(programs)
        for number in range(-WARM, rounds):
            for name in names[number % len(names) :] + names[: number % len(names)]:
                seconds = running[name].turn()
                for clock in ("wall", "cpu") if number >= 0 else ():
                    found[clock][name].append(round(seconds[clock], 5))
    finally:
        for one in running.values():
            one.end()
    return found
