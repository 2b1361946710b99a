"""`sci run FILE`, as far as training goes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import workloads
from turns import Turns

from sci.cli.views import PlainView
from sci.pipeline.runner import run

TURNS = Turns()
WORK = workloads.here()


class WatchedView(PlainView):
    """What `sci run` shows without a terminal, and who is next."""

    def stage(self, name: str) -> None:
        super().stage(name)
        if name == "train":
            TURNS.next()

    def epoch(self, row: Mapping[str, float], epochs: int, monitor: str | None, best: int | None) -> None:
        super().epoch(row, epochs, monitor, best)
        assert row["step"] == row["epoch"] * -(-WORK.rows // WORK.batch_size), "as many updates as the rivals make"
        TURNS.next()


file = Path(sys.argv[1])
run(file, output=file.stem, view=WatchedView())
