"""Mistakes in experiments on text that `sci check` finds, and `sci run` before it trains."""

from __future__ import annotations

import json
import pathlib
import re

import pytest

import sci_text

TEXT = """
    format: 1
    name: texts
    task: {name: classification, positive: good}
    data:
      source: {name: generated, recipe: reviews, rows: 60}
      inputs: [text]
      target: label
      columns: {text: {kind: text}}
      split: {name: stratified, test: 0.3}
    preprocessing:
      - {name: words, min_count: 1, max_length: 32}
    model: {name: bert, layers: 1, hidden_size: 8, heads: 1, max_length: 32}
    engine: torch
    training: {optimizer: adamw, epochs: 1}
    evaluation: {metrics: [accuracy], baselines: []}
"""


README = pathlib.Path(sci_text.__file__).parent / "experiments/minilm-finetune/README.md"


@pytest.fixture
def refused(lab):
    """The one mistake of an experiment, the same in `sci check` and in `sci run`, of which nothing is left."""

    def refused(text: str, *changes: str):
        lab.write("e.yaml", text)
        overrides = [part for change in changes for part in ("--set", change)]
        checked, ran = (lab.sci(verb, "e.yaml", *overrides, "--json") for verb in ("check", "run"))
        assert checked.code == ran.code, (checked.out, ran.out)
        assert json.loads(checked.out)["error"] == json.loads(ran.out)["error"]
        return json.loads(checked.out)["error"]

    return refused


def test_a_default_loss_that_policy_denies_is_refused_before_data_are_read(lab, refused):
    (lab.folder / "policy.yaml").write_text("plugins: {deny: [sci-networks]}\n")

    error = refused(TEXT)

    assert error["exit"] == 9
    assert "`cross-entropy` comes from sci-networks" in error["message"]
    assert "what task classification minimizes by default" in error["message"]
    assert not (lab.folder / "runs").exists()


def test_a_step_that_leaves_more_tokens_than_the_model_takes_is_refused_at_its_line(refused):
    error = refused(TEXT.replace("max_length: 32}\n    model", "max_length: 600}\n    model"))

    assert (error["id"], error["exit"], error["line"]) == ("flow.length", 2, 12)
    assert error["message"] == "words leaves up to 600 tokens of `text`, and bert takes 32"
    assert error["suggestion"] == "max_length: 32"


def test_the_length_of_a_model_that_starts_from_a_folder_is_that_of_its_description(lab, refused):
    described = {
        "model_type": "bert",
        "num_hidden_layers": 1,
        "hidden_size": 8,
        "num_attention_heads": 1,
        "intermediate_size": 8,
        "max_position_embeddings": 16,
        "layer_norm_eps": 1e-12,
        "type_vocab_size": 2,
        "vocab_size": 30,
    }
    (lab.folder / "mini").mkdir()
    (lab.folder / "mini/config.json").write_text(json.dumps(described))

    error = refused(TEXT, "model={name: bert, pretrained: mini}")

    assert error["message"] == "words leaves up to 32 tokens of `text`, and bert takes 16"


@pytest.mark.parametrize("name", ["bert", "transformer"])
def test_heads_that_do_not_divide_the_width_are_refused_before_data_are_read(lab, refused, name):
    model = "{name: bert, layers: 1, hidden_size: 8, heads: 1, max_length: 32}"
    error = refused(TEXT.replace(model, f"{{name: {name}, hidden_size: 33, heads: 2}}"))

    assert (error["id"], error["exit"], error["line"]) == ("config.value", 2, 13)
    assert error["message"] == "2 heads do not divide hidden_size `33`; `heads: 1` would"
    assert not (lab.folder / "runs").exists()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("model={name: text-cnn, vectors: glove.tx}", "vectors is `glove.tx`"),
        ("model={name: bert, pretrained: ./glove}", "pretrained is `./glove`"),
        ("preprocessing=[{name: synonyms, file: other.tsv}, words]", "file is `other.tsv`"),
        ("preprocessing=[{name: tokenizer, pretrained: runs/none}]", "pretrained is `runs/none`"),
    ],
)
def test_a_file_that_settings_name_and_is_not_there_is_missed_before_data_are_read(lab, refused, change, named):
    (lab.folder / "glove.txt").write_text("good 1 2\n")

    error = refused(TEXT, change)

    assert (error["id"], error["exit"]) == ("config.missing-file", 2)
    assert named in error["message"]
    assert (error["suggestion"] == "vectors: glove.txt") is ("vectors" in change)
    assert not (lab.folder / "runs").exists()


def test_a_step_that_makes_a_target_for_a_task_that_has_one_is_refused(refused):
    error = refused(TEXT.replace("    model:", "      - mask-tokens\n    model:"))

    assert (error["id"], error["exit"], error["line"]) == ("flow.target", 2, 13)
    assert error["message"] == "mask-tokens makes a target, `text.hidden`, and there is one already: `label`"


def test_texts_under_a_name_that_models_read_something_else_under_are_refused(lab, refused):
    rows = [f"{'good' if row % 2 else 'bad'} film,{row % 2}" for row in range(60)]
    lab.write("texts.csv", "\n".join(["target,label", *rows]) + "\n")
    text = TEXT.replace("{name: generated, recipe: reviews, rows: 60}", "{name: csv, path: texts.csv}")
    text = text.replace("[text]", "[target]").replace("{text: {", "{target: {").replace(", positive: good", "")

    error = refused(text)

    assert (error["exit"], error["id"]) == (3, "data.column-name")


@pytest.mark.parametrize("step", ["deduplicate", "clean-text", "bpe"])
def test_a_step_whose_columns_another_has_changed_is_refused(refused, step):
    error = refused(TEXT.replace("    model:", f"      - {step}\n    model:"))

    assert (error["id"], error["exit"], error["line"]) == ("flow.idle", 2, 13)
    assert f"{step} finds no column of kind text: words before it has turned `text` into tokens" in error["message"]


def test_a_step_for_which_the_data_have_no_column_is_a_warning_of_check_and_of_the_run(lab):
    lab.write("e.yaml", TEXT.replace("      - {name: words", "      - impute\n      - {name: words"))
    said = "impute finds no column of kind boolean, category or number, and does nothing"

    checked, ran = lab.sci("check", "e.yaml", "--json"), lab.sci("run", "e.yaml", "--json")

    assert {"id": "flow.idle", "message": said} in json.loads(checked.out)["warnings"]
    assert [one["message"] for one in json.loads(ran.out)["warnings"] if one["id"] == "flow.idle"] == [said]


def test_a_step_that_makes_what_the_model_reads_is_suggested(refused):
    error = refused(TEXT, "preprocessing=[clean-text]")

    assert (error["id"], error["suggestion"]) == ("flow.kind", "preprocessing: [wordpiece, ...]")


@pytest.mark.parametrize("cells", [["yes", "no"], ["1", "2"]])
def test_a_column_that_was_not_taken_for_text_is_to_be_declared(lab, refused, cells):
    rows = [f"{cells[row % 2]},{('good', 'bad')[row % 2]}" for row in range(60)]
    (lab.folder / "a.csv").write_text("\n".join(["a text,label", *rows]))
    text = TEXT.replace("{name: generated, recipe: reviews, rows: 60}", "{name: csv, path: a.csv}")
    text = text.replace("inputs: [text]", "inputs: [a text]").replace("      columns: {text: {kind: text}}\n", "")

    error = refused(text)

    assert (error["id"], error["suggestion"]) == ("flow.kind", "columns: {a text: {kind: text}}")


def test_the_weights_that_the_readme_of_a_template_freezes_are_there(lab):
    lab.write("e.yaml", TEXT)
    [frozen] = re.findall(r"`freeze: (.*?)`", README.read_text(encoding="utf-8"))

    done = lab.sci("check", "e.yaml", "--batch", "--set", f"model.freeze={frozen}")

    assert done.code == 0, done.err


def test_the_baseline_of_chinese_texts_reads_characters_where_nothing_is_said(lab):
    lab.write("e.yaml", TEXT.replace("recipe: reviews, rows: 60", "recipe: reviews, language: zh, rows: 120"))
    accuracies = []
    for baseline in ("tfidf-logistic", "{name: tfidf-logistic, analyzer: character, ngrams: [1, 2]}"):
        done = lab.sci("run", "e.yaml", "--set", f"evaluation.baselines=[{baseline}]")
        accuracies.append(done.json("metrics.json")["baselines"]["tfidf-logistic"]["accuracy"]["value"])

    assert accuracies[0] == accuracies[1]


def test_a_positive_class_that_is_not_there_is_shown_where_it_stands(refused):
    error = refused(TEXT.replace("positive: good", "positive: god"))

    assert (error["id"], error["exit"], error["line"]) == ("data.positive-unknown", 3, 4)
    assert error["column"] == len("task: {name: classification, positive: ") + 1


def test_all_columns_that_are_not_there_are_said_at_once_with_what_can_be_typed(refused):
    text = TEXT.replace("[text]", "[txt]").replace("target: label", "target: labl").replace("{text: {", "{texts: {")

    error = refused(text)

    assert [(one["line"], one["suggestion"]) for one in error["all"]] == [
        (7, "inputs: [text]"),
        (8, "target: label"),
        (9, "columns: {text: {kind: text}}"),
    ]


def test_a_file_to_predict_with_other_columns_is_told_what_it_lacks_first(lab):
    lab.write("e.yaml", TEXT)
    lab.sci("run", "e.yaml")
    lab.write("new.csv", "body\nvery good\n")

    done = lab.sci("predict", "latest", "new.csv", "--json")

    assert done.code == 3
    error = json.loads(done.out)["error"]
    assert error["message"] == "`new.csv` lacks column `text`, and has column `body`, which the run does not know"
    assert error["suggestion"] == "call column `body` `text`"
