from __future__ import annotations

import numpy as np

from sci.pipeline.order import generator, order


def test_every_row_once_and_the_same_for_the_same_seed_and_epoch():
    batches = order(3, 1, 103, 10)
    assert sorted(np.concatenate(batches).tolist()) == list(range(103))
    assert [len(batch) for batch in batches] == [10] * 10 + [3]
    assert all((a == b).all() for a, b in zip(batches, order(3, 1, 103, 10), strict=True))


def test_another_epoch_and_another_seed_give_another_order():
    base = np.concatenate(order(3, 1, 1000, 10))
    assert (np.concatenate(order(3, 2, 1000, 10)) != base).mean() > 0.9
    assert (np.concatenate(order(4, 1, 1000, 10)) != base).mean() > 0.9


def test_bucketing_puts_similar_lengths_together_and_still_shuffles():
    lengths = np.random.default_rng(0).integers(1, 200, size=2000)
    plain, bucketed = order(0, 0, 2000, 20), order(0, 0, 2000, 20, lengths)

    def waste(batches):
        return np.mean([1 - lengths[batch].mean() / lengths[batch].max() for batch in batches])

    assert sorted(np.concatenate(bucketed).tolist()) == list(range(2000))
    assert waste(bucketed) < 0.15 < 0.4 < waste(plain)
    assert abs(np.corrcoef(np.arange(100), [lengths[batch].mean() for batch in bucketed])[0, 1]) < 0.4


def test_a_generator_depends_on_seed_and_names_only():
    assert generator(1, "a").random() == generator(1, "a").random()
    assert generator(1, "a").random() != generator(1, "b").random()
    assert generator(1, "a").random() != generator(2, "a").random()
