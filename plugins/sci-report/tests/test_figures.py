from __future__ import annotations

import numpy as np
import pytest

from sci.api import Conclusion, Controlled, ControlResult, Score
from sci_report import confusion, controls, facts, intervals
from sci_report.learning import LearningCurve, illustration, kept_epoch
from sci_report.learning import headline as curve_headline
from sci_report.prose import plain
from sci_report.residuals import POINTS, Residuals, bins, illustrations
from sci_report.words import Sentence


def history(train, validation):
    return [
        {"epoch": e, "loss": a, "validation_loss": b} for e, (a, b) in enumerate(zip(train, validation, strict=True), 1)
    ]


@pytest.mark.parametrize(
    ("train", "validation", "said"),
    [
        ([1, 0.5, 0.3], [1, 0.6, 0.5], "falling"),
        ([1, 0.5, 0.3], [1, 0.6, 0.597], "plain"),
        ([1, 0.5, 0.3, 0.1], [1, 0.6, 0.8, 0.9], "rising"),
        ([1, 0.5, 0.6], [1, 0.6, 0.601], "plain"),
        ([1, 0.5], [1, 0.6], "plain"),
        ([1, np.nan, 0.3], [1, 0.6, 0.5], "broken"),
        ([1, 0.5, 0.3], [np.nan] * 3, "plain"),
    ],
)
def test_the_title_of_a_learning_curve_says_only_what_it_shows(train, validation, said):
    assert curve_headline(history(train, validation)).id == f"finding.learning.{said}"


def test_the_kept_epoch_follows_the_rule_of_early_stopping_or_is_not_claimed(studies, tmp_path):
    study = studies.binary(tmp_path)
    rows = [{"epoch": e, "loss": 1 / e, "f1": f} for e, f in ((1, 0.8), (2, 0.9), (3, 0.85))]
    assert kept_epoch(study, rows) == 2
    by_loss = dict(study.experiment["training"]) | {"early_stopping": {"monitor": "loss"}}
    assert kept_epoch(studies.binary(tmp_path, experiment={"training": by_loss}), rows) == 3
    measured = [row | {"validation_loss": loss} for row, loss in zip(rows, (0.3, 0.4, 0.5), strict=True)]
    assert kept_epoch(studies.binary(tmp_path, experiment={"training": by_loss}), measured) == 1
    assert kept_epoch(studies.binary(tmp_path, experiment={}), rows) is None
    assert kept_epoch(studies.binary(tmp_path, experiment={}), [*rows, {"epoch": 4, "loss": 1, "kept": True}]) == 4


def test_losses_that_span_more_than_a_hundred_get_a_logarithmic_axis_that_is_said(studies, tmp_path):
    wide = illustration(studies.binary(tmp_path, history=history([10, 0.5, 0.01], [9, 1, 0.9])))
    narrow = illustration(studies.binary(tmp_path))
    assert wide is not None
    assert narrow is not None
    assert wide.caption.id == "finding.learning.log"
    assert narrow.caption.id == "finding.learning.linear.kept"


def test_a_model_fitted_in_one_step_has_no_learning_curve(studies, tmp_path):
    study = studies.binary(tmp_path, history=[{"epoch": 1, "loss": 0.5}])
    assert LearningCurve(None).analyze(study, studies.Run(study.run)) == []


def test_the_matrix_agrees_with_scikit_learn(studies, tmp_path):
    metrics = pytest.importorskip("sklearn.metrics")
    study = studies.several(tmp_path, ["a", "b", "c"], n=200)
    table = study.evaluations[0].test.table
    true, said = table.column("target").to_pylist(), table.column("prediction.label").to_pylist()
    counts = facts.confusions(study)
    assert counts.tolist() == metrics.confusion_matrix(true, said, labels=["a", "b", "c"]).tolist()
    assert confusion.f1(counts) == pytest.approx(metrics.f1_score(true, said, average=None))


@pytest.mark.parametrize(
    ("counts", "id"),
    [
        ([[5, 0], [0, 5]], "finding.confusion.none"),
        ([[5, 1], [0, 5]], "finding.confusion.two"),
        ([[5, 3, 0], [0, 5, 1], [0, 0, 4]], "finding.confusion.most"),
        ([[5, 1, 0], [0, 5, 1], [0, 0, 4]], "finding.confusion.scattered"),
        ([[5, 1, 0], [0, 5, 0], [0, 0, 4]], "finding.confusion.single"),
    ],
)
def test_the_title_of_a_matrix_names_the_commonest_confusion(counts, id):
    assert confusion.headline(["a", "b", "c"][: len(counts)], np.array(counts)).id == id


def test_a_class_that_is_a_formula_is_harmless_in_a_spreadsheet(studies, tmp_path):
    study = studies.several(tmp_path, ["=cmd|' /C calc'!A0", "@x", *(f"c{at}" for at in range(12))], n=100)
    lines = confusion.by_class(study).splitlines()
    assert lines[1].startswith("'=cmd")
    assert lines[2].startswith("'@x")


def _contrast(a, b):
    def luminance(color):
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("ground", "blue", "ink", "on"),
    [("#fdfdfc", "#0063a8", "#1c2024", "#ffffff"), ("#14171a", "#62b0f0", "#e4e7ea", "#0d1114")],
)
def test_numbers_in_every_shade_of_a_matrix_can_be_read_light_and_dark(ground, blue, ink, on):
    def rgb(color):
        return np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])

    for share in np.linspace(0, 1, 101):
        alpha = confusion._shade(float(share))
        fill = alpha * rgb(blue) + (1 - alpha) * rgb(ground)
        assert _contrast(fill, rgb(on if share > 0.5 else ink)) >= 4.5, share


def test_bands_hold_nine_residuals_of_ten(studies):
    generator = np.random.default_rng(0)
    said, residual = generator.random(2000), generator.normal(size=2000)
    bands = bins(said, residual)
    inside = sum(
        ((said >= left) & (said <= right) & (residual >= low) & (residual <= high)).sum()
        for left, right, low, _, high, _ in bands
    )
    assert len(bands) == 10
    assert inside / 2000 == pytest.approx(0.9, abs=0.01)
    assert bins(np.ones(200), residual[:200]) == []


def test_many_rows_become_hexagons(studies, tmp_path):
    study = studies.regression(tmp_path, n=POINTS + 500)
    against, left = illustrations(study)
    assert against.caption.id == "finding.predicted.hexagons"
    assert len(left.picture.content) < 400_000


def test_residuals_ask_for_a_regression(studies, tmp_path):
    study = studies.binary(tmp_path)
    assert Residuals(None).analyze(study, studies.Run(study.run)) == []


def test_an_interval_far_off_becomes_an_arrow_with_its_value(studies, tmp_path):
    study = studies.binary(tmp_path)
    scores, differences = intervals.illustrations(study)
    assert "‹ 0.000, off the axis" in scores.picture.content
    assert "majority ›" in differences.picture.content


def test_the_axis_of_differences_always_shows_zero(studies, tmp_path):
    study = studies.regression(tmp_path)
    _, differences = intervals.illustrations(study)
    assert ">0</text>" in differences.picture.content


def test_no_figure_is_drawn_where_the_metric_has_no_value(studies, tmp_path):
    study = studies.several(tmp_path, ["a", "b"], scores={"test": {"accuracy": studies.score(np.nan)}})
    assert intervals.illustrations(study) == []


def controlled(values, rows, openings=3):
    found = [
        Controlled(f"v{at}", size, {"f1": Score(value, value - 0.02, value + 0.02, 0.95, "bootstrap", 400, True)})
        for at, (value, size) in enumerate(zip(values, rows, strict=True))
    ]
    said = (
        "From 500 to 1,000 training rows f1 gets better by 0.10 (0.05 to 0.15): more data like these would likely help."
    )
    return ControlResult(1000.0, found, {"f1": Conclusion(said)}, openings)


def test_a_control_over_rows_is_a_curve_and_one_of_equal_rows_a_row_of_marks(studies, tmp_path):
    curve, marks = controlled([0.4, 0.6], [100, 500]), controlled([0.1, 0.2, 0.3], [1000.0] * 3)
    study = studies.binary(tmp_path, controls={"sizes": curve, "shuffles": marks})
    found = controls.findings(study, studies.Run(study.run))
    assert [one.figures[0].path for one in found] == ["figures/control-sizes.svg", "figures/control-shuffles.svg"]
    first, second = ((study.run / one.figures[0].path).read_text() for one in found)
    assert "1,000" in first
    assert "training rows" in first
    assert "3 variants" in second
    assert [row[0] for row in found[0].figures[0].table.rows] == ["v0", "v1", "model"]
    assert found[0].figures[0].caption.startswith("Bars: 95\N{NO-BREAK SPACE}% intervals of the test rows")
    assert "训练行从 500 增至 1,000" in plain(Sentence(found[0].text), "zh-Hans")


def test_a_control_without_any_value_is_not_drawn(studies, tmp_path):
    lost = controlled([np.nan, np.nan], [100, 500])
    study = studies.binary(tmp_path, controls={"sizes": lost})
    assert controls.findings(study, studies.Run(study.run)) == []


@pytest.mark.parametrize("zero", [14, 60, 90, 160, 190, 234])
@pytest.mark.parametrize("value", [-11.3, 5.5])
def test_words_beside_the_line_of_zero_fit_the_drawing_and_keep_their_number(value, zero):
    row = intervals._Row("translation-memory", value, value - 1, value + 1, "g", "h", f"{value:+.1f}")
    words, right = intervals._beside(row, zero, alone=False)
    width = intervals.CELL * len(words)
    assert words.startswith(row.shown)
    assert len(words) > len(row.shown) + 2 + 4
    assert zero + 6 + width <= 250 if right else zero - 6 - width >= 0
