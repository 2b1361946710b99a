"""Texts that change in every epoch: a run that was killed goes on with the changes that it would have had."""

from __future__ import annotations

import csv
import random
import time

import pytest

import sci

ROOMS = ("the room", "the bed", "the food", "the staff", "the view", "the pool")
GOOD = ("was clean", "was friendly", "was very good", "made us happy")
BAD = ("was dirty", "was rude", "was very bad", "made us angry")
SYNONYMS = "clean\tspotless\tneat\nfriendly\tkind\nbad\tpoor\nhappy\tglad\nroom\tchamber\nangry\tcross\n"
TRANSLATOR = """
    format: 1
    name: {name}
    task: seq2seq
    data:
      source: {{name: csv, path: {name}.csv}}
      inputs: [source]
      target: answer
      columns: {{source: {{kind: text}}, answer: {{kind: text}}}}
      split: {{name: predefined, column: part}}
    audit: {{duplicates: "off", near-duplicates: "off"}}
    preprocessing: [{{name: words, columns: [source, answer], min_count: 1}}]
    model: translation-memory
    engine: numpy
    evaluation: {{metrics: [chrf], baselines: []}}
    report: []
"""
STUDY = """
    format: 1
    name: reviews
    seed: 5
    task: {{name: classification, positive: good}}
    data:
      source: {{name: csv, path: reviews.csv}}
      target: label
      columns: {{text: {{kind: text}}}}
      split: {{name: stratified, validation: 0.2, test: 0.2}}
    preprocessing:
      - {{name: synonyms, file: synonyms.tsv, rate: 0.4}}
      - {{name: back-translate, there: runs/there, back: runs/back, rate: 0.6}}
      - {{name: swap, rate: 0.3}}
      - {{name: words, min_count: 1, max_length: 32}}
      - {{name: token-dropout, rate: 0.3}}
    model: {{name: text-cnn, embedding_size: 8, filters: 4}}
    engine: {engine}
    training:
      optimizer: {{name: adam, learning_rate: 0.002}}
      epochs: 40
      batch_size: 8
      checkpoint: {{every_steps: 31}}
    evaluation: {{metrics: [accuracy], baselines: []}}
    report: []
"""


@pytest.fixture
def reviews(lab):
    """Texts in two classes, a list of synonyms, and two runs that turn each text around and back with other words."""
    drawn = random.Random(4)
    texts = {}
    while len(texts) < 200:
        label = drawn.choice(["good", "bad"])
        said = GOOD if label == "good" else BAD
        texts[" and ".join(f"{room} {drawn.choice(said)}" for room in drawn.sample(ROOMS, 3))] = label
    write(lab, "reviews.csv", ["text", "label"], texts.items())
    (lab.folder / "synonyms.tsv").write_text(SYNONYMS, encoding="utf-8")
    turned = {text: " ".join(text.split()[::-1]) for text in texts}
    back = {other: text.replace("the ", "this ").replace(" and ", " while ") for text, other in turned.items()}
    for name, pairs in (("there", turned), ("back", back)):
        rows = [(*pair, "train") for pair in pairs.items()]
        write(lab, f"{name}.csv", ["source", "answer", "part"], [*rows, (*rows[0][:2], "test")])
    return lab


def write(lab, name, header, rows):
    with (lab.folder / name).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(header)
        table.writerows(rows)


def begun(folder):
    """Whether the newest run under a folder has written a checkpoint."""
    return (folder / "latest").is_file() and any(
        (folder / (folder / "latest").read_text().strip() / "checkpoints").glob("step-????????")
    )


def facts(done):
    """Everything that must be equal: weights, predictions, and the history without times."""
    run = sci.load(done.run)
    with (run.path / "history.csv").open(encoding="utf-8") as file:
        history = [{name: value for name, value in row.items() if name != "seconds"} for row in csv.DictReader(file)]
    return run.lock["weights"], run.predictions().table, history


def killed(lab):
    """A run that is killed in the middle of an epoch after its first checkpoint."""
    process = lab.start("run", "e.yaml", "--quiet", "--output", "killed")
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None and not begun(lab.folder / "killed" / "reviews"):
        time.sleep(0.02)
    process.kill()
    _, told = process.communicate(timeout=60)
    assert process.returncode < 0, told


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_a_killed_run_goes_on_with_the_texts_that_it_would_have_had(reviews, engine):
    pytest.importorskip(engine, reason=f"engine {engine} is not installed")
    for name in ("there", "back"):
        reviews.write(f"{name}.yaml", TRANSLATOR.format(name=name))
        reviews.ran(f"{name}.yaml")
    reviews.write("e.yaml", STUDY.format(engine=engine))
    whole = reviews.ran("e.yaml")

    killed(reviews)
    resumed = reviews.sci("resume", "killed/reviews/latest", "--quiet")

    assert resumed.code == 0, resumed.err
    [entry] = resumed.json("manifest.json")["resumed"]
    assert 0 < entry["step"] < 600
    weights, predictions, history = facts(resumed)
    expected = facts(whole)
    assert weights == expected[0]
    assert predictions.equals(expected[1])
    assert history == expected[2]
    log = (whole.run / "log.txt").read_text(encoding="utf-8")
    assert "came back as they were" not in log
    assert "the list holds none" not in log
