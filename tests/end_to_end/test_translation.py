"""Texts that answer texts, from files to the report."""

from __future__ import annotations

import csv
import itertools
import random

import pytest

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
