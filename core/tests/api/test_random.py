from __future__ import annotations

import numpy as np

from sci.api import SampleRandom

IDS = np.arange(20_000)


def test_a_draw_depends_on_the_row_and_not_on_the_batch():
    whole = SampleRandom(7, 3, IDS, "crop").uniform("x", (2,))
    part = SampleRandom(7, 3, IDS[[5, 19_999, 0]], "crop").uniform("x", (2,))
    np.testing.assert_array_equal(part, whole[[5, 19_999, 0]])


def test_seed_epoch_step_and_stream_each_change_the_draw():
    base = SampleRandom(7, 3, IDS, "crop").uniform("x")
    others = [
        SampleRandom(8, 3, IDS, "crop").uniform("x"),
        SampleRandom(7, 4, IDS, "crop").uniform("x"),
        SampleRandom(7, 3, IDS, "flip").uniform("x"),
        SampleRandom(7, 3, IDS, "crop").uniform("y"),
    ]
    assert all(abs(np.corrcoef(base, other)[0, 1]) < 0.03 for other in others)


def test_draws_follow_their_distributions():
    random = SampleRandom(0, 0, IDS)
    uniform, normal, integers = random.uniform("u", (4,)), random.normal("n", (4,)), random.integers("i", 6, (4,))
    assert uniform.min() >= 0
    assert uniform.max() < 1
    assert abs(uniform.mean() - 0.5) < 0.005
    assert abs(uniform.var() - 1 / 12) < 0.002
    assert abs(normal.mean()) < 0.015
    assert abs(normal.std() - 1) < 0.01
    counts = np.bincount(integers.ravel(), minlength=6)
    assert ((counts - counts.mean()) ** 2 / counts.mean()).sum() < 25
    assert abs(np.corrcoef(uniform[:-1, 0], uniform[1:, 0])[0, 1]) < 0.03
