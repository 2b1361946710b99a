"""Risk against coverage by definition, by hand, and where there is nothing to hold back."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sci_report.config import SelectiveConfig
from sci_report.risk import area, risks, smallest_area
from sci_report.selective import SelectivePrediction, answered


def one(n):
    return np.ones((1, n))


def look(study, studies, **settings):
    return SelectivePrediction(SelectiveConfig(**settings)).analyze(study, studies.Run(study.run))


def test_the_area_is_the_mean_risk_over_all_numbers_of_answers():
    generator = np.random.default_rng(0)
    sure, wrong = generator.random(200), generator.random(200) < 0.3
    ranked = wrong[np.argsort(-sure)]
    assert area(sure, wrong)(one(200))[0] == pytest.approx((np.cumsum(ranked) / np.arange(1, 201)).mean())


def test_ties_stand_for_their_mean_over_all_orders():
    generator = np.random.default_rng(1)
    sure, wrong = np.round(generator.random(40), 1), generator.random(40) < 0.4
    orders = (np.lexsort((generator.random(40), -sure)) for _ in range(4000))
    drawn = [(np.cumsum(wrong[order]) / np.arange(1, 41)).mean() for order in orders]
    assert area(sure, wrong)(one(40))[0] == pytest.approx(np.mean(drawn), abs=4 * np.std(drawn) / np.sqrt(4000))


def test_counts_stand_for_repeated_rows():
    generator = np.random.default_rng(2)
    sure, wrong, counts = generator.random(30), generator.random(30) < 0.4, generator.integers(0, 3, 30)
    coverages = np.array([0.1, 0.5, 1.0])
    repeated = risks(np.repeat(sure, counts), np.repeat(wrong, counts), coverages)(one(counts.sum()))
    assert risks(sure, wrong, coverages)(counts[None].astype(float)) == pytest.approx(repeated)


def test_risks_by_hand():
    sure, wrong = np.array([0.9, 0.8, 0.7, 0.6]), np.array([False, False, True, False])
    assert risks(sure, wrong, np.array([0.25, 0.5, 0.75, 1.0]))(one(4))[0] == pytest.approx([0, 0, 1 / 3, 1 / 4])
    assert risks(np.full(4, 0.5), wrong, np.array([0.25, 1.0]))(one(4))[0] == pytest.approx([1 / 4, 1 / 4])
    assert smallest_area(1, 4) == pytest.approx(1 / 16)
    assert smallest_area(4, 4) == pytest.approx(1.0)


def test_the_curve_ends_at_the_error_and_the_words_say_its_numbers(studies, tmp_path):
    study = studies.binary(tmp_path)
    [finding] = look(study, studies, coverage=0.5)
    found = json.loads((study.run / "figures" / "selective-prediction.json").read_text())
    wrong = answered(study.evaluations[0].test)[1].mean()
    assert found["curve"]["risk"][-1] == pytest.approx(wrong)
    assert found["error"] == pytest.approx(wrong)
    assert found["aurc-of-a-perfect-order"] <= found["aurc"]["value"] < wrong
    assert finding.figures[0].title.replace("\N{NO-BREAK SPACE}", " ").endswith(f"all of them in {100 * wrong:.1f} %")
    assert "The surest 50" in finding.figures[0].title
    assert finding.place == "calibration"


def test_where_all_is_right_nothing_is_drawn_and_where_all_is_wrong_it_is(studies, tmp_path):
    study = studies.binary(tmp_path)
    evaluation = study.evaluations[0]
    right = np.flatnonzero(~answered(evaluation.test)[1])
    for rows, figures in ((right, 0), (right[:2], 0), (np.flatnonzero(answered(evaluation.test)[1]), 1)):
        part = studies.replace(evaluation, test=evaluation.test.take(rows))
        [finding] = look(studies.replace(study, evaluations=[part]), studies)
        assert len(finding.figures) == figures
    assert look(studies.regression(tmp_path), studies) == []


def test_the_words_are_said_in_chinese_too(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    said = pages.text_only(study, look(study, studies)).source.split('id="calibration"')[1].split("<section>")[0]
    assert "曲线下面积" in said
    assert 'class="keep"' not in said
