"""The end of a command that failed: one message, one document where it was asked for, one exit code."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shlex
import sys
import traceback
from collections.abc import Sequence

from sci.api.errors import Interrupted, SciError, StorageError
from sci.cli.errors import show

_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)


def fail(error: Exception, arguments: Sequence[str], debug: bool) -> int:
    """Say what went wrong, and return the exit code.

    Args:
        error: what was raised.
        arguments: the command line; with ``--json`` the error is a document on standard output too.
        debug: show the traceback.
    """
    told = error if isinstance(error, SciError) else _storage(error) or _defect(error, arguments)
    with contextlib.suppress(OSError):
        if "--json" in arguments:
            print(json.dumps({"error": told.as_json()}, ensure_ascii=False))
    with contextlib.suppress(OSError):
        if debug and sys.stderr is not None:
            traceback.print_exception(error)
        if sys.stderr is not None:
            show(told)
    with contextlib.suppress(OSError):
        if isinstance(told, Interrupted) and told.run and "--json" not in arguments:
            print(told.run)
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        discard()
    return told.exit_code


def discard() -> None:
    """Let what is buffered for standard output go nowhere, so that Python does not complain at its end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _storage(error: Exception) -> SciError | None:
    """A disk that is full or failing is nobody's defect, wherever it was met."""
    if not isinstance(error, OSError) or error.errno not in _DISK:
        return None
    where = f" to {error.filename}" if error.filename else ""
    return StorageError(f"nothing more can be written{where}: {error.strerror}", id="storage.write")


def _defect(error: Exception, arguments: Sequence[str]) -> SciError:
    last = traceback.extract_tb(error.__traceback__)[-1]
    path = last.filename.replace(os.sep, "/")
    place = path[path.rfind("/sci/") + 1 :] if "/sci/" in path else path.rpartition("/")[2]
    return SciError(
        "sci has failed, and it is not your doing",
        id="internal",
        note=f"{type(error).__name__} in {place}:{last.lineno}: {error}",
        hint=f"{shlex.join(['sci', *arguments, '--debug'])}   and report what it prints",
    )
