"""A process that trains models of a study, ``python -m sci.pipeline.worker``: the study tells it what to do."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import queue
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from typing import Any

from sci.api import DataError, Dataset, SciError
from sci.api.errors import Interrupted
from sci.experiment.load import load
from sci.pipeline.assembly import Assembly
from sci.pipeline.children import child_of, family
from sci.pipeline.context import Context
from sci.pipeline.loading import loaded
from sci.pipeline.messages import Channel, error_as_json, job_from_json
from sci.pipeline.runner import plugins
from sci.pipeline.stop import Stop
from sci.pipeline.view import View
from sci.runs.ledger import Ledger
from sci.runs.manifest import Manifest

SECONDS = 0.25
"""Progress is told no more often than this."""


class Told(View):
    """Passes on to the study what is to be seen."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._last = 0.0

    def progress(self, stage: str, message: str, done: int | None, total: int | None) -> None:
        self._running(message if done is None or not total else f"{message} {done}/{total}")

    def epoch(self, row: Mapping[str, float], epochs: int, monitor: str | None, best: int | None) -> None:
        self._running(f"epoch {int(row['epoch'])}/{epochs} loss {row['loss']:.3g}")

    def _running(self, text: str) -> None:
        if time.monotonic() - self._last >= SECONDS:
            self._last = time.monotonic()
            self._channel.send("running", text=text)

    def warning(self, id: str, message: str) -> None:
        self._channel.send("warning", id=id, message=message)


class Observed:
    """Passes on what observers are told. `evaluation_ended` waits until they have heard it, because they may add files
    to a child only until then."""

    def __init__(self, channel: Channel, hears: list[str], answers: queue.Queue[Any]) -> None:
        self._channel = channel
        self._hears = hears
        self._answers = answers

    def hear(self, event: str) -> bool:
        """Whether anybody would be told of an event."""
        return event in self._hears

    def tell(self, event: str, context: Context, **facts: Any) -> None:
        """Tell the study of an event in a child."""
        if not self.hear(event):
            return
        folder = str(context.directory)
        if event == "evaluation_ended":
            self._channel.send("evaluated", folder=folder)
            self._answers.get()
        elif event in ("steps_ended", "epoch_ended"):
            self._channel.send("observed", event=event, folder=folder, facts=facts)


class Worker:
    """Trains the jobs that come in, one after the other.

    Args:
        channel: to the study.
        hello: the first message: run, folder of the policy, fingerprint of the data, what observers hear.
        stop: asked for by a signal, or by the end of the study.
    """

    def __init__(self, channel: Channel, hello: Mapping[str, Any], stop: Stop) -> None:
        self.channel = channel
        self.hello = hello
        self.stop = stop
        self.jobs: queue.Queue[Any] = queue.Queue()
        self.answers: queue.Queue[Any] = queue.Queue()

    def listen(self) -> None:
        """Sort what the study says; when it says nothing any more, this process has nothing to do."""
        for line in sys.stdin:
            found = json.loads(line)
            (self.answers if found["what"] == "heard" else self.jobs).put(found)
        self.stop.requested = True
        self.jobs.put(None)
        self.answers.put(None)

    def work(self) -> None:
        """Load the rows once, then every job."""
        context: Context | None = None
        dataset: Dataset | None = None
        while (found := self.jobs.get()) is not None:
            try:
                if context is None or dataset is None:
                    context = self._context()
                    dataset = self._rows(context)
                self._job(context, dataset, found)
            except Interrupted as error:
                self.channel.send("interrupted", error=error_as_json(error))
                return
            except SciError as error:
                self.channel.send("failed", error=error_as_json(error))
            except Exception as error:
                traceback.print_exc()
                defect = SciError(f"{type(error).__name__}: {error}", id="study.defect", hint="log.txt of the run")
                self.channel.send("failed", error=error_as_json(defect))

    def _context(self) -> Context:
        run = pathlib.Path(self.hello["run"])
        system = plugins(pathlib.Path(self.hello["folder"]))
        base = (run / Manifest.read(run).data["file"]).parent
        experiment = dataclasses.replace(load(run / "config.resolved.yaml", (), system.registry), base=base)
        observers: Any = Observed(self.channel, list(self.hello["hears"]), self.answers)
        return Context(
            run_id=run.name,
            purpose="run",
            assembly=Assembly.of(experiment, system.registry),
            directory=run,
            seed=int(experiment.resolved.get("seed", 0)),
            view=Told(self.channel),
            ledger=Ledger(run.parent.parent),
            stop=self.stop,
            hooks=system.hooks,
            observers=observers,
            stage="train",
        )

    def _rows(self, context: Context) -> Dataset:
        dataset = loaded(context)
        if dataset.fingerprint() != self.hello["data"]:
            raise DataError("the data have changed since this run began", id="resume.data", hint="sci run FILE")
        return dataset

    def _job(self, context: Context, dataset: Dataset, document: Mapping[str, Any]) -> None:
        job = job_from_json(document)
        family(child_of(context, job), dataset, job)
        self.channel.send("finished")


def main() -> None:
    """Speak on what was standard output; what plugins print goes to standard error."""
    channel = Channel(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)
    hello = json.loads(sys.stdin.readline() or "null")
    if hello is None:
        return
    stop = Stop(lambda message: None)
    worker = Worker(channel, hello, stop)
    threading.Thread(target=worker.listen, daemon=True).start()
    with stop:
        worker.work()


if __name__ == "__main__":
    main()
