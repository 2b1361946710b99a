from __future__ import annotations

import multiprocessing
import re

import pytest

from sci.api import ConfigError, LockedError, StorageError
from sci.runs import directory
from sci.runs.ledger import Ledger
from sci.runs.loader import Loader
from sci.runs.lock import RunLock, writer
from sci.runs.manifest import Manifest
from sci.runs.writer import write_text


def made(output, name="spam"):
    run = directory.create(output, name)
    Manifest.start(run, name=name, writer=writer())
    return run


def test_a_run_is_found_by_path_latest_tail_and_experiment(tmp_path):
    first, second = made(tmp_path), made(tmp_path)
    assert re.fullmatch(r"\d{8}-\d{6}-[a-z2-9]{4}", first.name)
    assert directory.find(str(first), tmp_path) == first
    assert directory.find("latest", tmp_path) == second
    assert directory.find("spam", tmp_path) == second
    assert directory.find(first.name[-4:], tmp_path) == first
    assert directory.find(str(tmp_path / "latest"), tmp_path / "elsewhere") == second
    with pytest.raises(ConfigError, match="no run `nothing`"):
        directory.find("nothing", tmp_path)


def _hold(path, ready, leave):
    with RunLock(path):
        ready.set()
        leave.wait(20)


def test_a_second_process_cannot_enter_and_learns_who_is_inside(tmp_path):
    run = made(tmp_path)
    context = multiprocessing.get_context("spawn")
    ready, leave = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(run, ready, leave))
    process.start()
    try:
        assert ready.wait(30)
        with pytest.raises(LockedError, match=r"process \d+ on .* since"), RunLock(run):
            pass
    finally:
        leave.set()
        process.join(20)
    with RunLock(run):
        assert process.exitcode == 0


def test_a_dead_owner_leaves_no_lock(tmp_path):
    run = made(tmp_path)
    context = multiprocessing.get_context("spawn")
    ready, leave = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(run, ready, leave))
    process.start()
    assert ready.wait(30)
    process.kill()
    process.join(20)
    with RunLock(run):
        pass


def test_a_changed_byte_is_found_when_a_file_is_read(tmp_path):
    run = made(tmp_path)
    write_text(run / "metrics.json", '{"a": 1}')
    Manifest.read(run).close("finished")
    assert Loader(run).json("metrics.json") == {"a": 1}
    (run / "metrics.json").write_text('{"a": 2}')
    with pytest.raises(StorageError, match="hash differs"):
        Loader(run).json("metrics.json")


def test_the_manifest_lists_everything_but_itself_children_log_and_lock(tmp_path):
    run = made(tmp_path)
    for name in ("report.html", "log.txt", "figures/a.svg", "children/x/metrics.json", ".lock"):
        write_text(run / name, name)
    Manifest.read(run).close("finished")
    assert [entry["path"] for entry in Manifest.read(run).data["files"]] == ["figures/a.svg", "report.html"]


def test_a_number_that_json_does_not_have_leaves_no_run_open(tmp_path):
    run = made(tmp_path)
    facts = {"difference": float("nan"), "interval": (float("-inf"), 0.5)}
    Manifest.read(run).close("finished", verdict=facts)
    closed = Manifest.read(run).data
    assert closed["status"] == "finished"
    assert closed["verdict"] == {"difference": None, "interval": [None, 0.5]}


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(StorageError, match="is not a run"):
        Manifest.read(tmp_path)


def test_the_ledger_counts_runs_and_not_lines(tmp_path):
    ledger = Ledger(tmp_path)
    for run, purpose in (("a", "evaluate"), ("a", "evaluate"), ("b", "evaluate"), ("c", "audit")):
        ledger.record("f1", run, purpose, 10)
    ledger.record("f2", "d", "evaluate", 10)
    assert ledger.openings("f1") == 2
    assert ledger.earlier("f1", "b") == ["a"]
    assert ledger.earlier("f1", "a") == []
    assert ledger.earlier("f1", "c") == ["a", "b"]
    assert len(ledger.entries("f1")) == 4
