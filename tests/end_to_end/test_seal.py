"""Nothing before evaluation depends on the test rows, and every look at them is written down."""

from __future__ import annotations

import hashlib
import json

import numpy as np

EXPERIMENT = """
    format: 1
    name: sealed
    seed: 5
    task: classification
    data:
      source: {name: csv, path: d.csv}
      target: label
      columns: {text: {kind: text}, colour: {kind: category}}
      split: {name: predefined, column: part}
    preprocessing: [{name: impute, strategy: median}, one-hot, clean-text, {name: bag-of-words, min_documents: 1}, standardize]
    model: logistic
    engine: numpy
    training:
      optimizer: {name: adam, learning_rate: 0.05}
      epochs: 5
      early_stopping: {monitor: accuracy, patience: 2}
    calibration: [temperature, {name: threshold, metric: f1}]
    evaluation: {metrics: [accuracy, log-loss], baselines: [majority]}
    report: []
"""


def rows(changed: bool) -> str:
    random = np.random.default_rng(0)
    lines = ["part,size,colour,text,label"]
    for i in range(150):
        part = "train" if i < 90 else "validation" if i < 115 else "test"
        size, label = random.normal(), "yes" if random.random() < 0.5 else "no"
        colour, words = random.choice(["red", "blue"]), " ".join(random.choice(["a1", "b2", "c3", "d4"], 3))
        missing = random.random() < 0.1
        if changed and part == "test":
            size, label, colour, words = size * 1000, {"yes": "no", "no": "yes"}[label], "green", "never seen"
        shown = "" if missing else f"{size + (label == 'yes'):.6f}"
        lines.append(f"{part},{shown},{colour},{words} row{i},{label}")
    return "\n".join(lines) + "\n"


def hashes(run):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((run / "model").iterdir())}


def epochs(run):
    """The history without the time that each epoch took."""
    head, *lines = [line.split(",") for line in (run / "history.csv").read_text().splitlines()]
    return [[line[at] for at, name in enumerate(head) if name != "seconds"] for line in lines]


def test_changing_every_test_row_changes_nothing_before_evaluation(lab):
    lab.write("e.yaml", EXPERIMENT)
    lab.write("d.csv", rows(changed=False))
    first = lab.ran("e.yaml")
    lab.write("d.csv", rows(changed=True))
    second = lab.ran("e.yaml")
    assert hashes(first.run) == hashes(second.run), "weights, steps, temperature and threshold"
    assert set(json.loads((first.run / "model" / "calibrators.json").read_text())) == {"0", "1"}
    assert epochs(first.run) == epochs(second.run), "also where early stopping ended"
    validation = [json.loads((done.run / "metrics.json").read_text())["validation"] for done in (first, second)]
    assert validation[0] == validation[1]
    assert first.json("metrics.json")["test"] != second.json("metrics.json")["test"]


def test_each_opening_of_a_test_set_is_in_the_ledger_and_in_the_verdict(lab):
    lab.write("e.yaml", EXPERIMENT)
    lab.write("d.csv", rows(changed=False))
    first, second = lab.ran("e.yaml"), lab.ran("e.yaml", "--set", "seed=6")
    entries = [json.loads(line) for line in (lab.folder / "runs" / "ledger.jsonl").read_text().splitlines()]
    looked = [entry for entry in entries if entry["purpose"] == "evaluate"]
    assert {entry["run"] for entry in looked} == {f"sealed/{first.run.name}", f"sealed/{second.run.name}"}
    assert len({entry["fingerprint"] for entry in looked}) == 1
    assert {entry["rows"] for entry in looked} == {35}
    assert "opened once before" in second.out
    assert "opened once before" not in first.out


def test_the_same_lock_gives_the_same_run(lab):
    lab.write("e.yaml", EXPERIMENT)
    lab.write("d.csv", rows(changed=False))
    first, second = lab.ran("e.yaml"), lab.ran("e.yaml")
    assert first.json("sci.lock") == second.json("sci.lock")
    assert first.json("sci.lock")["determinism"] == "A"
    assert first.json("metrics.json") == second.json("metrics.json")


def test_rows_with_identical_inputs_across_a_predefined_split_stop_the_run_unless_waived(lab):
    lab.write("e.yaml", EXPERIMENT)
    lines = rows(changed=False).splitlines()
    lines[-1] = "test," + lines[1].partition(",")[2]
    lab.write("d.csv", "\n".join(lines) + "\n")
    stopped = lab.sci("run", "e.yaml")
    assert stopped.code == 3
    assert "audit.duplicates" in stopped.err
    waived = lab.ran("e.yaml", "--set", "audit={duplicates: warn}")
    assert "A check was waived (`audit: {duplicates: warn}`" in waived.out


def test_a_group_on_two_sides_stops_the_run(lab):
    lab.write("e.yaml", EXPERIMENT)
    head, *body = rows(changed=False).splitlines()
    lab.write("d.csv", "\n".join([f"{head},patient", *(f"{line},p{i % 40}" for i, line in enumerate(body))]) + "\n")
    stopped = lab.sci("run", "e.yaml", "--set", "data.group=patient")
    assert stopped.code == 3
    assert "audit.groups" in stopped.err
