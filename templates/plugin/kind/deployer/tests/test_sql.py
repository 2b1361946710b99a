"""A real study is run, and SQLite answers with its query."""

from __future__ import annotations

import csv
import pathlib
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import sci
from sci.api import ConfigError

from {{ module }}.asking import asked
from {{ module }}.sql import FOLDER, query

EXPERIMENT = pathlib.Path(__file__).parents[1] / "experiment.yaml"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return sci.run(EXPERIMENT, ["report=[]"], tmp_path_factory.mktemp("runs"))


def test_the_query_predicts_what_the_model_predicts(run: Any) -> None:
    random = np.random.default_rng(1)
    rows = pa.table({name: random.normal(0, 3, 50) for name in run.pipeline.request.columns})

    found = asked((run.path / FOLDER / "score.sql").read_text("utf-8"), "rows", rows)

    assert found == pytest.approx(run.pipeline.predict(rows).column("prediction.value").to_pylist(), rel=1e-9)


def test_the_coefficients_are_in_the_units_of_the_source(run: Any) -> None:
    with (run.path / FOLDER / "coefficients.csv").open(encoding="utf-8") as file:
        found = {line["term"]: float(line["coefficient"]) for line in csv.DictReader(file)}

    assert list(found) == ["(intercept)", *run.pipeline.request.columns]
    zero = pa.table({name: [0.0] for name in run.pipeline.request.columns})
    assert found["(intercept)"] == pytest.approx(run.pipeline.predict(zero).column("prediction.value")[0].as_py())


def test_a_missing_value_gives_no_prediction() -> None:
    rows = pa.table({"a": [1.0, None]})

    assert asked(query("rows", ["a"], 1.0, np.array([2.0])), "rows", rows) == [3.0, None]


def test_names_may_hold_quotation_marks_and_blanks() -> None:
    assert 'FROM "my ""rows"""' in query('my "rows"', ["a b"], 0.0, np.array([1.0]))
    assert '* "a b"' in query("rows", ["a b"], 0.0, np.array([1.0]))


def test_a_model_that_is_not_linear_is_refused(tmp_path: pathlib.Path) -> None:
    steps = "preprocessing=[{name: min-max, clip: true}]"
    with pytest.raises(ConfigError, match="not linear"):
        sci.run(EXPERIMENT, ["report=[]", steps], tmp_path)
