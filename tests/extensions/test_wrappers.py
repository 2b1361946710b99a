"""Plugins that wrap a stage: rows kept out, and a log of who read what."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

EXPERIMENT = """
format: 1
name: agreed
seed: 5
task: regression
data:
  source: {name: csv, path: people.csv}
  target: y
  context: [consent]
model: least-squares
engine: numpy
evaluation: {metrics: [rmse], baselines: []}
report: []
"""
ROWS = 120


@pytest.fixture
def people(house):
    """A table in which every third person did not agree; their rows would ruin the fit."""
    random = np.random.default_rng(0)
    x = random.normal(size=ROWS).round(4)
    refused = np.arange(ROWS) % 3 == 0
    y = np.where(refused, 1000.0, 2 * x)
    consent = np.where(refused, "no", "yes")
    house.table("people.csv", x=x, y=y, consent=consent)
    house.table("new.csv", x=x[:4])
    house.write("e.yaml", EXPERIMENT)
    return house


def test_rows_without_consent_are_neither_learned_nor_measured(people):
    people.install("consent")

    done = people.ran("e.yaml")

    assert done.json("metrics.json")["test"]["rmse"]["value"] < 1e-6
    assert "40 rows without consent were left out" in done.err
    assert "consent.dropped" in json.dumps(done.json("manifest.json")["warnings"])


def test_the_same_holds_when_the_model_is_measured_on_a_file(people):
    people.install("consent")
    done = people.ran("e.yaml")

    measured = people.sci("evaluate", str(done.run), "people.csv", "--json")
    (people.folder / "bare.csv").write_text("x,y\n1.0,2.0\n2.0,4.0\n")
    bare = people.sci("evaluate", str(done.run), "bare.csv")

    assert measured.code == 0, measured.err
    assert '"n": 80' in measured.out
    assert bare.code == 3
    assert "no column `consent`, and without it nobody has agreed" in bare.err


def test_predictions_need_no_consent_where_the_file_says_nothing_about_it(people):
    people.install("consent")
    done = people.ran("e.yaml")

    predicted = people.sci("predict", str(done.run), "new.csv")

    assert predicted.code == 0, predicted.err
    assert len(list(csv.reader(predicted.out.splitlines()))) == 5


def test_data_without_the_column_are_refused(people):
    people.install("consent")

    done = people.sci("run", "e.yaml", "--set", "data.context=[]", "--set", "data.source.path=new.csv")

    assert done.code == 3


def test_every_reading_of_data_is_a_line_of_the_access_log(people, monkeypatch):
    log = people.folder / "access.jsonl"
    monkeypatch.setenv("ACCESS_LOG", str(log))
    people.install("access", "consent")

    done = people.ran("e.yaml")
    people.sci("check", "e.yaml")
    people.sci("evaluate", str(done.run), "people.csv")
    people.sci("predict", str(done.run), "new.csv")

    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(line["purpose"], line["event"], line.get("rows")) for line in lines] == [
        (purpose, event, rows)
        for purpose, rows in (("run", 120), ("check", 120), ("evaluate", 120), ("predict", 4))
        for event, rows in (("asked", None), ("read", rows))
    ]
    assert {line["name"] for line in lines} == {"agreed"}
    assert {line["run"] for line in lines if line["purpose"] != "check"} == {done.run.name}


def test_without_a_log_nothing_is_read(people, monkeypatch):
    monkeypatch.setenv("ACCESS_LOG", str(people.folder / "nowhere" / "access.jsonl"))
    people.install("access")

    done = people.sci("run", "e.yaml")

    assert done.code == 7
    assert "cannot be written, and without it no data are read" in done.err


def test_the_program_says_what_a_plugin_wraps(people):
    people.install("consent")

    assert "wraps load, observes nothing" in people.sci("plugins", "show", "consent").out


ADDS = """
from sci.api import hookimpl

@hookimpl(wrapper=True)
def sci_load(context):
    rows = yield
    return rows.with_ids(rows.ids + 1000)
"""
UNSORTED = EXPERIMENT.replace("context: [consent]", "context: [consent]\n  id: number")


def test_a_wrapper_that_invents_rows_is_found_out(people):
    people.install("consent")
    (people.site / "sci_consent" / "plugin.py").write_text(ADDS)

    done = people.sci("run", "e.yaml")

    assert done.code == 4
    assert "added rows, or gave rows other ids" in done.err


def test_rows_may_be_dropped_where_ids_are_in_no_order(people):
    people.install("consent")
    rows = list(csv.DictReader((people.folder / "people.csv").read_text().splitlines()))
    numbers = np.random.default_rng(1).permutation(ROWS)
    people.table("people.csv", **{key: [row[key] for row in rows] for key in rows[0]}, number=numbers)
    people.write("e.yaml", UNSORTED)

    assert people.ran("e.yaml").json("metrics.json")["test"]["rmse"]["value"] < 1e-6
