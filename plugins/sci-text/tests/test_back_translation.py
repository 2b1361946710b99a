from __future__ import annotations

import pathlib

import numpy as np
import pyarrow as pa
import pytest

import sci
from sci.api import ConfigError, Dataset, Feature, SampleRandom, Schema
from sci_text.augmentation import translation
from sci_text.augmentation.back_translation import BackTranslate
from sci_text.augmentation.config import BackTranslateConfig

SCHEMA = Schema({"text": Feature("text", dtype="string")}, {"text": "input"})
PAIRS = [
    ("the room is clean", "das zimmer ist sauber", "the chamber is clean"),
    ("the food was bad", "das essen war schlecht", "the meal was poor"),
    ("we come again soon", "wir kommen bald wieder", "we will come back soon"),
    ("a friendly staff here", "ein freundliches team hier", "a kind team here"),
]
EXPERIMENT = """\
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
preprocessing:
  - {{name: words, columns: [source, answer], min_count: 1}}
model: translation-memory
engine: numpy
evaluation: {{metrics: [chrf], baselines: []}}
report: []
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pathlib.Path]:
    """Two runs that recall the answers of a few pairs: English to German, and German to other English."""
    folder = tmp_path_factory.mktemp("translators")
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, pairs in (
            ("there", [(english, german) for english, german, _ in PAIRS]),
            ("back", [(german, other) for _, german, other in PAIRS]),
        ):
            rows = [*((*pair, "train") for pair in pairs), (*pairs[0], "test")]
            lines = [",".join(row) for row in [("source", "answer", "part"), *rows]]
            pathlib.Path(f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
            pathlib.Path(f"{name}.yaml").write_text(EXPERIMENT.format(name=name), encoding="utf-8")
            found[name] = folder / sci.run(f"{name}.yaml").path
    return found


def fitted(runs: dict[str, pathlib.Path], data: Dataset, rate: float = 0.5) -> BackTranslate:
    step = BackTranslate(BackTranslateConfig(there=str(runs["there"]), back=str(runs["back"]), rate=rate), ("text",))
    step.fit(data)
    return step


def test_texts_are_replaced_by_what_comes_back(runs: dict[str, pathlib.Path]) -> None:
    texts = [PAIRS[row % 4][0] for row in range(200)] + ["", None]
    data = Dataset({"text": pa.array(texts, pa.large_string())}, SCHEMA)
    step = fitted(runs, data)
    batch = data.batch(np.arange(len(data)))

    found = [
        step.transform(batch, SampleRandom(1, epoch, data.ids, "0.back"))["text"].to_pylist() for epoch in (0, 0, 1)
    ]

    back = {english: other for english, _, other in PAIRS}
    assert all(new in (old, back.get(old)) for old, new in zip(texts, found[0], strict=True))
    assert 60 < sum(new != old for old, new in zip(texts, found[0], strict=True)) < 140
    assert found[0] == found[1] != found[2]
    assert found[0][-2:] == ["", None]
    assert step.transform(batch)["text"].to_pylist() == texts
    assert step.warnings() == []


def test_no_text_is_translated_twice(runs: dict[str, pathlib.Path], monkeypatch: pytest.MonkeyPatch) -> None:
    data = Dataset({"text": pa.array([PAIRS[0][0], PAIRS[1][0]] * 50, pa.large_string())}, SCHEMA)
    fitted(runs, data)
    asked: list[int] = []
    call = translation.Translator.__call__
    monkeypatch.setattr(
        translation.Translator, "__call__", lambda self, texts: (asked.append(len(texts)), call(self, texts))[1]
    )

    fitted(runs, data)

    assert sum(asked) == 0


def test_a_run_that_does_not_answer_with_a_text_is_refused(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, runs: dict[str, pathlib.Path]
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [f"so {word},{word},{part}" for word, part in [("good", "train"), ("bad", "train")] * 5 + [("bad", "test")]]
    pathlib.Path("plain.csv").write_text("\n".join(["text,label,part", *lines]) + "\n", encoding="utf-8")
    pathlib.Path("plain.yaml").write_text(
        "format: 1\nname: plain\ntask: classification\ndata:\n  source: {name: csv, path: plain.csv}\n  target: label\n"
        "  columns: {text: {kind: text}}\n  split: {name: predefined, column: part}\n"
        'audit: {duplicates: "off", near-duplicates: "off"}\n'
        "preprocessing: [bag-of-words]\nmodel: logistic\nengine: numpy\n"
        "training: {optimizer: {name: adam, learning_rate: 0.1}, epochs: 1}\n"
        "evaluation: {metrics: [accuracy], baselines: []}\nreport: []\n",
        encoding="utf-8",
    )
    plain = tmp_path / sci.run("plain.yaml").path

    with pytest.raises(ConfigError, match=r"there is run .*, which does not answer one text with one text"):
        fitted({**runs, "there": plain}, Dataset({"text": pa.array(["x"], pa.large_string())}, SCHEMA))
    with pytest.raises(ConfigError):
        fitted({**runs, "back": tmp_path / "nowhere"}, Dataset({"text": pa.array(["x"], pa.large_string())}, SCHEMA))
