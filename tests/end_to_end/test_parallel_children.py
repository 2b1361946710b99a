"""Models of a study in processes of their own: the same bits, stopped and resumed, and one that dies."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import time

import pytest

EXPERIMENT = """
    format: 1
    name: folds
    seed: 1
    task: classification
    data:
      source: {name: sklearn, dataset: iris}
      target: target
      split: {name: k-fold, folds: 3, stratified: true}
    preprocessing: [standardize]
    model: softmax
    engine: numpy
    training: {optimizer: {name: adam, learning_rate: 0.01}, epochs: 500, batch_size: 16, checkpoint: {every_epochs: 25}}
    evaluation: {metrics: [accuracy], baselines: [majority]}
    report: []
    study: {parallel: 2}
"""
LONG = 120.0


@pytest.fixture
def folds(lab, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # as much for one after the other as for each of those side by side
    lab.write("e.yaml", EXPERIMENT)
    return lab


def manifests(run: pathlib.Path) -> dict[str, dict]:
    found = {}
    for path in run.glob("children/*/manifest.json"):
        try:
            found[path.parent.name] = json.loads(path.read_text())
        except (OSError, ValueError):
            continue
    return found


def until(holds) -> None:
    end = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.05)


def begun(lab, process) -> pathlib.Path:
    """The run directory, once two of its models have a checkpoint."""
    found: list[pathlib.Path] = []

    def two() -> bool:
        assert process.poll() is None, process.communicate()[1]
        found[:] = {path.parents[3] for path in lab.folder.glob("runs/folds/*/children/*/checkpoints/step-*")}
        return bool(found) and len(list(found[0].glob("children/fold-*/checkpoints"))) >= 2

    until(two)
    return found[0]


def test_stopped_side_by_side_and_resumed_the_weights_are_those_of_one_after_the_other(folds):
    alone = folds.ran("e.yaml", "--set", "study.parallel=1", "--output", "alone")
    process = folds.start("run", "e.yaml")
    run = begun(folds, process)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=LONG)

    assert process.returncode == 6, told
    assert {one["status"] for one in manifests(run).values()} <= {"interrupted", "finished"}
    assert "interrupted" in {one["status"] for one in manifests(run).values()}
    assert json.loads((run / "manifest.json").read_text())["status"] == "interrupted"

    resumed = folds.sci("resume", str(run))
    assert resumed.code == 0, resumed.err
    assert resumed.json("sci.lock")["weights"] == alone.json("sci.lock")["weights"]
    assert resumed.json("sci.lock")["environment"]["threads"] == alone.json("sci.lock")["environment"]["threads"]
    assert any(one["resumed"] and one["resumed"][0]["step"] > 0 for one in manifests(run).values())
    one, other = (done.json("metrics.json") for done in (alone, resumed))
    assert one == other


def test_processes_whose_study_was_killed_end_by_themselves_and_the_study_goes_on(folds):
    process = folds.start("run", "e.yaml")
    run = begun(folds, process)
    process.kill()
    process.communicate(timeout=LONG)

    resumed = folds.sci("resume", str(run))
    assert resumed.code == 0, resumed.err
    assert {one["status"] for one in manifests(run).values()} == {"finished"}
    assert any(one["resumed"] for one in manifests(run).values())


@pytest.mark.skipif(not pathlib.Path("/proc/self/task").is_dir(), reason="children of a process are listed in /proc")
def test_a_process_that_is_killed_loses_its_model_and_no_other(folds):
    process = folds.start("run", "e.yaml")
    run = begun(folds, process)
    first = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0]
    os.kill(int(first), signal.SIGKILL)
    out, told = process.communicate(timeout=2 * LONG)

    assert process.returncode == 0, told
    assert "ended with signal 9" in told
    assert "1 of 3 models failed" in out
    children = json.loads((run / "metrics.json").read_text())["children"]
    assert [one["error"]["id"] for one in children if "error" in one] == ["study.process"]
    assert len([one for one in children if "test" in one]) == 2

    resumed = folds.sci("resume", str(run))
    assert "models failed" not in resumed.out
    assert len(resumed.json("metrics.json")["children"]) == 3
