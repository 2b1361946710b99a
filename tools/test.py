"""Run every test, and say what was skipped, what was costly, how much of the sources was run, and what is long.

    python tools/test.py                    # everything but the tests that need a browser
    python tools/test.py core/tests -k run  # a choice: whatever pytest takes; the floor of coverage does not apply

The exit code is pytest's; where the tests pass and coverage is under its floor, it is 1.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [ROOT / "core/src", *sorted(ROOT.glob("plugins/*/src"))]

TESTS = ("core/tests", "plugins", "tests")
FLOOR = 90.0
"""Percent of the lines that the tests run, at least; what only processes of their own run is not counted."""


def main(arguments: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="sci-test-") as scratch:
        folder = Path(scratch)
        code, last = run_pytest(folder, arguments)
        skipped(folder / "junit.xml")
        costly(folder / "junit.xml")
        percent = covered(folder / "coverage.json")
    longest()
    print(f"\n{last}")
    if code == 0 and not arguments and percent < FLOOR:
        print(f"coverage is {percent:.1f} %, under the floor of {FLOOR:.0f} %")
        return 1
    return code


def run_pytest(folder: Path, arguments: Sequence[str]) -> tuple[int, str]:
    """The exit code, and the last line that says how it went; all lines are shown as they come."""
    command = [
        *(sys.executable, "-m", "slipcover", "--source", ",".join(map(str, SOURCES))),
        *("--json", "--out", str(folder / "coverage.json")),
        *("-m", "pytest", "-W", "ignore:Module already imported", "-m", "not browser", "-q"),
        *("-n", "2", "--dist", "loadscope", "--no-loadscope-reorder"),
        *(f"--junitxml={folder / 'junit.xml'}", *(arguments or TESTS)),
    ]
    last = ""
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True, encoding="utf-8", errors="replace"
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            last = line.strip() or last
    return process.returncode, last


def environment() -> dict[str, str]:
    """This environment without settings that change what `sci` does, with one thread, and nothing to be downloaded."""
    changing = {name for name in os.environ if name.startswith("SCI_")} - {"SCI_REFERENCE_DATA"}
    kept = {name: value for name, value in os.environ.items() if name not in changing}
    return {**kept, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}


def skipped(file: Path) -> None:
    """How many tests were skipped, for which reasons."""
    if not file.is_file():
        return
    reasons = Counter(
        one.get("message", "") for one in ElementTree.parse(file).iter("skipped") if one.get("type") != "pytest.xfail"
    )
    print(f"\nskipped: {reasons.total()}")
    for reason, count in reasons.most_common():
        print(f"{count:5}  {reason}")


def costly(file: Path, count: int = 20) -> None:
    """The tests that took most processor time: on a machine that does other things too it says more than a clock."""
    if not file.is_file():
        return
    found = sorted(
        (
            (float(one.get("value", 0)), f"{test.get('classname')}: {test.get('name')}")
            for test in ElementTree.parse(file).iter("testcase")
            for one in test.iter("property")
            if one.get("name") == "processor-seconds"
        ),
        reverse=True,
    )
    print(f"\nprocessor seconds: {sum(seconds for seconds, _ in found):.0f}, of which most in")
    for seconds, name in found[:count]:
        print(f"{seconds:7.1f}  {name}")


def covered(file: Path) -> float:
    """Percent of the lines that were run, printed for each distribution; returned for all of them."""
    counts = {source: Counter[str]() for source in SOURCES}
    for name, found in json.loads(file.read_text(encoding="utf-8"))["files"].items():
        [source] = [one for one in SOURCES if (ROOT / name).is_relative_to(one)]
        counts[source].update(
            run=len(found["executed_lines"]), all=len(found["executed_lines"] + found["missing_lines"])
        )
    print("\ncoverage, lines:")
    for source, count in counts.items():
        print(f"{100 * count['run'] / max(count['all'], 1):7.1f} %  {source.parent.name}")
    together = sum(counts.values(), Counter())
    total = 100 * together["run"] / max(together["all"], 1)
    print(f"{total:7.1f} %  together")
    return total


def longest(count: int = 10) -> None:
    """The longest functions and modules: a hint where to look, and no rule."""
    functions, modules = [], []
    for source in SOURCES:
        for file in source.rglob("*.py"):
            name = file.relative_to(ROOT).as_posix()
            text = file.read_text(encoding="utf-8")
            modules.append((len(text.splitlines()), name))
            functions += [(lines, f"{name}: {function}") for lines, function in spans(ast.parse(text))]
    for title, sizes in (("functions", functions), ("modules", modules)):
        print(f"\nlongest {title}, in lines:")
        for lines, name in sorted(sizes, key=lambda one: (-one[0], one[1]))[:count]:
            print(f"{lines:5}  {name}")


def spans(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Lines and name of every function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1, node.name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
