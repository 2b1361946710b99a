"""Controls on real studies: what shuffled targets and fewer rows come to, beside the model and apart from it."""

from __future__ import annotations

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

EXPERIMENT = """
    format: 1
    name: controlled
    seed: 3
    task: {name: classification, positive: malignant}
    data:
      source: {name: sklearn, dataset: breast-cancer}
      target: target
      split: {name: stratified, validation: 0.1, test: 0.3}
    preprocessing: [standardize]
    model: {name: logistic, l2: 1e-2}
    engine: numpy
    training: {optimizer: {name: adam, learning_rate: 0.05}, epochs: 5}
    evaluation:
      metrics: [accuracy, f1]
      baselines: [majority]
      interval: {name: bootstrap, resamples: 199}
      controls: [{name: label-shuffle, shuffles: 3}, {name: training-size, shares: [0.1, 0.5]}]
    report: [html]
"""
FOLDERS = [
    "baseline-majority",
    "control-label-shuffle-1",
    "control-label-shuffle-2",
    "control-label-shuffle-3",
    "control-training-size-10-percent",
    "control-training-size-50-percent",
]


def answers(run, part="test"):
    return pq.read_table(run / "predictions" / f"{part}.parquet", partitioning=None)


def test_the_model_of_real_targets_lies_outside_of_what_shuffled_ones_give(lab):
    lab.write("e.yaml", EXPERIMENT)
    done = lab.ran("e.yaml")
    children = done.run / "children"
    assert sorted(path.name for path in children.iterdir()) == FOLDERS
    metrics = done.json("metrics.json")
    assert set(metrics["baselines"]) == {"majority"}
    shuffled, sized = metrics["controls"]["label-shuffle"], metrics["controls"]["training-size"]
    assert shuffled["conclusions"]["accuracy"]["p"] == 0.25
    assert shuffled["conclusions"]["accuracy"]["high"] < metrics["test"]["accuracy"]["value"]
    assert "label-shuffle: accuracy 0.9" in done.out
    assert "permutation p 0.25, the smallest that so few can give" in done.out
    assert "training-size: From 170 to 341 training rows" in done.out
    assert [one["rows"] for one in sized["variants"].values()] == [34, 170]
    assert sized["variants"]["10-percent"]["differences"]["accuracy"]["method"].startswith("McNemar")
    page = (done.run / "report.html").read_text()
    assert "打乱的目标训练" in page
    assert "training rows" in page

    own, other = answers(done.run), answers(children / "control-label-shuffle-1")
    assert own.column("target").equals(other.column("target"))
    held = [answers(run, "validation").column("target").to_pylist() for run in (done.run, children / FOLDERS[1])]
    assert held[0] != held[1]
    assert sorted(held[0]) == sorted(held[1])

    entries = [json.loads(line) for line in (lab.folder / "runs" / "ledger.jsonl").read_text().splitlines()]
    purposes = [entry["purpose"] for entry in entries]
    assert purposes.count("evaluate") == 2
    assert [word for word in purposes if "control" in word] == [
        "evaluate control label-shuffle 1",
        "evaluate control label-shuffle 2",
        "evaluate control label-shuffle 3",
        "evaluate control training-size 10-percent",
        "evaluate control training-size 50-percent",
    ]
    assert len({entry["fingerprint"] for entry in entries}) == 1
    again = lab.ran("e.yaml", "--set", "evaluation.controls=[]", "--set", "report=[]")
    assert "opened once before" in again.out  # by one run, however many models it looked at
    assert "controls" not in again.json("metrics.json")
    assert again.json("metrics.json")["test"] == metrics["test"]


def test_targets_that_mean_nothing_are_doubted_beside_the_verdict(lab):
    random = np.random.default_rng(4)
    lines = [
        f"{a:.4f},{b:.4f},{'yes' if c else 'no'}"
        for a, b, c in zip(*random.normal(size=(2, 200)), random.random(200) < 0.5, strict=True)
    ]
    lab.write("d.csv", "\n".join(["a,b,y", *lines]) + "\n")
    lab.write("e.yaml", """
        format: 1
        name: noise
        seed: 1
        task: classification
        data: {source: {name: csv, path: d.csv}, target: y, split: {name: random, test: 0.4}}
        model: logistic
        engine: numpy
        training: {optimizer: {name: adam, learning_rate: 0.05}, epochs: 3}
        evaluation:
          metrics: [accuracy]
          baselines: []
          interval: {name: bootstrap, resamples: 99}
          controls: [{name: label-shuffle, shuffles: 9}]
        report: [markdown]
    """)  # fmt: skip
    done = lab.ran("e.yaml")
    assert "What the model has learned may be chance." in done.out
    verdict = json.loads((done.run / "manifest.json").read_text())["verdict"]
    assert verdict["weakened_by"] == ["label-shuffle"]
    assert "may be chance" in (done.run / "report.md").read_text()


@pytest.fixture
def several(lab):
    lab.write("e.yaml", """
        format: 1
        name: folds
        seed: 1
        task: regression
        data:
          source: {name: sklearn, dataset: diabetes}
          target: target
          split: {name: k-fold, folds: 3}
        model: least-squares
        engine: numpy
        study: {seeds: 2}
        evaluation:
          metrics: [rmse]
          baselines: [mean]
          controls: [{name: label-shuffle, shuffles: 3}, {name: training-size, shares: [0.25]}]
        report: []
    """)  # fmt: skip
    return lab


def test_a_study_runs_its_controls_on_every_fold_with_every_seed_and_reads_finished_ones_back(several):
    done = several.ran("e.yaml")
    controls = done.json("metrics.json")["controls"]
    variant = controls["label-shuffle"]["variants"]["1"]
    assert len(variant["test"]["rmse"]["values"]) == 6
    assert controls["label-shuffle"]["openings"] == 18
    assert variant["test"]["rmse"]["value"] > done.json("metrics.json")["test"]["rmse"]["value"]
    assert controls["training-size"]["rows"] == pytest.approx(442 * 2 / 3, abs=1)
    assert len(list(done.run.glob("children/*/children/control-*"))) == 6 * 4

    before = {path: path.stat().st_mtime_ns for path in done.run.glob("children/*/children/control-*/manifest.json")}
    metrics = done.json("metrics.json")
    manifest = json.loads((done.run / "manifest.json").read_text())
    (done.run / "manifest.json").write_text(json.dumps(manifest | {"status": "interrupted"}))
    lost = next(iter(sorted(before)))
    lost.unlink()
    again = several.sci("resume", "latest")
    assert again.code == 0, again.err
    assert done.json("metrics.json") == metrics
    changed = [path for path, time in before.items() if path.stat().st_mtime_ns != time]
    assert changed == [lost]


def test_a_variant_that_cannot_be_trained_is_a_warning(lab):
    lab.write("e.yaml", EXPERIMENT)
    control = "{name: training-size, shares: [0.005, 0.5]}"
    done = lab.ran("e.yaml", "--set", f"evaluation.controls=[{control}]", "--set", "model={name: svm}", "--set",
                   "engine=sklearn", "--set", "training={}", "--set", "report=[]")  # fmt: skip
    assert "control training-size 0.5-percent could not run: " in done.err
    assert list(done.json("metrics.json")["controls"]["training-size"]["variants"]) == ["50-percent"]


def test_a_control_that_stands_twice_or_nowhere_is_told_before_anything_runs(lab):
    lab.write("e.yaml", EXPERIMENT)
    twice = lab.sci("check", "e.yaml", "--set", "evaluation.controls=[label-shuffle, label-shuffle]")
    assert twice.code == 2
    assert "control `label-shuffle` stands twice in evaluation.controls" in twice.err + twice.out
    unknown = lab.sci("check", "e.yaml", "--set", "evaluation.controls=[label-shufle]")
    assert unknown.code != 0
    assert "label-shuffle" in unknown.err + unknown.out
