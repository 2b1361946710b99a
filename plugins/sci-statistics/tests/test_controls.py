"""Controls: what is exchanged, what is nested, and what is concluded from them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from sci.api import Controlled, Difference, Feature, Schema, Score
from sci.api.rows import Dataset
from sci_statistics.config import LabelShuffleConfig, TrainingSizeConfig
from sci_statistics.label_shuffle import LabelShuffle
from sci_statistics.training_size import TrainingSize, nested


def rows(labels, groups=None):
    columns = {"x": np.arange(len(labels), dtype=float), "y": np.asarray(labels, dtype=np.int64)}
    features = {"x": Feature("number"), "y": Feature("category", dtype="int64", values=tuple("abcdefgh"))}
    roles = {"x": "input", "y": "target"}
    if groups is not None:
        columns["g"] = np.asarray(groups, dtype=np.int64)
        features["g"], roles["g"] = Feature("category", dtype="int64"), "group"
    return Dataset(columns, Schema(features, roles, {"target": "y"}))


def score(value, higher=True):
    return Score(value, value - 0.01, value + 0.01, 0.95, "bootstrap", 100, higher)


def found(values, higher=True):
    return [Controlled(str(at), 100, {"m": score(value, higher)}) for at, value in enumerate(values)]


def test_targets_are_exchanged_within_each_part_and_no_row_is_lost():
    train, validation = rows([0, 1] * 20), rows([0, 0, 1])
    variants = LabelShuffle(LabelShuffleConfig(shuffles=4)).variants(train, validation, 3)
    assert [one.name for one in variants] == ["1", "2", "3", "4"]
    for one in variants:
        assert one.train.tolist() == list(range(40))
        assert sorted(one.train_targets) == list(range(40))
        assert sorted(one.validation_targets) == [0, 1, 2]
    assert len({tuple(one.train_targets) for one in variants}) == 4
    assert (variants[0].train_targets != np.arange(40)).sum() > 20


def test_shuffles_follow_from_both_seeds():
    train, none = rows([0, 1] * 20), rows([])
    drawn = {
        (own, seed): tuple(LabelShuffle(LabelShuffleConfig(seed=own)).variants(train, none, seed)[0].train_targets)
        for own in (0, 1)
        for seed in (0, 1)
    }
    assert len(set(drawn.values())) == 4
    again = LabelShuffle(LabelShuffleConfig(seed=1)).variants(train, none, 0)
    assert tuple(again[0].train_targets) == drawn[1, 0]


def test_a_declared_group_gets_the_targets_of_one_other_group():
    groups = np.repeat(np.arange(6), [1, 2, 3, 4, 5, 6])
    labels = groups % 2
    one = LabelShuffle(LabelShuffleConfig()).variants(rows(labels, groups), rows([], []), 0)[0]
    for group in range(6):
        donors = one.train_targets[groups == group]
        assert len(set(groups[donors])) == 1
        assert len(set(labels[donors])) == 1
    assert sorted({groups[one.train_targets[groups == group]][0] for group in range(6)}) == list(range(6))


@pytest.mark.parametrize(("higher", "model"), [(True, 0.9), (False, 0.1)])
def test_p_is_the_share_of_shuffles_at_least_as_good_with_the_model_among_them(higher, model):
    control = LabelShuffle(LabelShuffleConfig())
    values = [0.5, model, 0.6, *[0.4] * 17]
    said = control.conclude("m", score(model, higher), 100, found(values, higher))
    assert said.facts["p"] == pytest.approx(2 / 21)
    assert "is reached by 1 of 20 models trained on shuffled targets" in said.sentence
    assert said.doubt.endswith("What the model has learned may be chance.")


def test_few_shuffles_say_how_small_p_can_get():
    control = LabelShuffle(LabelShuffleConfig())
    three = control.conclude("m", score(0.9), 100, found([0.5, 0.6, 0.4]))
    assert three.sentence == (
        "m 0.900 is better than all of 3 models trained on shuffled targets (0.400 to 0.600): permutation p 0.25, the "
        "smallest that so few can give; 19 can give 0.05."
    )
    assert not three.doubt
    many = control.conclude("m", score(0.9), 100, found([0.5] * 19))
    assert many.sentence.endswith("(0.500 to 0.500): permutation p 0.050.")


def test_rare_ties_are_no_doubt():
    said = LabelShuffle(LabelShuffleConfig()).conclude("m", score(0.9), 100, found([0.95, *[0.5] * 60]))
    assert said.facts["p"] == pytest.approx(2 / 62)
    assert not said.doubt


def test_what_has_no_value_is_said():
    control = LabelShuffle(LabelShuffleConfig())
    assert "not defined" in control.conclude("m", score(math.nan), 100, found([0.5])).sentence
    assert "not defined" in control.conclude("m", score(0.5), 100, found([math.nan] * 3)).sentence
    assert control.conclude("m", score(0.9), 100, found([math.nan, 0.5, 0.4])).facts["shuffles"] == 2


def test_models_without_merit_are_called_so_no_more_often_than_p_says():
    random = np.random.default_rng(1)
    control = LabelShuffle(LabelShuffleConfig())
    p = [
        control.conclude("m", score(values[0]), 100, found(values[1:])).facts["p"]
        for values in random.normal(size=(6000, 20))
    ]
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=0.015)


def test_parts_are_nested_and_hold_the_classes_in_proportion():
    labels = np.array([0] * 160 + [1] * 35 + [2] * 5)
    variants = TrainingSize(TrainingSizeConfig()).variants(rows(labels), rows([0, 1]), 5)
    assert [(one.name, len(one.train)) for one in variants] == [
        ("10-percent", 20),
        ("25-percent", 50),
        ("50-percent", 100),
    ]
    for small, large in itertools.pairwise(variants):
        assert set(small.train) < set(large.train)
    for one in variants:
        counts = np.bincount(labels[one.train], minlength=3)
        assert abs(counts - np.array([160, 35, 5]) * len(one.train) / 200).max() <= 1.5
        assert counts.min() >= 1
        assert one.validation.tolist() == [0, 1]
        assert one.train_targets is None


def test_groups_are_added_one_after_the_other():
    groups = np.tile(np.arange(10), 5)
    order = nested(rows([0] * 50, groups), np.random.default_rng(0))
    assert sorted(order) == list(range(50))
    assert [len(set(groups[order[start : start + 5]])) for start in range(0, 50, 5)] == [1] * 10


def test_equal_shares_are_one_part():
    config = TrainingSizeConfig(shares=[0.5, 0.1, 0.5])
    assert [one.name for one in TrainingSize(config).variants(rows([0] * 20), rows([]), 0)] == [
        "10-percent",
        "50-percent",
    ]


def sized(value, low, high, p=0.01):
    difference = Difference(value, low, high, 0.95, p, "paired bootstrap", 0.1)
    return [
        Controlled("10-percent", 100, {"m": score(0.7)}, {"m": Difference(0.2, 0.1, 0.3, 0.95, 0.001, "", 0.1)}),
        Controlled("50-percent", 500, {"m": score(0.8)}, {"m": difference}),
    ]


@pytest.mark.parametrize(
    ("step", "ending"),
    [
        ((0.1, 0.05, 0.15), "m gets better by 0.10 (0.05 to 0.15): more data like these would likely help."),
        ((-0.1, -0.15, -0.05), "m gets worse by 0.10 (0.05 to 0.15): more data like these would likely not help."),
        (
            (0.01, -0.05, 0.06, 0.7),
            "no change of m can be shown (+0.01, -0.05 to +0.06): this test set does not show that more data would "
            "help.",
        ),
    ],
)
def test_the_last_rows_that_were_added_say_whether_more_would_help(step, ending):
    said = TrainingSize(TrainingSizeConfig()).conclude("m", score(0.9), 1000, sized(*step))
    assert said.sentence == f"From 500 to 1,000 training rows {ending}"
    assert said.facts["rows_before"] == 500


def test_without_a_paired_test_both_values_are_told():
    said = TrainingSize(TrainingSizeConfig()).conclude("m", score(0.9), 1000, found([0.8]))
    assert (
        said.sentence == "From 100 to 1,000 training rows m goes from 0.800 to 0.900; their difference has no interval."
    )
