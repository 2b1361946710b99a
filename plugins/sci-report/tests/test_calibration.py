"""Reliability, expected calibration error and Brier score against scikit-learn, SciPy, by hand and by simulation."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from sci_report.calibration import Calibration, headline
from sci_report.config import CalibrationConfig
from sci_report.reliability import ExpectedError, by_chance, edges, places, reliability, unsurprising, wilson

WIDTH = edges(np.zeros(1), 10, "width")


def look(study, studies, **settings):
    return Calibration(CalibrationConfig(samples=200, **settings)).analyze(study, studies.Run(study.run))


def numbers(study):
    return json.loads((study.run / "figures" / "calibration.json").read_text())


def error(probability, truth, parts=WIDTH):
    metric = ExpectedError(lambda predictions: (probability, truth), parts)
    return float(metric.value(metric.statistics(None).sum(axis=0), len(truth)))


def test_wilson_agrees_with_scipy():
    for k, n in ((0, 10), (3, 10), (10, 10), (13, 150), (1, 1), (999, 1000)):
        expected = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
        assert wilson(k, n) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_bins_hold_every_row_once_and_one_belongs_to_the_last():
    probability = np.array([0.0, 0.05, 0.1, 0.95, 1.0])
    truth = np.array([False, False, True, True, True])
    table = reliability(probability, truth, WIDTH)
    assert [(bin.low, bin.n) for bin in table] == [(0.0, 2), (0.1, 1), (0.9, 2)]
    assert table[-1].predicted == pytest.approx(0.975)


@pytest.mark.parametrize(("binning", "strategy"), [("width", "uniform"), ("mass", "quantile")])
def test_bins_agree_with_scikit_learn(binning, strategy):
    generator = np.random.default_rng(3)
    probability = generator.beta(0.5, 0.7, 500)
    truth = generator.random(500) < probability
    table = reliability(probability, truth, edges(probability, 10, binning))
    observed, predicted = calibration_curve(truth, probability, n_bins=10, strategy=strategy)
    assert [bin.observed for bin in table] == pytest.approx(list(observed))
    assert [bin.predicted for bin in table] == pytest.approx(list(predicted))


def test_ties_and_constant_probabilities_lie_in_one_bin():
    tied = np.array([0.2] * 8 + [0.7, 0.9])
    parts = edges(tied, 4, "mass")
    assert len(set(places(tied, parts)[:8])) == 1
    constant = np.full(5, 0.3)
    assert places(constant, edges(constant, 4, "mass")).tolist() == [0] * 5
    [bin] = reliability(constant, np.array([True, False, False, False, False]), edges(constant, 4, "mass"))
    assert (bin.n, bin.observed) == (5, 0.2)


def test_the_expected_error_of_a_hand_made_example():
    probability = np.array([0.05] * 10 + [0.95] * 10)
    truth = np.array([True] * 2 + [False] * 8 + [True] * 8 + [False] * 2)
    assert error(probability, truth) == pytest.approx(0.15)
    assert error(np.array([0.0, 1.0]), np.array([False, True])) == 0.0
    assert error(np.array([0.0, 1.0]), np.array([True, False])) == 1.0


def test_chance_alone_shows_the_error_that_the_normal_distribution_says():
    # Of 100 rows called 50 % likely, the share that is true is off by 0.05 * sqrt(2 / pi) on average.
    mean, limit = by_chance(np.full(100, 0.5), WIDTH, 20_000, np.random.default_rng(0))
    assert mean == pytest.approx(0.05 * np.sqrt(2 / np.pi), rel=0.03)
    assert limit == pytest.approx(0.05 * 1.96, abs=0.011)
    assert by_chance(np.array([0.0, 1.0]), WIDTH, 100, np.random.default_rng(0)) == (0.0, 0.0)


def test_of_exact_probabilities_about_one_in_twenty_exceeds_the_limit():
    above = 0
    for seed in range(200):
        generator = np.random.default_rng(seed)
        honest = generator.random(300)
        truth = generator.random(300) < honest
        above += error(honest, truth) > by_chance(honest, WIDTH, 200, generator)[1]
    assert 2 <= above <= 20


def test_the_title_of_a_reliability_diagram_says_which_way_it_is_off():
    agreed = 0
    for seed in range(100):
        generator = np.random.default_rng(seed)
        honest = generator.random(2000)
        truth = generator.random(2000) < honest
        agreed += headline(reliability(honest, truth, WIDTH), "x").id == "finding.calibration.agrees"
    assert agreed >= 90
    sure = np.clip(1.6 * (honest - 0.5) + 0.5, 0, 1)
    for name, end in (("x", ""), ("", ".answer")):
        said = headline(reliability(sure, truth, WIDTH), name).id
        assert said in (f"finding.calibration.over{end}", f"finding.calibration.under{end}")
    assert headline(reliability(honest[:9], truth[:9], WIDTH), "x").id == "finding.calibration.few"


@pytest.mark.parametrize("binning", ["width", "mass"])
def test_two_classes_are_looked_at_by_the_positive_one_and_repeat(binning, studies, tmp_path):
    study = studies.binary(tmp_path)
    first, again = (look(study, studies, binning=binning)[0] for _ in range(2))
    assert first == again
    assert "spam" in (study.run / first.figures[0].path).read_text()
    table = first.figures[0].table
    assert sum(row[2] for row in table.rows) == 400
    found = numbers(study)
    rows = study.evaluations[0].test
    chance, spam = np.asarray(rows.prediction("probability"))[:, 1], rows.codes("target") == 1
    assert found["brier"]["value"] == pytest.approx(brier_score_loss(spam, chance))
    assert found["brier-of-class-shares"] == pytest.approx(spam.mean() * (1 - spam.mean()))
    by_hand = sum(row[2] * abs(row[3] - row[4]) for row in table.rows) / 400
    ece = found["expected-calibration-error"]
    assert ece["value"] == pytest.approx(by_hand)
    assert ece["low"] <= ece["value"] <= ece["high"]


def test_more_classes_are_looked_at_by_the_answer(studies, tmp_path):
    # Every answer has the probability 0.9; six of ten are right, and some more by luck.
    study = studies.several(tmp_path, ["a", "b", "c"], n=600, right=0.6)
    rows = study.evaluations[0].test
    right = (rows.codes("target") == rows.codes("label")).mean()
    [finding] = look(study, studies)
    assert finding.figures[0].title.startswith(
        "Too sure of its answers: of 600 rows called 90.0\N{NO-BREAK SPACE}% likely"
    )
    found = numbers(study)
    assert found["expected-calibration-error"]["value"] == pytest.approx(abs(0.9 - right))
    truth = np.eye(3)[rows.codes("target")]
    expected = ((np.asarray(rows.prediction("probability")) - truth) ** 2).sum(axis=1).mean()
    assert found["brier"]["value"] == pytest.approx(expected)


def test_an_error_that_chance_explains_reaches_down_to_zero(studies, tmp_path):
    generator = np.random.default_rng(1)
    honest = generator.uniform(0.1, 0.9, 200)
    rows = studies.classified(
        np.where(generator.random(200) < honest, "yes", "no"), np.stack([1 - honest, honest], 1), ["no", "yes"], "yes"
    )
    study = studies.binary(tmp_path)
    evaluation = studies.replace(study.evaluations[0], test=rows)
    look(studies.replace(study, evaluations=[evaluation]), studies)
    assert numbers(study)["expected-calibration-error"]["low"] == 0.0
    sure = np.where(honest > 0.5, 0.99, 0.01)
    rows = studies.classified(
        rows.table.column("target").to_pylist(), np.stack([1 - sure, sure], 1), ["no", "yes"], "yes"
    )
    look(studies.replace(study, evaluations=[studies.replace(evaluation, test=rows)]), studies)
    assert numbers(study)["expected-calibration-error"]["low"] > 0.05


@pytest.mark.parametrize("rows", [[0, 1], list(range(30))])
def test_few_rows_and_one_class_have_numbers(rows, studies, tmp_path):
    study = studies.binary(tmp_path)
    evaluation = study.evaluations[0]
    ham = np.flatnonzero(evaluation.test.codes("target") == 0)
    one = studies.replace(evaluation, test=evaluation.test.take(ham[rows]))
    [finding] = look(studies.replace(study, evaluations=[one]), studies)
    assert "Brier score" in finding.text
    assert numbers(study)["brier-of-class-shares"] == 0.0


def test_without_probabilities_it_says_so_and_a_regression_has_nothing(studies, tmp_path):
    assert look(studies.regression(tmp_path), studies) == []
    study = studies.binary(tmp_path)
    evaluation = study.evaluations[0]
    table = evaluation.test.table.drop_columns(["prediction.probability"])
    bare = studies.replace(evaluation, test=studies.replace(evaluation.test, table=table))
    [finding] = look(studies.replace(study, evaluations=[bare]), studies)
    assert finding.text == "Not computed: the model gives no probabilities."


@pytest.mark.parametrize("binning", ["width", "mass"])
def test_the_words_are_said_in_chinese_too(binning, studies, pages, tmp_path):
    for study in (studies.binary(tmp_path), studies.several(tmp_path, ["a", "b", "c"])):
        page = pages.text_only(study, look(study, studies, binning=binning))
        said = page.source.split('id="calibration"')[1].split("<section>")[0]
        assert "期望校准误差" in said
        assert ("等宽分组" if binning == "width" else "等行数分组") in said
        assert 'class="keep"' not in said


def test_intervals_of_small_errors_hold_the_true_error():
    """Between 92 and 98 of 100 at a true error of 0.04 and 300 rows; those of resampled rows hold it in 72 to 87."""
    draw = np.random.default_rng(11)
    parts = edges(np.zeros(1), 10, "width")

    def rows(n):
        predicted = draw.beta(1.2, 2.5, n)
        odds = np.log(predicted / (1 - predicted))
        return predicted, 1 / (1 + np.exp(-1.32 * odds))

    predicted, chance = rows(1_000_000)
    true = np.abs(np.bincount(places(predicted, parts), chance - predicted)).sum() / len(predicted)
    assert 0.035 < true < 0.045
    held = 0
    for _ in range(150):
        predicted, chance = rows(300)
        low, high = unsurprising(predicted, draw.random(300) < chance, parts, 0.95, draw)
        held += low <= true <= high
    assert 0.9 < held / 150 <= 0.99
