"""Analyses in whole runs: their numbers are those of scikit-learn and of the run's own metrics."""

from __future__ import annotations

import json
import textwrap

import numpy as np
import pyarrow.parquet as pq
import pytest
from sklearn import metrics

STUDY = """
    format: 1
    name: tumours
    seed: 7
    task: {name: classification, positive: malignant}
    data:
      source: {name: sklearn, dataset: breast-cancer}
      target: target
      split: {name: stratified, validation: 0.2, test: 0.3}
    preprocessing: [standardize]
    model: logistic
    engine: numpy
    training:
      optimizer: {name: adam, learning_rate: 0.05}
      epochs: 5
      batch_size: 32
    evaluation: {metrics: [roc-auc, pr-auc, accuracy], baselines: []}
    analysis: [roc-curve, precision-recall]
    report: [html]
"""
HOUSE = """
    from sci.api import ComponentSpec, hookimpl
    from sci.api import Finding

    class Look:
        def __init__(self, config):
            self.config = config

        def analyze(self, study, context):
            test = study.evaluations[0].test
            found = context.score({metric!r}, test)
            wide = context.score({metric!r}, test, 0.99)
            return [Finding("look", "results", "Look", f"{{found.low!r}} {{found.high!r}} {{wide.high - wide.low!r}}")]

    @hookimpl
    def sci_analyses():
        return [ComponentSpec(name="look", target="sci_house.plugin:Look", summary="Looks")]
"""


@pytest.fixture
def house(tmp_path):
    """A plugin of the given code; returns the path to put on PYTHONPATH."""

    def install(code):
        folder = tmp_path / "site"
        info = folder / "sci_house-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: sci-house\nVersion: 1.0\nRequires-Dist: sci-core>=0.1\n"
        )
        (info / "entry_points.txt").write_text("[sci.plugins]\nhouse = sci_house.plugin\n")
        (info / "RECORD").write_text("")
        (folder / "sci_house").mkdir()
        (folder / "sci_house" / "__init__.py").write_text("")
        (folder / "sci_house" / "plugin.py").write_text(textwrap.dedent(code))
        return str(folder)

    return install


def answers(run):
    """Whether each test row is malignant, and its probability."""
    table = pq.read_table(run / "predictions" / "test.parquet")
    chances = np.array(table.column("prediction.probability").to_pylist())
    return np.array(table.column("target").to_pylist()) == "malignant", chances[:, 1]


def test_areas_are_those_of_scikit_learn_and_of_the_metrics_of_the_run(lab):
    lab.write("e.yaml", STUDY)
    done = lab.ran("e.yaml", "--quiet")
    truth, chance = answers(done.run)
    for figure, metric, expected in (
        ("roc-curve", "roc-auc", metrics.roc_auc_score(truth, chance)),
        ("precision-recall", "pr-auc", metrics.average_precision_score(truth, chance)),
    ):
        [found] = done.json(f"figures/{figure}.json")["classes"]
        measured = done.json("metrics.json")["test"][metric]
        assert found["class"] == "malignant"
        assert found[metric]["value"] == pytest.approx(expected, abs=1e-12)
        assert [found[metric]["low"], found[metric]["high"]] == pytest.approx(measured["interval"], abs=0.01)
        assert "2,000 resamples" in found["band"]["method"]
    listed = {entry["path"] for entry in done.json("manifest.json")["files"]}
    assert {"figures/roc-curve.svg", "figures/roc-curve.json"} <= listed


def test_an_analysis_of_any_plugin_scores_as_the_run_does(lab, house):
    path = house(HOUSE.format(metric="accuracy"))
    lab.write("e.yaml", STUDY.replace("[roc-curve, precision-recall]", "[look]").replace("[html]", "[markdown]"))
    done = lab.ran("e.yaml", "--quiet", path=path)
    low, high = done.json("metrics.json")["test"]["accuracy"]["interval"]
    line = next(line for line in (done.run / "report.md").read_text().splitlines() if line.startswith(f"{low!r}"))
    assert line.split()[:2] == [repr(low), repr(high)]
    assert float(line.split()[2]) > high - low


def test_a_metric_that_is_not_measured_is_named_with_what_to_type(lab, house):
    path = house(HOUSE.format(metric="f1"))
    lab.write("e.yaml", STUDY.replace("[roc-curve, precision-recall]", "[look]"))
    done = lab.sci("run", "e.yaml", path=path)
    assert done.code == 2
    assert "does not measure `f1`; it measures roc-auc, pr-auc, accuracy [analysis.metric]" in done.err
    assert "evaluation: {metrics: [roc-auc, pr-auc, accuracy, f1]}" in done.err
    assert "Traceback" not in done.err


def test_without_an_interval_the_curves_are_drawn_without_bands(lab):
    lab.write("e.yaml", STUDY.replace("baselines: []", "baselines: [], interval: wilson"))
    done = lab.ran("e.yaml", "--quiet", "--set", "evaluation.metrics=[accuracy]", "--set", "analysis=[roc-curve]")
    [found] = json.loads((done.run / "figures" / "roc-curve.json").read_text())["classes"]
    assert set(found["curve"]["low"]) == {None}
