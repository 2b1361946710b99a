"""A plugin that adds a task: survival with censoring, the partial likelihood of Cox, Harrell's concordance index."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pyarrow.parquet as pq
import pytest

from sci.api import Feature, Predictions

COEFFICIENTS = np.array([1.2, -0.8, 0.0])


@pytest.fixture
def patients(house):
    """Three hundred patients with proportional hazards; about a third of them is censored."""
    random = np.random.default_rng(11)
    inputs = random.normal(size=(300, 3)).round(5)
    event = random.exponential(np.exp(-(inputs @ COEFFICIENTS)))
    censored = random.exponential(2.0, size=300)
    days = np.minimum(event, censored) * 100 + 1
    died = np.where(event <= censored, "true", "false")
    house.table("patients.csv", **dict(zip(["age", "stage", "noise"], inputs.T, strict=True)), days=days, died=died)
    house.write("survival.yaml")
    house.install("survival")
    return house


def test_a_study_of_survival_from_file_to_report(patients):
    checked = patients.sci("check", "survival.yaml", "--batch")

    done = patients.ran("survival.yaml")

    score = done.json("metrics.json")["test"]["concordance"]
    truth = pq.read_table(done.run / "predictions" / "test.parquet")
    assert checked.code == 0, checked.err
    assert "days, died" in done.err
    assert score["interval"][0] > 0.65
    assert score["value"] == pytest.approx(pair_by_pair(truth), abs=1e-12)
    assert {"target.time", "target.event", "prediction.risk"} <= set(truth.column_names)
    assert "concordance" in (done.run / "report.html").read_text(encoding="utf-8")


def test_the_risks_are_those_of_the_hazards_that_made_the_data(patients):
    done = patients.ran("survival.yaml", "--set", "report=[]", "--set", "model.l2=0", "--set", "training.epochs=300")
    inputs = np.array(
        [line.split(",")[:3] for line in (patients.folder / "patients.csv").read_text().splitlines()[1:]], dtype=float
    )

    table = pq.read_table(done.run / "predictions" / "test.parquet")
    rows = inputs[table.column("id").to_numpy()]
    risk = table.column("prediction.risk").to_numpy()
    found = np.linalg.lstsq(np.column_stack([rows, np.ones(len(rows))]), risk, rcond=None)[0][:3]

    assert found == pytest.approx(COEFFICIENTS, abs=0.3)


def test_a_run_predicts_and_is_measured_on_other_rows(patients):
    done = patients.ran("survival.yaml", "--set", "report=[]")
    (patients.folder / "new.csv").write_text("age,stage,noise\n2.0,-2.0,0.0\n-2.0,2.0,0.0\n")

    predicted = patients.sci("predict", str(done.run), "new.csv")
    measured = patients.sci("evaluate", str(done.run), "patients.csv", "--json")

    assert predicted.code == measured.code == 0, predicted.err + measured.err
    high, low = (float(line.split(",")[-1]) for line in predicted.out.strip().splitlines()[1:])
    assert high > low
    assert '"concordance"' in measured.out


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("data.target={time: days}", "data.target names `time`, and the task needs `time` and `event`"),
        ("data.target=days", "data.target names `target`, and the task needs `time` and `event`"),
        ("data.target={time: days, event: died, cause: age}", "names `time` and `event` and `cause`"),
        ("model=linear", "is for regression, but the task is survival"),
        ("training.gradient_accumulation=2", "cox is no mean over rows"),
        ("evaluation.metrics=[rmse]", "rmse"),
    ],
)
def test_what_does_not_fit_the_task_is_said_before_training(patients, setting, words):
    done = patients.sci("run", "survival.yaml", "--set", setting)

    assert done.code in (2, 3), done.err
    assert words in done.err


def test_times_below_zero_and_data_without_events_are_refused(patients):
    text = (patients.folder / "patients.csv").read_text()
    (patients.folder / "patients.csv").write_text(text + "0,0,0,-1.0,true\n")
    negative = patients.sci("run", "survival.yaml")
    (patients.folder / "patients.csv").write_text(text.replace("true", "false"))
    without = patients.sci("run", "survival.yaml")

    assert (negative.code, without.code) == (3, 3)
    assert "1 rows have no time, a negative one" in negative.err
    assert "no row of train has the event" in without.err


def predictions(time: list[float], event: list[int], risk: list[float]) -> Predictions:
    number, flag = Feature("number", dtype="float64"), Feature("boolean", dtype="int64")
    return Predictions.of(
        np.arange(len(time)),
        {
            "target.time": np.array(time, dtype=np.float64),
            "target.event": np.array(event, dtype=np.int64),
            "prediction.risk": np.array(risk, dtype=np.float64),
        },
        {"target.time": number, "target.event": flag, "prediction.risk": number},
    )


def pair_by_pair(table) -> float:
    """The definition, one pair after the other."""
    rows = list(
        zip(
            *(table.column(name).to_pylist() for name in ("target.time", "target.event", "prediction.risk")),
            strict=True,
        )
    )
    right, pairs = 0.0, 0
    for (t, e, r), (u, f, s) in itertools.permutations(rows, 2):
        if e and (t < u or (t == u and not f)):
            pairs += 1
            right += 1.0 if r > s else 0.5 if r == s else 0.0
    return right / pairs


@pytest.mark.parametrize(
    ("time", "event", "risk", "expected"),
    [
        ([1, 2, 3], [1, 1, 1], [3, 2, 1], 1.0),
        ([1, 2, 3], [1, 1, 1], [1, 2, 3], 0.0),
        ([1, 2, 3], [1, 1, 1], [7, 7, 7], 0.5),
        # pairs: 1-2, 1-3, 1-4 all right, 3-4 wrong; 2 was censored before the others, and is compared with 1 only
        ([1, 2, 3, 4], [1, 0, 1, 0], [0.9, 0.1, 0.2, 0.8], 3 / 4),
        ([1, 1], [1, 0], [1, 0], 1.0),  # at the same time one had the event and the other was still watched
        ([1, 1], [1, 1], [1, 0], math.nan),
        ([2, 1], [1, 0], [1, 0], math.nan),  # the earlier one was censored: nobody knows who was first
        ([], [], [], math.nan),
    ],
)
def test_the_concordance_index_of_cases_by_hand(imported, time, event, risk, expected):
    metric = imported("sci_survival.metric").Concordance(None)

    assert metric(predictions(time, event, risk)) == pytest.approx(expected, nan_ok=True)


def test_counting_rows_is_the_same_as_repeating_them(imported):
    metric = imported("sci_survival.metric").Concordance(None)
    random = np.random.default_rng(2)
    rows = predictions(random.integers(1, 9, 30), random.integers(0, 2, 30), random.integers(0, 5, 30))
    counts = random.multinomial(30, np.full(30, 1 / 30), size=5)

    found = metric.weighted(rows)(counts)

    assert found == pytest.approx([metric(rows.take(np.repeat(np.arange(30), one))) for one in counts])


@pytest.fixture
def cox(imported):
    return imported("sci_survival.loss").Cox(None, {"risk": Feature("number")})


@pytest.mark.parametrize(
    ("time", "event", "risk", "expected"),
    [
        ([1, 2, 3], [1, 1, 0], [0, 0, 0], (math.log(3) + math.log(2)) / 2),
        ([3, 1, 2], [0, 1, 1], [0, 0, 0], (math.log(3) + math.log(2)) / 2),
        ([1, 1], [1, 1], [0, 0], math.log(2)),  # Breslow: both are watched at the time of both events
        ([1, 2], [1, 0], [math.log(3), 0], math.log(4 / 3)),
        ([1, 2], [1, 0], [1000.0, 0], 0.0),
        ([1, 2], [1, 1], [0, 1000.0], 500.0),
        ([1, 2], [0, 0], [5, 1], 0.0),
    ],
)
def test_the_partial_likelihood_of_cases_by_hand(cox, time, event, risk, expected):
    batch = {"target.time": np.array(time, dtype=float), "target.event": np.array(event)}

    loss, _ = cox({"risk": np.array(risk, dtype=float)}, batch)

    assert loss == pytest.approx(expected)


def test_the_derivative_is_that_of_the_loss(cox):
    random = np.random.default_rng(4)
    batch = {"target.time": random.integers(1, 6, 12).astype(float), "target.event": random.integers(0, 2, 12)}
    risk = random.normal(size=12)

    _, gradients = cox({"risk": risk}, batch)

    step = 1e-6 * np.eye(12)
    numerical = [(cox({"risk": risk + one}, batch)[0] - cox({"risk": risk - one}, batch)[0]) / 2e-6 for one in step]
    assert gradients["risk"] == pytest.approx(np.array(numerical), abs=1e-8)
