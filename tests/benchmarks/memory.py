"""How much memory a study takes whose data are larger than the memory that it may take.

    python tests/benchmarks/memory.py            # measure everything, write the raw figures and the page
    python tests/benchmarks/memory.py --page     # write the page from the raw figures
    python tests/benchmarks/memory.py --source csv --engine torch --megabytes 64     # one line of figures, not kept

A table of random numbers is written, and one study runs on it twice, each time in a process of its own: with
`training.resident_bytes` so small that all that grows with the data lies in mapped files, and, for comparison, with
everything in memory. Anonymous resident memory (what the process itself holds, without the file pages that the
operating system takes back when memory is short) is read from /proc every few milliseconds. Both runs must end with
the same weights.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import figures
import limits
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

RAW = figures.FOLDER / "memory.json"
PAGE = figures.FOLDER / "memory.md"
AIM = 8.0
"""So many times larger than the memory of the process are the data."""


class Work(NamedTuple):
    """One table and the engine that trains on it.

    Args:
        source: ``parquet`` or ``csv``.
        engine: name of the engine.
        megabytes: size of the numbers in memory, 8 bytes each.
        columns: columns beside the target.
        resident: `training.resident_bytes` of the mapped run.
        steps: updates.
        compare: whether there is memory enough for the run with everything in it.
    """

    source: str
    engine: str
    megabytes: int = 2000
    columns: int = 500
    resident: int = 2**24
    steps: int = 2000
    compare: bool = True


WORKS = (
    Work("parquet", "numpy"),
    Work("csv", "numpy", megabytes=4000, compare=False),
    Work("parquet", "torch", megabytes=4000, compare=False),
    Work("parquet", "tensorflow", megabytes=6000, compare=False),
)

EXPERIMENT = """\
format: 1
name: memory
data:
  source: {{name: {source}, path: data.{source}, max_bytes: 100000000000}}
  target: y
  split: {{name: random, validation: 0.1, test: 0.2}}
task: regression
preprocessing: [standardize, scale-target]
model: linear
engine: {engine}
training: {{max_steps: {steps}, batch_size: 256, resident_bytes: {resident}, optimizer: {{name: adam, learning_rate: 0.01}}}}
evaluation:
  baselines: [mean]
  interval: {{name: bootstrap, resamples: 200}}
  comparison: {{name: paired-bootstrap, resamples: 200}}
"""


def write_data(path: Path, rows: int, columns: int) -> None:
    """A linear relation between random numbers, written in pieces; numbers in text have four decimals."""
    random = np.random.default_rng(0)
    coefficients = random.standard_normal(columns)
    schema = pa.schema([(f"x{number}", pa.float64()) for number in range(columns)] + [("y", pa.float64())])
    text = path.suffix == ".csv"
    writer = (
        pa.csv.CSVWriter(path, schema)
        if text
        else pq.ParquetWriter(path, schema, compression="none", use_dictionary=False)
    )
    with writer:
        for start in range(0, rows, 10_000):
            inputs = random.standard_normal((min(10_000, rows - start), columns))
            inputs = np.round(inputs, 4) if text else inputs
            target = inputs @ coefficients + random.standard_normal(len(inputs))
            writer.write_table(pa.table([*inputs.T.copy(), target], schema=schema))


def run(folder: Path, work: Work, resident: int) -> dict[str, Any]:
    """One study in a process of its own: its peak of anonymous memory in bytes, its seconds and what it came to."""
    experiment = EXPERIMENT.format(source=work.source, engine=work.engine, resident=resident, steps=work.steps)
    return study(folder, experiment, resident)


def study(folder: Path, experiment: str, resident: int, limit: int | None = None) -> dict[str, Any]:
    """An experiment in a process of its own, which may hold `limit` bytes, pages of files among them; see `run`."""
    (folder / "memory.yaml").write_text(experiment, encoding="utf-8")
    command = [sys.executable, "-m", "sci", "run", "memory.yaml", "--output", f"runs-{resident}"]
    began = time.monotonic()
    with (folder / "output.txt").open("w") as output, limits.memory_group(limit) if limit else nullcontext() as group:
        if group is not None:
            command = ["sh", "-c", f'echo $$ > {group}/cgroup.procs && exec "$@"', "sh", *command]
        process = subprocess.Popen(
            command, cwd=folder, env=figures.environment(OMP_NUM_THREADS="1"), stdout=output, stderr=output
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, anonymous(process.pid))
            time.sleep(0.005)
    if process.returncode:
        raise RuntimeError((folder / "output.txt").read_text(encoding="utf-8"))
    (lock,) = (folder / f"runs-{resident}").glob("*/*/sci.lock")
    found = figures.read(lock)
    left = [path.name for path in lock.parent.rglob("*") if path.name.startswith("tmp")]
    seconds = round(time.monotonic() - began, 1)
    return {"peak": peak, "seconds": seconds, "weights": found["weights"], "data": found["data"], "left": left}


def anonymous(process: int) -> int:
    """Anonymous resident memory of a process in bytes; 0 once it is gone."""
    try:
        found = re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(encoding="ascii"))
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def measure(work: Work) -> dict[str, Any]:
    """Both runs on a table."""
    rows = work.megabytes * 1_000_000 // (8 * (work.columns + 1))
    with tempfile.TemporaryDirectory(prefix="sci-memory-", dir=os.environ.get("SCI_SCRATCH")) as scratch:
        folder = Path(scratch)
        write_data(folder / f"data.{work.source}", rows, work.columns)
        size = (folder / f"data.{work.source}").stat().st_size
        mapped = run(folder, work, work.resident)
        held = run(folder, work, 2**50) if work.compare else None
    return {**work._asdict(), "rows": rows, "bytes": size, "mapped": mapped, "held": held}


def ratio(found: Mapping[str, Any]) -> float:
    """How many times larger the data are than the most memory that the process took."""
    return float(found["bytes"] / found["mapped"]["peak"])


def page(raw: Mapping[str, Any]) -> str:
    """The table, from the raw figures alone."""
    lines = [
        "# Data larger than memory",
        "",
        "A table of random numbers is studied twice: with `training.resident_bytes` at 16 MB, so that all that grows "
        "with the data lies in mapped files, and with everything in memory. Memory is what the process itself holds "
        "(anonymous resident memory); file pages, which the operating system takes back when memory is short, are not "
        "counted. The aim is data "
        f"{AIM:.0f} times larger than the memory, and the same weights.",
        "",
        "| data | engine | rows | memory | data / memory | time | everything in memory | weights |",
        "|---|---|---:|---:|---:|---:|---:|---|",
    ]
    for found in raw["works"]:
        mapped, held = found["mapped"], found["held"]
        cells = [
            f"{found['bytes'] / 1e9:.1f} GB of {found['source']}",
            found["engine"],
            f"{found['rows']:,}",
            f"{mapped['peak'] / 1e6:,.0f} MB",
            f"{ratio(found):.1f}" + ("" if ratio(found) >= AIM else f", missed by {AIM - ratio(found):.1f}"),
            f"{mapped['seconds']:.0f} s",
            "" if held is None else f"{held['peak'] / 1e6:,.0f} MB, {held['seconds']:.0f} s",
            verdict(found),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", f"{figures.where(raw['facts'])} Raw figures: [memory.json](memory.json). Again: `make bench`.", ""]
    return "\n".join(lines)


def verdict(found: Mapping[str, Any]) -> str:
    """Whether both runs came to the same; empty where one was left out."""
    if found["held"] is None:
        return ""
    return "the same" if found["held"]["weights"] == found["mapped"]["weights"] else "**other**"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true", help="Measure nothing; write the page from the raw figures.")
    parser.add_argument("--source", choices=("parquet", "csv"), help="Measure this one only, and keep nothing.")
    parser.add_argument("--engine", default="numpy", help="The engine of that one.")
    parser.add_argument("--megabytes", type=int, default=2000, help="The size of that one.")
    parser.add_argument("--alone", action="store_true", help="Leave out the run with everything in memory.")
    given = parser.parse_args(arguments)
    if given.source:
        only = measure(Work(given.source, given.engine, given.megabytes, compare=not given.alone))
        print(page({"facts": figures.facts(), "works": [only]}))
        return int(verdict(only) == "**other**")
    if not given.page:
        figures.write(RAW, {"facts": figures.facts(), "works": [measure(work) for work in WORKS]})
    raw = figures.read(RAW)
    PAGE.write_text(page(raw), encoding="utf-8")
    return int(any(verdict(found) == "**other**" for found in raw["works"]))


if __name__ == "__main__":
    sys.exit(main())
