"""One real study, from a template to its report, through the same commands that a user types.

Each demo lies in a folder of its own under `runs/demo/`, so that every one of them is the first look at its test rows.
The last line on stdout is the path of the report.
"""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
TEMPLATE = "digits"


def main() -> None:
    """Copy the template, check it, run it, and say where the report is."""
    study = new_folder() / TEMPLATE
    sci("init", TEMPLATE, folder=study.parent)
    say(f"$ cd {study.relative_to(ROOT)}")
    sci("check", "experiment.yaml", folder=study)
    run = sci("run", "experiment.yaml", folder=study)[-1]
    report = study / run / "report.html"
    if not report.is_file():
        raise SystemExit(f"the run wrote no report: {report}")
    say("\nThe report, a file for any browser:")
    say(str(report))


def new_folder() -> pathlib.Path:
    """A new folder under `runs/demo/`, which git ignores."""
    parent = ROOT / "runs" / "demo"
    parent.mkdir(parents=True, exist_ok=True)
    return pathlib.Path(tempfile.mkdtemp(prefix=time.strftime("%Y%m%d-%H%M%S-"), dir=parent))


def sci(*arguments: str, folder: pathlib.Path) -> list[str]:
    """Show a command, run it, pass on what it prints, and return its lines on stdout."""
    say(f"$ sci {' '.join(arguments)}")
    with subprocess.Popen(
        [sys.executable, "-m", "sci", *arguments], cwd=folder, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            say(lines[-1])
    if process.returncode:
        raise SystemExit(process.returncode)
    say("")
    return lines


def say(line: str) -> None:
    """Print at once, so that stdout and the progress on stderr keep their order."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
