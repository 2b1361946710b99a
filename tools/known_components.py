"""Write core/src/sci/plugins/known.json: which standard plugin brings which component.

    python tools/known_components.py            # write the file
    python tools/known_components.py --check    # exit 1 when it is not current

The plugins of the repository must be installed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from sci.api.kinds import KINDS
from sci.plugins.manager import assemble
from sci.plugins.policy import Policy
from sci.plugins.records import PluginRecord

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "core/src/sci/plugins/known.json"


def distributions() -> set[str]:
    """Names of the distributions under plugins/ that bring components; a bundle brings none."""
    return {
        project["name"]
        for file in ROOT.glob("plugins/*/pyproject.toml")
        if "sci.plugins" in (project := tomllib.loads(file.read_text(encoding="utf-8"))["project"])["entry-points"]
    }


def standard(records: Sequence[PluginRecord]) -> list[PluginRecord]:
    """The records of the repository's own plugins; all of them must be installed and in use."""
    chosen = [record for record in records if record.distribution in distributions()]
    missing = distributions() - {record.distribution for record in chosen if record.in_use}
    if missing:
        raise SystemExit(f"not installed, or broken: {', '.join(sorted(missing))}")
    return chosen


def homes(records: Sequence[PluginRecord]) -> dict[str, dict[str, str | dict[str, str]]]:
    """Kind to name to distribution; for native kinds to engine to distribution."""
    found: dict[str, dict[str, str | dict[str, str]]] = {}
    for kind in KINDS.values():
        names: dict[str, str | dict[str, str]] = {}
        for record in records:
            for spec in record.specs.get(kind.name, ()):
                engines = dict.fromkeys(spec.engines, record.distribution)
                earlier = names.get(spec.name, {})
                names[spec.name] = (
                    {**earlier, **engines} if kind.native and isinstance(earlier, dict) else record.distribution
                )
        if names:
            found[kind.name] = {
                name: dict(sorted(where.items())) if isinstance(where, dict) else where
                for name, where in sorted(names.items())
            }
    return found


def text() -> str:
    """What the file should hold."""
    records = standard(assemble(Policy(), environ={}).records)
    return json.dumps(homes(records), indent=1) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    current = text()
    if parser.parse_args().check:
        return int(FILE.read_text(encoding="utf-8") != current)
    FILE.write_text(current, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
