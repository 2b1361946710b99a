"""A study whose data may not stay in memory ends with the weights of one that keeps them there."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

MEMORY = runpy.run_path(str(Path(__file__).with_name("memory.py")))


@pytest.mark.skipif(sys.platform != "linux", reason="anonymous memory is read from /proc")
@pytest.mark.parametrize(("source", "megabytes", "saved"), [("parquet", 40, 50e6), ("csv", 5, 0.0)])
def test_data_that_are_streamed_give_the_weights_of_data_in_memory(source, megabytes, saved):
    figures = MEMORY["measure"](megabytes, 100, source, 2**20, True, steps=100)
    mapped, held = figures["mapped"], figures["held"]

    assert mapped["weights"] == held["weights"]
    assert mapped["data"] == held["data"]
    assert mapped["left"] == []
    assert mapped["peak"] + saved < held["peak"] or not saved
