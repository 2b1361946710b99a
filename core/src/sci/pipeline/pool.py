"""The models of a study in processes of their own, several at a time."""

from __future__ import annotations

import collections
import contextlib
import json
import math
import os
import pathlib
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, TextIO

import numpy as np

from sci.api import Dataset, TrainingError
from sci.api.errors import Interrupted, StorageError
from sci.pipeline.budget import THREADS, Budget
from sci.pipeline.child import read_evaluation
from sci.pipeline.children import FATAL, Failure, Family, Job, child_of, read_back, rival_context
from sci.pipeline.context import Context
from sci.pipeline.messages import Channel, error_from_json, job_as_json

EVENTS = ("steps_ended", "epoch_ended", "evaluation_ended")
SECONDS = 0.2
"""So often the study looks whether it was asked to stop."""
PATIENCE = 10.0
"""Seconds that an idle process has to end."""


class Process:
    """A process that trains one model after the other.

    Args:
        hello: its first message.
        threads: of its arithmetic.
        log: its standard error.
        heard: what it says is put there, as a pair with itself; None when it has ended.
    """

    def __init__(self, hello: Mapping[str, Any], threads: int, log: TextIO, heard: queue.Queue[Any]) -> None:
        path = os.pathsep.join(entry for entry in sys.path if entry)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sci.pipeline.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, THREADS: str(threads), "PYTHONPATH": path},
            encoding="utf-8",
            start_new_session=os.name != "nt",  # Ctrl-C comes to the study, which passes it on once
        )
        assert self._process.stdin is not None
        self._channel = Channel(self._process.stdin)
        self._heard = heard
        self.job: Job | None = None
        self.began = 0.0
        self.send("hello", **hello)
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def send(self, what: str, **facts: Any) -> None:
        """A message; a process that has ended says so by itself."""
        with contextlib.suppress(OSError, ValueError):
            self._channel.send(what, **facts)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as said:
            for line in said:
                self._heard.put((self, json.loads(line)))
        self._process.wait()
        self._heard.put((self, None))

    def ask_to_stop(self) -> None:
        """What is being trained ends at the next step, with a checkpoint."""
        with contextlib.suppress(OSError):
            self._process.send_signal(signal.SIGTERM)

    def end(self, patience: float) -> None:
        """No more work; after so many seconds it is killed."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listening.join()

    @property
    def fate(self) -> str:
        """How it ended, in words."""
        code = self._process.returncode
        return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


class Pool:
    """Hands jobs to processes and gathers what they come to.

    Args:
        context: of the run.
        dataset: all rows.
        folder: whose policy holds.
        budget: how many processes, with how many threads.
    """

    def __init__(self, context: Context, dataset: Dataset, folder: pathlib.Path, budget: Budget) -> None:
        self.context = context
        self.dataset = dataset
        self.budget = budget
        observers = context.observers
        hears = [event for event in EVENTS if observers is not None and observers.hear(event)]
        self._hello = {
            "run": str(context.directory.absolute()),
            "folder": str(folder.absolute()),
            "data": dataset.fingerprint(),
            "hears": hears,
        }
        self._heard: queue.Queue[Any] = queue.Queue()
        self._processes: list[Process] = []
        self._running: dict[str, str] = {}
        self._stopping = False

    def __enter__(self) -> Pool:
        try:
            self._log = (self.context.directory / "log.txt").open("a", encoding="utf-8")
        except OSError as error:
            raise StorageError(f"log.txt cannot be written: {error}", id="storage.write") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for process in self._processes:
            process.end(0.0 if kind is KeyboardInterrupt else PATIENCE)
        self._log.close()

    def run(self, jobs: Sequence[Job]) -> Iterator[Family | Failure]:
        """Each job's outcome, as they end.

        Raises:
            Interrupted: a signal asked to stop; every process has written where it stands.
        """
        waiting = collections.deque(jobs)
        while waiting or self._busy():
            self._look_at_signals(waiting)
            self._assign(waiting)
            try:
                process, message = self._heard.get(timeout=SECONDS)
            except queue.Empty:
                continue
            found = self._understood(process, message)
            if found is not None:
                yield found
        if self.context.stop is not None:
            self.context.stop.check()

    def _busy(self) -> list[Process]:
        return [process for process in self._processes if process.job is not None]

    def _look_at_signals(self, waiting: collections.deque[Job]) -> None:
        if self._stopping or not self.context.stop_requested():
            return
        self._stopping = True
        waiting.clear()
        for process in self._busy():
            process.ask_to_stop()

    def _assign(self, waiting: collections.deque[Job]) -> None:
        while waiting and len(self._busy()) < self.budget.processes:
            idle = [process for process in self._processes if process.job is None]
            process = idle[0] if idle else self._started()
            process.job, process.began = waiting.popleft(), time.monotonic()
            child_of(self.context, process.job).tell("stage_started", stage="train")
            self._show(process.job, "starting")
            process.send("job", **job_as_json(process.job))

    def _started(self) -> Process:
        process = Process(self._hello, self.budget.threads, self._log, self._heard)
        self._processes.append(process)
        return process

    def _understood(self, process: Process, message: Mapping[str, Any] | None) -> Family | Failure | None:
        """What a message means for the study: an outcome where a job has come to its end."""
        job = process.job
        if message is None:
            self._processes.remove(process)
            process.end(PATIENCE)
            return self._lost(process)
        assert job is not None
        match message["what"]:
            case "finished":
                child = child_of(self.context, job)
                child.tell("stage_finished", stage="train", seconds=time.monotonic() - process.began)
                return self._ended(process, read_back(child, self.dataset, job))
            case "failed":
                error = error_from_json(message["error"])
                if isinstance(error, FATAL):
                    raise error
                return self._ended(process, Failure(job, error))
            case "interrupted":
                self._ended(process, None)
                if not self._stopping:
                    raise Interrupted("interrupted", id="run.interrupted")
            case "running":
                self._show(job, message["text"])
            case "warning":
                self.context.warn(message["id"], message["message"])
            case "observed":
                self._owner(job, message["folder"]).tell(message["event"], **_told(message["facts"]))
            case "evaluated":
                where = self._owner(job, message["folder"])
                evaluation = read_evaluation(where.directory, self.dataset, job.fold, job.seed)
                where.tell("evaluation_ended", evaluation=evaluation)
                process.send("heard")
        return None

    def _ended(self, process: Process, found: Family | Failure | None) -> Family | Failure | None:
        if process.job is not None:
            self._running.pop(process.job.name, None)
        process.job = None
        return found

    def _lost(self, process: Process) -> Failure | None:
        """A process that ended in the middle of a job: killed for its memory, or by a fault of a library."""
        job = process.job
        self._ended(process, None)
        if job is None or self._stopping:
            return None
        error = TrainingError(
            f"the process that trained {job.name} ended with {process.fate}",
            id="study.process",
            hint="study: {parallel: 1}, where memory was short; log.txt of the run",
        )
        return Failure(job, error)

    def _show(self, job: Job, text: str) -> None:
        self._running[job.name] = text
        self.context.view.running(dict(self._running))

    def _owner(self, job: Job, folder: str) -> Context:
        """The context of a child, or of a baseline beside it."""
        child = child_of(self.context, job)
        directory = pathlib.Path(folder)
        if directory.name == child.directory.name:
            return child
        return rival_context(child, directory.name.removeprefix("baseline-"), self.dataset)


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of an event as observers hear them: arrays, and NaN where a line of JSON has null."""
    if "steps" in facts:
        return {"steps": {name: np.array(list(map(_number, values))) for name, values in facts["steps"].items()}}
    return {"rows": [{name: _number(value) for name, value in row.items()} for row in facts["rows"]]}


def _number(value: float | None) -> float:
    return math.nan if value is None else value
