"""ROC and precision-recall curves against scikit-learn, by hand, and where there is nothing to draw."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn import metrics

from sci_report.curves import GRID, PrecisionRecall, Roc, average_precision, found, precisions, rates, roc_area, scored
from sci_report.ranking import PrecisionRecallCurve, RocCurve

GENERATOR = np.random.default_rng(5)
TIED = np.round(GENERATOR.random(300), 1)
POSITIVE = GENERATOR.random(300) < TIED
ANALYSES = (RocCurve, PrecisionRecallCurve)


def every(n):
    return np.ones((1, n))


def look(analysis, study, studies):
    return analysis(None).analyze(study, studies.Run(study.run))


def numbers(study, name):
    return json.loads((study.run / "figures" / f"{name}.json").read_text())


def test_areas_agree_with_scikit_learn_with_ties_and_with_weights():
    counts = GENERATOR.integers(0, 4, (5, 300)).astype(float)
    areas, precision = roc_area(TIED, POSITIVE)(counts), average_precision(TIED, POSITIVE)(counts)
    for one, area, average in zip(counts, areas, precision, strict=True):
        assert area == pytest.approx(metrics.roc_auc_score(POSITIVE, TIED, sample_weight=one), abs=1e-12)
        assert average == pytest.approx(metrics.average_precision_score(POSITIVE, TIED, sample_weight=one), abs=1e-12)


def test_curves_pass_through_the_points_of_scikit_learn():
    false_rate, true_rate = (part[0] for part in rates(*found(TIED, POSITIVE)(every(300))))
    x, y, _ = metrics.roc_curve(POSITIVE, TIED, drop_intermediate=False)
    assert np.allclose([false_rate, true_rate], [x, y])
    recall, precision = (part[0] for part in precisions(*found(TIED, POSITIVE)(every(300))))
    y, x, _ = metrics.precision_recall_curve(POSITIVE, TIED)
    assert np.allclose([recall[::-1], precision[::-1]], [x[:-1], y[:-1]])


def test_heights_of_a_curve_that_can_be_drawn_by_hand(studies):
    # From the surest on: yes, no, yes, no.
    probability = np.array([[0.1, 0.9], [0.3, 0.7], [0.4, 0.6], [0.8, 0.2]])
    rows = studies.classified(["yes", "no", "yes", "no"], probability, ["no", "yes"])
    [roc] = Roc(1).weighted(rows)(every(4))
    assert roc[[0, 25, 50, 75, 100]].tolist() == [0.5, 0.5, 1.0, 1.0, 1.0]
    [recalled] = PrecisionRecall(1).weighted(rows)(every(4))
    assert recalled[[0, 50, 51, 100]] == pytest.approx([1.0, 1.0, 2 / 3, 2 / 3])


def test_rows_in_one_tie_give_the_diagonal_in_any_order(studies):
    rows = studies.classified(["a", "b"] * 10, np.full((20, 2), 0.5), ["a", "b"])
    assert np.allclose(Roc(1).weighted(rows)(every(20)), GRID)
    assert np.allclose(PrecisionRecall(1).weighted(rows)(every(20)), 0.5)


def test_two_classes_have_one_curve_with_its_area_band_and_labels(studies, tmp_path):
    study = studies.binary(tmp_path)
    rows = study.evaluations[0].test
    score, spam = scored(rows, 1)
    [roc] = look(RocCurve, study, studies)
    [one] = numbers(study, "roc-curve")["classes"]
    assert one["class"] == "spam"
    assert one["roc-auc"]["value"] == pytest.approx(metrics.roc_auc_score(spam, score))
    assert one["roc-auc"]["low"] < one["roc-auc"]["value"] < one["roc-auc"]["high"]
    called = np.asarray(rows.codes("label")) == 1
    assert list(one["labels"].values()) == [(called & ~spam).sum() / (~spam).sum(), (called & spam).sum() / spam.sum()]
    low, high, height = (np.array(one["curve"][key]) for key in ("low", "high", "true positive rate"))
    assert ((low <= height) & (height <= high)).mean() > 0.95
    assert roc.place == "results"
    [recalled] = look(PrecisionRecallCurve, study, studies)
    [one] = numbers(study, "precision-recall")["classes"]
    assert one["pr-auc"]["value"] == pytest.approx(metrics.average_precision_score(spam, score))
    assert f"{100 * spam.mean():.1f} %" in recalled.text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_rare_class_is_sent_to_precision_and_recall(studies, tmp_path):
    [rare] = look(RocCurve, studies.binary(tmp_path), studies)
    assert "precision and recall say more" in rare.text
    balanced = studies.several(tmp_path, ["a", "b"])
    [common] = look(RocCurve, balanced, studies)
    assert "precision and recall" not in common.text


@pytest.mark.parametrize("analysis", ANALYSES)
def test_of_many_classes_the_worst_nine_are_drawn_and_all_are_listed(analysis, studies, tmp_path):
    names = [f"c{at}" for at in range(12)]
    study = studies.several(tmp_path, names, n=600)
    [finding] = look(analysis, study, studies)
    table = finding.figures[0].table
    assert sorted(row[0] for row in table.rows) == sorted(names)
    values = [row[1] for row in table.rows]
    assert values == sorted(values)
    assert [row[2] is None for row in table.rows] == [False] * 9 + [True] * 3
    assert len(numbers(study, analysis.name)["classes"]) == 9


@pytest.mark.parametrize("analysis", ANALYSES)
def test_the_mean_over_classes_is_that_of_scikit_learn(analysis, studies, tmp_path):
    names = ["a", "b", "c", "d"]
    study = studies.several(tmp_path, names, n=200)
    rows = study.evaluations[0].test
    [finding] = look(analysis, study, studies)
    mean = np.mean([row[1] for row in finding.figures[0].table.rows])
    truth = np.eye(4)[rows.codes("target")]
    expected = (metrics.roc_auc_score if analysis is RocCurve else metrics.average_precision_score)(
        truth, np.asarray(rows.prediction("probability")), average="macro"
    )
    assert mean == pytest.approx(expected)


@pytest.mark.parametrize("analysis", ANALYSES)
def test_one_class_is_said_and_not_drawn(analysis, studies, tmp_path):
    study = studies.binary(tmp_path)
    evaluation = study.evaluations[0]
    ham = evaluation.test.take(np.flatnonzero(evaluation.test.codes("target") == 0))
    one = studies.replace(study, evaluations=[studies.replace(evaluation, test=ham)])
    [finding] = look(analysis, one, studies)
    assert finding.text == "Not defined: every test row is ham."
    assert not finding.figures


@pytest.mark.parametrize("analysis", ANALYSES)
def test_two_rows_have_a_curve(analysis, studies, tmp_path):
    study = studies.binary(tmp_path)
    evaluation = study.evaluations[0]
    codes = evaluation.test.codes("target")
    two = evaluation.test.take(np.array([codes.argmin(), codes.argmax()]))
    [finding] = look(analysis, studies.replace(study, evaluations=[studies.replace(evaluation, test=two)]), studies)
    assert len(finding.figures) == 1


@pytest.mark.parametrize("analysis", ANALYSES)
def test_a_model_without_probabilities_is_said_and_a_regression_has_nothing(analysis, studies, tmp_path):
    study = studies.binary(tmp_path)
    evaluation = study.evaluations[0]
    table = evaluation.test.table.drop_columns(["prediction.probability"])
    bare = studies.replace(evaluation, test=studies.replace(evaluation.test, table=table))
    [finding] = look(analysis, studies.replace(study, evaluations=[bare]), studies)
    assert finding.text == "Not computed: the model gives no probabilities."
    assert look(analysis, studies.regression(tmp_path), studies) == []


@pytest.mark.parametrize("analysis", ANALYSES)
def test_every_row_of_several_folds_counts_once(analysis, studies, tmp_path):
    study = studies.binary(tmp_path)
    evaluation = study.evaluations[0]
    halves = [
        studies.replace(evaluation, fold=f"fold-{half}", test=evaluation.test.take(np.arange(400)[half::2]))
        for half in (0, 1)
    ]
    again = [studies.replace(half, seed=8) for half in halves]
    [whole] = look(analysis, study, studies)
    [folds] = look(analysis, studies.replace(study, evaluations=[*halves, *again]), studies)
    assert whole.figures[0].title == folds.figures[0].title


@pytest.mark.parametrize("analysis", ANALYSES)
@pytest.mark.parametrize("make", ["binary", "several"])
def test_the_words_are_said_in_chinese_too(analysis, make, studies, pages, tmp_path):
    study = studies.binary(tmp_path) if make == "binary" else studies.several(tmp_path, ["a", "b", "c"])
    page = pages.text_only(study, look(analysis, study, studies))
    said = page.source.split('id="results"')[1]
    assert "置信区间" in said or "色带" in said
    assert 'class="keep"' not in said.split("<section>")[0]
