"""Calibrators in whole runs: fitted on validation rows, stored, predicted with, taken up again."""

from __future__ import annotations

import json
import signal
import time

import numpy as np
import pyarrow as pa
import pytest

import sci

STUDY = """
    format: 1
    name: calibrated
    seed: 7
    task: {name: classification, positive: malignant}
    data:
      source: {name: sklearn, dataset: breast-cancer}
      target: target
      split: {name: stratified, validation: 0.2, test: 0.3}
    preprocessing: [standardize]
    model: logistic
    engine: numpy
    training:
      optimizer: {name: adam, learning_rate: 0.05}
      epochs: 20
      batch_size: 4
      checkpoint: {every_steps: 500}
    evaluation: {metrics: [recall, log-loss], baselines: []}
    calibration:
      - temperature
      - {name: threshold, cost: {false_positive: 1, false_negative: 5}}
      - {name: conformal, coverage: 0.9}
    report: []
"""
INTERVALS = """
    format: 1
    name: intervals
    seed: 7
    task: regression
    data:
      source: {name: sklearn, dataset: diabetes}
      target: target
      split: {name: random, validation: 0.3, test: 0.3}
    preprocessing: [standardize, scale-target]
    model: least-squares
    engine: numpy
    evaluation: {metrics: [rmse], baselines: [mean]}
    calibration: [{name: conformal, coverage: 0.8}]
    report: []
"""


def calibrators(run):
    return json.loads((run / "model" / "calibrators.json").read_text())


def test_what_was_calibrated_is_what_is_predicted(lab, tmp_path):
    lab.write("e.yaml", STUDY)
    done = lab.ran("e.yaml", "--quiet")
    run = sci.load(done.run)
    test, learned = run.predictions(), calibrators(done.run)
    chance = np.asarray(test.prediction("probability"))[:, 1]

    assert test.info["temperature"] == learned["0"]["temperature"] > 0
    assert test.info["threshold"] == learned["1"]["threshold"] < 0.5
    assert test.info["coverage"] == 0.9
    assert ((chance >= learned["1"]["threshold"]) == (test.codes("label") == 1)).all()

    from sklearn.datasets import load_breast_cancer

    load_breast_cancer(as_frame=True).data.to_csv(tmp_path / "rows.csv", index=False)
    answers = lab.sci("predict", "latest", "rows.csv", "--to", "answers.parquet")
    assert answers.code == 0, answers.err
    import pyarrow.parquet as pq

    found = pq.read_table(tmp_path / "answers.parquet")
    assert found.schema.field("set.malignant").type == pa.bool_()
    same = found.take(test.ids)
    assert same.column("label").to_pylist() == test.table.column("prediction.label").to_pylist()
    sets = np.asarray(test.prediction("set"), dtype=bool)
    assert (np.asarray(same.column("set.malignant")) == sets[:, 1]).all()
    assert run.pipeline.outputs["set"].shape == (2,)

    from sci_serve.answers import answer_schema
    from sci_serve.answers import answers as served

    [row] = served(test.table.slice(0, 1), test.info)
    schema = answer_schema(run.pipeline.outputs, test.info)["properties"]
    assert row["set"] == {"benign": bool(sets[0, 0]), "malignant": bool(sets[0, 1])}
    assert schema["set"]["properties"]["malignant"]["type"] == ["boolean", "null"]


def test_a_run_that_was_killed_calibrates_as_one_that_was_not(lab):
    lab.write("e.yaml", STUDY)
    long = ("e.yaml", "--set", "training.epochs=200", "--quiet")
    whole = calibrators(lab.ran(*long).run)
    (lab.folder / "runs" / "latest").unlink()
    process = lab.start("run", *long)
    latest, end = lab.folder / "runs" / "latest", time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        if latest.is_file() and any((latest.parent / latest.read_text().strip()).glob("checkpoints/step-????????")):
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    resumed = lab.sci("resume", "latest", "--quiet")

    assert resumed.code == 0, resumed.err
    assert json.loads((resumed.run / "manifest.json").read_text())["resumed"][0]["step"] >= 500
    assert calibrators(resumed.run) == whole


def test_intervals_have_the_unit_of_the_source_and_one_width(lab):
    lab.write("e.yaml", INTERVALS)
    test = sci.load(lab.ran("e.yaml", "--quiet").run).predictions()
    value, low, high = (np.asarray(test.prediction(name)) for name in ("value", "low", "high"))
    truth = np.asarray(test.target())

    assert high - value == pytest.approx(value - low)
    # 133 validation and 133 test rows: three standard deviations of both draws together are 0.15.
    assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(0.8, abs=0.15)


@pytest.mark.parametrize("verb", [("check", "--batch"), ("run",)])
def test_a_calibrator_that_does_not_suit_the_classes_is_refused_before_training(lab, verb):
    lab.write("e.yaml", STUDY)
    done = lab.sci(*verb, "e.yaml", "--set", "data.source.dataset=digits", "--set", "task=classification")

    assert done.code == 2
    assert "threshold decides between two classes, and there are 10" in done.err
    assert "fit.calibrator" in done.err
    assert not list(lab.folder.glob("runs/calibrated/*/checkpoints/step-*"))


@pytest.mark.parametrize("verb", ["check", "run"])
def test_calibration_without_validation_rows_is_refused_at_its_line(lab, verb):
    lab.write("e.yaml", STUDY)
    done = lab.sci(verb, "e.yaml", "--set", "data.split.validation=0")

    assert done.code == 2
    assert "e.yaml:19:1: error: calibration is fitted on validation rows" in done.err


def test_a_split_that_turns_out_to_leave_no_validation_rows_stops_before_training(lab):
    lab.write("e.yaml", STUDY)
    done = lab.sci("run", "e.yaml", "--set", "data.split={name: k-fold, folds: 2}")

    assert done.code in (2, 3)
    assert "calibration is fitted on validation rows" in done.err


def test_validation_rows_that_a_column_names_serve_the_baselines_too(lab):
    rows = [
        f"{row},{'no' if row % 3 else 'yes'},{('train', 'validation', 'test')[row % 3 - row % 2]}" for row in range(90)
    ]
    lab.write("rows.csv", "\n".join(["x,y,part", *rows, ""]))
    named = STUDY.replace("{name: sklearn, dataset: breast-cancer}", "{name: csv, path: rows.csv}")
    named = named.replace("{name: stratified, validation: 0.2, test: 0.3}", "{name: predefined, column: part}")
    named = (
        named.replace("malignant", "yes")
        .replace("target: target", "target: y")
        .replace("baselines: []", "baselines: [majority]")
    )
    lab.write("e.yaml", named)
    done = lab.ran("e.yaml", "--quiet")
    assert set(json.loads((done.run / "metrics.json").read_text())["baselines"]) == {"majority"}


def test_early_stopping_on_the_same_rows_is_warned_of(lab):
    lab.write("e.yaml", STUDY)
    done = lab.sci("check", "e.yaml", "--set", "training.early_stopping.monitor=loss")

    assert done.code == 0
    assert "[calibration.shared-rows]" in done.err
