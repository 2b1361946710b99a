"""Slices by hand, against statsmodels, and where there is little to divide."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from sci.api import Feature, UnknownName
from sci_report.config import SlicesConfig, dividing
from sci_report.slices import Slices, apart
from sci_report.slicing import MISSING, slices

NUMBER = Feature("number", dtype="float64", unit="year")
NAME = Feature("category", dtype="string")


def divided(studies, folder, given, features, right, role="context"):
    """A study of two classes, whose answers are right where `right` says so, with more columns."""
    n = len(right)
    true = np.array(["a", "b"] * n)[:n]
    said = np.where(right, true, np.where(true == "a", "b", "a"))
    probability = np.where((said == "a")[:, None], [[0.9, 0.1]], [[0.1, 0.9]])
    study = studies.several(folder, ["a", "b"], n=n)
    evaluation = study.evaluations[0]
    data = studies.rows(
        {**given, "class": pa.array(list(true))}, {**features, "class": Feature("category", dtype="string")}, "class"
    )
    roles = {**data.schema.roles, **dict.fromkeys(given, role)}
    schema = studies.Schema(data.schema.columns, roles, data.schema.slots)
    test = studies.classified(true, probability, ["a", "b"])
    evaluation = studies.replace(evaluation, test=test, rows=data.with_schema(schema))
    return studies.replace(study, schema=schema, evaluations=[evaluation])


def look(study, studies, **settings):
    return Slices(SlicesConfig(metric="primary", **settings)).analyze(study, studies.Run(study.run))


def numbers(study):
    return json.loads((study.run / "figures" / "slices.json").read_text())


WARD = np.array(["east"] * 100 + ["north"] * 100 + ["west"] * 3)
RIGHT = np.concatenate([np.arange(100) % 10 > 0, np.arange(100) % 2 > 0, [True] * 3])


def test_values_intervals_and_rows_of_each_slice_and_the_worst(studies, tmp_path):
    study = divided(studies, tmp_path, {"ward": pa.array(WARD)}, {"ward": NAME}, RIGHT)
    [finding] = look(study, studies)
    found = numbers(study)
    assert [(one["value"], one["score"]["value"], one["score"]["n"]) for one in found["slices"]] == [
        ("north", 0.5, 100),
        ("east", 0.9, 100),
    ]
    assert finding.figures[0].title == "primary is worse where ward is north: 0.50, elsewhere 0.90"
    assert found["worst-against-others"]["worse"]
    assert found["worst-against-others"]["confidence"] == pytest.approx(1 - 0.05 / 2)
    assert "fewer than 5 rows are not shown: 1, with 3 rows" in finding.text
    assert [row[5] for row in finding.figures[0].table.rows] == [50, 50]
    assert finding.place == "slices"


def test_the_interval_of_a_difference_of_proportions_is_newcombe_s(studies):
    for k, n, m, size in ((50, 100, 90, 100), (0, 20, 3, 30), (7, 9, 40, 41)):
        pairs = [(k, n), (m, size)]
        ends = [stats.binomtest(a, b).proportion_ci(0.95, method="wilson") for a, b in pairs]
        a, b = (studies.score(a / b, e.low, e.high, n=b) for (a, b), e in zip(pairs, ends, strict=True))
        assert apart(a, b) == pytest.approx(confint_proportions_2indep(k, n, m, size, method="newcomb"), abs=1e-9)


def test_slices_without_a_difference_are_rarely_called_worse(studies, tmp_path):
    claimed = 0
    for seed in range(15):
        generator = np.random.default_rng(seed)
        given = {name: pa.array(generator.choice(["x", "y", "z"], 300)) for name in ("one", "two")}
        study = divided(studies, tmp_path, given, dict.fromkeys(given, NAME), generator.random(300) < 0.8)
        look(study, studies)
        claimed += numbers(study)["worst-against-others"]["worse"]
    assert claimed <= 3


def test_numbers_are_divided_at_their_quantiles_and_missing_ones_stay_apart(studies, tmp_path):
    age = np.append(np.arange(20.0, 60.0), [np.nan] * 6)
    study = divided(studies, tmp_path, {"age": age}, {"age": NUMBER}, np.ones(46, dtype=bool))
    found = slices(study, "age", 4)
    assert [(one.value, len(one.rows)) for one in found] == [
        ("20–29 year", 10),
        ("30–39 year", 10),
        ("40–49 year", 10),
        ("50–59 year", 10),
        (MISSING, 6),
    ]
    assert sorted(np.concatenate([one.rows for one in found])) == list(range(46))


def test_few_different_numbers_and_booleans_are_slices_of_their_own(studies, tmp_path):
    given = {"grade": np.array([1.0, 2.0, 2.0] * 10), "ill": pa.array([True, False, None] * 10)}
    features = {"grade": NUMBER, "ill": Feature("boolean", dtype="bool")}
    study = divided(studies, tmp_path, given, features, np.ones(30, dtype=bool))
    assert [one.value for one in slices(study, "grade", 4)] == ["1 year", "2 year"]
    assert [one.value for one in slices(study, "ill", 4)] == ["false", "true", MISSING]


def test_rows_are_found_by_their_ids(studies, tmp_path):
    study = divided(studies, tmp_path, {"ward": pa.array(WARD)}, {"ward": NAME}, RIGHT)
    evaluation = study.evaluations[0]
    order = np.random.default_rng(0).permutation(len(WARD))
    shuffled = studies.replace(study, evaluations=[studies.replace(evaluation, rows=evaluation.rows.take(order))])
    for one, same in zip(slices(study, "ward", 4), slices(shuffled, "ward", 4), strict=True):
        assert np.array_equal(one.rows, same.rows)


def test_context_comes_before_inputs_and_names_of_rows_are_no_slices(studies, tmp_path):
    study = divided(studies, tmp_path, {"name": pa.array([f"n{at}" for at in range(203)])}, {"name": NAME}, RIGHT)
    assert dividing(study.schema) == ["name"]
    [finding] = look(study, studies)
    assert finding.text == "No slice with a value has 5 rows; smaller ones: 0."
    binary = studies.binary(tmp_path)
    assert dividing(binary.schema) == ["text"]


def test_groups_smaller_than_asked_are_not_shown(studies, tmp_path):
    study = divided(studies, tmp_path, {"ward": pa.array(WARD)}, {"ward": NAME}, RIGHT)
    [finding] = look(study, studies, minimum=101)
    assert finding.text == "No slice with a value has 101 rows; smaller ones: 3."
    assert finding.figures == ()


def test_a_column_that_is_not_there_is_named(studies, tmp_path):
    study = divided(studies, tmp_path, {"ward": pa.array(WARD)}, {"ward": NAME}, RIGHT)
    with pytest.raises(UnknownName, match="rows cannot be divided by `wart`") as caught:
        SlicesConfig(columns=["ward", "wart"]).demand_names(study.schema, ["f1"])
    assert (caught.value.id, caught.value.setting) == ("analysis.column", ("columns", 1))
    assert caught.value.known == ("ward",)


def test_rows_are_not_divided_by_lists(studies, tmp_path):
    ward = {"ward": NAME, "words": Feature("text", dtype="string", ragged=True)}
    words = pa.array([["a", "b"]] * len(WARD), pa.large_list(pa.large_string()))
    study = divided(studies, tmp_path, {"ward": pa.array(WARD), "words": words}, ward, RIGHT)

    assert dividing(study.schema) == ["ward"]
    with pytest.raises(UnknownName, match="rows cannot be divided by `words`"):
        SlicesConfig(columns=["words"]).demand_names(study.schema, ["f1"])
    assert look(study, studies)


def test_a_metric_that_is_not_measured_is_named(studies, tmp_path):
    study = studies.binary(tmp_path)
    with pytest.raises(UnknownName, match="does not measure `f2`") as caught:
        SlicesConfig(metric="f2").demand_names(study.schema, ["f1", "accuracy"])
    assert (caught.value.id, caught.value.setting) == ("analysis.metric", ("metric",))
    SlicesConfig(metric="f1", columns=["text"]).demand_names(study.schema, ["f1", "accuracy"])


def test_a_regression_is_divided_too_and_less_is_better(studies, tmp_path):
    study = studies.regression(tmp_path)

    class Error:
        higher_is_better = False
        bounds = (0.0, None)

        def __call__(self, predictions):
            gap = np.asarray(predictions.target()) - np.asarray(predictions.prediction("value"))
            return float(np.abs(gap).mean())

    class Run(studies.Run):
        def score(self, metric, predictions, confidence=None):
            return super().score(Error(), predictions, confidence)

    Slices(SlicesConfig(columns=["area", "town"])).analyze(study, Run(study.run))
    found = numbers(study)
    values = [one["score"]["value"] for one in found["slices"]]
    assert values == sorted(values, reverse=True)
    assert {one["column"] for one in found["slices"]} == {"area", "town"}
    assert "rarer-class" not in found["slices"][0]


def test_hostile_names_stay_text(studies, pages, tmp_path):
    ward = np.where(WARD == "north", "<script>alert(1)</script>", WARD)
    study = divided(studies, tmp_path, {"ward": pa.array(ward)}, {"ward": NAME}, RIGHT)
    page = pages.text_only(study, look(study, studies))
    assert "<script" not in page.source
    assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize("settings", [{}, {"minimum": 101}])
def test_the_words_are_said_in_chinese_too(settings, studies, pages, tmp_path):
    study = divided(studies, tmp_path, {"ward": pa.array(WARD)}, {"ward": NAME}, RIGHT)
    page = pages.text_only(study, look(study, studies, **settings))
    said = page.source.split('id="slices"')[1].split("<section>")[0]
    assert "分组" in said
    assert 'class="keep"' not in said
