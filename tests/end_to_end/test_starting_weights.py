"""A network starts from the weights of an earlier run, whichever engine trained them."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from safetensors.numpy import load_file

EXPERIMENT = """
    format: 1
    name: {name}
    seed: {seed}
    task: classification
    data:
      source: {{name: sklearn, dataset: iris}}
      target: target
      split: {{name: stratified, validation: 0.1, test: 0.2}}
    preprocessing: [standardize]
    model: {model}
    engine: {engine}
    training: {{optimizer: {{name: adam, learning_rate: 0.01}}, epochs: 2}}
    evaluation: {{metrics: [accuracy], baselines: []}}
    report: []
"""


def weights(done):
    return load_file(done.run / "model" / "weights.safetensors")


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_frozen_weights_are_those_of_the_earlier_run_and_the_head_learns(lab, engine):
    lab.write("first.yaml", EXPERIMENT.format(name="first", seed=1, model="{name: mlp, hidden: [8]}", engine="torch"))
    first = lab.ran("first.yaml")
    start = (first.run / "model").relative_to(lab.folder)
    model = f"{{name: mlp, hidden: [8], pretrained: {start}, freeze: ['hidden.*']}}"
    lab.write("second.yaml", EXPERIMENT.format(name="second", seed=2, model=model, engine=engine))

    second = lab.ran("second.yaml")

    before, after = weights(first), weights(second)
    assert set(before) == set(after)
    hidden = [name for name in before if name.startswith("hidden.")]
    assert len(hidden) == 2
    assert all((before[name] == after[name]).all() for name in hidden)
    assert all((before[name] != after[name]).any() for name in set(before) - set(hidden))


def test_a_folder_that_is_not_there_is_refused_at_its_place(lab):
    lab.write(
        "e.yaml", EXPERIMENT.format(name="e", seed=1, model="{name: mlp, pretrained: nowhere/at/all}", engine="torch")
    )

    done = lab.sci("run", "e.yaml")

    assert done.code == 2
    assert done.err.count("error: ") == 1
    assert "`nowhere/at/all`" in done.err
    assert "Traceback" not in done.err


REVIEWS = """
    format: 1
    name: {name}
    seed: 3
    task: classification
    data:
      source: {{name: csv, path: reviews.csv}}
      inputs: [text]
      target: {target}
      columns: {{text: {{kind: text}}}}
      split: {{name: random, validation: 0.2, test: 0.2}}
    preprocessing: [{step}]
    model: {model}
    engine: {engine}
    training: {{optimizer: {{name: adamw, learning_rate: 0.001}}, epochs: 1}}
    evaluation: {{metrics: [accuracy], baselines: []}}
    report: []
"""


def test_an_encoder_and_its_tokens_start_another_run_that_no_longer_needs_the_first(lab):
    rows = [f"{'fine' if row % 2 else 'poor'} film {row % 7},{row % 2},{'abc'[row % 3]}" for row in range(60)]
    lab.write("reviews.csv", "\n".join(["text,label,kind", *rows]) + "\n")
    step, model = "{name: wordpiece, vocabulary_size: 40}", "{name: bert, layers: 1, hidden_size: 8, heads: 2}"
    lab.write("first.yaml", REVIEWS.format(name="first", target="label", step=step, model=model, engine="torch"))
    first = lab.ran("first.yaml")
    start = first.run.relative_to(lab.folder)
    step, model = (
        f"{{name: tokenizer, pretrained: {start}}}",
        f"{{name: bert, pretrained: {start}, freeze: ['bert.*']}}",
    )
    lab.write("second.yaml", REVIEWS.format(name="second", target="kind", step=step, model=model, engine="tensorflow"))

    second = lab.ran("second.yaml")

    said = (second.run / "log.txt").read_text(encoding="utf-8")
    assert "weights start from" in said
    assert "new: head.logits; not used: head.logits" in said
    before, after = weights(first), weights(second)
    assert all((before[name] == after[name]).all() for name in before if name.startswith("bert."))
    assert after["head.logits.weight"].shape == (3, 8)
    shutil.rmtree(first.run)
    predicted = lab.sci("predict", str(second.run), "reviews.csv")
    assert predicted.code == 0, predicted.err
    assert len(predicted.out.splitlines()) == 61


@pytest.mark.parametrize(("trained", "started"), [("torch", "tensorflow"), ("tensorflow", "torch")])
def test_weights_that_were_adapted_by_matrices_start_another_run_as_they_answered(lab, trained, started):
    lora = "lora: {rank: 2, alpha: 6, targets: ['hidden.*']}"
    model = f"{{name: mlp, hidden: [8], {lora}}}"
    lab.write("first.yaml", EXPERIMENT.format(name="first", seed=1, model=model, engine=trained))
    first = lab.ran("first.yaml")
    start = first.run.relative_to(lab.folder)
    model = f"{{name: mlp, hidden: [8], pretrained: {start}, freeze: ['hidden.*']}}"
    lab.write("second.yaml", EXPERIMENT.format(name="second", seed=1, model=model, engine=started))

    second = lab.ran("second.yaml")

    before, after = weights(first), weights(second)
    layer = "hidden.0.linear"
    up, down = (before[f"{layer}.lora_{name}.default.weight"] for name in "BA")
    assert np.abs(up).max() > 0
    expected = before[f"{layer}.base_layer.weight"] + 3 * up @ down
    np.testing.assert_allclose(after[f"{layer}.weight"], expected, rtol=1e-6, atol=1e-7)
    assert (after[f"{layer}.bias"] == before[f"{layer}.base_layer.bias"]).all()


def test_adapted_weights_whose_scale_is_not_known_are_refused(lab):
    model = "{name: mlp, hidden: [8], lora: {rank: 2, targets: ['hidden.*']}}"
    lab.write("first.yaml", EXPERIMENT.format(name="first", seed=1, model=model, engine="torch"))
    first = lab.ran("first.yaml")
    (lab.folder / "alone").mkdir()
    shutil.copy(first.run / "model" / "weights.safetensors", lab.folder / "alone")
    model = "{name: mlp, hidden: [8], pretrained: alone}"
    lab.write("second.yaml", EXPERIMENT.format(name="second", seed=1, model=model, engine="torch"))

    done = lab.sci("run", "second.yaml")

    assert done.code == 2
    assert "nothing says by what they are multiplied" in done.err
    assert "Traceback" not in done.err


def test_a_run_says_which_run_it_started_from_and_starts_from_it_again_whatever_came_later(lab):
    small, large = ("{name: mlp, hidden: [8]}", "{name: mlp, hidden: [9]}")
    lab.write("first.yaml", EXPERIMENT.format(name="first", seed=1, model=small, engine="torch"))
    first = lab.ran("first.yaml")
    model = "{name: mlp, hidden: [8], pretrained: runs/first, freeze: ['hidden.*']}"
    lab.write("second.yaml", EXPERIMENT.format(name="second", seed=2, model=model, engine="torch"))
    second = lab.ran("second.yaml")
    text = (second.run / "config.resolved.yaml").read_text(encoding="utf-8")
    assert f"pretrained: runs/first/{first.run.name}" in text

    lab.write("first.yaml", EXPERIMENT.format(name="first", seed=7, model=large, engine="torch"))
    lab.ran("first.yaml")
    lab.write("again.yaml", text)
    again = lab.ran("again.yaml")

    assert again.json("sci.lock")["weights"] == second.json("sci.lock")["weights"]


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_tokens_of_another_vocabulary_of_the_same_size_are_refused(lab, engine):
    rows = [
        f"{'fine' if row % 2 else 'poor'} film {row % 7},{'nice' if row % 2 else 'evil'} work {row % 7},{row % 2}"
        for row in range(60)
    ]
    lab.write("reviews.csv", "\n".join(["text,other,label", *rows]) + "\n")
    step, model = "{name: words, min_count: 1}", "{name: bert, layers: 1, hidden_size: 8, heads: 2}"
    text = REVIEWS.format(name="first", target="label", step=step, model=model, engine="torch")
    lab.write("first.yaml", text)
    lab.ran("first.yaml")
    model = "{name: bert, pretrained: runs/first}"
    text = REVIEWS.format(name="second", target="label", step=step, model=model, engine=engine)
    lab.write("second.yaml", text.replace("inputs: [text]", "inputs: [other]").replace("{text: {", "{other: {"))

    done = lab.sci("run", "second.yaml")

    assert done.code == 2
    assert "codes stand for other tokens than those that" in done.err
