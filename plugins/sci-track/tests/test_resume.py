"""Runs that were killed and have gone on."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.request

import numpy as np
import pytest

import sci
from sci.pipeline.assembly import Assembly
from sci.pipeline.context import Context
from sci_track.config import CsvConfig, TensorBoardConfig
from sci_track.csv import CsvTracker
from sci_track.tensorboard import TensorBoardTracker

EXPERIMENT = """
format: 1
name: long
seed: 3
task: regression
data:
  source: {name: generated, recipe: linear, rows: 4000}
  target: y
model: linear
engine: numpy
training:
  optimizer: {name: adam, learning_rate: 1e-2}
  schedule: {name: cosine}
  epochs: 30
  batch_size: 8
  checkpoint: {every_steps: 700}
evaluation: {metrics: [rmse], baselines: [], interval: {name: bootstrap, resamples: 99}}
report: []
tracking: [tensorboard, csv]
"""


def sci_in(folder, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "sci", *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A run that was killed while it was watched and has gone on, and one that was never stopped."""
    folder = tmp_path_factory.mktemp("killed")
    (folder / "e.yaml").write_text(EXPERIMENT, encoding="utf-8")
    whole = sci.run(folder / "e.yaml", output=folder / "whole").path
    process = sci_in(folder, "run", "e.yaml", "--quiet")
    deadline = time.monotonic() + 60
    while not list(folder.glob("runs/long/*/checkpoints/step-????????")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, "the run was over before it was killed"
    resumed = sci_in(folder, "resume", "latest", "--quiet")
    out, err = resumed.communicate(timeout=120)
    assert resumed.returncode == 0, err
    return folder / out.strip(), whole


@pytest.fixture(scope="module")
def curves(runs, reading):
    """What the event files of both runs hold."""
    return [reading.scalars(run) for run in runs]


def without_seconds(reading, path):
    return [{name: value for name, value in row.items() if name != "seconds"} for row in reading.table(path)]


def test_the_csv_files_are_those_of_the_run_that_was_never_stopped(runs, reading):
    resumed, whole = runs

    assert json.loads((resumed / "manifest.json").read_text())["resumed"][0]["step"] >= 700
    steps = (resumed / "tracking" / "steps.csv").read_bytes()
    assert steps.count(b"\n") > 5000
    assert steps == (whole / "tracking" / "steps.csv").read_bytes()
    epochs = resumed / "tracking" / "epochs.csv"
    assert without_seconds(reading, epochs) == without_seconds(reading, whole / "tracking" / "epochs.csv")


def test_the_curves_are_those_of_the_run_that_was_never_stopped(runs, curves):
    found, expected = curves

    assert len(list((runs[0] / "tensorboard").glob("*.steps"))) == 2
    assert found.keys() == expected.keys()
    for tag in found.keys() - {"epoch/seconds"}:
        assert found[tag] == expected[tag], tag


def updates(first, last):
    """Updates as observers hear of them; the loss of a step is a function of the step."""
    step = np.arange(first, last + 1)
    return {"step": step, "epoch": (step - 1) // 10 + 1, "loss": np.sqrt(step), "rate": np.ones(len(step))}


def epochs(*numbers):
    return [{"epoch": one, "step": 10 * one, "loss": 1 / one, "seconds": 0.5} for one in numbers]


@pytest.fixture
def context(tmp_path):
    experiment = {"task": "regression", "training": {"optimizer": {"name": "sgd", "learning_rate": 0.5}}}
    return Context("run", "run", Assembly(experiment, None, tmp_path), tmp_path, 0)


@pytest.mark.parametrize("first", [1, 31, 45, 51], ids=["anew", "end-of-epoch", "mid-epoch", "last-heard"])
@pytest.mark.parametrize("times", [1, 2])
def test_what_is_made_again_replaces_what_was_heard_of_it(context, reading, first, times):
    for kind, config in ((TensorBoardTracker, TensorBoardConfig()), (CsvTracker, CsvConfig())):
        killed = kind(config)
        killed.steps_ended(context, updates(1, 30))
        killed.epoch_ended(context, epochs(1, 2, 3))
        killed.steps_ended(context, updates(31, 50))
        killed.epoch_ended(context, epochs(4, 5))
        for _ in range(times):
            again = kind(config)
            again.steps_ended(context, updates(first, 60))
            again.epoch_ended(context, epochs(*range((first - 1) // 10 + 1, 7)))

    found = reading.scalars(context.directory)
    assert [step for step, _ in found["step/loss"]] == list(range(1, 61))
    assert [value for _, value in found["step/loss"]] == np.sqrt(np.arange(1, 61)).astype(np.float32).tolist()
    assert found["step/learning_rate"] == [(step, 0.5) for step in range(1, 61)]
    assert [step for step, _ in found["epoch/loss"]] == [10, 20, 30, 40, 50, 60]
    rows = reading.table(context.directory / "tracking" / "steps.csv")
    assert [int(row["step"]) for row in rows] == list(range(1, 61))
    assert [float(row["loss"]) for row in rows] == np.sqrt(np.arange(1, 61)).tolist()
    rows = reading.table(context.directory / "tracking" / "epochs.csv")
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3, 4, 5, 6]
    assert reading.settings(context.directory)["training.optimizer"] == "sgd"


@pytest.mark.parametrize("torn", ["51,6,0.", "51,6,0.25,0.5", "5", "\n"])
def test_a_line_that_a_power_cut_left_without_its_end_is_dropped(context, reading, torn):
    CsvTracker(CsvConfig()).steps_ended(context, updates(1, 50))
    with (context.directory / "tracking" / "steps.csv").open("a") as file:
        file.write(torn.rstrip("\n"))

    CsvTracker(CsvConfig()).steps_ended(context, updates(51, 60))

    rows = reading.table(context.directory / "tracking" / "steps.csv")
    assert [int(row["step"]) for row in rows] == list(range(1, 61))


@pytest.mark.parametrize("bytes_left", [1, 7, 11, 12, 30])
def test_a_record_that_a_power_cut_left_half_written_takes_no_other_with_it(context, reading, bytes_left):
    TensorBoardTracker(TensorBoardConfig()).steps_ended(context, updates(1, 50))
    [path] = (context.directory / "tensorboard").iterdir()
    data = path.read_bytes()
    path.write_bytes(data + data[-60 : -60 + bytes_left])

    TensorBoardTracker(TensorBoardConfig()).steps_ended(context, updates(41, 60))

    assert [step for step, _ in reading.scalars(context.directory)["step/loss"]] == list(range(1, 61))


def test_each_optimizer_of_a_group_has_its_own_learning_rate(tmp_path, reading):
    optimizer = {"generator": {"name": "adam", "learning_rate": 0.1}, "judge": {"name": "adam", "learning_rate": 0.4}}
    context = Context("run", "run", Assembly({"training": {"optimizer": optimizer}}, None, tmp_path), tmp_path, 0)
    for tracker in (TensorBoardTracker(TensorBoardConfig()), CsvTracker(CsvConfig())):
        tracker.steps_ended(context, {**updates(1, 2), "rate": np.array([1.0, 0.5])})

    found = reading.scalars(tmp_path)

    assert [value for _, value in found["step/learning_rate/judge"]] == np.float32([0.4, 0.2]).tolist()
    [first, second] = reading.table(tmp_path / "tracking" / "steps.csv")
    assert (first["learning_rate/generator"], second["learning_rate/generator"]) == ("0.1", "0.05")


SERVE = """
import sys, types
sys.modules["tensorboard.compat.notf"] = types.ModuleType("notf")  # starts without TensorFlow, in a tenth of the time
from tensorboard.main import run_main
run_main()
"""
EVERYTHING = ("--reload_interval", "1", "--samples_per_plugin", "scalars=100000")


class Server:
    """A TensorBoard server on this machine."""

    def __init__(self, folder: pathlib.Path, *options: str) -> None:
        self.log = folder.parent / f"tensorboard-{'-'.join(options)}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    SERVE,
                    "--logdir",
                    folder,
                    "--host",
                    "127.0.0.1",
                    "--port",
                    "0",
                    *EVERYTHING,
                    *options,
                ],
                stdout=log,
                stderr=log,
                env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
            )
        self.address = self.awaited(self._address)

    def _address(self) -> str | None:
        words = self.log.read_text(errors="replace").split()
        return next((word for word in words if word.startswith("http://127.0.0.1:")), None)

    def awaited(self, look, seconds: float = 90.0):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            found = look()
            if found:
                return found
            time.sleep(0.2)
        pytest.fail(f"TensorBoard does not show it:\n{self.log.read_text(errors='replace')[-2000:]}")

    def ask(self, path: str, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}{path}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.mark.parametrize("loader", ["--load_fast=auto", "--load_fast=false"])
def test_tensorboard_itself_shows_curves_settings_and_results_of_a_resumed_run(runs, curves, loader):
    expected = curves[0]
    server = Server(runs[0], loader)
    try:
        shown = server.awaited(
            lambda: (
                (tags := server.ask("/data/plugin/scalars/tags").get("tensorboard", {})).keys() >= expected.keys()
                and tags
            )
        )
        assert shown.keys() == expected.keys()
        for tag in ("step/loss", "step/learning_rate", "epoch/validation_loss", "test/rmse"):
            points = server.ask(f"/data/plugin/scalars/scalars?run=tensorboard&tag={tag}")
            assert [(step, value) for _, step, value in points] == expected[tag]
        experiment = server.ask("/data/plugin/hparams/experiment", {"experimentName": "", "hparamsLimit": 0})
        names = [{"hparam": one["name"], "includeInResult": True} for one in experiment["hparamInfos"]]
        metrics = [{"metric": one["name"], "includeInResult": True} for one in experiment["metricInfos"]]
        asked = {"experimentName": "", "allowedStatuses": ["STATUS_SUCCESS"], "startIndex": 0, "sliceSize": 9}
        [group] = server.ask("/data/plugin/hparams/session_groups", {**asked, "colParams": names + metrics})[
            "sessionGroups"
        ]
        assert group["hparams"]["training.optimizer.learning_rate"] == 0.01
        assert group["hparams"]["model"] == "linear"
        [value] = [one for one in group["metricValues"] if one["name"] == {"tag": "test/rmse", "group": ""}]
        assert [(value["trainingStep"], value["value"])] == expected["test/rmse"]
    finally:
        server.close()
