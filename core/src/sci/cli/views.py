"""What is seen of a run while it runs, on stderr."""

from __future__ import annotations

import contextlib
import statistics
import sys
import time
from collections import deque
from collections.abc import Mapping
from itertools import pairwise

from sci.cli.errors import printable
from sci.cli.paint import about, bar, cells, duration, mark, pad, paint, width, wrapped
from sci.pipeline.view import View

PLAIN_SECONDS = 30.0
LIVE_SECONDS = 1 / 8
EPOCHS_SHOWN = 3
WARNINGS_SHOWN = 3


def view_for(quiet: bool, json: bool) -> View:
    """The view that suits the streams: nothing, a live block, or plain lines."""
    if quiet or json:
        return View()
    return LiveView() if sys.stderr.isatty() and width() >= 40 else PlainView()


def figures(row: Mapping[str, float]) -> str:
    """``loss 0.102 validation loss 0.104 f1 0.951``."""
    left_out = ("epoch", "step", "seconds")
    return " ".join(f"{name.replace('_', ' ')} {value:.3g}" for name, value in row.items() if name not in left_out)


def tell(text: str) -> None:
    """Write to stderr; a reader who has left ends no run."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(text)
        sys.stderr.flush()


class SparingView(View):
    """The first warnings of a run are shown as they come; when it is over a line says how many more its log holds."""

    def __init__(self) -> None:
        self._warnings = 0

    def warning(self, id: str, message: str) -> None:
        self._warnings += 1
        if self._warnings <= WARNINGS_SHOWN:
            self.warned(f"warning: {printable(message)} [{id}]")

    def close(self) -> None:
        more = self._warnings - WARNINGS_SHOWN
        if more > 0:
            self.warned(f"and {more} more {'warning' if more == 1 else 'warnings'} in log.txt")

    def warned(self, text: str) -> None:
        """Show a line about warnings."""
        raise NotImplementedError


class PlainView(SparingView):
    """One line for each event: time, stage, message."""

    def __init__(self) -> None:
        super().__init__()
        self._last = 0.0
        self._epochs: tuple[str, bool] = ("", True)

    def _line(self, stage: str, text: str) -> None:
        tell(f"{time.strftime('%H:%M:%S', time.gmtime())} {stage:<10} {printable(text)}" + "\n")

    def epoch(self, row: Mapping[str, float], epochs: int, monitor: str | None, best: int | None) -> None:
        text = f"epoch {int(row['epoch'])}/{epochs} {figures(row)}"
        due = time.monotonic() - self._last >= PLAIN_SECONDS
        if due:
            self._line("train", text)
            self._last = time.monotonic()
        self._epochs = (text, due)

    def child(self, name: str, values: str, done: int, total: int) -> None:
        self._epochs = ("", True)  # those of a model that is done are of no interest any more
        self._line("train", f"{done} of {total}  {name}  {values}")

    def finished(self, stage: str, summary: str, seconds: float, warnings: int) -> None:
        if stage == "train" and not self._epochs[1]:
            self._line(stage, self._epochs[0])
            self._epochs = ("", True)
        self._line(stage, summary or "done")

    def warned(self, text: str) -> None:
        self._line("", text)

    def resumed(self, message: str) -> None:
        self._line("train", f"found {message}")

    def stopping(self, message: str) -> None:
        self._line("", message)


class LiveView(SparingView):
    """A block that is redrawn at most eight times a second and collapses to one line for each stage."""

    def __init__(self) -> None:
        super().__init__()
        self.stages: list[str] = []
        self.done: dict[str, tuple[str, float, int]] = {}
        self.current = ""
        self.message = ""
        self.share: float | None = None
        self.rows: deque[tuple[Mapping[str, float], int]] = deque(maxlen=EPOCHS_SHOWN)
        self.best: int | None = None
        self.children: Mapping[str, str] = {}
        self._title = ""
        self._drawn = 0
        self._last = 0.0
        self._begun = 0.0
        self._steps: deque[tuple[float, int]] = deque(maxlen=50)
        self._left = ""

    def started(self, name: str, run: str, engine: str, stages: list[str]) -> None:
        self.stages = stages
        self._title = f"{paint(name, 'bold', sys.stderr)} {run}   {engine}"
        tell(self._title + "\n")

    def stage(self, name: str) -> None:
        self.current, self.message, self.share, self._left = name, "", None, ""
        if name in self.stages:
            self.stages = self.stages[self.stages.index(name) :]  # of the models of a study others were passed over
        self._begun = time.monotonic()
        self._steps.clear()
        self._draw(force=True)

    def progress(self, stage: str, message: str, done: int | None, total: int | None) -> None:
        self.message = message
        if done is not None and total:
            self.share = done / total
            self._steps.append((time.monotonic(), done))
            self._left = self._time_left(done, total)
        self._draw()

    def _time_left(self, done: int, total: int) -> str:
        elapsed = time.monotonic() - self._begun
        if len(self._steps) < 2 or (done / total < 0.05 and elapsed < 10) or elapsed < 2:
            return ""
        pairs = list(self._steps)
        rates = [(after[0] - before[0]) / max(after[1] - before[1], 1) for before, after in pairwise(pairs)]
        return about(statistics.median(rates) * (total - done))

    def epoch(self, row: Mapping[str, float], epochs: int, monitor: str | None, best: int | None) -> None:
        self.rows.append((row, epochs))
        self.best = best
        self._draw()

    def running(self, children: Mapping[str, str]) -> None:
        self.children = children
        self._draw()

    def child(self, name: str, values: str, done: int, total: int) -> None:
        self.children = {one: text for one, text in self.children.items() if one != name}
        self._erase()
        tell(self._row("ok", f"{done}/{total}", f"{name}  {values}", "") + "\n")
        self.share = done / total
        self._draw(force=True)

    def finished(self, stage: str, summary: str, seconds: float, warnings: int) -> None:
        self.done[stage] = (summary, seconds, warnings)
        self._erase()
        state = "warn" if warnings else "ok"
        tell(self._row(state, stage, summary, duration(seconds)) + "\n")
        self.current = ""
        self._draw(force=True)

    def warned(self, text: str) -> None:
        self._erase()
        for line in wrapped(text, width(), "  "):
            tell(paint(line, "yellow", sys.stderr) + "\n")
        self._draw(force=True)

    def resumed(self, message: str) -> None:
        self._erase()
        tell(self._row("ok", "found", message, "") + "\n")

    def stopping(self, message: str) -> None:
        self._erase()
        tell(message + "\n")

    def close(self) -> None:
        super().close()
        self._erase()

    def _row(self, state: str, stage: str, text: str, right: str) -> str:
        colour = {"ok": "green", "warn": "yellow", "fail": "red"}.get(state)
        shown = mark(state)
        left = f"{stage:<12} "
        room = width() - cells(shown) - 1 - cells(left) - cells(right) - 1
        body = cut(printable(text), max(room, 8))
        painted = paint(shown, colour, sys.stderr) if colour else shown
        return f"{painted} {left}{pad(body, max(room, 8))} {right}".rstrip()

    def _block(self) -> list[str]:
        lines = []
        if self.current:
            lines.append(self._row("now", self.current, self._now(), ""))
            if self.current == "train":
                lines += [f"  {'':<12} {line}" for line in self._epochs()]
        waiting = [stage for stage in self.stages if stage not in self.done and stage != self.current]
        lines += [self._row("wait", stage, "", "") for stage in waiting]
        if waiting:
            lines.append(paint("Ctrl-C keeps everything and can be resumed", "dim", sys.stderr))
        return lines

    def _now(self) -> str:
        if self.share is None:
            return self.message
        return f"{bar(self.share, 25)} {100 * self.share:3.0f} %  {self._left or self.message}"

    def _epochs(self) -> list[str]:
        if self.children:
            return [cut(f"{name}   {printable(text)}", width() - 16) for name, text in self.children.items()]
        found = []
        for row, epochs in self.rows:
            kept = "  (best)" if self.best == int(row["epoch"]) else ""
            found.append(cut(f"epoch {int(row['epoch'])} of {epochs}   {figures(row)}{kept}", width() - 16))
        return found

    def _draw(self, force: bool = False) -> None:
        if not force and time.monotonic() - self._last < LIVE_SECONDS:
            return
        self._last = time.monotonic()
        self._erase()
        lines = self._block()
        if lines:
            tell("\n".join(lines) + "\n")
        self._drawn = len(lines)

    def _erase(self) -> None:
        if self._drawn:
            tell(f"\x1b[{self._drawn}A\x1b[J")
            self._drawn = 0


def cut(text: str, room: int) -> str:
    """The text in so many cells; what does not fit ends in two dots."""
    if cells(text) <= room:
        return text
    kept = ""
    for letter in text:
        if cells(kept + letter) > room - 2:
            break
        kept += letter
    return kept + ".."
