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


@pytest.mark.parametrize("verb", ["check", "run"])
def test_names_in_settings_that_are_not_there_are_refused_before_training_at_their_places(lab, verb):
    asked = """[{name: slices, metric: roc-acu}, {name: error-browser, columns: [mean radius, mean radios]},
      {name: partial-dependence, columns: [target]},
      {name: shap, output: malignat}]"""
    lab.write("e.yaml", STUDY.replace("[roc-curve, precision-recall]", asked))
    done = lab.sci(verb, "e.yaml")
    assert done.code == 2
    lines = (lab.folder / "e.yaml").read_text().splitlines()
    for name, id, said in (
        ("roc-acu", "analysis.metric", "the experiment does not measure `roc-acu`; did you mean `roc-auc`?"),
        ("mean radios", "analysis.column", "the data have no column `mean radios`; did you mean `mean radius`?"),
        ("target]", "explain.columns", "`target` is no input of the model"),
        ("malignat}", "analysis.class", "the target has no class `malignat`; did you mean `malignant`?"),
    ):
        [(line, column)] = [(at, text.index(name)) for at, text in enumerate(lines, 1) if name in text]
        assert f"e.yaml:{line}:{column + 1}: error: {said}" in done.err
        assert f"[{id}]" in done.err
    assert "Traceback" not in done.err
    assert not list(lab.folder.glob("runs/*/*/checkpoints"))


@pytest.mark.parametrize("verb", ["check", "run"])
@pytest.mark.parametrize(("key", "name"), [("interval", "corrected-resampled"), ("comparison", "corrected-t")])
def test_what_looks_at_folds_is_refused_before_training_where_there_is_one(lab, verb, key, name):
    lab.write("e.yaml", STUDY.replace("baselines: []", f"baselines: [], {key}: {name}"))
    done = lab.sci(verb, "e.yaml")
    assert done.code == 2
    assert f"{key} `{name}` looks at differences between folds, and there is one [evaluation.folds]" in done.err
    assert "e.yaml:" in done.err
    assert not list(lab.folder.glob("runs/*/*/checkpoints"))


def test_without_an_interval_the_curves_are_drawn_without_bands(lab):
    lab.write("e.yaml", STUDY.replace("baselines: []", "baselines: [], interval: wilson"))
    done = lab.ran("e.yaml", "--quiet", "--set", "evaluation.metrics=[accuracy]", "--set", "analysis=[roc-curve]")
    [found] = json.loads((done.run / "figures" / "roc-curve.json").read_text())["classes"]
    assert set(found["curve"]["low"]) == {None}


ALL = """[roc-curve, precision-recall, calibration, selective-prediction, conformal-coverage,
    {name: threshold-cost, false_positive: 1, false_negative: 10}, {name: slices, columns: [mean radius]}, error-browser]"""


def test_all_of_them_agree_with_what_the_run_keeps(lab):
    lab.write("e.yaml", STUDY.replace("[roc-auc, pr-auc, accuracy]", "[accuracy, brier]"))
    settings = ("--set", f"analysis={ALL}", "--set", "calibration=[{name: conformal, coverage: 0.9}]")
    done = lab.ran("e.yaml", "--quiet", *settings)
    truth, chance = answers(done.run)
    measured = done.json("metrics.json")["test"]
    assert done.json("figures/calibration.json")["brier"]["value"] == pytest.approx(measured["brier"]["value"])
    assert done.json("figures/selective-prediction.json")["error"] == pytest.approx(1 - measured["accuracy"]["value"])
    sets = np.array(pq.read_table(done.run / "predictions" / "test.parquet").column("prediction.set").to_pylist())
    coverage = done.json("figures/conformal-coverage.json")["coverage"]
    assert coverage["value"] == pytest.approx(sets[np.arange(len(truth)), truth.astype(int)].mean())
    assert coverage["method"] == "Wilson score"
    cost = done.json("figures/threshold-cost.json")
    [threshold] = cost["thresholds"]["chosen"]
    called = chance >= threshold
    assert cost["test"]["chosen"]["value"] == pytest.approx(((called & ~truth) + 10 * (~called & truth)).mean())
    assert done.json("figures/slices.json")["all"]["value"] == measured["accuracy"]["value"]
    wrong = int(((chance >= 0.5) != truth).sum())
    assert len(done.json("figures/error-browser.json")["mistakes"]) == min(wrong, 20)
    assert (done.run / "report.html").stat().st_size < 3_000_000


def test_over_folds_every_row_counts_once(lab):
    folds = "{name: k-fold, folds: 3, stratified: true, validation: 0.2}"
    lab.write("e.yaml", STUDY.replace("{name: stratified, validation: 0.2, test: 0.3}", folds))
    done = lab.ran("e.yaml", "--quiet", "--set", "analysis=[roc-curve, calibration, slices, threshold-cost]")
    assert len(done.json("figures/threshold-cost.json")["thresholds"]["chosen"]) == 3
    assert sum(row[2] for row in done.json("figures/calibration.json")["table"]["rows"]) == 569
    assert done.json("figures/slices.json")["all"]["n"] == 569


CREDIT = """
    format: 1
    name: credit
    seed: 7
    task: {{name: classification, positive: bad}}
    data:
      source: {{name: arff, path: {path}}}
      target: class
      group: purpose
      context: [personal_status]
      split: {{name: random, validation: 0.2, test: 0.4}}
    preprocessing: [one-hot, standardize]
    model: {{name: logistic, l2: 1e-2}}
    engine: numpy
    training:
      optimizer: {{name: adam, learning_rate: 0.005}}
      epochs: 10
      batch_size: 32
    evaluation: {{metrics: [accuracy], baselines: []}}
    audit: {{groups: "off"}}
    analysis: [roc-curve, slices, {{name: threshold-cost, false_negative: 5}}]
    report: [markdown]
"""


def test_what_is_not_seen_by_the_model_divides_rows_and_groups_are_drawn_whole(lab, reference):
    source = reference("german_credit/credit.g.arff")
    lab.write("e.yaml", CREDIT.format(path=source))
    done = lab.ran("e.yaml", "--quiet")
    found = done.json("figures/slices.json")
    assert found["slices"][0]["column"] in ("personal_status", "purpose", *COLUMNS)
    assert {"personal_status", "purpose"} <= {one["column"] for one in found["slices"]}
    [curve] = done.json("figures/roc-curve.json")["classes"]
    assert "whole groups" in curve["band"]["method"]
    assert "whole groups" in done.json("figures/threshold-cost.json")["test"]["chosen"]["method"]


COLUMNS = ("checking_status", "duration", "credit_history", "credit_amount", "savings_status", "employment")
