"""Images: patches are painted over with the mean image."""

from __future__ import annotations

import numpy as np
import pytest

from sci_explain.answers import Answers
from sci_explain.patches import PatchGames

SIDE = 6


@pytest.fixture(scope="module")
def images(studied):
    """Bright or dark in the upper left corner; everything else is noise."""
    draw = np.random.default_rng(4)
    bright = draw.random(260) < 0.5
    pixels = draw.integers(0, 9, size=(260, SIDE, SIDE))
    pixels[bright, :2, :2] += 7
    columns = {f"p{at}": pixels.reshape(260, -1)[:, at] for at in range(SIDE * SIDE)}
    columns["y"] = np.where(bright, "lit", "unlit")
    return studied(
        columns,
        task={"name": "classification", "positive": "lit"},
        preprocessing=[{"name": "pixels", "height": SIDE, "width": SIDE, "maximum": 16}],
        model={"name": "cnn", "channels": [4], "hidden": [8], "dropout": 0},
        engine="torch",
        training={"optimizer": {"name": "adam", "learning_rate": 0.02}, "epochs": 6, "batch_size": 16},
        evaluation={"metrics": ["accuracy"], "baselines": []},
        analysis=[
            {"name": "shap", "rows": 5, "patch": 2},
            {"name": "occlusion", "rows": 5, "patch": 2},
            {"name": "integrated-gradients", "rows": 10, "points": 40},
        ],
    )


@pytest.mark.parametrize("analysis", ["shap", "occlusion"])
def test_the_corner_that_was_planted_has_the_largest_share(images, analysis):
    rows = images.numbers(analysis)["rows"]
    sizes = np.abs([row["shares"] for row in rows]).mean(axis=0)
    assert sizes.shape == (9,)
    assert int(np.argmax(sizes)) == 0
    assert rows[0]["players"][:4] == ["1, 1", "1, 2", "1, 3", "2, 1"]


def test_shares_of_patches_add_up(images):
    for row in images.numbers("shap")["rows"]:
        assert row["base"] + sum(row["shares"]) == pytest.approx(row["answer"], abs=1e-9)


def test_pixels_of_the_corner_have_the_largest_integrated_gradients(images):
    found = images.numbers("integrated-gradients")
    sizes = np.abs(next(iter(found["shares"].values()))).mean(axis=0).reshape(SIDE, SIDE)
    assert sizes[:2, :2].mean() > 3 * sizes[3:, 3:].mean()


def test_patches_at_the_edge_are_smaller_and_nobody_is_the_mean_image(images):
    model = images.study.models[0]()
    answers = Answers(model.pipeline)
    games = PatchGames(answers, model.test.take(np.arange(2)), model.train, 4)
    assert games.grid == (2, 2)
    first, second = (game.values(np.array([[False] * 4, [True] * 4])) for game in games)
    np.testing.assert_allclose(first[0], second[0])
    np.testing.assert_allclose(first[1], answers(model.test.take(np.array([0])))[0], atol=1e-6)
