from __future__ import annotations

import pytest

from sci.pipeline import budget
from sci.pipeline.budget import Budget


@pytest.mark.parametrize(("models", "parallel", "environ", "cores", "found"), [
    (10, None, {}, 2, Budget(2, 1, False)),
    (10, None, {}, 1, Budget(1, 1, True)),
    (2, None, {}, 8, Budget(2, 4, False)),
    (10, 3, {}, 8, Budget(3, 1, False)),
    (10, 1, {}, 8, Budget(1, 1, False)),
    (10, None, {"OMP_NUM_THREADS": "4"}, 8, Budget(2, 4, True)),
    (2, 8, {"OMP_NUM_THREADS": "1"}, 8, Budget(2, 1, True)),
    (3, None, {"OMP_NUM_THREADS": "zero"}, 4, Budget(3, 1, False)),
])  # fmt: skip
def test_models_share_the_cores(monkeypatch, models, parallel, environ, cores, found):
    monkeypatch.setattr(budget, "cores", lambda: cores)

    assert budget.budget(models, parallel, environ) == found


def test_threads_do_not_depend_on_how_many_train_at_the_same_time(monkeypatch):
    monkeypatch.setattr(budget, "cores", lambda: 16)

    assert {budget.budget(5, parallel, {}).threads for parallel in (None, 1, 2, 5, 9)} == {3}


def test_one_process_with_other_threads_than_this_one_is_another_process(monkeypatch):
    monkeypatch.setattr(budget, "cores", lambda: 8)

    assert budget.budget(10, 1, {}).apart
    assert not budget.budget(10, 1, {"OMP_NUM_THREADS": "2"}).apart
