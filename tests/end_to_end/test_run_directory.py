"""What a run leaves behind, and what can be done with it."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sci

EXPERIMENT = """
    format: 1
    name: kept
    question: Does it keep?
    seed: 5
    task: {name: classification, positive: yes}
    data:
      source: {name: csv, path: d.csv}
      target: label
      split: {name: stratified, validation: 0.2, test: 0.2}
    preprocessing: [impute, one-hot, standardize]
    model: logistic
    engine: numpy
    training: {optimizer: {name: adam, learning_rate: 0.05}, epochs: 5}
    evaluation: {metrics: [f1, accuracy], baselines: [majority, linear]}
    analysis: [confusion-matrix, learning-curve]
    report: [html, markdown, model-card]
    deploy: [rest]
"""


def rows(count=200):
    return "size,colour,label\n" + "".join(
        f"{(i * 37) % 101 / 10},{('red', 'blue', '=cmd()')[i % 3]},{'yes' if (i * 37) % 101 > 55 + i % 9 else 'no'}\n"
        for i in range(count)
    )


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    import textwrap

    folder = tmp_path_factory.mktemp("kept")
    (folder / "d.csv").write_text(rows())
    (folder / "e.yaml").write_text(textwrap.dedent(EXPERIMENT))
    return sci.run(folder / "e.yaml", output=folder / "runs")


def test_the_directory_is_as_documented(done):
    names = {path.relative_to(done.path).as_posix() for path in done.path.rglob("*") if path.is_file()}
    names = {name for name in names if not name.startswith(("children/", "figures/", "exports/", "model/"))}
    assert names - {".lock"} == {
        "config.yaml", "config.resolved.yaml", "manifest.json", "sci.lock", "audit.json", "metrics.json", "history.csv",
        "predictions/test.parquet", "predictions/validation.parquet", "report.html", "report.md", "model_card.md", "log.txt",
        *(f"checkpoints/step-00000020/{name}" for name in ("MANIFEST.json", "trainer.json", "trainer.safetensors", "loop.json", "loop.safetensors")),
    }  # fmt: skip
    assert sorted(path.name for path in (done.path / "children").iterdir()) == ["baseline-linear", "baseline-majority"]
    assert (done.path / "exports" / "rest").is_dir()
    assert done.path.parent.name == "kept"
    assert (done.path.parent.parent / "latest").read_text().strip() == f"kept/{done.path.name}"


def test_the_manifest_lists_every_file_with_its_hash(done):
    listed = {entry["path"]: entry for entry in done.manifest["files"]}
    on_disk = {
        path.relative_to(done.path).as_posix(): path
        for path in done.path.rglob("*")
        if path.is_file() and "children" not in path.relative_to(done.path).parts
    }
    assert set(listed) == set(on_disk) - {"manifest.json", "log.txt", ".lock"}
    for name, entry in listed.items():
        data = on_disk[name].read_bytes()
        assert (entry["size"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest()), name
    assert done.manifest["status"] == "finished"
    assert list(done.manifest["stages"]) == [
        "load",
        "split",
        "preprocess",
        "train",
        "evaluate",
        "analyze",
        "report",
        "deploy",
    ]


def test_no_file_holds_a_pickle(done):
    for path in done.path.rglob("*"):
        assert not path.is_file() or not path.read_bytes().startswith(
            (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
        ), path


def test_every_metric_has_an_interval_and_baselines_beside_it(done):
    assert set(done.metrics) == {"test", "validation", "baselines", "differences"}
    for name, entry in done.metrics["test"].items():
        low, high = entry["interval"]
        assert low <= entry["value"] <= high, name
        assert entry["confidence"] == 0.95
        assert entry["n"] == 40
        assert entry["higher_is_better"] is True
    assert set(done.metrics["baselines"]) == {"majority", "linear"}
    assert done.metrics["test"]["f1"]["positive"] == "yes"


def test_the_resolved_configuration_runs_to_the_same_weights(done, tmp_path):
    (tmp_path / "d.csv").write_text(rows())
    (tmp_path / "e.yaml").write_bytes((done.path / "config.resolved.yaml").read_bytes())
    again = sci.run(tmp_path / "e.yaml", output=tmp_path / "runs")
    assert again.lock["weights"] == done.lock["weights"]
    assert (again.path / "config.resolved.yaml").read_bytes() == (done.path / "config.resolved.yaml").read_bytes()


def test_what_was_trained_is_what_predicts(done):
    table = pq.read_table(done.path / "predictions" / "test.parquet", partitioning=None)
    source = list(csv.DictReader(io.StringIO(rows())))
    chosen = [source[id_] for id_ in table.column("id").to_pylist()]
    fresh = pa.table({"colour": [row["colour"] for row in chosen], "size": [float(row["size"]) for row in chosen]})
    answers = done.pipeline.predict(fresh)
    assert answers.column("prediction.label").to_pylist() == table.column("prediction.label").to_pylist()
    expected = table.column("prediction.probability").to_pylist()
    for answer, other in zip(answers.column("prediction.probability").to_pylist(), expected, strict=True):
        assert answer == pytest.approx(other, abs=1e-12)


def test_one_row_is_predicted_like_many(done):
    many = done.pipeline.predict(pa.table({"size": [1.0, 9.0, None], "colour": ["red", "never seen", None]}))
    one = done.pipeline.predict(pa.table({"size": [9.0], "colour": ["never seen"]}))
    assert one.column("prediction.probability")[0].as_py() == pytest.approx(
        many.column("prediction.probability")[1].as_py()
    )


def test_a_run_shows_itself_as_a_table_and_figures(done):
    shown = done._repr_html_()
    assert f"<table><thead><tr><th>test {done.metrics['test']['f1']['n']}</th>" in shown
    assert "<th>difference, paired</th>" in shown
    assert "<svg" in shown
    assert done.metrics["test"]["f1"]["positive"] == "yes"
    assert "kept" in repr(done)


def test_a_moved_run_still_opens(done, tmp_path):
    import shutil

    moved = sci.load(shutil.copytree(done.path, tmp_path / "elsewhere"))
    assert moved.pipeline.predict(pa.table({"size": [1.0], "colour": ["red"]})).num_rows == 1


def test_a_flipped_bit_in_the_weights_is_found(done, tmp_path):
    import shutil

    moved = shutil.copytree(done.path, tmp_path / "damaged")
    path = moved / "model" / "weights.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(sci.api.StorageError, match="not what the run wrote"):
        _ = sci.load(moved).pipeline


def test_predict_evaluate_report_runs_and_json_from_the_command_line(lab):
    lab.write("d.csv", rows())
    lab.write("e.yaml", EXPERIMENT)
    run = lab.sci("run", "e.yaml", "--json")
    document = json.loads(run.out)
    assert document["status"] == "finished"
    assert document["verdict"]["state"] in ("clears", "not-separable", "worse")
    assert document["metrics"]["test"]["f1"]["n"] == 40
    lab.write("new.csv", "colour,size\nred,1\n=cmd(),9\n")
    predicted = lab.sci("predict", "latest", "new.csv")
    assert predicted.out.splitlines()[0] == "id,label,probability.no,probability.yes"
    assert len(predicted.out.splitlines()) == 3
    written = lab.sci("predict", "latest", "new.csv", "--to", "out.parquet")
    assert pq.read_table(lab.folder / "out.parquet").num_rows == 2, written.err
    measured = json.loads(lab.sci("evaluate", "latest", "d.csv", "--json").out)
    assert measured["metrics"]["f1"]["n"] == 200
    seen = (
        "160 of the 200 rows of `d.csv` are those that the run was trained on or chosen by: these figures are too good"
    )
    assert measured["warnings"] == [{"id": "evaluate.seen", "message": seen}]
    assert lab.sci("evaluate", "latest", "d.csv").err == f"warning: {seen} [evaluate.seen]\n"
    lab.write("part.csv", "\n".join(rows().splitlines()[:50]))
    assert json.loads(lab.sci("evaluate", "latest", "part.csv", "--json").out)["warnings"] == []
    assert [
        line for line in (lab.folder / "runs" / "ledger.jsonl").read_text().splitlines() if "evaluate d.csv" in line
    ]
    before = (lab.folder / document["run"] / "metrics.json").read_bytes()
    locked = json.loads((lab.folder / document["run"] / "sci.lock").read_text())
    again = lab.sci("report", "latest")
    assert again.code == 0, again.err
    assert again.out.strip().endswith("report.html")
    assert (lab.folder / document["run"] / "metrics.json").read_bytes() == before
    relocked = json.loads((lab.folder / document["run"] / "sci.lock").read_text())
    assert [relocked[key] for key in ("plugins", "citations")] == [locked[key] for key in ("plugins", "citations")]
    listed = json.loads(lab.sci("runs", "list", "--json").out)["runs"]
    assert [entry["status"] for entry in listed] == ["finished"]
    shown = lab.sci("runs", "show", "latest")
    assert "finished" in shown.out
    quiet = lab.sci("run", "e.yaml", "--quiet")
    assert quiet.out.strip().startswith("runs/kept/")
    assert quiet.err == ""
    assert "defect" not in lab.sci("doctor").out
