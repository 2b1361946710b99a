"""Costs by hand and by trying every threshold; the threshold is chosen on validation rows alone."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from sci_report.config import ThresholdCostConfig
from sci_report.costs import CostCurve, Costs
from sci_report.threshold_cost import ThresholdCost


def look(study, studies, **settings):
    settings = {"false_positive": 1, "false_negative": 5, **settings}
    return ThresholdCost(ThresholdCostConfig(**settings)).analyze(study, studies.Run(study.run))


def numbers(study):
    return json.loads((study.run / "figures" / "threshold-cost.json").read_text())


def cost(scores, positive, threshold, fp=1.0, fn=5.0):
    (_, false_positive), (false_negative, _) = confusion_matrix(positive, scores >= threshold, labels=[False, True])
    return (fp * false_positive + fn * false_negative) / len(scores)


def test_the_cheapest_threshold_is_as_cheap_as_any():
    for seed in range(6):
        generator = np.random.default_rng(seed)
        scores = np.round(generator.random(60), 1 + seed % 2)
        positive = generator.random(60) < scores
        found = Costs(1.0, 5.0).cheapest(scores, positive)
        tried = [cost(scores, positive, threshold) for threshold in np.linspace(0, 1.001, 144)]
        assert cost(scores, positive, found) == pytest.approx(min(tried))


@pytest.mark.parametrize(
    ("positive", "threshold"),
    [([False, True], 0.5), ([True, True], 0.3), ([False, False], 0.7), ([True, False], 0.3)],
)
def test_thresholds_by_hand(positive, threshold):
    found = Costs(1.0, 5.0).cheapest(np.array([0.4, 0.6]), np.array(positive))
    expected = {0.5: 0.5, 0.3: 0.0, 0.7: np.nextafter(1.0, 2.0)}[threshold]
    assert found == pytest.approx(expected)


def test_the_curve_is_that_of_confusion_matrices(studies, tmp_path):
    rows = studies.binary(tmp_path).evaluations[0].test
    scores, positive = np.asarray(rows.prediction("probability"))[:, 1], rows.codes("target") == 1
    [curve] = CostCurve(Costs(1.0, 5.0), 1).weighted(rows)(np.ones((1, len(rows))))
    for at in (0, 13, 50, 99):
        assert curve[at] == pytest.approx(cost(scores, positive, at / 100))


def test_test_rows_measure_what_validation_rows_chose(studies, tmp_path):
    study = studies.binary(tmp_path)
    [finding] = look(study, studies)
    found = numbers(study)
    evaluation = study.evaluations[0]
    parts = {
        part: (np.asarray(rows.prediction("probability"))[:, 1], rows.codes("target") == 1)
        for part, rows in (("test", evaluation.test), ("validation", evaluation.validation))
    }
    [threshold] = found["thresholds"]["chosen"]
    assert threshold == Costs(1.0, 5.0).cheapest(*parts["validation"])
    assert found["test"]["chosen"]["value"] == pytest.approx(cost(*parts["test"], threshold))
    assert found["test"]["0.5"]["value"] == pytest.approx(cost(*parts["test"], 0.5))
    assert found["test"]["all-positive"]["value"] == pytest.approx((~parts["test"][1]).mean())
    assert found["test"]["none-positive"]["value"] == pytest.approx(5 * parts["test"][1].mean())
    saving = found["test"]["saving-against-0.5"]
    assert saving["value"] == pytest.approx(found["test"]["0.5"]["value"] - found["test"]["chosen"]["value"])
    assert saving["low"] <= saving["value"] <= saving["high"]
    assert finding.place == "results"


def test_other_test_rows_do_not_move_the_threshold(studies, tmp_path):
    study = studies.binary(tmp_path)
    look(study, studies)
    before = numbers(study)["thresholds"]
    evaluation = study.evaluations[0]
    table = evaluation.test.table
    flipped = table.set_column(1, "target", table.column("target").take(np.random.default_rng(0).permutation(400)))
    test = studies.replace(evaluation.test, table=flipped)
    look(studies.replace(study, evaluations=[studies.replace(evaluation, test=test)]), studies)
    assert numbers(study)["thresholds"] == before


def test_each_fold_has_its_own_threshold(studies, tmp_path):
    study = studies.binary(tmp_path)
    evaluation = study.evaluations[0]
    folds = [
        studies.replace(
            evaluation,
            fold=f"fold-{half}",
            test=evaluation.test.take(np.arange(400)[half::2]),
            validation=evaluation.validation.take(np.arange(100)[half::2]),
        )
        for half in (0, 1)
    ]
    look(studies.replace(study, evaluations=folds), studies)
    found = numbers(study)
    total = 0.0
    for fold, threshold in zip(folds, found["thresholds"]["chosen"], strict=True):
        scores = np.asarray(fold.test.prediction("probability"))[:, 1]
        total += 200 * cost(scores, fold.test.codes("target") == 1, threshold)
    assert found["test"]["chosen"]["value"] == pytest.approx(total / 400)


def test_where_there_is_nothing_to_choose_it_says_why(studies, tmp_path):
    study = studies.binary(tmp_path)
    blind = studies.replace(study, evaluations=[studies.replace(study.evaluations[0], validation=None)])
    assert "chosen on validation rows, and there are none" in look(blind, studies)[0].text
    assert "there are 3" in look(studies.several(tmp_path, ["a", "b", "c"]), studies)[0].text
    assert look(studies.regression(tmp_path), studies) == []


def test_the_words_are_said_in_chinese_too(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    said = pages.text_only(study, look(study, studies)).source.split('id="results"')[1].split("<section>")[0]
    assert "一次假阳性代价 1" in said.replace('<bdi dir="auto">', "").replace("</bdi>", "")
    assert 'class="keep"' not in said
