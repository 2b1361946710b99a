"""What a study and the processes of its models say to each other: one JSON document a line."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Mapping, Sequence
from typing import IO, Any

import numpy as np

from sci.api import ConfigError, DataError, Fold, PluginError, PolicyError, SciError, SeveralErrors, TrainingError
from sci.api.errors import Interrupted, LockedError, Place, StorageError
from sci.pipeline.children import Job
from sci.runs.arrays import plain

PARTS = ("train", "validation", "test")
_OF_EXIT: dict[int, type[SciError]] = {
    kind.exit_code: kind
    for kind in (
        ConfigError,
        DataError,
        PluginError,
        TrainingError,
        Interrupted,
        StorageError,
        LockedError,
        PolicyError,
    )
}


class Channel:
    """Writes messages; several threads may."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, what: str, **facts: Any) -> None:
        """One message. `OSError` where nobody listens any more."""
        text = json.dumps({"what": what, **plain(facts)}, ensure_ascii=True, allow_nan=False)
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()


def job_as_json(job: Job) -> dict[str, Any]:
    """A job; row numbers as bytes of little-endian int64 in base 64."""
    rows = {part: base64.b64encode(getattr(job.fold, part).astype("<i8").tobytes()).decode() for part in PARTS}
    return {"fold": job.fold.name, "seed": job.seed, **rows}


def job_from_json(document: Mapping[str, Any]) -> Job:
    """The inverse of `job_as_json`."""
    rows = [np.frombuffer(base64.b64decode(document[part]), dtype="<i8").astype(np.int64) for part in PARTS]
    return Job(Fold(document["fold"], *rows), int(document["seed"]))


def error_as_json(error: SciError) -> dict[str, Any]:
    """An error with all that people are shown of it."""
    if isinstance(error, SeveralErrors):
        return {"all": [error_as_json(one) for one in error.errors]}
    place = error.where
    return {
        "exit": error.exit_code,
        "message": error.message,
        "id": error.id,
        "note": error.note,
        "hint": error.hint,
        "where": None if place is None else [place.file, place.line, place.column, place.width],
    }


def error_from_json(document: Mapping[str, Any]) -> SciError:
    """The inverse of `error_as_json`: of the class that has the exit code."""
    several: Sequence[Mapping[str, Any]] = document.get("all") or ()
    if several:
        return SeveralErrors([error_from_json(one) for one in several])
    where = None if document["where"] is None else Place(*document["where"])
    kind = _OF_EXIT.get(document["exit"], SciError)
    return kind(document["message"], id=document["id"], where=where, note=document["note"], hint=document["hint"])
