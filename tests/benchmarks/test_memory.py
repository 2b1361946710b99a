"""A study whose data may not stay in memory ends with the weights of one that keeps them there."""

from __future__ import annotations

import sys

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="anonymous memory is read from /proc")
@pytest.mark.parametrize(
    ("source", "engine", "megabytes", "saved"),
    [("parquet", "numpy", 40, 50e6), ("csv", "numpy", 5, 0.0), ("parquet", "torch", 5, 0.0)],
)
def test_data_that_are_streamed_give_the_weights_of_data_in_memory(script, source, engine, megabytes, saved):
    memory = script("memory")
    found = memory.measure(memory.Work(source, engine, megabytes, columns=100, resident=2**20, steps=100))
    mapped, held = found["mapped"], found["held"]

    assert mapped["weights"] == held["weights"]
    assert mapped["data"] == held["data"]
    assert mapped["left"] == []
    assert mapped["peak"] + saved < held["peak"] or not saved


@pytest.mark.skipif(sys.platform != "linux", reason="anonymous memory is read from /proc")
def test_long_texts_that_are_streamed_give_the_weights_of_texts_in_memory(script):
    texts = script("texts")
    streamed, held = (texts.studied(2, texts.WORDS["long"], resident) for resident in (2**18, 2**40))

    assert (streamed["weights"], streamed["data"], streamed["left"]) == (held["weights"], held["data"], [])


def test_committed_page_is_what_the_committed_figures_give(script):
    memory = script("memory")
    raw = script("figures").read(memory.RAW)

    assert memory.PAGE.read_text(encoding="utf-8") == memory.page(raw)
    assert [(found["source"], found["engine"]) for found in raw["works"]] == [work[:2] for work in memory.WORKS]
    assert {memory.verdict(found) for found in raw["works"] if found["compare"]} == {"the same"}
    assert all(memory.ratio(found) >= memory.AIM for found in raw["works"])
