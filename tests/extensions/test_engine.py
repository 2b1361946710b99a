"""A plugin that brings an engine: random Fourier features, solved in closed form."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest


@pytest.fixture
def waves(house):
    """A function that no line comes near."""
    random = np.random.default_rng(5)
    x = random.uniform(-3, 3, 400)
    house.table("waves.csv", x=x, y=np.sin(3 * x) + 0.1 * random.normal(size=400))
    house.write("waves.yaml")
    house.install("fourier")
    return house


def test_a_study_on_an_engine_of_ones_own(waves):
    checked = waves.sci("check", "waves.yaml", "--batch")

    done = waves.ran("waves.yaml")

    metrics = done.json("metrics.json")
    assert checked.code == 0, checked.err
    assert metrics["test"]["r2"]["value"] > 0.95
    assert metrics["baselines"]["linear"]["r2"]["value"] < 0.3
    assert "The model clears its best baseline" in done.out
    assert done.json("sci.lock")["engine"]["precision"] == "float64"
    assert (done.run / "report.html").is_file()


def test_what_was_trained_is_what_predicts(waves):
    done = waves.ran("waves.yaml", "--set", "report=[]")
    stored = pq.read_table(done.run / "predictions" / "test.parquet").to_pydict()
    rows = (waves.folder / "waves.csv").read_text().splitlines()
    (waves.folder / "new.csv").write_text("\n".join(["x", *(rows[1 + one].split(",")[0] for one in stored["id"])]))

    predicted = waves.sci("predict", str(done.run), "new.csv")

    values = [float(line.split(",")[-1]) for line in predicted.out.strip().splitlines()[1:]]
    assert values == pytest.approx(stored["prediction.value"], abs=1e-12)


def test_the_same_file_gives_the_same_weights_and_another_seed_others(waves):
    first, again, other = (
        waves.ran("waves.yaml", "--set", "report=[]", "--set", "evaluation.baselines=[]", "--set", f"seed={seed}")
        for seed in (3, 3, 4)
    )

    assert (first.run / "model/weights.safetensors").read_bytes() == (
        again.run / "model/weights.safetensors"
    ).read_bytes()
    assert first.json("metrics.json")["test"] == again.json("metrics.json")["test"]
    assert first.json("metrics.json")["test"] != other.json("metrics.json")["test"]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("model=mlp", "`mlp` has no code for engine `closed-form`"),
        ("training.loss=huber", "`huber` has no code for engine `closed-form`"),
        ("training.precision=float16", "engine closed-form has no precision `float16`"),
    ],
)
def test_what_the_engine_does_not_have_is_said(waves, setting, words):
    done = waves.sci("run", "waves.yaml", "--set", setting)

    assert done.code == 2
    assert words in done.err


def test_it_is_listed_with_the_others(waves):
    listed = waves.sci("components", "--kind", "engine").out

    assert "closed-form" in listed
    assert (
        "model `fourier-ridge` on closed-form comes from sci-fourier 1.0"
        in waves.sci("plugins", "why", "fourier-ridge").out
    )
