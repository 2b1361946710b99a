from __future__ import annotations

import math

import pytest
from statsmodels.stats.multitest import multipletests

from sci.pipeline.compare_metrics import holm
from sci.pipeline.compare_runs import differing


@pytest.mark.parametrize("values", [[0.01, 0.04, 0.03], [0.2], [0.5, 0.001, 0.5, 0.9, 0.02], [1.0, 1.0]])
def test_holm_is_that_of_statsmodels(values):
    assert holm(values) == pytest.approx(multipletests(values, method="holm")[1], abs=1e-8)


def test_what_has_no_p_does_not_count():
    found = holm([0.02, math.nan, 0.03])

    assert math.isnan(found[1])
    assert [found[0], found[2]] == pytest.approx([0.04, 0.04])


def test_of_other_components_only_the_names_differ():
    a, b = {"model": {"name": "mlp", "hidden": 3}, "seed": 1}, {"model": {"name": "cnn", "width": 2}, "seed": 2}

    assert differing([a, b], ["model", "seed"]) == [("model", "name"), ("seed",)]
