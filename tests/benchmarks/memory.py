"""How much memory a study takes whose data are larger than the memory that it may take.

    python tests/benchmarks/memory.py                         # 2 GB of Parquet, a line of figures
    python tests/benchmarks/memory.py --write                 # the same, kept as raw figures
    python tests/benchmarks/memory.py --megabytes 64 --source csv

A table of random numbers is written, and one study runs on it twice, each time in a process of its own: with
`training.resident_bytes` so small that all that grows with the data lies in mapped files, and, for comparison, with
everything in memory. Anonymous resident memory (what the process itself holds, without the file pages that the
operating system takes back when memory is short) is read from /proc every few milliseconds. Both runs must end with
the same weights.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

RAW = Path(__file__).resolve().parents[2] / "docs/reference/benchmarks/memory.json"
AIM = 8.0
"""So many times larger than the memory of the process are the data."""

STEPS = 2000

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
engine: numpy
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


def run(folder: Path, source: str, resident: int, steps: int) -> dict[str, Any]:
    """One study in a process of its own: its peak of anonymous memory in bytes, its seconds and what it came to."""
    experiment = EXPERIMENT.format(source=source, resident=resident, steps=steps)
    (folder / "memory.yaml").write_text(experiment, encoding="utf-8")
    command = [sys.executable, "-m", "sci", "run", "memory.yaml", "--output", f"runs-{resident}"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    began = time.monotonic()
    with (folder / "output.txt").open("w") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
        peak = 0
        while process.poll() is None:
            peak = max(peak, anonymous(process.pid))
            time.sleep(0.005)
    if process.returncode:
        raise RuntimeError((folder / "output.txt").read_text(encoding="utf-8"))
    (lock,) = (folder / f"runs-{resident}").glob("*/*/sci.lock")
    found = json.loads(lock.read_text(encoding="utf-8"))
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


def measure(
    megabytes: int, columns: int, source: str, resident: int, compare: bool, steps: int = STEPS
) -> dict[str, Any]:
    """Both runs on a table of so many megabytes."""
    rows = megabytes * 1_000_000 // (8 * (columns + 1))
    with tempfile.TemporaryDirectory(prefix="sci-memory-", dir=os.environ.get("SCI_SCRATCH")) as scratch:
        folder = Path(scratch)
        write_data(folder / f"data.{source}", rows, columns)
        size = (folder / f"data.{source}").stat().st_size
        mapped = run(folder, source, resident, steps)
        held = run(folder, source, 2**50, steps) if compare else None
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "source": source,
        "rows": rows,
        "columns": columns,
        "bytes": size,
        "resident_bytes": resident,
        "mapped": mapped,
        "held": held,
    }


def ratio(figures: dict[str, Any]) -> float:
    """How many times larger the data are than the most memory that the process took."""
    return float(figures["bytes"] / figures["mapped"]["peak"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=2000)
    parser.add_argument("--columns", type=int, default=500)
    parser.add_argument("--source", choices=("parquet", "csv"), default="parquet")
    parser.add_argument("--resident", type=int, default=2**24, help="training.resident_bytes of the mapped run")
    parser.add_argument("--alone", action="store_true", help="Leave out the run with everything in memory.")
    parser.add_argument("--write", action="store_true", help="Keep the raw figures.")
    arguments = parser.parse_args()
    figures = measure(arguments.megabytes, arguments.columns, arguments.source, arguments.resident, not arguments.alone)
    if arguments.write:
        RAW.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    mapped, held = figures["mapped"], figures["held"]
    print(
        f"{figures['bytes'] / 1e6:,.0f} MB of {figures['source']}, {figures['rows']:,} rows: "
        f"{mapped['peak'] / 1e6:,.0f} MB at most, so the data are {ratio(figures):.1f} times larger (aim: {AIM:.0f}); "
        f"{mapped['seconds']:.0f} s"
    )
    if held is not None:
        same = "the same" if held["weights"] == mapped["weights"] else "OTHER"
        print(f"everything in memory: {held['peak'] / 1e6:,.0f} MB, {held['seconds']:.0f} s, {same} weights")
    return int(held is not None and held["weights"] != mapped["weights"])


if __name__ == "__main__":
    sys.exit(main())
