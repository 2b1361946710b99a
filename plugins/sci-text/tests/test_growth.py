from __future__ import annotations

import pathlib
from xml.etree import ElementTree

import numpy as np
import pytest

import sci
from sci_text.growth import grown

EXPERIMENT = """\
format: 1
name: growth
seed: 1
task: classification
data:
  source: {name: csv, path: texts.csv}
  target: label
  columns: {text: {kind: text}, note: {kind: text}}
  split: {name: predefined, column: part}
preprocessing: [bag-of-words]
model: logistic
engine: numpy
training: {optimizer: {name: adam, learning_rate: 0.1}, epochs: 1}
evaluation: {metrics: [accuracy], baselines: []}
analysis: [vocabulary-growth]
report: [markdown]
"""


def test_a_law_of_heaps_is_found_again() -> None:
    words = np.arange(0, 200_000, 50)
    distinct = np.floor(8 * words**0.6).astype(np.int64)

    found = grown(np.stack([words, distinct], axis=1))

    assert found.exponent == pytest.approx(0.6, abs=0.01)
    assert found.factor == pytest.approx(8, rel=0.05)
    assert (found.words[0], found.words[-1]) == (0, words[-1])
    assert len(found.words) <= 60


def test_few_words_have_no_law() -> None:
    assert np.isnan(grown(np.array([[0, 0], [4, 3], [9, 5]])).exponent)


def test_words_that_training_rows_do_not_have_are_counted(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [
        f"{word} and so on {word} again,电影好看,{label},train" for word, label in [("cat", "a"), ("dog", "b")] * 20
    ]
    lines += ["The CAT and so on,电影,a,validation", "dog again,好书,b,validation"]
    lines += ["cat bird again,难,a,test", "dog fish so on,电影好看,b,test", "on,,b,test"]
    rows = "\n".join(["text,note,label,part", *lines])
    pathlib.Path("texts.csv").write_text(rows + "\n", encoding="utf-8")
    pathlib.Path("growth.yaml").write_text(EXPERIMENT, encoding="utf-8")

    run = sci.run("growth.yaml")

    report = (run.path / "report.md").read_text(encoding="utf-8")
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in report.splitlines() if "|" in line]
    texts = [row for row in table if row[0] in ("train", "validation", "test") and len(row) == 6]
    assert [row[1:4] for row in texts[:3]] == [["40", "240", "6"], ["2", "7", "7"], ["3", "8", "7"]]
    assert [row[4:] for row in texts[1:3]] == [["14.3 %", "50.0 %"], ["25.0 %", "66.7 %"]]
    assert [row[1:4] for row in texts[3:]] == [["40", "160", "4"], ["2", "4", "4"], ["3", "5", "5"]]
    for name in ("vocabulary-growth.svg", "vocabulary-growth-2.svg"):
        ElementTree.fromstring((run.path / "figures" / name).read_bytes())
