"""Components in other processes: a new one with another hash seed, and one that was forked from it."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
from collections.abc import Callable
from typing import Any

from sci.plugins.manager import assemble
from sci.runs import arrays
from sci.testing.child import ask
from sci.testing.compare import digest
from sci.testing.fitting import fitting, kept
from sci.testing.reading import files, read
from sci.testing.splitting import folds
from sci.testing.subject import Subject
from sci.testing.trial import Trial, case_trials

SECONDS = 20
"""So long may a forked process take before it counts as stuck."""

Work = Callable[[], str]


def answer(trial: Trial, key: str) -> str:
    """What another process finds for the same trial; ``raises ...`` where it fails, empty where it cannot be asked.

    Args:
        trial: of a preprocessor, a source or a splitter.
        key: ``plain``, or ``forked`` for the process that was forked from it.
    """
    subject = trial.subject
    if "apart" not in subject.memory:
        seed = "4321" if os.environ.get("PYTHONHASHSEED") == "1234" else "1234"
        subject.memory["apart"] = ask("sci.testing.apart", subject.record.name, PYTHONHASHSEED=seed)
    found = subject.memory["apart"]
    if "error" in found:
        return f"raises {found['error']}"
    return str(found["found"][place(trial)][key])


def ours(trial: Trial) -> str:
    """What this process finds."""
    return trial.once("ours", lambda: PREPARED[trial.component.kind](trial)())


def place(trial: Trial) -> str:
    """The trial among those of its kind: cases are found in the same order everywhere."""
    kind = trial.component.kind
    return f"{kind}:{case_trials(trial.subject, kind).index(trial)}"


def there(plugin: str) -> dict[str, Any]:
    """In the other process: what comes of each trial, plainly and in a fork."""
    subject = Subject.of(plugin, assemble(only=[plugin]))
    found = {place(trial): _both(trial) for kind in PREPARED for trial in case_trials(subject, kind)}
    shutil.rmtree(subject.scratch, ignore_errors=True)
    return {"found": found}


def _both(trial: Trial) -> dict[str, str]:
    try:
        work = PREPARED[trial.component.kind](trial)
        plain = work()
    except Exception as error:
        return dict.fromkeys(("plain", "forked"), f"raises {type(error).__name__}: {error}")
    return {"plain": plain, "forked": _forked(work) if hasattr(os, "fork") else ""}


def _forked(work: Work) -> str:
    """What the work comes to in a forked process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        try:
            found = work()
        except BaseException as error:
            found = f"raises {type(error).__name__}: {error}"
        os.write(writing, found.encode()[:2000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        found = pipe.read().decode(errors="replace")
    os.waitpid(child, 0)
    return found or f"raises nothing and does not come to an end within {SECONDS} s"


def _preprocessor(trial: Trial) -> Work:
    step = fitting(trial)
    state = arrays.digest(kept(step.fitted))
    return lambda: hashlib.sha256((state + digest(step.transform(step.fitted, step.whole))).encode()).hexdigest()


def _source(trial: Trial) -> Work:
    folder = files(trial)
    source = trial.make()
    return lambda: read(source, folder).fingerprint()


def _splitter(trial: Trial) -> Work:
    splitter = trial.make()
    return lambda: hashlib.sha256(repr(folds(trial, splitter)).encode()).hexdigest()


PREPARED: dict[str, Callable[[Trial], Work]] = {
    "preprocessors": _preprocessor,
    "sources": _source,
    "splitters": _splitter,
}
