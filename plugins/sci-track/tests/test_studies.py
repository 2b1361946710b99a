"""Whole studies on engine numpy, read back with TensorBoard's own code."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import sci
from sci.api import TrainingError

EXPERIMENT = """
format: 1
name: watched
seed: 3
task: regression
data:
  source: {name: generated, recipe: linear, rows: 200}
  target: y
  split: {name: random, validation: 0.2, test: 0.2}
model: linear
engine: numpy
training:
  optimizer: {name: adam, learning_rate: 1e-2}
  schedule: {name: cosine, warmup: 0.1}
  epochs: 12
  batch_size: 8
evaluation: {metrics: [rmse, mae], baselines: [mean], interval: {name: bootstrap, resamples: 99}}
analysis: [learning-curve]
report: [markdown]
tracking: [tensorboard, csv]
"""
SUCCESS, FAILURE = 1, 2


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Runs the experiment with changes; returns the run."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "e.yaml").write_text(EXPERIMENT, encoding="utf-8")

    def run(*overrides: str):
        return sci.run(folder / "e.yaml", overrides, output=folder / "runs")

    return run


@pytest.fixture(scope="module")
def plain(study):
    return study()


def single(values):
    """As TensorBoard keeps numbers: in single precision."""
    return [float(np.float32(value)) for value in values]


def test_every_column_of_the_history_is_a_curve_with_its_very_numbers(plain, reading):
    history = reading.table(plain.path / "history.csv")
    found = reading.scalars(plain.path)

    assert len(history) == 12
    assert {tag for tag in found if tag.startswith("epoch/")} == {f"epoch/{name}" for name in history[0]} - {
        "epoch/step"
    }
    for name in set(history[0]) - {"step"}:
        steps = [int(row["step"]) for row in history]
        assert found[f"epoch/{name}"] == list(zip(steps, single(row[name] for row in history), strict=True)), name


def test_every_update_has_its_loss_and_its_learning_rate(plain, reading):
    found = reading.scalars(plain.path)
    rows = reading.table(plain.path / "tracking" / "steps.csv")
    history = reading.table(plain.path / "history.csv")

    assert [int(row["step"]) for row in rows] == list(range(1, 12 * 15 + 1))
    for name in ("loss", "learning_rate"):
        expected = zip(range(1, 181), single(row[name] for row in rows), strict=True)
        assert found[f"step/{name}"] == list(expected)
    for epoch in history:  # the loss of an epoch is the mean over its updates
        losses = [float(row["loss"]) for row in rows if row["epoch"] == epoch["epoch"]]
        assert float(epoch["loss"]) == pytest.approx(np.mean(losses), rel=1e-12)
    peak = max(float(row["learning_rate"]) for row in rows)
    assert peak == pytest.approx(0.01, rel=1e-3)
    assert float(rows[0]["learning_rate"]) < 0.1 * peak


def test_the_csv_of_epochs_is_the_history(plain):
    assert (plain.path / "tracking" / "epochs.csv").read_bytes() == (plain.path / "history.csv").read_bytes()


def test_settings_and_final_metrics_are_there_for_the_hparams_tab(plain, reading):
    told = reading.settings(plain.path)
    found = reading.scalars(plain.path)
    metrics = plain.metrics

    assert told["training.optimizer"] == "adam"
    assert told["training.optimizer.learning_rate"] == 0.01
    assert told["training.epochs"] == 12
    assert told["model"] == "linear"
    assert told["seed"] == 3
    assert reading.status(plain.path) == SUCCESS
    for part in ("test", "validation"):
        for name in ("rmse", "mae"):
            assert found[f"{part}/{name}"] == [(180, *single([metrics[part][name]["value"]]))]


def test_figures_are_images_of_the_drawings(plain, reading):
    found = reading.accumulated(plain.path)
    drawn = sorted(path.stem for path in (plain.path / "figures").glob("*.svg"))
    tags = [f"figures/{name}" for name in drawn]

    assert "learning-curve" in drawn
    assert sorted(tag for tag in found.Tags()["tensors"] if tag.startswith("figures/")) == tags
    for tag in tags:
        [event] = found.Tensors(tag)
        width, height, png = event.tensor_proto.string_val
        image = Image.open(io.BytesIO(png)).convert("RGB")
        assert (image.width, image.height) == (int(width), int(height))
        assert len(set(image.get_flattened_data())) > 20, f"{tag} is empty"


def test_the_manifest_lists_what_trackers_write(plain):
    listed = {entry["path"]: entry["sha256"] for entry in plain.manifest["files"]}
    written = [path for name in ("tensorboard", "tracking") for path in (plain.path / name).iterdir()]

    assert len(written) == 5
    for path in written:
        name = path.relative_to(plain.path).as_posix()
        assert listed[name] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_baseline_is_a_run_of_its_own(plain, reading):
    child = plain.path / "children" / "baseline-mean"
    found = reading.scalars(child)

    assert reading.settings(child)["model"] == "constant"
    assert reading.status(child) == SUCCESS
    assert found["test/rmse"] == [(1, *single([plain.metrics["baselines"]["mean"]["rmse"]["value"]]))]
    assert [step for step, _ in found["step/loss"]] == [1]
    listed = [entry["path"] for entry in json.loads((child / "manifest.json").read_text())["files"]]
    assert sum(name.startswith("tensorboard/") for name in listed) == 2


def test_each_fold_and_seed_has_its_own_files_and_the_study_the_results_over_all(study, reading):
    run = study("data.split={name: k-fold, folds: 2, validation: 0.2}", "study.seeds=2", "training.epochs=2")

    children = sorted(path for path in (run.path / "children").iterdir())
    assert len(children) == 4
    for child in children:
        metrics = json.loads((child / "metrics.json").read_text())
        [(step, value)] = reading.scalars(child)["test/rmse"]
        assert step == int(reading.table(child / "history.csv")[-1]["step"])
        assert [value] == single([metrics["test"]["rmse"]["value"]])
        assert f"seed-{int(reading.settings(child)['seed'])}" in child.name
        assert (child / "children" / "baseline-mean" / "tensorboard").is_dir()
    over = reading.scalars(run.path)
    assert over["test/rmse"] == [(0, *single([run.metrics["test"]["rmse"]["value"]]))]
    assert "step/loss" not in over


def test_a_report_that_is_written_anew_doubles_nothing(study, reading):
    from sci.pipeline.runner import report

    run = study("training.epochs=2")
    before = reading.scalars(run.path), sorted(path.name for path in (run.path / "tensorboard").iterdir())

    report(run.path)

    assert (reading.scalars(run.path), sorted(path.name for path in (run.path / "tensorboard").iterdir())) == before
    assert len(reading.accumulated(run.path).Tensors("figures/learning-curve")) == 1


def test_updates_can_be_thinned_out(study, reading):
    run = study("tracking=[{name: tensorboard, every_steps: 50, figures: false}, {name: csv, every_steps: 0}]")

    assert [step for step, _ in reading.scalars(run.path)["step/loss"]] == [50, 100, 150]
    assert len(reading.scalars(run.path)["epoch/loss"]) == 12
    assert sorted(path.name for path in (run.path / "tracking").iterdir()) == ["epochs.csv"]
    assert not any("figures" in path.name for path in (run.path / "tensorboard").iterdir())


def test_training_that_diverges_is_told_to_its_last_loss_and_marked_as_failed(study, reading):
    with pytest.raises(TrainingError):
        study("training={optimizer: {name: sgd, learning_rate: 1e100}, epochs: 3, batch_size: 8}", "name=diverged")
    output = next(path for path in (study.__closure__[0].cell_contents / "runs").iterdir() if path.name == "diverged")
    [run] = [path for path in output.iterdir() if path.is_dir()]

    found = reading.scalars(run)

    assert reading.status(run) == FAILURE
    assert not np.isfinite(found["step/loss"][-1][1])
    assert all(row["loss"] not in ("nan", "inf") for row in reading.table(run / "tracking" / "steps.csv")[:-1])


@pytest.mark.parametrize("hidden", [False, True], ids=["tensorflow-installed", "tensorflow-absent"])
def test_neither_torch_nor_tensorflow_is_imported(study, tmp_path, hidden):
    (tmp_path / "e.yaml").write_text(EXPERIMENT, encoding="utf-8")
    code = f"""
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if {hidden} and name.partition(".")[0] in ("tensorflow", "torch", "keras"):
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Absent())
import sci
run = sci.run("e.yaml", ["training.epochs=1"])
assert not run.manifest["warnings"], run.manifest["warnings"]
print([name for name in ("torch", "tensorflow", "keras") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
    assert len(list(tmp_path.glob("runs/watched/*/tensorboard/*"))) == 3
