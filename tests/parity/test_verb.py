"""`sci parity`: every model with two implementations is the same model on both."""

from __future__ import annotations

import json
import textwrap

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sci.cli.main import main

SITES, STAGES = ("north", "south", "east"), ("I", "II", "III", "IV")
TABLE = """
    format: 1
    name: table
    seed: 3
    task: {task}
    data:
      source: {{name: csv, path: table.csv}}
      inputs: [age, dose, site, stage]
      target: {target}
      columns: {{site: {{kind: category}}, stage: {{kind: category}}}}
      split: {{name: random, validation: 0.1, test: 0.2}}
    preprocessing: [{steps}, standardize]
    model: {model}
    engine: {engine}
    training: {{epochs: 1, optimizer: {{name: adamw, learning_rate: 0.01, weight_decay: 0.1}}, gradient_clip: 0.5}}
"""
TRACES = """
    format: 1
    name: traces
    seed: 3
    task: classification
    data:
      source: {{name: {source}, path: traces.{source}}}
      inputs: [{column}]
      target: way
      columns: {{{column}: {{kind: {kind}}}}}
      split: {{name: random, validation: 0.1, test: 0.2}}
    preprocessing: [{steps}]
    model: {model}
    engine: torch
    training: {{epochs: 1, optimizer: {{name: adam, learning_rate: 0.01}}}}
"""


@pytest.fixture
def lab(tmp_path, monkeypatch, capsys):
    """Calls `sci parity --json` on an experiment: exit code, document, what was said."""
    monkeypatch.chdir(tmp_path)

    def compared(experiment, *arguments):
        (tmp_path / "experiment.yaml").write_text(textwrap.dedent(experiment))
        code = main(["parity", "experiment.yaml", "--json", *arguments])
        told = capsys.readouterr()
        return code, json.loads(told.out), told.err

    compared.folder = tmp_path
    return compared


@pytest.fixture
def table(lab):
    """Patients with numbers and categories, a number and a class to predict."""
    draw = np.random.default_rng(0)
    lines = ["age,dose,site,stage,response,outcome"]
    for number in range(150):
        age, dose = draw.uniform(20, 90), draw.exponential()
        site, stage = SITES[number % 3], STAGES[draw.integers(4)]
        response = 0.1 * age - dose + len(stage) + draw.normal()
        outcome = ("worse", "equal", "better")[int(np.digitize(response, [4, 7]))]
        lines.append(f"{age:.1f},{dose:.3f},{site},{stage},{response:.3f},{outcome}")
    (lab.folder / "table.csv").write_text("\n".join(lines))


@pytest.fixture
def traces(lab):
    """Series of different lengths that go up or down, and words over four letters."""
    draw = np.random.default_rng(0)
    rows = []
    for number in range(120):
        up = number % 2
        length = int(draw.integers(3, 21))
        trace = np.cumsum(draw.normal(loc=up - 0.5, size=length)).round(3).tolist()
        word = "".join(draw.choice(list("ACGT"), size=length, p=[0.4, 0.1, 0.1, 0.4] if up else [0.1, 0.4, 0.4, 0.1]))
        rows.append({"trace": trace, "word": word, "way": ("down", "up")[up]})
    (lab.folder / "traces.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    pq.write_table(pa.Table.from_pylist(rows), lab.folder / "traces.parquet")


def equal(found, engines, model):
    code, document, said = found
    assert code == 0, said
    assert document["equal"] is True
    assert document["model"] == model
    assert document["engines"] == list(engines)
    assert document["precision"] == "float64"
    assert document["rows"] == 64
    differences = {one["what"]: one for one in document["differences"]}
    assert list(differences) == ["first weights", "outputs", "loss", "after one step"]
    assert differences["first weights"]["absolute"] == 0
    assert differences["outputs"]["absolute"] < 1e-10
    return document


@pytest.mark.parametrize(
    ("task", "target", "model"),
    [
        ("regression", "response", "linear"),
        ("regression", "response", "least-squares"),
        ("classification", "outcome", "logistic"),
        ("classification", "outcome", "softmax"),
    ],
)
@pytest.mark.parametrize("engines", [("numpy", "torch"), ("tensorflow", "numpy")], ids="-".join)
def test_linear_models_are_the_same_on_three_engines(lab, table, task, target, model, engines):
    settings = "l2: 0.1" if model == "least-squares" else "l2: 0.1, initial_scale: 0.3"
    experiment = TABLE.format(
        task=task, target=target, steps="one-hot", model=f"{{name: {model}, {settings}}}", engine=engines[0]
    )

    equal(lab(experiment, "--against", engines[1]), engines, model)


@pytest.mark.parametrize(
    ("task", "normalization"), [("regression", "none"), ("classification", "batch"), ("classification", "layer")]
)
def test_the_perceptron_is_the_same_with_categories(lab, table, task, normalization):
    experiment = TABLE.format(
        task=task,
        target="response" if task == "regression" else "outcome",
        steps="ordinal",
        model=f"{{name: mlp, hidden: [9, 7], activation: gelu, normalization: {normalization}, dropout: 0.4}}",
        engine="torch",
    )

    document = equal(lab(experiment), ("torch", "tensorflow"), "mlp")

    assert document["silenced"] == ["model.dropout"]


@pytest.mark.parametrize(
    "settings",
    ["channels: [4, 6], hidden: [8]", "channels: [4], kernel_size: 4, pool: 3, normalization: none, activation: silu"],
    ids=["odd", "even"],
)
def test_the_convolutional_network_is_the_same(lab, settings):
    experiment = f"""
        format: 1
        name: digits
        task: classification
        data: {{source: {{name: sklearn, dataset: digits}}, target: target}}
        preprocessing: [{{name: pixels, height: 8, width: 8, maximum: 16}}]
        model: {{name: cnn, {settings}}}
        engine: tensorflow
        training: {{epochs: 1, optimizer: {{name: sgd, learning_rate: 0.1, momentum: 0.9}}, gradient_accumulation: 2}}
    """

    equal(lab(experiment), ("tensorflow", "torch"), "cnn")


SEQUENCES = [
    "{name: rnn, hidden_size: 5, layers: 2, bidirectional: true, dropout: 0.2}",
    "{name: rnn, hidden_size: 5, cell: gru, pooling: max}",
    "{name: transformer, hidden_size: 8, heads: 2, layers: 1}",
    "{name: transformer, hidden_size: 8, heads: 2, norm: last, position: sinusoidal, pooling: first, activation: relu}",
]


@pytest.mark.parametrize("model", SEQUENCES, ids=["lstm", "gru", "norm-first", "norm-last"])
def test_models_of_series_are_the_same(lab, traces, model):
    source = "parquet" if "transformer" in model else "jsonl"
    experiment = TRACES.format(source=source, column="trace", kind="series", steps="", model=model)

    equal(lab(experiment), ("torch", "tensorflow"), model[1:-1].split(",")[0].split()[1])


LETTERS = '''
# plugin.py
from sci.api import ComponentSpec, hookimpl

@hookimpl
def sci_preprocessors():
    return [ComponentSpec("letters", "sci_house.letters:Letters", accepts=("text",))]

# letters.py
from dataclasses import replace

import numpy as np

from sci.api import Feature, Preprocessor, Ragged

class Letters(Preprocessor):
    """Each letter is a token: A, C, G, T from 1."""
    accepts = frozenset({"text"})

    def output_schema(self, schema):
        tokens = Feature("tokens", dtype="int64", ragged=True, size=5)
        return replace(schema, columns={**schema.columns, **dict.fromkeys(self.columns, tokens)})

    def transform(self, batch, random=None):
        return {**batch, **{name: self.tokens(batch[name].to_pylist()) for name in self.columns}}

    def tokens(self, words):
        codes = ["ACGT".index(letter) + 1 for word in words for letter in word]
        lengths = np.cumsum([0, *map(len, words)])
        return Ragged(np.array(codes, dtype=np.int64), lengths.astype(np.int64))
'''


@pytest.mark.parametrize("model", SEQUENCES[1:3], ids=["rnn", "transformer"])
def test_models_of_tokens_are_the_same(lab, traces, installed, model):
    installed(LETTERS)
    experiment = TRACES.format(source="jsonl", column="word", kind="text", steps="letters", model=model)

    equal(lab(experiment), ("torch", "tensorflow"), model[1:-1].split(",")[0].split()[1])


APART = """
# plugin.py
from sci.api import ComponentSpec, hookimpl

@hookimpl
def sci_models():
    places = {engine: f"sci_house.{engine}_line:build" for engine in ("torch", "tensorflow")}
    return [ComponentSpec("apart", places, accepts=("number",)), ComponentSpec("alone", {"torch": places["torch"]})]

# torch_line.py
from sci_networks.config import LinearConfig
from sci_networks.torch.linear import linear

def build(config, inputs, heads, seed):
    return linear(LinearConfig(initial_scale=1.0), inputs, heads, seed)

# tensorflow_line.py
from sci_networks.config import LinearConfig
from sci_networks.tensorflow.linear import Value

class Bent(Value):
    def emit(self, scores):
        return 1.001 * super().emit(scores)

def build(config, inputs, heads, seed):
    return Bent(LinearConfig(initial_scale=1.0), inputs, 1, next(iter(heads)), seed)
"""
LINE = """
    format: 1
    name: line
    task: regression
    data: {{source: {{name: generated, recipe: linear, rows: 300}}, target: y}}
    model: {model}
    engine: torch
    training: {{epochs: 1, optimizer: {{name: gradient-descent, learning_rate: 0.1}}}}
"""


def test_a_model_that_is_another_on_the_other_engine_is_exit_5(lab, installed):
    installed(APART)

    code, document, said = lab(LINE.format(model="apart"))

    assert code == 5
    assert document["error"]["id"] == "parity.differs"
    assert "torch and tensorflow disagree on apart: outputs, largest difference" in said
    assert "in value" in said


def test_a_model_of_one_engine_has_nothing_to_be_compared_with(lab, installed):
    installed(APART)

    code, document, said = lab(LINE.format(model="alone"))

    assert code == 2
    assert document["error"]["id"] == "parity.engine"
    assert "alone runs on torch only, so there is nothing to compare" in said


def test_an_engine_without_the_model_is_named(lab, traces):
    experiment = TRACES.format(source="jsonl", column="trace", kind="series", steps="", model="rnn")

    code, document, said = lab(experiment, "--against", "numpy")

    assert code == 2
    assert document["error"]["id"] == "parity.engine"
    assert "rnn runs on torch and not on numpy" in said
    assert "--against tensorflow" in said


def test_people_get_a_table(lab, capsys):
    (lab.folder / "line.yaml").write_text(textwrap.dedent(LINE.format(model="linear")))

    code = main(["parity", "line.yaml", "--against", "numpy", "--set", "training.precision=float32"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[0].startswith("linear on torch and numpy: ")
    assert lines[0].endswith(" weights, float32, 64 rows")
    assert [line.split("  ")[0] for line in lines[3:7]] == ["first weights", "outputs", "loss", "after one step"]
    assert "equal within 1e-05 of each number" in lines[-1]


def test_comparing_leaves_nothing_behind(lab):
    lab(LINE.format(model="linear"))

    assert [path.name for path in lab.folder.iterdir()] == ["experiment.yaml"]
