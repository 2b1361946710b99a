"""Columns of every kind, as files have them."""

from __future__ import annotations

import datetime
import json
import warnings
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sci

HOSTILE = '<b>&"\u202e\x07' + "w" * 300


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A Parquet file with gaps, flags, dictionaries, times, and a name that is none."""
    folder = tmp_path_factory.mktemp("kinds")
    draw = np.random.default_rng(6)
    n = 200
    flag, level = draw.random(n) < 0.5, draw.choice(["low", "mid", "high"], n)
    whole = pa.array([None if at % 9 == 0 else int(value) for at, value in enumerate(draw.integers(0, 50, n))])
    times = [datetime.datetime(2026, 1, 1) + datetime.timedelta(hours=int(hour)) for hour in draw.integers(0, 900, n)]
    table = {
        "flag": pa.array(flag),
        "level": pa.array(level).dictionary_encode(),
        "whole": whole,
        "when": pa.array(times, pa.timestamp("s")),
        HOSTILE: pa.array(draw.normal(size=n)),
        "y": pa.array(np.where(flag, 5.0, 0.0) + (level == "high") * 2 + 0.1 * draw.normal(size=n)),
    }
    pq.write_table(pa.table(table), folder / "rows.parquet")
    experiment = {
        "format": 1,
        "name": "kinds",
        "seed": 7,
        "task": "regression",
        "data": {
            "source": {"name": "parquet", "path": "rows.parquet"},
            "target": "y",
            "split": {"name": "random", "test": 0.4},
        },
        "preprocessing": ["impute", "one-hot"],
        "model": "decision-tree",
        "engine": "sklearn",
        "evaluation": {"metrics": ["mae", "r2"], "baselines": []},
        "analysis": [
            {"name": "permutation-importance", "repeats": 3, "samples": 100},
            {"name": "shap", "rows": 5},
            {"name": "occlusion", "rows": 5},
            {"name": "partial-dependence", "rows": 20},
        ],
        "report": ["html"],
    }
    (folder / "experiment.yaml").write_text(json.dumps(experiment), encoding="utf-8")
    with warnings.catch_warnings():
        return sci.run(folder / "experiment.yaml", output=folder / "runs").path


def numbers(run, analysis):
    return json.loads((run / "explanations" / f"{analysis}.json").read_text("utf-8"))


def test_every_kind_of_column_takes_part(run):
    names = {"flag", "level", "whole", "when", HOSTILE}
    permuted = numbers(run, "permutation-importance")["columns"]
    assert {one["name"] for one in permuted} == names
    assert [one["name"] for one in permuted[:2]] == ["flag", "level"]
    for row in numbers(run, "shap")["rows"]:
        assert set(row["players"]) == names
        assert row["base"] + sum(row["shares"]) == pytest.approx(row["answer"])
    curves = {one["column"]: one for one in numbers(run, "partial-dependence")["columns"]}
    assert curves["flag"]["values"] == ["false", "true"]
    assert curves["level"]["values"] == ["high", "low", "mid"]
    assert np.diff(curves["flag"]["mean"])[0] == pytest.approx(5, abs=0.3)


def test_names_stand_in_figures_as_text_that_every_reader_can_read(run):
    figures = sorted((run / "figures").glob("*.svg"))
    assert {"shap.svg", "shap-rows.svg", "partial-dependence.svg", "occlusion.svg"} <= {one.name for one in figures}
    for figure in figures:
        text = figure.read_text("utf-8")
        ElementTree.fromstring(text)
        assert "<b>" not in text
        assert "\u202e" not in text
        assert "\x07" not in text
    assert "<b>&" not in (run / "report.html").read_text("utf-8")
