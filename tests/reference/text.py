"""Results of text studies on real data, beside published figures and cheap rivals on the same rows.

    python tests/reference/text.py                     # every row that has no figures yet, then the page
    python tests/reference/text.py --only cr/minilm    # these rows anew
    python tests/reference/text.py --page              # the page from the raw figures

Reference data are found through SCI_REFERENCE_DATA; runs are kept in `build/reference`, or where `--work` says. Rows are
seconds to an hour each, and each is kept as soon as it is there.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import corpora
import pyarrow.parquet as pq
import text_page
import yaml
from sacrebleu.metrics.bleu import BLEU
from studies import MINILM, PACKAGE, STUDIES, Study

ROOT = Path(__file__).resolve().parents[2]
RAW = ROOT / "docs/reference/results-text.json"
PAGE = ROOT / "docs/reference/results-text.md"
LIBRARIES = ("sci-core", "sci-text", "torch", "tokenizers", "scikit-learn", "sacrebleu")


def figures() -> dict[str, Any]:
    """Raw figures of the rows that were run."""
    return json.loads(RAW.read_text(encoding="utf-8")) if RAW.is_file() else {}


def measure(study: Study, work: Path) -> dict[str, Any]:
    """Train and judge one row, and compare it with the rows that it is held against."""
    file = prepared(study, work)
    began, spent = time.monotonic(), processor_seconds()
    run = Path(sci(work, "run", file.name, "--output", "runs", "--quiet").strip().splitlines()[-1])
    seconds, processor = time.monotonic() - began, processor_seconds() - spent
    metrics = json.loads((work / run / "metrics.json").read_text(encoding="utf-8"))
    marker(work, study.name).write_text(str(run), encoding="utf-8")
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "versions": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "seconds": round(seconds),
        "processor_seconds": round(processor),
        "experiment": placeless(file.read_text(encoding="utf-8"), work),
        **{part: metrics.get(part, {}) for part in ("test", "baselines", "differences")},
        **({"lower_cased": lower_cased(work / run)} if "bleu" in metrics["test"] else {}),
        "rivals": {rival: compared(work, study.name, rival) for rival in rows_among(study)},
    }


def lower_cased(run: Path) -> dict[str, Any]:
    """BLEU of the answers of a run where capitals do not count, with sacreBLEU's signature."""
    columns = ["prediction.text", "target"]
    answers, references = pq.read_table(run / "predictions/test.parquet", columns=columns).to_pydict().values()
    metric = BLEU(lowercase=True)
    return {"value": metric.corpus_score(answers, [references]).score, "signature": str(metric.get_signature())}


def prepared(study: Study, work: Path) -> Path:
    """The experiment file, beside its data."""
    corpora.write(study.corpus, work)
    file = work / f"{study.name.replace('/', '-')}.yaml"
    file.write_text(yaml.safe_dump(study.experiment(), sort_keys=False, allow_unicode=True), encoding="utf-8")
    return file


def placeless(experiment: str, work: Path) -> str:
    """An experiment without the folders of this machine."""
    return re.sub(rf"\S*/{PACKAGE}/\S*", MINILM, experiment).replace(str(work), ".")


def rows_among(study: Study) -> list[str]:
    """Other rows that this one is held against."""
    return [aim.rival for aim in study.aims if aim.rival in STUDIES]


def marker(work: Path, name: str) -> Path:
    """The file that names the run of a row."""
    return work / f"{name.replace('/', '-')}.run"


def compared(work: Path, name: str, rival: str) -> dict[str, Any]:
    """What the paired test says of two rows, of which the rival was run before; the first metric stands for all."""
    runs = [marker(work, one).read_text(encoding="utf-8") for one in (name, rival)]
    found: dict[str, Any] = json.loads(sci(work, "compare", *runs, "--json"))["comparisons"][0]
    return found


def sci(work: Path, *arguments: str) -> str:
    """What a command prints; its progress goes where this program's does."""
    command = [sys.executable, "-m", "sci", *arguments]
    return subprocess.run(command, cwd=work, stdout=subprocess.PIPE, check=True, text=True).stdout


def processor_seconds() -> float:
    """Of all processes that ended here."""
    times = os.times()
    return times.children_user + times.children_system


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=list(STUDIES), metavar="ROW")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--work", type=Path, default=ROOT / "build/reference")
    asked = parser.parse_args(arguments)
    if not asked.page:
        if corpora.folder() is None:
            parser.error("SCI_REFERENCE_DATA does not name a folder with the reference data")
        asked.work.mkdir(parents=True, exist_ok=True)
        for name in asked.only or [name for name in STUDIES if name not in figures()]:
            needed = (*STUDIES[name].after, *rows_among(STUDIES[name]))
            absent = [one for one in needed if not marker(asked.work, one).is_file()]
            if absent:
                parser.error(f"{name} needs runs that {asked.work} lacks: --only {' '.join(absent)} {name}")
            print(f"{name} ...", file=sys.stderr, flush=True)
            keep(name, measure(STUDIES[name], asked.work.resolve()))
    PAGE.write_text(text_page.page(figures()), encoding="utf-8")
    return 0


def keep(name: str, row: dict[str, Any]) -> None:
    """Add a row to the raw figures, in the order of the table."""
    found = {**figures(), name: row}
    ordered = {one: found[one] for one in STUDIES if one in found}
    RAW.write_text(json.dumps(ordered, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
