"""Whatever is the last call to the disk that a process makes, or the first that fails, a loadable checkpoint remains."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each case is a fork, which this system has not")

SCRIPT = Path(__file__).with_name("failpoints.py")
KINDS = {"kill", "ENOSPC", "EIO", "EIO from there on"}


def found(*arguments: str):
    done = subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_call_of_writing_a_checkpoint_may_be_the_last_or_fail():
    report = found()
    calls = Counter(case["call"] for case in report["cases"])

    assert [case for case in report["cases"] if case["wrong"]] == []
    assert report["unseen"] == []
    assert {case["kind"] for case in report["cases"]} == KINDS
    assert len(report["cases"]) > 400
    assert {"open", "write", "fsync", "rename", "unlink", "rmdir"} <= set(calls)


def test_a_writer_that_removes_the_old_and_writes_in_place_is_found_out():
    report = found("--in-place")

    assert {case["kind"] for case in report["cases"] if case["wrong"]} == KINDS
    assert "open" in report["unseen"]
