"""Runs the conformance kit over every plugin of this repository, and writes the page about what came of it.

python tests/conformance/report.py          # test every plugin; write the raw results and the page
python tests/conformance/report.py --page   # write the page from the raw results
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/benchmarks"))

import figures  # noqa: E402

FOLDER = ROOT / "docs/reference"
RAW = FOLDER / "conformance-report.json"
PAGE = FOLDER / "conformance-report.md"
ENGINES = ("numpy", "torch", "tensorflow")


def folders() -> list[Path]:
    """Every folder of this repository that a plugin is built from."""
    found = []
    for file in sorted((ROOT / "plugins").glob("*/pyproject.toml")):
        declared = tomllib.loads(file.read_text(encoding="utf-8"))["project"].get("entry-points", {})
        if "sci.plugins" in declared:
            found.append(file.parent)
    return found


def tested(folder: Path) -> dict[str, Any]:
    """What `sci plugin test` says of a plugin, check by check; results that passed or were skipped are counted."""
    command = [sys.executable, "-m", "sci", "plugin", "test", str(folder), "--level", "recommended", "--json"]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False)
    if done.returncode not in (0, 4):
        raise RuntimeError(f"{folder.name}: {done.stderr}")
    document = json.loads(done.stdout)
    results = document["results"]
    checks: dict[str, Counter[str]] = {}
    for one in results:
        checks.setdefault(one["id"], Counter())[one["outcome"]] += 1
    said = [
        {key: one[key] for key in ("id", "subject", "outcome", "level", "received", "reason")}
        for one in results
        if one["outcome"] not in ("passed", "skipped")
    ]
    facts = {key: document[key] for key in ("plugin", "version", "passed")}
    return {**facts, "seconds": round(time.perf_counter() - began, 1), "checks": checks, "said": said}


def outcomes(plugin: Mapping[str, Any]) -> Counter[str]:
    """How many results there are of each kind; a failure of a recommended check is ``missed``."""
    total: Counter[str] = Counter()
    for counted in plugin["checks"].values():
        total.update(counted)
    missed = sum(one["outcome"] == "failed" and one["level"] == "recommended" for one in plugin["said"])
    return total + Counter(missed=missed) - Counter(failed=missed)


def page(raw: Mapping[str, Any]) -> str:
    """The page, from the raw results alone."""
    rows, total = [], Counter[str]()
    for plugin in raw["plugins"]:
        found = outcomes(plugin)
        total.update(found)
        rows.append(_row(f"`{plugin['plugin']}` {plugin['version']}", len(plugin["checks"]), found))
    ids = {id for plugin in raw["plugins"] for id in plugin["checks"]}
    versions = ", ".join(f"{name} {version}" for name, version in raw["versions"].items())
    return "\n".join(
        [
            "# Conformance of our own plugins",
            "",
            "Every plugin of this repository, as `sci plugin test PATH --level recommended` finds it. A check is made on",
            "every component that it concerns, on every engine; a cell counts these results.",
            "",
            "| plugin | checks | passed | failed | expected failures | recommended, not met | nothing to look at |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *rows,
            _row("together", len(ids), total),
            "",
            "## Expected failures",
            "",
            *_listed(raw, lambda one: one["outcome"] == "expected", "reason"),
            "",
            "## Recommended, and not met",
            "",
            *_listed(raw, lambda one: one["outcome"] == "failed" and one["level"] == "recommended", "received"),
            "",
            f"Tested on {raw['date']} with Python {raw['python']} on {raw['platform']}: {versions}.",
            "Raw results: [conformance-report.json](conformance-report.json). Again: `make kit`.",
            "",
        ]
    )


def _row(name: str, checks: int, found: Mapping[str, int]) -> str:
    counted = (found.get(key, 0) for key in ("passed", "failed", "expected", "missed", "skipped"))
    return f"| {name} | {checks} | {' | '.join(f'{count:,}' for count in counted)} |"


def _listed(raw: Mapping[str, Any], wanted: Any, key: str) -> Sequence[str]:
    """One line for each check of a plugin, with the components that it concerns."""
    lines: dict[tuple[str, str, str], list[str]] = {}
    for plugin in raw["plugins"]:
        for one in filter(wanted, plugin["said"]):
            lines.setdefault((plugin["plugin"], one["id"], one[key]), []).append(one["subject"])
    return [
        f"- `{plugin}`, [`{id}`](conformance.md): {', '.join(subjects)}: {text}"
        for (plugin, id, text), subjects in lines.items()
    ] or ["None."]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true", help="Test nothing; write the page from the raw results.")
    arguments = parser.parse_args()
    if not arguments.page:
        versions = {name: importlib.metadata.version(name) for name in ("sci-core", *ENGINES)}
        found = []
        for folder in folders():
            found.append(tested(folder))
            print(f"{folder.name}: {dict(outcomes(found[-1]))} in {found[-1]['seconds']} s", flush=True)
        facts = {key: value for key, value in figures.facts().items() if key in ("date", "python", "platform")}
        figures.write(RAW, {**facts, "versions": versions, "plugins": found})
    raw = figures.read(RAW)
    PAGE.write_text(page(raw), encoding="utf-8")
    return int(not all(plugin["passed"] for plugin in raw["plugins"]))


if __name__ == "__main__":
    sys.exit(main())
