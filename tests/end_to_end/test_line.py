"""The linear regression that everybody copies: y = 1.5 x1 - x2 + 2 + 0.2 noise, 1,000 rows."""

from __future__ import annotations

import numpy as np
import pytest

import sci

BASE = """
    format: 1
    name: line
    seed: 7
    task: regression
    data:
      source: {name: generated, recipe: linear, rows: 1000}
      target: y
      split: {name: random, validation: 0.1, test: 0.2}
    evaluation: {metrics: [mse], baselines: []}
    report: []
"""

WAYS = {
    "closed form": """
    model: least-squares
    engine: numpy
    """,
    "full-batch gradient descent": """
    model: linear
    engine: numpy
    training: {optimizer: {name: gradient-descent, learning_rate: 0.1}, batch_size: all, epochs: 400}
    """,
    "adam": """
    model: linear
    engine: numpy
    training:
      optimizer: {name: adam, learning_rate: 0.05}
      schedule: cosine
      batch_size: all
      epochs: 600
    """,
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("line")
    found = {}
    for way, keys in WAYS.items():
        file = folder / f"{way.split()[0]}.yaml"
        import textwrap

        file.write_text(textwrap.dedent(BASE) + textwrap.dedent(keys))
        found[way] = sci.run(file, output=folder / "runs")
    return found


def coefficients(run):
    network = run.pipeline.native
    return np.concatenate([np.ravel(network.parameters[name]) for name in sorted(network.parameters)])


def test_closed_form_gradient_descent_and_adam_agree(runs):
    exact = coefficients(runs["closed form"])
    for way in WAYS:
        np.testing.assert_allclose(coefficients(runs[way]), exact, atol=1e-3, err_msg=way)


def test_the_coefficients_are_those_that_made_the_rows(runs):
    parameters = runs["closed form"].pipeline.native.parameters
    found = sorted(float(value) for array in parameters.values() for value in np.ravel(array))
    np.testing.assert_allclose(found, [-1.0, 1.5, 2.0], atol=0.03)


@pytest.mark.parametrize("way", WAYS)
def test_the_interval_of_the_test_error_holds_the_variance_of_the_noise(runs, way):
    score = runs[way].metrics["test"]["mse"]
    low, high = score["interval"]
    assert low < 0.04 < high
    assert high - low < 0.03


def test_a_single_test_row_gives_a_finished_run_without_a_comparison(tmp_path):
    (tmp_path / "six.csv").write_text("x,y\n" + "".join(f"{x}.5,{2 * x}\n" for x in range(6)))
    file = tmp_path / "six.yaml"
    file.write_text(
        "format: 1\nname: six\ntask: regression\nmodel: least-squares\nengine: numpy\nreport: []\n"
        "data: {source: {name: csv, path: six.csv}, target: y, split: {name: random, validation: 0.2, test: 0.17}}\n"
        "evaluation: {metrics: [rmse], baselines: [mean]}\n"
    )
    run = sci.run(file, output=tmp_path / "runs")
    assert run.status == "finished"
    assert run.verdict["sentence"].startswith("With only 1 test row this is a trial run, not a result.")
    assert run.verdict["sentence"].endswith("their difference has no interval.")
    assert (run.verdict["difference"], run.verdict["interval"], run.verdict["p"]) == (None, None, None)
