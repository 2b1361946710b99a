"""Texts that nobody should write, through whole studies."""

from __future__ import annotations

import csv
import json
import pathlib

import pytest

from sci.runs.loader import Loader

HOSTILE = [
    "",
    " \t ",
    "x" * 1_000_000,
    "so good " * 20_000,
    "\u202eשלום עולם\u202c مرحبا بالعالم",
    "👩🏽‍🔬👨‍👩‍👧‍👦 🏳️‍🌈 good",
    "e" + "\u0301" * 5000,
    "[PAD] [CLS] [SEP] [MASK] [UNK] <url> ▁ ## Ġ",
    "=cmd()|' /C calc'!A0",
    "<script>alert(1)</script>{{7*7}}",
    "\ufeff\u200b\u2028\u2029\ufffe",
    "\x01\x02\x1b[31m",
    "𝕳𝖊𝖑𝖑𝖔 ﬁﬂ ＡＢＣ ㍿",
]
EXPERIMENT = """\
format: 1
name: hostile
seed: 2
task: {name: classification, positive: good}
data:
  source: {name: csv, path: texts.csv}
  target: label
  columns: {text: {kind: text}}
  split: {name: predefined, column: part}
audit: {duplicates: "off", near-duplicates: "off"}
preprocessing:
"""
NETWORK = """\
model: {name: transformer, hidden_size: 8, layers: 1, heads: 1, max_length: 24}
engine: torch
training: {optimizer: {name: adam, learning_rate: 0.01}, epochs: 1, batch_size: 16}
evaluation: {metrics: [accuracy], baselines: []}
analysis: [vocabulary-growth]
report: [markdown]
"""
BAG = """\
  - clean-text
  - deduplicate
  - bag-of-words
model: logistic
engine: numpy
training: {optimizer: {name: adam, learning_rate: 0.1}, epochs: 1}
evaluation: {metrics: [accuracy], baselines: []}
analysis: [occlusion, vocabulary-growth]
report: [markdown]
"""
STEPS = {
    "bag": BAG,
    "wordpiece": "  - {name: clean-text, markup: remove, width: fold}\n"
    "  - {name: wordpiece, vocabulary_size: 90, max_length: 24}\n  - {name: token-dropout, rate: 0.3}\n" + NETWORK,
    "unigram": "  - {name: deduplicate, near: 0.8}\n  - {name: synonyms, file: words.tsv, rate: 0.5}\n"
    "  - {name: swap, rate: 0.3}\n  - {name: unigram, vocabulary_size: 200, max_length: 24, enclose: true}\n" + NETWORK,
}


@pytest.mark.parametrize("steps", STEPS)
def test_a_study_of_hostile_texts_ends_with_an_answer_for_each_row(sci, work: pathlib.Path, steps: str) -> None:
    plain = [("good", "so good and fine"), ("bad", "so bad and dull")] * 12
    rows = [(text, label, "train") for label, text in plain]
    parts = {"train": HOSTILE, "validation": HOSTILE[2:8], "test": HOSTILE}
    rows += [(text, ("good", "bad")[at % 2], part) for part, some in parts.items() for at, text in enumerate(some)]
    with pathlib.Path("texts.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("text", "label", "part"), *rows])
    pathlib.Path("words.tsv").write_text("good\tfine\nبالعالم\tالعالم\n", encoding="utf-8")
    pathlib.Path("hostile.yaml").write_text(EXPERIMENT + STEPS[steps], encoding="utf-8")

    result = sci("run", "hostile.yaml", "--quiet")

    assert result.code == 0, result.err
    run = pathlib.Path(result.out.strip())
    loader = Loader(run)
    assert loader.json("metrics.json")["test"]["accuracy"]["n"] == len(HOSTILE)
    said = json.dumps(loader.manifest.data["warnings"])
    if steps != "bag":
        assert "training texts of `text` are longer than max_length 24" in said
        assert "validation texts of `text` are longer than max_length 24" in said
        assert "test texts of `text` are longer than max_length 24" in said
    if steps == "unigram":
        assert "training rows repeat an earlier one" in said
    with pathlib.Path("new.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("text",), *((text,) for text in HOSTILE if text)])
    answers = sci("predict", str(run), "new.csv")
    assert answers.code == 0, answers.err
    assert len(answers.out.splitlines()) == len(HOSTILE)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"so good \xed\xa0\x80 end", "UTF-8"),
        ("\u597d".encode("gb18030"), "UTF-8"),
    ],
    ids=["lone-surrogate", "gb18030"],
)
def test_texts_in_another_encoding_are_refused(refused, content: bytes, words: str) -> None:
    lines = b"".join(b"so good,good,train\nso bad,bad,test\nno,bad,validation\n" for _ in range(9))
    pathlib.Path("texts.csv").write_bytes(b"text,label,part\n" + lines + content + b",good,train\n")
    pathlib.Path("hostile.yaml").write_text(EXPERIMENT + STEPS["bag"], encoding="utf-8")

    result = refused("run", "hostile.yaml", exit=3, place="texts.csv:29", begun=True)

    assert words in result.err
