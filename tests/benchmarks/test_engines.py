"""The benchmark of the engines runs, and its page says what the raw figures say. No test here looks at a time."""

from __future__ import annotations

import importlib.util
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
FACTS = {"date": "2020-01-01", "python": "3.11.0", "platform": "Linux", "cpus": 2, "load": None}
RIVALS = ("lightning", "transformers", "accelerate")
MISSING = [name for name in RIVALS if importlib.util.find_spec(name) is None]

PROGRAMS = {
    ("torch", "mlp"): {"sci", "expert", "loader", "hugging_face", "lightning"},
    ("torch", "encoder"): {"sci", "expert"},
    ("tensorflow", "mlp"): {"sci", "step", "fit"},
    ("tensorflow", "cnn"): {"sci", "step", "fit"},
    ("first_step", "csv"): {"begun", "done", "script"},
    ("checkpoints", "encoder"): {"sci", "without"},
}


def measured(topic: str, work: str, **wall: list[float]):
    workload = {"rows": 64, "size": 28, "layers": [4, 128], "classes": 10, "batch_size": 32}
    return {topic: {"facts": FACTS, "works": {work: {"workload": workload, "wall": wall, "cpu": wall}}}}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            "torch_epochs",
            marks=pytest.mark.skipif(bool(MISSING), reason=f"requirements-bench.txt names {', '.join(MISSING)}"),
        ),
        "tensorflow_epochs",
        "first_step",
        "checkpoints",
    ],
)
def test_topic_is_measured_and_its_figures_are_well_formed(name, tmp_path):
    command = [sys.executable, str(HERE / f"{name}.py"), "--quick", "--output", str(tmp_path)]

    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONWARNINGS": "default"})

    assert done.returncode == 0, done.stderr
    raw = json.loads((tmp_path / "engines.json").read_text(encoding="utf-8"))
    found = {
        (topic, work): (set(samples["wall"]), set(samples["cpu"]))
        for topic, of_topic in raw.items()
        for work, samples in of_topic["works"].items()
    }
    assert found == {place: (names, names) for place, names in PROGRAMS.items() if place[0] in raw}
    assert len(raw) == 1
    times = [
        time
        for of_topic in raw.values()
        for samples in of_topic["works"].values()
        for clock in ("wall", "cpu")
        for of_program in samples[clock].values()
        for time in of_program
    ]
    assert all(math.isfinite(time) for time in times)
    assert "| aim |" in (tmp_path / "engines.md").read_text(encoding="utf-8")


def test_committed_page_is_what_the_committed_figures_give(script):
    page, files = script("engines_page"), script("figures").FOLDER
    raw = json.loads((files / "engines.json").read_text(encoding="utf-8"))

    assert (files / "engines.md").read_text(encoding="utf-8") == page.page(raw)
    assert {(topic, work) for topic in raw for work in raw[topic]["works"]} == set(PROGRAMS)


def test_ratio_is_the_median_of_the_ratios_within_each_round(script):
    found = script("figures").ratio([1.0, 20.0, 3.0], [2.0, 10.0, 3.0])

    assert found.value == pytest.approx(1.0)
    assert (found.low, found.high) == (0.5, 2.0)


def test_interval_is_one_point_where_all_rounds_agree(script):
    assert script("figures").ratio([2.0] * 9, [4.0] * 9) == (0.5, 0.5, 0.5)


def test_interval_covers_the_true_ratio_about_as_often_as_it_says(script):
    ratio, draw = script("figures").ratio, np.random.default_rng(0)
    intervals = [ratio(1.2 * draw.lognormal(0, 0.1, 25), draw.lognormal(0, 0.1, 25)) for _ in range(60)]

    covered = sum(found.low <= 1.2 <= found.high for found in intervals)

    assert covered >= 50


def test_page_says_by_how_much_an_aim_is_missed(script):
    cnn = {"sci": [6.9, 6.6, 6.6], "step": [6.0, 6.0, 6.0], "fit": [13.2, 13.2, 13.2]}
    raw = measured("tensorflow", "cnn", **cnn)
    raw["tensorflow"]["works"]["mlp"] = raw["tensorflow"]["works"]["cnn"]

    text = script("engines_page").page(raw)

    assert "| 6.00 s | 6.60 s | 1.10 (1.10 to 1.15) | 1.10 (1.10 to 1.15) | 1.00 | missed by 0.10 |" in text
    assert "| 13.20 s | 6.60 s | 0.50 (0.50 to 0.52) | 0.50 (0.50 to 0.52) | 0.90 | met |" in text


def test_page_says_what_a_checkpoint_means_for_an_epoch_of_half_a_minute(script):
    raw = measured("checkpoints", "encoder", sci=[6.6, 6.6, 6.6], without=[6.0, 6.0, 6.0])

    text = script("engines_page").page(raw)

    assert "A checkpoint costs 600 ms (600 to 600)" in text
    assert "is a ratio of 1.020 (1.020 to 1.020)" in text
    assert "| 1.10 (1.10 to 1.10) | 1.10 (1.10 to 1.10) | 1.05 | met for epochs of 30 s |" in text


def test_page_says_when_checkpoints_cost_too_much_even_there(script):
    raw = measured("checkpoints", "encoder", sci=[8.4, 8.4, 8.4], without=[6.0, 6.0, 6.0])

    assert "| 1.05 | missed by 0.03 for epochs of 30 s |" in script("engines_page").page(raw)
