"""pip, run in a process of its own under the user's own configuration of indexes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence

from sci.api.errors import ConfigError

_ADDRESS = re.compile(r"\S+://\S+")


def pip(*arguments: str, doing: str) -> None:
    """Run pip.

    What it writes is for people, and may hold the address of an index with a password: it is not passed on whole.

    Args:
        arguments: what follows ``pip``.
        doing: what fails, for the message.

    Raises:
        ConfigError: it ends with an error.
    """
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8")
    if done.returncode == 0:
        return
    raise ConfigError(
        f"pip cannot {doing}", id="bundle.pip", note=_said(done.stderr), hint="pip config list   shows where it looks"
    )


def links(folders: Sequence[object]) -> list[str]:
    """The options that name more folders with wheels."""
    return [part for folder in folders for part in ("--find-links", str(folder))]


def _said(text: str) -> str:
    """The last error that pip names, without addresses."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")] or lines[-1:]
    return "; ".join(_ADDRESS.sub("<address>", line) for line in errors[:3])
