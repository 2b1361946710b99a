"""Runs that are killed at random moments of training, again and again, and end as if nothing had been.

    python tests/crash/kills.py                       # 100 kills on each engine; write the raw figures and the page
    python tests/crash/kills.py --engine torch --kills 10
    python tests/crash/kills.py --page                # write the page from the raw figures

A run is started, killed with SIGKILL, resumed, killed again, up to six times, and resumed once more. Only kills of a
run in training that has a checkpoint count. Whatever the next process says and records must name the newest whole
checkpoint, and the end must be that of the run that nobody killed: weights, optimizer, random state, history,
predictions.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import hashlib
import importlib.metadata
import json
import mmap
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sci.runs import checkpoints

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "docs/reference/benchmarks"
RAW = FOLDER / "crash.json"
PAGE = FOLDER / "crash.md"
PHASES = ("between", "steps", "validation", "checkpoint", "after")
TARGETS = PHASES[1:4]
LONGEST = 6
"""Kills of one run."""
DISKS = 40
"""Runs whose disk becomes full."""
PATIENCE = 300.0
"""Seconds in which every process has to come as far as is waited for."""
LIBRARIES = {"numpy": "numpy", "torch": "torch", "tensorflow": "tensorflow"}

MLP = "{name: mlp, hidden: [32, 16], normalization: batch, dropout: 0.25}"
COSINE = {
    "optimizer": "{name: adam, learning_rate: 3e-3}",
    "schedule": "{name: cosine, warmup: 0.1}",
    "monitor": "loss",
}
PLATEAU = {
    "optimizer": "{name: nesterov, learning_rate: 3e-2, momentum: 0.9}",
    "schedule": "{name: reduce-on-plateau, patience: 0, gamma: 0.5}",
    "monitor": "accuracy",
}
NUMBERS = {"inputs": "[x1, x2, x3, x4, x5, x6, x7, x8]", "steps": "[standardize, jitter]"}
WORDS = {
    "inputs": "[text]",
    "steps": "[words]",
    "model": "{name: rnn, hidden_size: 16, embedding_size: 8, bidirectional: true, dropout: 0.25}",
    "optimizer": "{name: adam, learning_rate: 3e-3}",
    "schedule": "{name: step, every: 0.5}",
    "monitor": "loss",
}
"""Texts of different lengths, of which similar ones share a batch."""
CASES: dict[str, list[dict[str, str]]] = {
    engine: [{"model": model, **NUMBERS, **COSINE}, {"model": model, **NUMBERS, **PLATEAU}, *more]
    for engine, model, more in (("numpy", "softmax", []), ("torch", MLP, [WORDS]), ("tensorflow", MLP, [WORDS]))
}
"""What is trained on each engine: every state that an update can depend on is on."""

EXPERIMENT = """\
format: 1
name: crash
seed: 11
task: classification
engine: {engine}
data:
  source: {{name: csv, path: rows.csv}}
  inputs: {inputs}
  columns: {{text: {{kind: text}}}}
  target: kind
  split: {{name: stratified, validation: 0.15, test: 0.2}}
preprocessing: {steps}
model: {model}
training:
  optimizer: {optimizer}
  schedule: {schedule}
  epochs: {epochs}
  batch_size: 16
  gradient_accumulation: 2
  gradient_clip: 1.0
  checkpoint: {{every_steps: {every_steps}}}
  early_stopping: {{monitor: {monitor}, patience: {epochs}}}
evaluation: {{metrics: [accuracy], baselines: []}}
report: []
"""

JITTER = '''\
"""Augmentation: what every draw of an epoch is, depends on seed, epoch and row."""

from sci.api import ComponentSpec, Preprocessor, hookimpl


@hookimpl
def sci_preprocessors():
    return [ComponentSpec(name="jitter", summary="Noise on numbers", target="sci_jitter.plugin:Jitter")]


class Jitter(Preprocessor):
    accepts = frozenset({"number"})
    random = True

    def transform(self, batch, random=None):
        if random is None:
            return dict(batch)
        noise = 0.1 * random.normal("noise", (len(self.columns),))
        return {**batch, **{name: batch[name] + noise[:, at] for at, name in enumerate(self.columns)}}
'''


def install_jitter(folder: Path) -> Path:
    """Put a plugin with an augmenting step into a folder, as pip would; the folder goes on PYTHONPATH."""
    files = {
        "sci_jitter/__init__.py": "",
        "sci_jitter/plugin.py": JITTER,
        "sci_jitter-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: sci-jitter\nVersion: 1.0\n"
        "Requires-Dist: sci-core>=0.1\n",
        "sci_jitter-1.0.dist-info/entry_points.txt": "[sci.plugins]\njitter = sci_jitter.plugin\n",
        "sci_jitter-1.0.dist-info/RECORD": "",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def write_rows(file: Path) -> None:
    """A small table of three kinds that overlap, in numbers and in words."""
    draw = random.Random(5)
    lines = ["kind," + ",".join(f"x{number}" for number in range(1, 9)) + ",text"]
    for _ in range(600):
        kind = draw.randrange(3)
        numbers = ",".join(f"{draw.gauss(kind * number / 16, 1):.4f}" for number in range(8))
        words = " ".join(draw.choice("abcdef"[kind:]) for _ in range(draw.randint(1, 40)))
        lines.append(f"{'abc'[kind]},{numbers},{words}")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Process:
    """`sci` in a process of its own that marks what it is doing.

    Args:
        folder: where it runs; what it prints goes into a file there.
        arguments: as on the command line.
    """

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        marks = folder / "marks"
        marks.write_bytes(bytes(16))
        with marks.open("r+b") as file:
            self._marks = mmap.mmap(file.fileno(), 16)
        self.said = folder / "stderr.txt"
        with self.said.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, str(HERE / "marked.py"), str(marks), *arguments],
                cwd=folder,
                env=environment(folder),
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )

    @property
    def phase(self) -> str:
        return PHASES[self._marks[0]]

    @property
    def step(self) -> int:
        return int.from_bytes(self._marks[8:16], "little")

    @property
    def over(self) -> bool:
        return self._process.poll() is not None

    def trains(self) -> bool:
        """Wait until it trains and its run has a checkpoint; False when it ended before."""
        deadline = time.monotonic() + PATIENCE
        begun = False
        while not self.over and time.monotonic() < deadline:
            begun = begun or self.phase != "between"
            if begun and checkpoints.newest(run_of(self.folder) / "checkpoints"):
                return True
            time.sleep(0.002)
        return False

    def reach(self, phase: str, seconds: float = 5.0) -> None:
        """Wait until it is in a phase, or has not come there for some time."""
        deadline = time.monotonic() + seconds
        while not self.over and self.phase != phase and time.monotonic() < deadline:
            time.sleep(0.0001)

    def kill(self) -> bool:
        """Kill it; False when it had ended by itself."""
        self._process.kill()
        return self._process.wait() < 0

    @property
    def failed(self) -> bool:
        """Whether it ended by itself, and not well."""
        return (self._process.returncode or 0) > 0


def environment(folder: Path) -> dict[str, str]:
    """This environment without settings of `sci`, with one thread and the plugin that augments."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCI_")}
    return {**kept, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(folder.parent / "site")}


def sci(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The real command line, which marks nothing."""
    return subprocess.run(
        [sys.executable, "-m", "sci", *arguments],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def run_of(folder: Path) -> Path:
    """The newest run in a folder, or a folder that does not exist."""
    latest = folder / "runs/latest"
    return folder / "runs" / latest.read_text(encoding="utf-8").strip() if latest.is_file() else folder / "none"


def facts(run: Path) -> dict[str, Any]:
    """Everything in which two runs must be equal: SHA-256 of all that the last step left, history without times."""
    last = checkpoints.newest(run / "checkpoints")[0]
    checkpoints.load(last)  # what the hashes say is what lies there
    listed = json.loads((last / checkpoints.FILE).read_text(encoding="utf-8"))["files"]
    with (run / "history.csv").open(encoding="utf-8", newline="") as file:
        history = [{name: value for name, value in row.items() if name != "seconds"} for row in csv.DictReader(file)]
    return {
        "step": checkpoints.step_of(last),
        "state": {name: entry["sha256"] for name, entry in listed.items() if not name.startswith("loop.")},
        "weights": json.loads((run / "sci.lock").read_text(encoding="utf-8"))["weights"],
        "history": history,
        "predictions": hashlib.sha256((run / "predictions/test.parquet").read_bytes()).hexdigest(),
    }


@dataclass
class Study:
    """One experiment, what its run comes to when nobody kills it, and how long it trains.

    Args:
        scratch: a folder with ``site/``; each run gets one of its own in it.
        engine: name of the engine.
        case: model, optimizer, schedule and monitor.
        epochs: how long it trains.
        every_steps: how often it writes checkpoints.
    """

    scratch: Path
    engine: str
    case: Mapping[str, str]
    epochs: int = 20
    every_steps: int = 10

    def __post_init__(self) -> None:
        folder = self.fresh()
        done = sci(folder, "run", "e.yaml", "--quiet")
        if done.returncode:
            raise RuntimeError(f"the run that nobody kills ended with {done.returncode}: {done.stderr}")
        run = run_of(folder)
        self.expected = facts(run)
        with (run / "history.csv").open(encoding="utf-8", newline="") as file:
            self.seconds = sum(float(row["seconds"]) for row in csv.DictReader(file))

    def fresh(self) -> Path:
        """A new folder with the experiment file."""
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=self.scratch))
        text = EXPERIMENT.format(engine=self.engine, epochs=self.epochs, every_steps=self.every_steps, **self.case)
        (folder / "e.yaml").write_text(text, encoding="utf-8")
        write_rows(folder / "rows.csv")
        return folder

    def killed(self, links: int, draw: random.Random) -> dict[str, Any]:
        """Kill one run up to so many times, resuming it in between, and compare its end."""
        folder = self.fresh()
        kills: list[dict[str, Any]] = []
        wrong: list[str] = []
        for _ in range(links):
            process = Process(folder, *(["resume", "latest"] if kills else ["run", "e.yaml"]))
            kill = self._kill(process, draw)
            if kills:
                wrong += went_on(folder, kills[-1], process.said.read_text(encoding="utf-8"), len(kills))
            if kill is None:
                wrong += [process.said.read_text(encoding="utf-8")] if process.failed else []
                break
            kills.append(kill)
        done = sci(folder, "resume", "latest")  # does nothing where the run is finished
        if len(kills) == links:
            wrong += went_on(folder, kills[-1], done.stderr, len(kills))
        wrong += [] if done.returncode == 0 else [done.stderr]
        return {"case": self.case["schedule"], "kills": kills, "wrong": wrong or self._differs(run_of(folder))}

    def _kill(self, process: Process, draw: random.Random) -> dict[str, Any] | None:
        """Kill a process at a random moment of a random phase; None when its training was over before."""
        target = draw.choice(TARGETS)
        if not process.trains():
            return None
        time.sleep(draw.uniform(0, 0.4 * self.seconds))
        process.reach(target)
        time.sleep(draw.choice((0.0, draw.uniform(0, 0.003), draw.uniform(0, 0.03))))
        if not process.kill() or process.phase == "after":
            return None
        newest = checkpoints.newest(run_of(process.folder) / "checkpoints")[0]
        left = [path.name for path in (run_of(process.folder) / "checkpoints").iterdir() if ".tmp-" in path.name]
        return {
            "phase": process.phase,
            "step": process.step,
            "from": checkpoints.step_of(newest),
            "half_written": bool(left),
        }

    def _differs(self, run: Path) -> list[str]:
        found = facts(run)
        left = [path.name for path in run.rglob("*.tmp*")]
        return [name for name in found if found[name] != self.expected[name]] + left


def went_on(folder: Path, kill: Mapping[str, Any], said: str, count: int) -> list[str]:
    """What is wrong with how the process after a kill says and records where it went on."""
    told = re.search(r"found step ([\d,]+) of", said)
    recorded = json.loads((run_of(folder) / "manifest.json").read_text(encoding="utf-8"))["resumed"]
    wrong = (
        [] if told and int(told[1].replace(",", "")) == kill["from"] else [f"does not say step {kill['from']}: {said}"]
    )
    if len(recorded) < count or recorded[count - 1] != {"step": kill["from"]}:
        wrong.append(f"records {recorded} instead of step {kill['from']}")
    return wrong


def crashed(engine: str, kills: int, seed: int, cases: int | None = None, **settings: int) -> dict[str, Any]:
    """So many kills on an engine, its cases (or the first of them) in turn; `settings` are those of `Study`."""
    draw = random.Random(seed)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sci-crash-") as folder:
        scratch = Path(folder)
        install_jitter(scratch / "site")
        studies = [Study(scratch, engine, case, **settings) for case in CASES[engine][:cases]]
        runs: list[dict[str, Any]] = []
        while (left := kills - sum(len(run["kills"]) for run in runs)) > 0:
            runs.append(studies[len(runs) % len(studies)].killed(min(left, draw.randint(1, LONGEST)), draw))
            print(
                f"{engine}: {kills - left + len(runs[-1]['kills'])} kills, {runs[-1]['wrong'] or 'equal'}", flush=True
            )
            if not runs[-1]["kills"] and len(runs) > 3 * kills:
                raise RuntimeError(f"{engine}: runs end before they can be killed")
    return {
        "version": importlib.metadata.version(LIBRARIES[engine]),
        "epochs": studies[0].epochs,
        "every_steps": studies[0].every_steps,
        "steps": [study.expected["step"] for study in studies],
        "minutes": round((time.monotonic() - began) / 60, 1),
        "seed": seed,
        "runs": runs,
    }


def failpoints() -> dict[str, Any]:
    """What `failpoints.py` finds."""
    done = subprocess.run([sys.executable, str(HERE / "failpoints.py")], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def full_disk() -> dict[str, Any]:
    """What `full.py` finds."""
    command = [sys.executable, str(HERE / "full.py"), "--cases", str(DISKS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def kills_of(figures: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """All kills on an engine."""
    return [kill for run in figures["runs"] for kill in run["kills"]]


def good(figures: Mapping[str, Any]) -> bool:
    """Whether nothing at all went wrong."""
    runs = [run for engine in figures["engines"].values() for run in engine["runs"]]
    points = figures["failpoints"]
    return not (
        any(run["wrong"] for run in runs)
        or points["unseen"]
        or any(case["wrong"] for case in points["cases"])
        or any(case["wrong"] for case in figures["full"]["cases"])
    )


def page(figures: Mapping[str, Any]) -> str:
    """The page about crashes, from the raw figures alone."""
    points, full = figures["failpoints"], figures["full"]
    kinds = Counter(case["kind"] for case in points["cases"])
    bad = sum(bool(case["wrong"]) for case in points["cases"])
    begun = [case for case in full["cases"] if case["status"] is not None]
    return "\n".join(
        [
            "# Crashes",
            "",
            "## Killed in training",
            "",
            "Runs are killed with SIGKILL at random moments of training, up to "
            f"{LONGEST} times each, and resumed. Shuffling, augmentation, dropout (not on numpy, which has none), batch",
            "statistics, gradient accumulation and clipping, adaptive and momentum optimizers, schedules per step and on",
            "plateau, and early stopping are on. Equal means: the same SHA-256 of weights, best weights, optimizer and",
            "random state after the last step, the same history but for times, and the same predictions as the run that",
            "nobody killed. After every kill, the resumed run has to say and record the step of the newest checkpoint.",
            "",
            "| engine | kills | in steps | in validation | in a checkpoint | between | runs | not equal |",
            "|---|---:|---:|---:|---:|---:|---:|---:|",
            *(_row(engine, figures["engines"][engine]) for engine in figures["engines"]),
            "",
            "## Every write of a checkpoint",
            "",
            "Each call that opens, writes, syncs, renames or removes while a checkpoint is written, "
            "the first one of a run and",
            "one that replaces an older one, is once the last that the process makes, and once the first that fails.",
            "",
            "| what happens there | fail points |",
            "|---|---:|",
            *(f"| {kind} | {count} |" for kind, count in kinds.items()),
            "",
            f"Without a whole checkpoint that is what was written, or with one that looks whole and is not: **{bad}**. "
            f"Calls that were not counted: {len(points['unseen'])}.",
            "",
            "## Full disk",
            "",
            f"A whole run makes {full['calls']} calls that need room on the disk. At {len(full['cases'])} of them the disk "
            "became full.",
            f"Ended with exit code 7: {sum(case['code'] == 7 for case in full['cases'])}. "
            f"{len(full['cases']) - len(begun)} had not begun, so that nothing was there to resume; of the other {len(begun)}, "
            f"**{sum(not case['wrong'] for case in begun)}** ended as the undisturbed run, once resumed with room.",
            "",
            f"Measured on {figures['date']} with Python {figures['python']} on {figures['platform']}, "
            f"{figures['cpus']} processors. Raw figures: [crash.json](crash.json). Again: `make crash`.",
            "",
        ]
    )


def _row(engine: str, figures: Mapping[str, Any]) -> str:
    kills = kills_of(figures)
    phases = Counter(kill["phase"] for kill in kills)
    unequal = sum(bool(run["wrong"]) for run in figures["runs"])
    counts = [phases[phase] for phase in (*TARGETS, "between")]
    cells = [f"{engine} {figures['version']}", len(kills), *counts, len(figures["runs"]), f"**{unequal}**"]
    return "| " + " | ".join(map(str, cells)) + " |"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true", help="Kill nothing; write the page from the raw figures.")
    parser.add_argument("--engine", action="append", choices=list(CASES), help="Again for each; all when not given.")
    parser.add_argument("--kills", type=int, default=100, help="On each engine.")
    parser.add_argument("--seed", type=int, default=None, help="Of the moments; drawn anew when not given.")
    chosen = parser.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not chosen.page:
        figures = json.loads(RAW.read_text(encoding="utf-8")) if RAW.is_file() else {"engines": {}}
        for engine in chosen.engine or CASES:
            seed = random.SystemRandom().randrange(2**32) if chosen.seed is None else chosen.seed
            figures["engines"][engine] = crashed(engine, chosen.kills, seed)
            RAW.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        figures.update(
            date=datetime.datetime.now(datetime.UTC).date().isoformat(),
            python=platform.python_version(),
            platform=f"{platform.system()} {platform.machine()}",
            cpus=os.cpu_count(),
            failpoints=failpoints(),
            full=full_disk(),
        )
        figures["engines"] = {name: figures["engines"][name] for name in CASES if name in figures["engines"]}
        RAW.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    figures = json.loads(RAW.read_text(encoding="utf-8"))
    PAGE.write_text(page(figures), encoding="utf-8")
    print(f"{PAGE.name}: {'nothing went wrong' if good(figures) else 'SOMETHING WENT WRONG'}")
    return 0 if good(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
