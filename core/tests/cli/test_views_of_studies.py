"""What is seen of the models of a study while they train."""

from __future__ import annotations

import pytest

from sci.cli import views
from sci.cli.views import LiveView, PlainView


@pytest.fixture
def told(monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(views, "tell", said.append)
    monkeypatch.setattr(views, "LIVE_SECONDS", 0.0)
    return said


def test_each_model_has_a_line_while_it_trains_and_one_when_it_is_done(told):
    view = LiveView()
    view.started("s", "r", "numpy", ["load", "split", "preprocess", "train", "evaluate"])
    view.stage("train")
    view.running({"fold-1.seed-0": "epoch 3/10", "fold-2.seed-0": "starting"})
    assert "fold-1.seed-0   epoch 3/10" in told[-1]
    assert "fold-2.seed-0   starting" in told[-1]
    assert "preprocess" not in told[-1], "a stage that a study passes over is not waited for"

    told.clear()
    view.child("fold-1.seed-0", "f1 0.9", 1, 2)
    assert any("1/2" in line and "f1 0.9" in line for line in told)
    assert "fold-1.seed-0" not in told[-1]
    assert "fold-2.seed-0" in told[-1]


def test_plain_lines_count_the_models(told):
    PlainView().child("fold-1.seed-0", "f1 0.9", 3, 10)

    assert told[-1].endswith("train      3 of 10  fold-1.seed-0  f1 0.9\n")
