from __future__ import annotations

import numpy as np
import pytest

from sci.api import Fold
from sci.pipeline.design import Design, stream_seed

NONE = np.zeros(0, dtype=np.int64)


def folds(*names):
    return [Fold(name, NONE, NONE, NONE) for name in names]


def children(study, *names):
    return [(fold.name, seed) for fold, seed in Design.of({"seed": 7, "study": study}).children(folds(*names))]


def test_each_fold_has_every_seed():
    assert children({"seeds": 2}, "a", "b") == [("a", 7), ("a", 8), ("b", 7), ("b", 8)]


def test_seeds_that_vary_the_split_have_one_of_their_own():
    study = {"seeds": 2, "vary": ["split", "order"]}

    assert Design.of({"study": study}).draws == 2
    assert children(study, "repeat-1.a", "repeat-2.a") == [("repeat-1.a", 7), ("repeat-2.a", 8)]


def test_folds_of_several_draws_have_names_of_their_own_and_the_first_ones_are_used():
    design = Design.of({"study": {"repeats": 2, "folds": 1}})

    assert [one.name for draw in (0, 1) for one in design.named(folds("a", "b"), draw)] == ["repeat-1.a", "repeat-2.a"]
    assert [one.name for one in Design.of({}).named(folds("a", "b"), 0)] == ["a", "b"]


@pytest.mark.parametrize(
    ("vary", "initialization", "order"),
    [(None, 9, 9), (["initialization"], 9, 7), (["order"], 7, 9), (["split"], 7, 7)],
)
def test_another_seed_reaches_the_streams_that_it_varies(vary, initialization, order):
    experiment = {"seed": 7, "study": {"seeds": 3, "vary": vary}}

    assert stream_seed(experiment, 9, "initialization") == initialization
    assert stream_seed(experiment, 9, "order") == order


def test_a_seed_of_training_stands_in_for_that_of_the_experiment():
    assert stream_seed({"seed": 7, "training": {"seed": 100}}, 9, "order") == 102
