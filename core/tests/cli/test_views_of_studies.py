"""What is seen of the models of a study while they train, and of the warnings of a run."""

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


def test_epochs_of_a_model_that_is_done_are_not_told_when_all_are(told):
    view = PlainView()
    view._last = float("inf")  # no epoch is due
    view.epoch({"epoch": 1, "loss": 0.5}, 60, None, None)
    view.child("fold-1.seed-0", "f1 0.9", 1, 2)
    view.child("fold-2.seed-0", "f1 0.8", 2, 2)
    view.finished("train", "2 models", 1.0, 0)
    assert [line.split(maxsplit=1)[1] for line in told] == [
        "train      1 of 2  fold-1.seed-0  f1 0.9\n",
        "train      2 of 2  fold-2.seed-0  f1 0.8\n",
        "train      2 models\n",
    ]


def test_the_last_epoch_of_a_single_model_is_told(told):
    view = PlainView()
    view._last = float("inf")
    view.epoch({"epoch": 60, "loss": 0.5}, 60, None, None)
    view.finished("train", "60 epochs", 1.0, 0)
    assert [line.split(maxsplit=1)[1] for line in told] == [
        "train      epoch 60/60 loss 0.5\n",
        "train      60 epochs\n",
    ]


@pytest.mark.parametrize("view", [PlainView, LiveView])
@pytest.mark.parametrize(
    ("count", "last"), [(3, None), (4, "and 1 more warning in log.txt"), (7, "and 4 more warnings")]
)
def test_three_warnings_are_shown_and_the_others_counted(told, view, count, last):
    shown = view()
    for number in range(count):
        shown.warning("audit.near", f"number {number}")
    before = "".join(told)
    assert [f"number {number}" in before for number in range(count)] == [number < 3 for number in range(count)]
    told.clear()
    shown.close()
    assert ("more" in "".join(told)) == (last is not None)
    assert last is None or last in "".join(told)
