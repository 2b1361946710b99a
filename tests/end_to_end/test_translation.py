"""Texts that answer texts, from files to the report."""

from __future__ import annotations

import csv
import html
import itertools
import random

import pyarrow.parquet as pq
import pytest
from sacrebleu.metrics import BLEU, CHRF

pytest.importorskip("torch", reason="engine torch is not installed")

WORDS = {"a": "x y", "b": "z", "c": "u v w", "d": "t", "e": "s r"}


def write_pairs(lab, words) -> None:
    """Every three letters, shuffled, and what stands for them in reverse order."""
    sources = list(itertools.product(words, repeat=3))
    random.Random(6).shuffle(sources)
    with (lab.folder / "pairs.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["source", "target"])
        rows.writerows([" ".join(source), " ".join(words[letter] for letter in source[::-1])] for source in sources)


@pytest.fixture
def pairs(lab):
    write_pairs(lab, WORDS)
    return lab


def study(lab, task: str, *more: str):
    """A run of an experiment."""
    lab.write("e.yaml", f"""
        format: 1
        name: letters
        seed: 4
        task: {task}
        data:
          source: {{name: csv, path: pairs.csv}}
          columns: {{source: {{kind: text}}}}
          target: target
          split: {{name: random, validation: 0.2, test: 0.2}}
        preprocessing: [{{name: words, columns: [source, target], max_length: 12}}]
        model: {{name: encoder-decoder, layers: 1, hidden_size: 16, heads: 2}}
        engine: torch
        training: {{optimizer: {{name: adam, learning_rate: 0.01}}, epochs: 4, batch_size: 16}}
        evaluation: {{metrics: [bleu, chrf], baselines: []}}
        report: []
    """)  # fmt: skip
    return lab.sci("run", "e.yaml", *more)


def trained(lab, task: str, *more: str):
    """A run that came to its end, and the rows of its history."""
    done = study(lab, task, *more)
    assert done.code == 0, done.err
    with (done.run / "history.csv").open(encoding="utf-8", newline="") as file:
        return done, list(csv.DictReader(file))


def losses(history) -> list[tuple[str, str]]:
    return [(row["loss"], row["validation_loss"]) for row in history]


def test_validation_rows_are_answered_in_training_only_where_that_is_asked_for(pairs):
    silent, alone = trained(pairs, "{name: seq2seq, beam: 4}")
    _, drafted = trained(pairs, "{name: seq2seq, beam: 4, validation_beam: 1}")
    _, searched = trained(pairs, "{name: seq2seq, beam: 4, validation_beam: 4}")
    greedy, _ = trained(pairs, "{name: seq2seq, beam: 1}")
    stopping = "training.early_stopping={monitor: chrf, patience: 9}"
    _, watched = trained(pairs, "{name: seq2seq, beam: 4}", "--set", stopping)
    _, unwatched = trained(pairs, "{name: seq2seq, beam: 4}", "--set", stopping.replace("chrf", "loss"))

    assert {"loss", "validation_loss"} <= set(alone[0])
    assert not {"bleu", "chrf"} & set(alone[0])
    assert not {"bleu", "chrf"} & set(unwatched[0])
    assert losses(alone) == losses(drafted) == losses(searched) == losses(watched)
    assert [row["chrf"] for row in watched] == [row["chrf"] for row in drafted]
    ends = {
        name: done.json("metrics.json")["validation"]["chrf"]["value"]
        for name, done in (("beam", silent), ("greedy", greedy))
    }
    assert float(searched[-1]["chrf"]) == ends["beam"]
    assert float(drafted[-1]["chrf"]) == ends["greedy"]
    assert ends["beam"] != ends["greedy"]


def test_references_of_one_source_are_scored_together(pairs):
    with (pairs.folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    several = [
        {**row, "sentence": f"s{at}", "target": target}
        for at, row in enumerate(given)
        for target in [row["target"], row["target"].replace("z", "z z"), row["target"][2:]][: 1 + at % 3]
    ]
    with (pairs.folder / "pairs.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, ["source", "target", "sentence"])
        rows.writeheader()
        rows.writerows(several)
    metrics = "evaluation.metrics=[{name: bleu, references: group}, {name: chrf, references: group}]"

    lost = study(pairs, "seq2seq", "--set", metrics, "--set", "data.inputs=[source]")
    done, history = trained(pairs, "seq2seq", "--set", metrics, "--set", "data.group=sentence")

    assert (lost.code, "[metric.groups]" in lost.err) == (2, True), lost.err
    [failed] = [path for path in (pairs.folder / "runs" / "letters").iterdir() if path.is_dir() and path != done.run]
    assert not (failed / "checkpoints").exists()
    assert len(history) == 4
    test = pq.read_table(done.run / "predictions" / "test.parquet").to_pylist()
    references: dict[str, list[str]] = {}
    answers: dict[str, str] = {}
    for row in test:
        references.setdefault(row["group"], []).append(row["target"])
        answers[row["group"]] = row["prediction.text"]
    assert {len(own) for own in references.values()} == {1, 2, 3}
    streams = [[(own + [None] * 2)[place] for own in references.values()] for place in range(3)]
    found = done.json("metrics.json")["test"]
    for name, theirs in (("bleu", BLEU()), ("chrf", CHRF())):
        score = theirs.corpus_score(list(answers.values()), streams).score
        assert found[name]["value"] == pytest.approx(score, rel=1e-12)
        assert found[name]["signature"] == str(theirs.get_signature())
        assert (found[name]["sources"], found[name]["n"]) == (len(references), len(test))
        assert f"whole groups ({len(references)})" in found[name]["method"]


def test_the_report_shows_the_answers_that_are_least_like_their_reference(pairs):
    write_pairs(pairs, {**WORDS, "d": "t<b>*x*</b>"})
    model = ("--set", "model=translation-memory", "--set", "engine=numpy", "--set", "training={batch_size: 16}")
    reports = (
        "--set",
        "analysis=[{name: error-browser, most: 4}]",
        "--set",
        "report=[html, {name: markdown, language: zh}]",
    )

    done = study(pairs, "seq2seq", *model, *reports)

    assert done.code == 0, done.err
    test = pq.read_table(done.run / "predictions" / "test.parquet").to_pylist()
    theirs = CHRF()
    scores = sorted(theirs.sentence_score(row["prediction.text"], [row["target"]]).score for row in test)
    found = done.json("figures/error-browser.json")["mistakes"]
    assert [one["chrf"] for one in found] == pytest.approx(scores[:4], rel=1e-12)
    truth = {row["id"]: (row["target"], row["prediction.text"]) for row in test}
    assert [(one["reference"], one["answer"]) for one in found] == [truth[one["row"]] for one in found]
    page, plain = ((done.run / name).read_text(encoding="utf-8") for name in ("report.html", "report.md"))
    assert "<b>*x*" not in page
    assert html.escape(found[0]["reference"]) in page
    assert f"chrF {found[0]['chrf']:.1f}" in page
    assert f"chrF {found[0]['chrf']:.1f}" in plain
    assert "与参考文本最不相似的排在最前" in plain
    assert "<b>" not in plain
