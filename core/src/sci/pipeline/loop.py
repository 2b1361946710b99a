"""The training loop: the core owns the order of rows, the rate of each step, checkpoints, stopping and signals."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from sci.api import Schedule, State, Step, Trainer, TrainingError
from sci.api.errors import Interrupted
from sci.pipeline.bulletin import Bulletin
from sci.pipeline.context import Context
from sci.pipeline.order import order
from sci.runs import checkpoints

CHUNK_STEPS = 64
CHUNK_SECONDS = 1.0
DEFAULT_MINUTES = 5.0
REMEMBERED = 256
"""Losses of the last updates that a report of failed training shows."""

Row = dict[str, float]


@dataclass(frozen=True)
class Plan:
    """How long training lasts and what it watches.

    Args:
        rows: number of training rows.
        batch_size: rows of one update.
        total: number of updates.
        seed: the order of rows follows from it.
        monitor: the validation figure that early stopping watches; None keeps the last weights.
        higher_is_better: of the monitor.
        patience: epochs without a better value before training stops.
        every_steps, every_epochs, every_minutes: when checkpoints are written; none given: each epoch, at most one in
            five minutes, and inside an epoch that itself lasts longer. The last step always has one.
        keep: how many checkpoints stay.
        fit_once: one step with all rows.
        lengths: int64 [rows], rows of similar length share a batch; None: batches are drawn whatever the lengths.
    """

    rows: int
    batch_size: int
    total: int
    seed: int
    monitor: str | None = None
    higher_is_better: bool = False
    minimum_change: float = 0.0
    patience: int = 0
    every_steps: int | None = None
    every_epochs: int | None = None
    every_minutes: float | None = None
    keep: int = 2
    fit_once: bool = False
    lengths: np.ndarray | None = None

    @property
    def per_epoch(self) -> int:
        """Updates in one pass over the rows."""
        return -(-self.rows // self.batch_size)

    @property
    def epochs(self) -> int:
        """Passes, the last one perhaps cut short."""
        return -(-self.total // self.per_epoch)


@dataclass(frozen=True)
class Stopped:
    """Where training stood when it failed.

    Args:
        step: number of the update; None where none had begun.
        epoch: of that update, from 1.
        kept: number of the update of the newest whole checkpoint.
        history: rows of the finished epochs.
        steps: int64 [n], numbers of the last updates.
        losses: float64 [n], their losses.
        ids: int64 [rows] of the batch to blame; None where no batch is.
    """

    step: int | None
    epoch: int | None
    kept: int | None
    history: list[Row]
    steps: np.ndarray
    losses: np.ndarray
    ids: np.ndarray | None


@dataclass
class Progress:
    """Where training stands; with the trainer's state this is all that the next step depends on."""

    step: int = 0
    history: list[Row] = field(default_factory=list)
    losses: float = 0.0
    counted: int = 0
    best: float | None = None
    best_epoch: int | None = None
    waited: int = 0

    def as_state(self, schedule: Schedule | None) -> State:
        meta = dict(vars(self))
        state = schedule.state() if schedule is not None and hasattr(schedule, "state") else State()
        return State(dict(state.arrays), {"progress": meta, "schedule": state.meta})


class Loop:
    """Trains one network.

    Args:
        trainer: the engine's side.
        plan: how long, how often.
        context: reports, log, signals; its directory receives ``checkpoints/``.
        validate: called after each epoch; figures of the validation rows.
        weights: the network's weights now, and `restore` puts weights back: for the best epoch.
        schedule: factor of the learning rate, or None.
    """

    def __init__(
        self,
        trainer: Trainer,
        plan: Plan,
        context: Context,
        validate: Callable[[], Row],
        weights: Callable[[], State],
        restore: Callable[[State], None],
        schedule: Schedule | None = None,
        ids: np.ndarray | None = None,
    ) -> None:
        self.trainer = trainer
        self.plan = plan
        self.context = context
        self.validate = validate
        self.weights = weights
        self.restore = restore
        self.schedule = schedule
        self.ids = ids
        self.progress = Progress()
        self.bulletin = Bulletin(context)
        self.best: State | None = None
        self.folder = context.directory / "checkpoints"
        self._chunk = 1
        self._last_step: Step | None = None
        self._saved_at = self._epoch_began = time.monotonic()
        self._unbounded: set[str] = set()
        self._recent: deque[tuple[int, float]] = deque(maxlen=REMEMBERED)
        self._running: Step | None = None
        self._blamed: Step | None = None

    def run(self) -> list[Row]:
        """Train to the end, from the newest good checkpoint if there is one; the history, one row for each epoch."""
        if not self.plan.fit_once:
            self._unbounded = unbounded(self.weights())
        self._resume()
        try:
            while self.progress.step < self.plan.total and not self._exhausted():
                self._epoch()
            if not self.plan.fit_once:
                self.save()
        except (TrainingError, MemoryError):
            self.context.facts["stopped"] = self._stopped()
            raise
        finally:
            self.bulletin.issue()
        if self.best is not None:
            self.restore(self.best)
        return self.progress.history

    def _stopped(self) -> Stopped:
        step = self._blamed or self._running
        kept = checkpoints.newest(self.folder)
        numbers, losses = zip(*self._recent, strict=True) if self._recent else ((), ())
        return Stopped(
            None if step is None else step.number,
            None if step is None else step.epoch + 1,
            checkpoints.step_of(kept[0]) if kept else None,
            list(self.progress.history),
            np.array(numbers, dtype=np.int64),
            np.array(losses, dtype=np.float64),
            None if self._blamed is None else self._ids(self._blamed),
        )

    def _ids(self, step: Step) -> np.ndarray:
        return step.indices if self.ids is None else self.ids[step.indices]

    def _exhausted(self) -> bool:
        return self.plan.monitor is not None and self.progress.waited >= self.plan.patience

    def _resume(self) -> None:
        damaged = []
        found = "training begins anew"
        for path, states, reason in checkpoints.good(self.folder):
            if states is None:
                damaged.append((path, reason))
                continue
            self._take_over(states)
            found = f"training goes on from step {self.progress.step:,}"
            break
        for path, reason in damaged:
            checkpoints.set_aside(path)
            self.context.warn("resume.checkpoint", f"{reason}; {found}")

    def _take_over(self, states: Mapping[str, State]) -> None:
        self.trainer.load_state(states["trainer"])
        self.best = states.get("best")
        saved = states["loop"]
        self.progress = Progress(**saved.meta["progress"])
        if self.schedule is not None and hasattr(self.schedule, "load_state"):
            self.schedule.load_state(State(saved.arrays, saved.meta["schedule"]))
        if self.context.manifest is not None:
            self.context.manifest.resumed(self.progress.step)
        text = f"step {self.progress.step:,} of {self.plan.total:,}"
        self.context.log(f"found {text}")
        if not self.context.quiet:
            self.context.view.resumed(text)

    def _epoch(self) -> None:
        plan, progress = self.plan, self.progress
        epoch, within = divmod(progress.step, plan.per_epoch)
        if plan.fit_once:
            batches = [np.arange(plan.rows, dtype=np.int64)]
        else:
            batches = order(plan.seed, epoch, plan.rows, plan.batch_size, plan.lengths)
        batches = batches[: plan.total - epoch * plan.per_epoch]
        self._epoch_began = time.monotonic()
        while within < len(batches):
            size = min(self._chunk, len(batches) - within, self._until_checkpoint())
            steps = [
                Step(progress.step + i, epoch, batches[within + i], self._rate(progress.step + i)) for i in range(size)
            ]
            self._run(steps)
            within += size
            if within == len(batches):
                break  # the epoch ends first: a checkpoint of its last step holds its row of the history
            if self._due(False, epoch):
                self.save()
            self._look_at_signals()
        self._end_of_epoch(epoch, time.monotonic() - self._epoch_began)
        if self._due(True, epoch):
            self.save()
        self._look_at_signals()

    def _rate(self, step: int) -> float:
        return 1.0 if self.schedule is None else float(self.schedule.factor(step, self.plan.total))

    def _run(self, steps: list[Step]) -> None:
        begun = time.monotonic()
        self._running = steps[0]
        losses = np.asarray(self.trainer.run(steps), dtype=np.float64)
        seconds = max(time.monotonic() - begun, 1e-6)
        self._chunk = int(np.clip(CHUNK_SECONDS * len(steps) / seconds, 1, CHUNK_STEPS))
        bad = np.flatnonzero(~np.isfinite(losses))
        made = len(steps) if not len(bad) else int(bad[0]) + 1
        last = slice(max(0, made - REMEMBERED), made)
        self._recent.extend(zip([step.number for step in steps[last]], losses[last].tolist(), strict=False))
        self.bulletin.steps(steps[:made], losses)
        if len(bad):
            self._diverged(steps[int(bad[0])], losses[int(bad[0])])
        self.progress.step += len(steps)
        self._last_step = steps[-1]
        for loss in losses.tolist():  # one by one, so that the sum does not depend on how steps are grouped
            self.progress.losses += loss
        self.progress.counted += len(losses)
        self.context.report(f"loss {losses[-1]:.3g}", self.progress.step, self.plan.total)

    def _diverged(self, step: Step, loss: float) -> NoReturn:
        name = "NaN" if np.isnan(loss) else "infinite"
        self._lost(step, f"loss {loss}", f"loss became {name}")

    def _lost(self, step: Step, found: str, what: str) -> NoReturn:
        """End training at this step, whose rows go into the log."""
        self._blamed = step
        ids = " ".join(map(str, self._ids(step).tolist()))
        self.context.log(f"{found} at step {step.number}; rows of that batch: {ids}")
        kept = checkpoints.newest(self.folder)
        rest = f"; weights of step {checkpoints.step_of(kept[0])} are kept" if kept else ""
        raise TrainingError(
            f"{what} at step {step.number} (epoch {step.epoch + 1}){rest}",
            id="train.diverged",
            note="the rows of that batch are in log.txt",
            hint="a smaller training.optimizer.learning_rate, or preprocessing: [standardize]",
        )

    def _end_of_epoch(self, epoch: int, seconds: float) -> None:
        progress = self.progress
        row: Row = {"epoch": epoch + 1, "step": progress.step, "loss": progress.losses / max(progress.counted, 1)}
        row.update(self.validate())
        row["seconds"] = round(seconds, 4)
        progress.losses, progress.counted = 0.0, 0
        progress.history.append(row)
        self.bulletin.epoch(row)
        if self.plan.monitor is not None:
            self._watch(row, epoch)
        if self.schedule is not None and hasattr(self.schedule, "observe"):
            value = row.get(self.plan.monitor or "validation_loss", row["loss"])
            self.schedule.observe(-value if self.plan.higher_is_better else value)
        if not self.context.quiet:
            self.context.view.epoch(row, self.plan.epochs, self.plan.monitor, progress.best_epoch)
        shown = " ".join(f"{name} {value:.4g}" for name, value in row.items() if name not in ("epoch", "seconds"))
        self.context.log(f"epoch {epoch + 1}/{self.plan.epochs} {shown}")

    def _watch(self, row: Mapping[str, float], epoch: int) -> None:
        assert self.plan.monitor is not None
        value = row[self.plan.monitor]
        sign = 1.0 if self.plan.higher_is_better else -1.0
        best = self.progress.best
        if np.isfinite(value) and (best is None or sign * (value - best) > self.plan.minimum_change):
            self.progress.best, self.progress.best_epoch, self.progress.waited = value, epoch + 1, 0
            self.best = self.weights()
        else:
            self.progress.waited += 1

    def _until_checkpoint(self) -> int:
        every = self.plan.every_steps
        return CHUNK_STEPS if every is None else every - self.progress.step % every

    def _due(self, epoch_over: bool, epoch: int) -> bool:
        plan = self.plan
        if plan.fit_once or self.progress.step >= plan.total:
            return False
        if plan.every_steps is not None:
            return self.progress.step % plan.every_steps == 0
        if plan.every_epochs is not None:
            return epoch_over and (epoch + 1) % plan.every_epochs == 0
        minutes = DEFAULT_MINUTES if plan.every_minutes is None else plan.every_minutes
        now = time.monotonic()
        long_epoch = now - self._epoch_began >= 60 * minutes
        return now - self._saved_at >= 60 * minutes and (epoch_over or long_epoch)

    def save(self) -> None:
        """Write a checkpoint of this very step; observers have heard of everything before it.

        `TrainingError` when the last update left weights that are not finite, which the next loss would have told: the
        good checkpoint before it stays the newest.
        """
        self.bulletin.issue()
        spoiled = sorted(unbounded(self.weights()) - self._unbounded)
        if spoiled and self._last_step is not None:
            overflowed = f"weights `{spoiled[0]}` overflowed"
            self._lost(self._last_step, overflowed, overflowed)
        states = {"trainer": self.trainer.state(), "loop": self.progress.as_state(self.schedule)}
        if self.best is not None:
            states["best"] = self.best
        checkpoints.save(self.folder, self.progress.step, states, self.plan.keep)
        self._saved_at = time.monotonic()

    def _look_at_signals(self) -> None:
        if self.context.stop_requested():
            if not self.plan.fit_once:
                self.save()
            raise Interrupted(
                f"interrupted in epoch {self.progress.step // self.plan.per_epoch + 1} of {self.plan.epochs}, "
                f"step {self.progress.step}" + ("" if self.plan.fit_once else "; checkpoint written"),
                id="run.interrupted",
            )


def unbounded(weights: State) -> set[str]:
    """Names of the weights with a value that is not finite."""
    return {name for name, array in weights.arrays.items() if not np.isfinite(array).all()}


def plan_of(training: Mapping[str, Any], rows: int, seed: int, fit_once: bool, **more: Any) -> Plan:
    """The plan that the `training` section describes."""
    if fit_once:
        return Plan(rows, max(rows, 1), 1, seed, fit_once=True)
    size = training.get("batch_size") or 32
    batch_size = max(rows, 1) if size == "all" else min(int(size), max(rows, 1))
    per_epoch = -(-rows // batch_size)
    total = training.get("max_steps") or (training.get("epochs") or 10) * per_epoch
    cadence = dict(training.get("checkpoint") or {})
    keep = cadence.pop("keep", None) or 2
    return Plan(rows, batch_size, int(total), seed, keep=keep, **cadence, **more)
