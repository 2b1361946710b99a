"""The ledger of test openings: one line for each look at a test set."""

from __future__ import annotations

import json
import pathlib
from typing import Any

from sci.runs.manifest import now
from sci.runs.writer import append_line

FILE = "ledger.jsonl"


class Ledger:
    """`ledger.jsonl` under `--output`, keyed by the fingerprint of the test rows."""

    def __init__(self, output: pathlib.Path) -> None:
        self.path = output / FILE

    def record(self, fingerprint: str, run: str, purpose: str, rows: int) -> None:
        """Write one line: who looked, when, and what for."""
        entry = {"fingerprint": fingerprint, "run": run, "purpose": purpose, "rows": rows, "time": now()}
        append_line(self.path, json.dumps(entry, ensure_ascii=False))

    def entries(self, fingerprint: str) -> list[dict[str, Any]]:
        """All lines on these rows, oldest first; a line that was cut off by a power failure is passed over."""
        if not self.path.exists():
            return []
        found = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if entry.get("fingerprint") == fingerprint:
                found.append(entry)
        return found

    def openings(self, fingerprint: str) -> int:
        """By how many runs this test set was opened for evaluation."""
        return len(self._runs(fingerprint))

    def earlier(self, fingerprint: str, run: str) -> list[str]:
        """The runs that opened this test set for evaluation before a run did, oldest first."""
        runs = self._runs(fingerprint)
        return runs[: runs.index(run)] if run in runs else runs

    def _runs(self, fingerprint: str) -> list[str]:
        found = (entry["run"] for entry in self.entries(fingerprint) if entry["purpose"] == "evaluate")
        return list(dict.fromkeys(found))
