"""Another process that sees the same plugins and answers one question about one of them."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from sci.plugins.guard import quiet

TIMEOUT = 120.0
"""Seconds that a process may take."""

_CODE = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from sci.testing.child import reply; reply()"


def ask(module: str, plugin: str, **environment: str) -> dict[str, Any]:
    """What ``there(plugin)`` of a module returns in a new process; key ``error`` says why there is no answer, and
    ``output`` holds what the process wrote beside it.

    Args:
        module: its answer is a mapping that JSON can hold.
        plugin: name of the entry point.
        environment: variables that differ from those of this process.
    """
    command = [sys.executable, "-c", _CODE, json.dumps(sys.path), module, plugin]
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as output:
        try:
            code = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=output,
                timeout=TIMEOUT,
                env={**os.environ, **environment},
            ).returncode
        except subprocess.TimeoutExpired:
            return {"error": f"does not finish within {TIMEOUT:g} s", "output": ""}
        answer.seek(0)
        output.seek(0)
        said, wrote = answer.read(), output.read().decode(errors="replace").strip()
    try:
        return {"output": wrote, **json.loads(said)}
    except ValueError:
        last = wrote.splitlines()[-1:] or [f"ends with code {code}"]
        return {"error": last[0], "output": wrote}


def reply() -> None:
    """Answer on standard output, which nothing else writes to, and end without waiting for anybody."""
    _, _, module, plugin = sys.argv
    with quiet():
        found = importlib.import_module(module).there(plugin)
    os.write(1, json.dumps(found).encode())
    sys.stderr.flush()
    os._exit(0)
