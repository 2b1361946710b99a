"""A plugin whose task has no target: letters are covered by a step, in training and in evaluation."""

from __future__ import annotations

import pathlib
import shutil
import string

import numpy as np
import pyarrow.parquet as pq
import pytest

PACKAGE = pathlib.Path(__file__).parent / "sci_cover"

EXPERIMENT = """
format: 1
name: letters
seed: 3
task: uncover
data:
  source: {name: csv, path: runs-of-letters.csv}
  columns: {text: {kind: text}}
  split: {name: random, validation: 0.2, test: 0.2}
preprocessing: [{name: characters, max_length: 40}, cover]
model: {name: transformer, hidden_size: 8, layers: 1, heads: 2, max_length: 40, dropout: 0.1}
engine: torch
training: {optimizer: {name: adam, learning_rate: 0.02}, epochs: 4, batch_size: 16, gradient_accumulation: 2}
evaluation: {metrics: [uncovered], baselines: []}
report: [markdown]
"""


@pytest.fixture
def letters(house):
    """Pieces of the alphabet, written twice, each once."""
    twice = 2 * string.ascii_lowercase
    draw = np.random.default_rng(0)
    pieces = {twice[start : start + length] for start, length in draw.integers((0, 4), (26, 27), size=(400, 2))}
    house.table("runs-of-letters.csv", text=sorted(pieces)[:240])
    house.write("e.yaml", EXPERIMENT)
    house.write("new.csv", "text\nabcdefgh\nhijk\n")
    shutil.copytree(PACKAGE, house.site / "sci_cover", ignore=shutil.ignore_patterns("__pycache__"))
    info = house.site / "sci_cover-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sci-cover\nVersion: 1.0\nRequires-Dist: sci-core\n")
    (info / "entry_points.txt").write_text("[sci.plugins]\ncover = sci_cover.plugin\n")
    (info / "RECORD").write_text("")
    return house


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_a_study_without_a_target_from_file_to_report(letters, engine):
    pytest.importorskip(engine, reason=f"engine {engine} is not installed")

    checked = letters.sci("check", "e.yaml", "--set", f"engine={engine}")
    done = letters.ran("e.yaml", "--set", f"engine={engine}")
    predicted = letters.sci("predict", str(done.run), "new.csv")
    evaluated = [letters.sci("evaluate", str(done.run), "runs-of-letters.csv", "--json") for _ in range(2)]

    assert checked.code == predicted.code == 0, checked.err + predicted.err
    assert "no target" in done.err
    history = np.genfromtxt(done.run / "history.csv", delimiter=",", names=True)
    assert history["validation_loss"][-1] < history["validation_loss"][0]
    stored = pq.read_table(done.run / "predictions/test.parquet")
    covered = np.array(stored.column("prediction.covered"))
    assert 0.2 < covered.sum() / len(np.concatenate(stored.column("prediction.letters").to_pylist())) < 0.4
    assert done.json("metrics.json")["test"]["uncovered"]["value"] == pytest.approx(
        np.sum(stored.column("prediction.found")) / covered.sum()
    )
    report = (done.run / "report.md").read_text()
    assert report.startswith("# uncovered is")
    assert "uncover of" not in report
    assert [line.split(",")[-2:] for line in predicted.out.strip().splitlines()[1:]] == [["0.0", "0.0"]] * 2
    assert evaluated[0].code == 0, evaluated[0].err
    assert evaluated[0].out == evaluated[1].out


def test_what_is_covered_in_evaluation_follows_from_the_seed_and_the_row_alone(letters):
    runs = [
        letters.ran("e.yaml", "--set", "report=[]", "--set", "training.epochs=1", *more)
        for more in ([], ["--set", "training.seed=9", "--set", "model.hidden_size=4"], ["--set", "seed=4"])
    ]

    tables = [pq.read_table(done.run / "predictions/test.parquet").to_pydict() for done in runs]
    one, same, other = (dict(zip(found["id"], found["prediction.covered"], strict=True)) for found in tables)

    assert one == same
    assert other != one
    common = sorted(one.keys() & other.keys())
    assert [one[row] for row in common] != [other[row] for row in common]


def test_small_pieces_have_the_mean_loss_and_the_answers_of_large_ones(letters, monkeypatch):
    def came_to(done):
        stored = pq.read_table(done.run / "predictions/test.parquet")
        history = np.genfromtxt(done.run / "history.csv", delimiter=",", names=True)
        return float(history["validation_loss"]), stored.select(["id", "prediction.letters", "prediction.found"])

    quick = ["--set", "report=[]", "--set", "training.epochs=1"]
    loss, answers = came_to(letters.ran("e.yaml", *quick))
    monkeypatch.setattr("sci.pipeline.trained.positions_for", lambda heads: 100)

    in_pieces, again = came_to(letters.ran("e.yaml", *quick))

    assert in_pieces == pytest.approx(loss, rel=1e-6)
    assert again.equals(answers)
