"""Runs that are stopped, killed or contested."""

from __future__ import annotations

import csv
import functools
import json
import signal
import time

import pytest

import sci

SLOW = """
    format: 1
    name: slow
    seed: 3
    task: classification
    data:
      source: {name: sklearn, dataset: digits}
      target: target
      split: {name: stratified, validation: 0.1, test: 0.2}
    preprocessing: [standardize]
    model: softmax
    engine: numpy
    training:
      optimizer: {name: adam, learning_rate: 1e-3}
      schedule: {name: cosine, warmup: 0.1}
      epochs: 400
      batch_size: 8
      checkpoint: {every_steps: 500}
      early_stopping: {monitor: loss, patience: 400}
    evaluation: {metrics: [accuracy], baselines: []}
    report: []
"""
SHORT = "training.epochs=60"


def newest(lab):
    return lab.folder / "runs" / (lab.folder / "runs" / "latest").read_text().strip()


def wait_for(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("what was waited for did not happen")


def begun(lab):
    """Whether a run has written its first checkpoint."""
    return (lab.folder / "runs" / "latest").is_file() and any((newest(lab) / "checkpoints").glob("step-????????"))


def facts(run):
    """Everything that must be equal: weights, predictions, and the history without times."""
    loaded = sci.load(run)
    with (loaded.path / "history.csv").open() as file:
        history = [{name: value for name, value in row.items() if name != "seconds"} for row in csv.DictReader(file)]
    return loaded.lock["weights"], loaded.predictions().table, history


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    import textwrap

    (folder / "e.yaml").write_text(textwrap.dedent(SLOW))
    return facts(sci.run(folder / "e.yaml", [SHORT], output=folder / "runs"))


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=["SIGINT", "SIGTERM", "SIGKILL"]
)
def test_a_stopped_run_goes_on_to_the_same_weights_history_and_predictions(lab, whole, number):
    lab.write("e.yaml", SLOW)
    process = lab.start("run", "e.yaml", "--set", SHORT, "--quiet")
    wait_for(lambda: begun(lab) or process.poll() is not None)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    run = newest(lab)
    if number != signal.SIGKILL:
        assert process.returncode == 6, err
        assert out.strip().endswith(run.name)
        assert f"sci resume {run.relative_to(lab.folder)}" in err
        assert json.loads((run / "manifest.json").read_text())["status"] == "interrupted"
    resumed = lab.sci("resume", "latest", "--quiet")
    assert resumed.code == 0, resumed.err
    assert json.loads((run / "manifest.json").read_text())["resumed"][0]["step"] >= 500
    weights, predictions, history = facts(run)
    assert weights == whole[0]
    assert predictions.equals(whole[1])
    assert history == whole[2]


def test_a_fold_that_is_killed_twice_tells_both_times(lab, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # the first fold is then trained in the process that is killed
    split = "data.split={name: k-fold, folds: 2, validation: 0.1}"
    lab.write("e.yaml", SLOW)
    process = lab.start("run", "e.yaml", "--set", "training.epochs=100", "--set", split, "--quiet")
    reached = 0
    for _ in range(2):
        # Only the process that was started last can pass the checkpoint at which the one before it was killed.
        wait_for(functools.partial(fold_is_past, lab, reached))
        process.kill()
        process.communicate(timeout=60)
        child = first_fold(lab)
        assert json.loads((child / "manifest.json").read_text())["status"] == "running"
        reached = last_step(child)
        process = lab.start("resume", "latest", "--quiet")
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    manifest = json.loads((child / "manifest.json").read_text())
    first, second = (entry["step"] for entry in manifest["resumed"])
    assert 500 <= first < second
    assert manifest["status"] == "finished"
    assert manifest["started"] < manifest["finished"]


def first_fold(lab):
    return newest(lab) / "children" / "fold-1.seed-3"


def last_step(run):
    """The step of the last whole checkpoint of a run, 0 before the first."""
    return max((int(folder.name[5:]) for folder in (run / "checkpoints").glob("step-????????")), default=0)


def fold_is_past(lab, step):
    """Whether the first fold has written a checkpoint later than a step."""
    return (lab.folder / "runs" / "latest").is_file() and last_step(first_fold(lab)) > step


def test_a_second_process_cannot_enter_a_run(lab):
    lab.write("e.yaml", SLOW)
    process = lab.start("run", "e.yaml", "--quiet")
    try:
        wait_for(lambda: begun(lab))
        second = lab.sci("resume", "latest")
        assert second.code == 8
        assert f"process {process.pid} on" in second.err
        assert "Traceback" not in second.err
    finally:
        process.kill()
        process.communicate()


def test_a_finished_run_has_nothing_to_resume(lab):
    lab.write("e.yaml", SLOW)
    done = lab.ran("e.yaml", "--set", "training.epochs=1")
    before = (done.run / "manifest.json").read_bytes()
    again = lab.sci("resume", "latest", "--quiet")
    assert again.code == 0
    assert again.run == done.run
    assert (done.run / "manifest.json").read_bytes() == before


def test_changed_data_are_not_resumed(lab):
    lab.write("d.csv", "x,y\n" + "".join(f"{i / 10},{i % 7}\n" for i in range(60)))
    lab.write("e.yaml", """
        format: 1
        name: changed
        task: regression
        data: {source: {name: csv, path: d.csv}, target: y}
        model: linear
        engine: numpy
        training: {optimizer: {name: sgd, learning_rate: 1e200}, epochs: 3}
        evaluation: {baselines: []}
        report: []
    """)  # fmt: skip
    failed = lab.sci("run", "e.yaml")
    assert failed.code == 5
    assert "loss became" in failed.err
    lab.write("d.csv", "x,y\n" + "".join(f"{i / 10},{i % 5}\n" for i in range(60)))
    again = lab.sci("resume", "latest")
    assert again.code == 3
    assert "the data have changed since this run began" in again.err


def test_divergence_names_the_step_and_logs_the_rows_of_the_batch(lab):
    lab.write("e.yaml", """
        format: 1
        name: diverged
        task: regression
        data: {source: {name: generated, recipe: linear, rows: 200}, target: y}
        model: linear
        engine: numpy
        training: {optimizer: {name: sgd, learning_rate: 1e160}, epochs: 3, batch_size: 16}
        evaluation: {baselines: []}
        report: []
    """)  # fmt: skip
    done = lab.sci("run", "e.yaml")
    assert done.code == 5
    assert "at step" in done.err
    log = (newest(lab) / "log.txt").read_text()
    assert "rows of that batch:" in log
    assert len(log.split("rows of that batch:")[1].splitlines()[0].split()) == 16


DIVERGED = """
    format: 1
    name: diverged
    task: regression
    data: {source: {name: generated, recipe: linear, rows: 200}, target: y}
    model: linear
    engine: numpy
    training: {optimizer: {name: sgd, learning_rate: 30}, epochs: 60, batch_size: 16, checkpoint: {every_epochs: 1}}
    evaluation: {baselines: []}
    report: [html, markdown]
"""


def test_divergence_leaves_a_short_report(lab):
    lab.write("e.yaml", DIVERGED)
    done = lab.sci("run", "e.yaml")
    assert done.code == 5
    run = newest(lab)
    assert f"what happened: {run.relative_to(lab.folder)}/report.html" in done.err
    text = (run / "report.md").read_text()
    log = (run / "log.txt").read_text()
    ids = log.split("rows of that batch:")[1].splitlines()[0].split()
    assert f"Rows: {', '.join(sorted(ids, key=int))}." in text
    assert "sci run e.yaml --set training.optimizer.learning_rate=3\n" in text
    assert "The loss rose from" in text
    manifest = json.loads((run / "manifest.json").read_text())
    assert (manifest["status"], manifest["report"]) == ("failed", "report.html")
    assert {"report.html", "report.md", "history.csv", "figures/updates.svg"} <= {
        one["path"] for one in manifest["files"]
    }


def test_the_short_report_of_training_that_failed_is_opened_and_not_written_anew(lab):
    lab.write("e.yaml", DIVERGED)
    assert lab.sci("run", "e.yaml").code == 5
    page = newest(lab) / "report.html"
    before = page.read_bytes()
    opened = lab.sci("report", "--open", BROWSER="true")
    assert (opened.code, opened.out.strip()) == (0, str(page.relative_to(lab.folder)))
    assert "loss became" in before.decode()
    anew = lab.sci("report")
    assert anew.code == 2
    assert "this run is failed and has no results yet [run.unfinished]" in anew.err
    assert "--open shows what happened" in anew.err
    assert page.read_bytes() == before


def test_a_run_that_failed_without_a_report_is_to_be_resumed(lab):
    lab.write("e.yaml", DIVERGED.replace("[html, markdown]", "[]"))
    assert lab.sci("run", "e.yaml").code == 5
    done = lab.sci("report", "--open")
    assert done.code == 2
    assert "this run is failed and has no report [run.no-report]" in done.err
    assert "sci resume runs" in done.err


def test_a_failure_that_cannot_be_reported_keeps_its_error_and_exit_code(lab):
    lab.write("e.yaml", DIVERGED)
    lab.write("sitecustomize.py", """
        import sci_report.html
        def broken(self, failure, context):
            raise ValueError("no ink")
        sci_report.html.HtmlReporter.failed = broken
    """)  # fmt: skip
    done = lab.sci("run", "e.yaml", PYTHONPATH=str(lab.folder))
    assert done.code == 5
    assert "[train.diverged]" in done.err
    assert "what happened" not in done.err
    assert "the failure could not be reported" in (newest(lab) / "log.txt").read_text()
