"""Text as tokens, from a file to predictions."""

from __future__ import annotations

import csv
import json
import random
import re

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

GOOD = ("房间很干净", "服务热情", "早餐丰富", "交通方便")
BAD = ("房间有异味", "服务太差", "早餐难吃", "离地铁太远")


@pytest.fixture
def reviews(lab):
    drawn = random.Random(4)
    with (lab.folder / "reviews.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["text", "label"])
        for row in range(240):
            label = drawn.choice(["good", "bad"])
            parts = drawn.sample(GOOD if label == "good" else BAD, 3) * (5 if row % 40 == 0 else 1)
            rows.writerow(["，".join(parts), label])
    (lab.folder / "new.csv").write_text('text\n""\n"  "\n房间很干净\n🧬 שלום\n', encoding="utf-8")
    return lab


def experiment(lab, step: str, model: str, engine: str) -> None:
    lab.write("e.yaml", f"""
        format: 1
        name: reviews
        seed: 5
        task: {{name: classification, positive: good}}
        data:
          source: {{name: csv, path: reviews.csv}}
          target: label
          columns: {{text: {{kind: text}}}}
          split: {{name: stratified, validation: 0.2, test: 0.2}}
        preprocessing: [clean-text, {step}]
        model: {model}
        engine: {engine}
        training: {{optimizer: {{name: adam, learning_rate: 0.01}}, epochs: 4, batch_size: 16}}
        evaluation: {{metrics: [accuracy], baselines: [majority]}}
        report: [markdown]
    """)  # fmt: skip


@pytest.mark.parametrize(
    ("engine", "step", "model"),
    [
        ("torch", "{name: wordpiece, vocabulary_size: 200, max_length: 24}", "{name: transformer, hidden_size: 16}"),
        ("tensorflow", "{name: characters, max_length: 24, enclose: true}", "{name: rnn, hidden_size: 16}"),
    ],
)
def test_tokens_are_learned_on_either_engine_and_what_was_cut_is_reported(reviews, engine, step, model):
    pytest.importorskip(engine, reason=f"engine {engine} is not installed")
    experiment(reviews, step, model, engine)

    done = reviews.ran("e.yaml")

    assert done.json("metrics.json")["test"]["accuracy"]["value"] > 0.9
    told = (done.run / "log.txt").read_text(encoding="utf-8")
    assert [
        len(re.findall(f" {part} texts? of `text` (are|is) longer than", told))
        for part in ("training", "validation", "test")
    ] == [1] * 3
    assert "tokens were cut off" in (done.run / "report.md").read_text(encoding="utf-8")
    predicted = reviews.sci("predict", str(done.run), "new.csv")
    answers = list(csv.DictReader(predicted.out.splitlines()))
    assert (len(answers), answers[2]["label"]) == (4, "good")
    assert answers[0]["probability.good"] == answers[1]["probability.good"] != "nan"


def test_a_tokenizer_beside_the_experiment_is_kept_in_the_run(reviews):
    pytest.importorskip("torch", reason="engine torch is not installed")
    tokenizer = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.train_from_iterator([*GOOD, *BAD], trainers.WordLevelTrainer(special_tokens=["[PAD]", "[UNK]"]))
    (reviews.folder / "study").mkdir()
    experiment(reviews, "{name: tokenizer, pretrained: own.json}", "{name: rnn, hidden_size: 16}", "torch")
    for name in ("e.yaml", "reviews.csv"):
        (reviews.folder / name).rename(reviews.folder / "study" / name)
    path = reviews.folder / "study" / "own.json"

    absent = reviews.sci("run", "study/e.yaml")
    tokenizer.save(str(path))
    done = reviews.ran("study/e.yaml")
    path.unlink()
    predicted = reviews.sci("predict", str(done.run), "new.csv")

    assert (absent.code, "own.json`, and there is no such file" in absent.err) == (2, True), absent.err
    assert predicted.code == 0, predicted.err
    assert len(predicted.out.splitlines()) == 5


def test_the_engines_agree_on_a_model_of_tokens(reviews):
    for engine in ("torch", "tensorflow"):
        pytest.importorskip(engine, reason=f"engine {engine} is not installed")
    experiment(reviews, "{name: bpe, vocabulary_size: 300}", "{name: transformer, hidden_size: 16, layers: 1}", "torch")

    done = reviews.sci("parity", "e.yaml", "--against", "tensorflow")

    assert done.code == 0, done.err


@pytest.mark.parametrize("declared", [True, False])
def test_a_text_that_looks_like_a_number_is_read_as_it_stands_whatever_its_file_holds(reviews, declared):
    experiment(reviews, "{name: characters, max_length: 24}", "{name: transformer, hidden_size: 16}", "torch")
    if not declared:
        text = (reviews.folder / "e.yaml").read_text(encoding="utf-8")
        reviews.write("e.yaml", text.replace("columns: {text: {kind: text}}", "columns: {}"))
    reviews.ran("e.yaml")
    for name, rows in (("alone", "1.50\n"), ("beside", "1.50\nabc\n"), ("comma", '"1,5"\n')):
        (reviews.folder / f"{name}.csv").write_text(f"text\n{rows}", encoding="utf-8")

    alone, beside, comma = (reviews.sci("predict", "reviews", f"{name}.csv") for name in ("alone", "beside", "comma"))

    assert (alone.code, beside.code, comma.code) == (0, 0, 0)
    first, second = (float(done.out.splitlines()[1].split(",")[-1]) for done in (alone, beside))
    assert first == pytest.approx(second, abs=1e-6)


def test_parts_in_which_a_column_is_numbers_here_and_words_there_are_refused(reviews):
    experiment(reviews, "words", "ngram-linear", "torch")
    text = (reviews.folder / "e.yaml").read_text(encoding="utf-8")
    files = "{name: predefined, files: {train: reviews.csv, test: digits.csv}}"
    text = text.replace("{name: stratified, validation: 0.2, test: 0.2}", files)
    (reviews.folder / "digits.csv").write_text("text,label\n1,good\n2,bad\n", encoding="utf-8")
    reviews.write("read.yaml", text.replace("reviews.csv}\n", "reviews.csv}\n"))
    assert reviews.sci("run", "read.yaml").code == 0
    reviews.write("guessed.yaml", text.replace("columns: {text: {kind: text}}", "columns: {}"))

    done = reviews.sci("run", "guessed.yaml")

    assert done.code == 3
    assert "column `text` holds numbers in test, and something else in train" in done.err


def test_what_is_lost_of_new_texts_is_told_beside_their_answers(reviews):
    experiment(reviews, "{name: characters, max_length: 12}", "ngram-linear", "torch")
    reviews.ran("e.yaml")
    rows = "\n".join(["text,label", "房间很干净" * 9 + ",good", "房间很干净,good", '"",bad', '"  ",bad'])
    (reviews.folder / "new.csv").write_text(rows + "\n", encoding="utf-8")

    for verb in ("predict", "evaluate"):
        done = reviews.sci(verb, "reviews", "new.csv")
        assert done.code == 0, done.err
        assert "1 new text of `text` is longer than max_length 12; 33 of 50 tokens were cut off" in done.err
        assert "2 new texts of `text` hold no token" in done.err
        told = json.loads(reviews.sci(verb, "reviews", "new.csv", "--json").out)["warnings"]
        assert [one["id"] for one in told] == ["preprocess.step"] * 2
