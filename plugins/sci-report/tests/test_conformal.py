"""Measured coverage by hand and by simulation, and where nothing was promised."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from sci.api import Feature
from sci_report.config import ConformalCoverageConfig
from sci_report.conformal import ConformalCoverage, headline


def look(study, studies, **settings):
    return ConformalCoverage(ConformalCoverageConfig(**settings)).analyze(study, studies.Run(study.run))


def numbers(study):
    return json.loads((study.run / "figures" / "conformal-coverage.json").read_text())


def promised(study, studies, columns, features, coverage=0.9):
    """The study with more outputs."""
    evaluation = study.evaluations[0]
    table = evaluation.test.table
    for name, column in columns.items():
        table = table.append_column(f"prediction.{name}", column)
    features = {**evaluation.test.features, **{f"prediction.{name}": feature for name, feature in features.items()}}
    info = {**evaluation.test.info, "coverage": coverage}
    test = studies.replace(evaluation.test, table=table, features=features, info=info)
    return studies.replace(study, evaluations=[studies.replace(evaluation, test=test)])


def with_sets(study, studies, sets, coverage=0.9):
    column = pa.FixedSizeListArray.from_arrays(pa.array(sets.ravel()), sets.shape[1])
    features = {"set": Feature("array", dtype="bool", shape=(sets.shape[1],))}
    return promised(study, studies, {"set": column}, features, coverage)


def test_sets_are_counted_by_class_and_by_size(studies, tmp_path):
    study = studies.several(tmp_path, ["a", "b", "c"], n=300)
    truth = study.evaluations[0].test.codes("target")
    sets = np.eye(3, dtype=bool)[truth]
    sets[truth == 2] = [True, True, False]
    study = with_sets(study, studies, sets)
    [finding] = look(study, studies)
    found = numbers(study)
    held = (truth != 2).mean()
    assert found["coverage"]["value"] == pytest.approx(held)
    assert found["mean-size"]["value"] == pytest.approx(1 + (truth == 2).mean())
    assert found["sizes"] == {"1": int((truth != 2).sum()), "2": int((truth == 2).sum())}
    assert {one["part"]: one["coverage"]["value"] for one in found["parts"]} == {
        "a": 1.0,
        "b": 1.0,
        "c": 0.0,
        "set of 1": 1.0,
        "set of 2": 0.0,
    }
    assert "less often than asked for" in finding.figures[0].title
    assert finding.place == "calibration"


def test_the_spread_over_calibrations_is_the_beta_distribution(studies, tmp_path):
    study = studies.binary(tmp_path)  # with 100 validation rows
    study = with_sets(study, studies, np.ones((400, 2), dtype=bool))
    look(study, studies)
    found = numbers(study)["over-calibrations"]
    assert found["validation"] == 100
    assert [found["low"], found["high"]] == pytest.approx(stats.beta(91, 10).interval(0.95), abs=0.002)


@pytest.mark.parametrize("edge", [0.0, 1e9])
def test_intervals_of_a_regression(edge, studies, tmp_path):
    study = studies.regression(tmp_path)
    said = np.asarray(study.evaluations[0].test.prediction("value"))
    truth = np.asarray(study.evaluations[0].test.target())
    half = np.median(np.abs(truth - said)) if edge == 0 else edge
    number = Feature("number", dtype="float64")
    columns = {"low": pa.array(said - half), "high": pa.array(said + half)}
    study = promised(study, studies, columns, dict.fromkeys(columns, number), 0.5)
    [finding] = look(study, studies, columns=["town"])
    found = numbers(study)
    assert found["coverage"]["value"] == (1.0 if edge else 0.5)
    assert found["mean-size"]["value"] == pytest.approx(2 * half)
    assert [one["part"].split(" ")[0] for one in found["parts"]] == ["predicted"] * 4 + ["town:"] * 3
    assert ("more often" if edge else "as asked for") in finding.figures[0].title


def test_the_title_follows_the_interval(studies):
    for low, high, way in ((0.85, 0.95, "as"), (0.80, 0.89, "less"), (0.91, 0.99, "more"), (np.nan, np.nan, "as")):
        assert headline(0.9, studies.score(0.9, low, high)).id == f"finding.conformal.title.{way}"


def test_two_rows_are_enough_and_small_parts_are_not_shown(studies, tmp_path):
    study = studies.binary(tmp_path)
    evaluation = studies.replace(study.evaluations[0], test=study.evaluations[0].test.take(np.arange(2)))
    study = with_sets(studies.replace(study, evaluations=[evaluation]), studies, np.ones((2, 2), dtype=bool))
    look(study, studies)
    assert numbers(study)["parts"] == []


def test_without_a_calibrator_it_says_what_to_write(studies, tmp_path):
    for study in (studies.binary(tmp_path), studies.regression(tmp_path)):
        [finding] = look(study, studies)
        assert "calibration: [conformal]" in finding.text
        assert not finding.figures


def test_the_words_are_said_in_chinese_too(studies, pages, tmp_path):
    for study in (studies.binary(tmp_path), studies.several(tmp_path, ["a", "b"])):
        n = len(study.evaluations[0].test)
        found = with_sets(study, studies, np.ones((n, 2), dtype=bool))
        page = pages.text_only(found, look(found, studies))
        said = page.source.split('id="calibration"')[1].split("<section>")[0]
        assert "覆盖率" in said
        assert 'class="keep"' not in said
