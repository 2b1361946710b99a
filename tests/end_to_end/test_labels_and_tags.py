"""Labels, tags and hidden tokens, from a file to predictions, on either engine."""

from __future__ import annotations

import json
import random

import pytest

import sci

TOPICS = {"sport": ["match", "goal"], "money": ["bank", "tax"]}
NAMES = [("Anna", "B-PER"), ("Berg", "I-PER"), ("in", "O"), ("Oslo", "B-LOC"), (".", "O")]


@pytest.fixture
def rows(lab):
    drawn = random.Random(1)
    lines = []
    for _ in range(80):
        labels = [name for name in TOPICS if drawn.random() < 0.5]
        words = [drawn.choice(TOPICS[name]) for name in labels] + drawn.sample(["the", "a", "old", "new", "day"], 4)
        lines.append({"text": " ".join(words), "topics": labels, "topic": "sport" if "sport" in labels else "other"})
    (lab.folder / "news.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    sentences = [
        "\n".join(f"{word} {tag}" for word, tag in [*NAMES[row % 3 :], (f"day{row}", "O")]) for row in range(60)
    ]
    (lab.folder / "names.conll").write_text("\n\n".join(sentences) + "\n", encoding="utf-8")
    return lab


def experiment(lab, file: str, task: str, data: str, steps: str, model: str, engine: str, more: str = "") -> None:
    lab.write(file, f"""
        format: 1
        name: {file.removesuffix(".yaml")}
        seed: 5
        task: {task}
        data: {{{data}, split: {{name: random, validation: 0.2, test: 0.25}}}}
        preprocessing: [{steps}]
        model: {model}
        engine: {engine}
        training: {{optimizer: {{name: adam, learning_rate: 0.02}}, epochs: 2, batch_size: 16}}
        audit: {{duplicates: warn}}
        report: [html]
        {more}
    """)  # fmt: skip


NEWS = "source: {name: jsonl, path: news.jsonl}, inputs: [text], columns: {text: {kind: text}}"
TOKENS = "{name: wordpiece, vocabulary_size: 40, min_count: 1, enclose: true, max_length: 32}"
ENGINES = pytest.mark.parametrize("engine", ["torch", "tensorflow"])


@ENGINES
def test_labels_are_lists_in_every_form(rows, engine):
    pytest.importorskip(engine, reason=f"engine {engine} is not installed")
    experiment(
        rows, "e.yaml", "multi-label", f"{NEWS}, target: topics", "bag-of-words", "{name: mlp, hidden: [8]}", engine
    )

    run = sci.load(rows.ran("e.yaml").run)

    stored = run.predictions()
    assert set(run.metrics["baselines"]) == {"majority"}
    assert set(run.metrics["test"]) == {"f1-micro", "f1-macro", "subset-accuracy", "hamming-loss"}
    assert {name for row in stored.table.column("target").to_pylist() for name in row} == set(TOPICS)
    assert all(isinstance(row, list) for row in stored.prediction("labels").to_pylist())


@ENGINES
def test_each_word_gets_a_tag(rows, engine):
    pytest.importorskip(engine, reason=f"engine {engine} is not installed")
    data = "source: {name: conll, path: names.conll}, inputs: [words], target: tags"
    experiment(
        rows,
        "e.yaml",
        "token-classification",
        data,
        TOKENS,
        "{name: rnn, hidden_size: 8, embedding_size: 8}",
        engine,
        "analysis: [entity-types]",
    )

    run = sci.load(rows.ran("e.yaml").run)

    stored = run.predictions()
    answers, truth = (stored.table.column(name).to_pylist() for name in ("prediction.tags", "target"))
    assert [len(row) for row in answers] == [len(row) for row in truth]
    assert run.metrics["test"]["token-accuracy"]["words"] == sum(map(len, truth))
    (rows.folder / "words.conll").write_text("Anna\nleft\n", encoding="utf-8")
    assert rows.sci("predict", "latest", "words.conll").code == 0
    evaluated = rows.sci("evaluate", "latest", "words.conll")
    assert evaluated.code == 3
    assert "lacks the target column `tags`" in evaluated.err


@ENGINES
def test_a_classifier_starts_from_what_was_learned_without_labels(rows, engine):
    pytest.importorskip(engine, reason=f"engine {engine} is not installed")
    sizes = "{name: bert, hidden_size: 8, layers: 1, heads: 2, max_length: 32}"
    experiment(rows, "read.yaml", "masked-lm", NEWS, f"{TOKENS}, mask-tokens", sizes, engine)
    experiment(
        rows,
        "tell.yaml",
        "classification",
        f"{NEWS}, target: topic",
        "{name: tokenizer, pretrained: runs/read, max_length: 32}",
        "{name: bert, pretrained: runs/read}",
        engine,
    )

    read, told = (sci.load(rows.ran(name).run) for name in ("read.yaml", "tell.yaml"))

    assert 1 < read.metrics["test"]["perplexity"]["value"] < 100
    assert told.experiment["model"]["hidden_size"] == 8
    assert "start from" in (told.path / "log.txt").read_text(encoding="utf-8")
