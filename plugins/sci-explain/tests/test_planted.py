"""What is known beforehand about explanations: which column matters, what shares add up to, how steep curves are."""

from __future__ import annotations

import numpy as np
import pytest

from sci_explain.attribution import Shap
from sci_explain.config import DependenceConfig, GradientsConfig, PermutationConfig, ShapConfig
from sci_explain.dependence import PartialDependence
from sci_explain.gradients import IntegratedGradients
from sci_explain.permutation import PermutationImportance, planned

SLOPES = {"planted": 3.0, "weak": 0.5}
MLP = {"name": "mlp", "hidden": [8]}
LOGISTIC = {
    "task": {"name": "classification", "positive": "high"},
    "preprocessing": ["one-hot", "standardize"],
    "model": "logistic",
    "training": {"optimizer": {"name": "adam", "learning_rate": 0.05}, "epochs": 20, "batch_size": 16},
    "evaluation": {"metrics": ["accuracy", "roc-auc"], "baselines": []},
}


@pytest.fixture(scope="module")
def logistic(studied, classes):
    analyses = ["permutation-importance", {"name": "shap", "rows": 8}, "integrated-gradients", "partial-dependence"]
    return studied(classes, **LOGISTIC, analysis=analyses)


def ranked(found, by):
    return sorted(found, key=lambda one: -abs(by(one)))


@pytest.mark.parametrize("kept", ["linear", "logistic"])
def test_the_planted_column_ranks_first_everywhere(request, kept):
    kept = request.getfixturevalue(kept)
    permuted = kept.numbers("permutation-importance")["columns"]
    assert permuted[0]["name"] == "planted"
    assert permuted[0]["low"] > 0
    shap = kept.numbers("shap")["rows"]
    sizes = np.abs([row["shares"] for row in shap]).mean(axis=0)
    assert shap[0]["players"][int(np.argmax(sizes))] == "planted"
    assert kept.numbers("partial-dependence")["columns"][0]["column"] == "planted"
    shares = np.array(kept.numbers("integrated-gradients")["shares"]["numbers"])
    assert int(np.argmax(np.abs(shares).mean(axis=0))) == 1


def test_noise_has_no_clear_importance(linear):
    found = {one["name"]: one for one in linear.numbers("permutation-importance")["columns"]}
    for name in ("noise", "idle", "kind"):
        assert abs(found[name]["value"]) < 0.05 * found["planted"]["value"]


def test_shuffling_costs_twice_the_variance_that_a_column_explains(linear):
    # E[(y - f(x'))^2] - E[(y - f(x))^2] = 2 b^2 Var(x) for a line with independent columns.
    found = {one["name"]: one for one in linear.numbers("permutation-importance")["columns"]}
    values = np.asarray(linear.study.models[0]().test.column("planted"))
    expected = 2 * SLOPES["planted"] ** 2 * values.var()
    assert found["planted"]["value"] == pytest.approx(expected, rel=0.05)
    assert found["planted"]["low"] < expected < found["planted"]["high"]


def test_shapley_values_of_a_line_are_slopes_times_distances_from_the_background(linear):
    model = linear.study.models[0]()
    slope = float(np.diff(answers(model, [0.0, 1.0]))[0])
    places = {int(id): at for at, id in enumerate(model.test.ids)}
    values = np.asarray(model.test.column("planted"))
    rows = linear.numbers("shap")["rows"]
    shares = np.array([row["shares"][row["players"].index("planted")] for row in rows])
    distances = np.array([values[places[row["id"]]] for row in rows])
    found, shift = np.polyfit(distances, shares, 1)
    assert found == pytest.approx(slope, rel=1e-6)
    np.testing.assert_allclose(shares, found * distances + shift, atol=1e-6)


def answers(model, values):
    """What the model says for the first test row with these values in `planted`."""
    row = model.test.take(np.zeros(len(values), dtype=np.int64)).with_ids(np.arange(len(values)))
    changed = row.with_columns({"planted": np.array(values)}, row.schema)
    return np.asarray(model.pipeline.predictions(changed).prediction("value"))


@pytest.mark.parametrize("kept", ["linear", "logistic"])
def test_shapley_values_and_base_add_up_to_what_the_pipeline_answers(request, kept):
    kept = request.getfixturevalue(kept)
    test = kept.study.evaluations[0].test
    said = test.prediction("value") if test.has("value") else np.asarray(test.prediction("probability"))[:, 0]
    known = dict(zip(test.ids.tolist(), np.asarray(said).tolist(), strict=True))
    for row in kept.numbers("shap")["rows"]:
        assert row["base"] + sum(row["shares"]) == pytest.approx(known[row["id"]], abs=1e-9)
        assert row["class"] in (None, "high")


def test_occlusion_of_a_line_is_its_shapley_values(linear):
    shap = {row["id"]: row for row in linear.numbers("shap")["rows"]}
    same = [row for row in linear.numbers("occlusion")["rows"] if row["id"] in shap]
    assert len(same) == 12
    for row in same:
        np.testing.assert_allclose(row["shares"], shap[row["id"]]["shares"], atol=1e-6)


def test_curves_of_a_line_are_straight_and_their_bands_have_no_width(linear):
    found = {one["column"]: one for one in linear.numbers("partial-dependence")["columns"]}
    for name, slope in SLOPES.items():
        steps = np.diff(found[name]["mean"]) / np.diff(found[name]["values"])
        np.testing.assert_allclose(steps, steps[0], rtol=1e-6)
        assert steps[0] == pytest.approx(slope, abs=0.1)
        widths = np.subtract(found[name]["high"], found[name]["low"])
        np.testing.assert_allclose(widths, 0, atol=1e-6)
    assert found["kind"]["values"] == ["blue", "green", "red"]


def test_bands_are_wide_where_columns_work_together(studied, table):
    together = {**table, "y": np.where(table["weak"] > 0, table["planted"], -table["planted"])}
    kept = studied(
        {name: together[name] for name in ("planted", "weak", "idle", "y")},
        model={"name": "decision-tree"},
        engine="sklearn",
        analysis=["partial-dependence"],
    )
    found = {one["column"]: one for one in kept.numbers("partial-dependence")["columns"]}
    widths = {name: np.subtract(one["high"], one["low"]).max() for name, one in found.items()}
    assert widths["planted"] > 1
    assert widths["planted"] > 3 * widths["idle"]


@pytest.mark.parametrize("kept", ["linear", "logistic"])
def test_integrated_gradients_are_complete(request, kept):
    found = request.getfixturevalue(kept).numbers("integrated-gradients")
    assert np.abs(found["gaps"]).max() < 1e-9 * max(np.abs(found["differences"]).max(), 1)


def test_explanations_of_a_model_with_shuffled_weights_differ(linear, context):
    model = linear.study.models[0]()
    engine, network = model.pipeline.engine, model.pipeline.native
    learned = engine.state(network)
    names = ("permutation-importance", "shap", "integrated-gradients", "partial-dependence")
    made = (
        PermutationImportance(PermutationConfig()),
        Shap(ShapConfig(rows=12)),
        IntegratedGradients(GradientsConfig(points=8)),
        PartialDependence(DependenceConfig(points=7)),
    )
    try:
        arrays = {name: np.roll(array, 2) for name, array in learned.arrays.items()}
        engine.load_state(network, type(learned)(arrays, learned.meta))
        titles = [analysis.analyze(linear.study, context)[0].figures[0].title["en"] for analysis in made]
    finally:
        engine.load_state(network, learned)
    assert not any("`planted`" in title for title in titles)
    assert [title for name, title in zip(names, titles, strict=True) if title == ""] == []


def test_the_metric_of_the_verdict_or_a_named_one_is_used(logistic, context):
    assert logistic.numbers("permutation-importance")["metric"] == "accuracy"
    analysis = PermutationImportance(PermutationConfig(metric="roc-auc", columns=["planted"], repeats=2, samples=100))
    [found] = analysis.analyze(logistic.study, context)
    [[name, value, low, high]] = found.figures[0].table.rows
    assert name == "planted"
    assert 0.2 < low < value < high < 0.8


def test_shuffles_and_rows_are_saved_where_there_are_many_columns():
    assert planned(PermutationConfig(), 10, 300) == (300, 10)
    assert planned(PermutationConfig(), 2000, 300) == (83, 3)
    assert planned(PermutationConfig(rows=100), 10, 300) == (100, 10)
