from __future__ import annotations

import importlib
import json
import math
from typing import Any

import pytest

from sci.api import ComponentSpec
from sci_optim import plugin
from sci_optim.config import (
    ConstantConfig,
    CosineConfig,
    LinearConfig,
    OneCycleConfig,
    ReduceOnPlateauConfig,
    StepConfig,
    WarmUpConfig,
)
from sci_optim.plateau import ReduceOnPlateau
from sci_optim.schedule import Constant, Cosine, Linear, OneCycle, Schedule, Stairs

ALL: list[Schedule[Any]] = [
    Constant(ConstantConfig(warmup=0.25)),
    Stairs(StepConfig(warmup=0.25)),
    Cosine(CosineConfig(warmup=0.25)),
    Linear(LinearConfig(warmup=0.25)),
    Constant(WarmUpConfig(warmup=0.25)),
    ReduceOnPlateau(ReduceOnPlateauConfig(warmup=0.25)),
]
each_schedule = pytest.mark.parametrize("schedule", ALL, ids=lambda schedule: type(schedule.config).__name__)


@each_schedule
def test_warmup_rises_in_a_straight_line_and_ends_at_the_full_rate(schedule: Schedule[Any]) -> None:
    factors = [schedule.factor(step, 40) for step in range(11)]
    assert factors == pytest.approx([step / 10 for step in range(1, 11)] + [1.0])


@each_schedule
@pytest.mark.parametrize("total", [1, 2, 3, 7])
def test_factors_lie_between_0_and_1_in_short_trainings(schedule: Schedule[Any], total: int) -> None:
    assert all(0 < schedule.factor(step, total) <= 1 for step in range(total))


def test_warmup_counts_updates_from_one_on() -> None:
    assert Constant(ConstantConfig(warmup=4)).factor(1, 1000) == 0.5


def test_a_warmup_longer_than_training_never_reaches_the_full_rate() -> None:
    schedule = Cosine(CosineConfig(warmup=100))
    assert [schedule.factor(step, 3) for step in range(3)] == pytest.approx([0.01, 0.02, 0.03])


def test_constant_stays_at_one() -> None:
    schedule = Constant(ConstantConfig())
    assert {schedule.factor(step, 100) for step in (0, 50, 99)} == {1.0}


def test_cosine_at_its_marks() -> None:
    schedule = Cosine(CosineConfig(minimum=0.2))
    assert schedule.factor(0, 100) == 1.0
    assert schedule.factor(50, 100) == pytest.approx(0.6)
    assert schedule.factor(99, 100) == pytest.approx(0.2 + 0.8 * math.sin(math.pi / 200) ** 2)


def test_cosine_after_a_warmup_falls_over_what_is_left() -> None:
    schedule = Cosine(CosineConfig(warmup=0.1))
    assert schedule.factor(10, 100) == 1.0
    assert schedule.factor(55, 100) == pytest.approx(0.5)
    assert schedule.factor(99, 100) == pytest.approx(math.sin(math.pi / 180) ** 2)


def test_linear_at_its_marks() -> None:
    schedule = Linear(LinearConfig(warmup=20, end=0.5))
    assert schedule.factor(19, 120) == schedule.factor(20, 120) == 1.0
    assert schedule.factor(70, 120) == pytest.approx(0.75)
    assert schedule.factor(119, 120) == pytest.approx(0.505)


def test_linear_may_rise() -> None:
    assert Linear(LinearConfig(end=3.0)).factor(50, 100) == pytest.approx(2.0)


def test_warm_up_rises_over_a_tenth_of_the_updates_and_stays() -> None:
    schedule = Constant(WarmUpConfig())
    assert [schedule.factor(step, 40) for step in (0, 1, 2, 3, 4, 20, 39)] == [0.25, 0.5, 0.75, 1, 1, 1, 1]


@pytest.mark.parametrize(("warmup", "start", "end"), [(12, 0.04, 4e-6), (2, 0.5, 0.1), (36, 1.0, 0.0)])
def test_one_cycle_is_that_of_pytorch(warmup: int, start: float, end: float) -> None:
    torch = pytest.importorskip("torch")
    total = 40
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    theirs = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=1.0,
        total_steps=total,
        pct_start=warmup / total,
        div_factor=1 / start,
        final_div_factor=start / end if end else math.inf,
        cycle_momentum=False,
    )
    expected = []
    for step in range(total):
        expected.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < total - 1:
            theirs.step()

    schedule = OneCycle(OneCycleConfig(warmup=warmup, start=start, end=end))

    assert [schedule.factor(step, total) for step in range(total)] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("warmup", [0, 1, 0.3, 0.999, 100])
@pytest.mark.parametrize("total", [1, 2, 3, 7])
def test_one_cycle_stays_between_its_marks_in_short_trainings(total: int, warmup: float) -> None:
    schedule = OneCycle(OneCycleConfig(warmup=warmup))
    assert all(4e-6 <= schedule.factor(step, total) <= 1 for step in range(total))


CHANGES: dict[str, float] = {
    "warmup": 0.5,
    "every": 0.1,
    "gamma": 0.3,
    "minimum": 0.4,
    "start": 0.3,
    "end": 0.7,
    "patience": 1,
    "threshold": 0.9,
}
FIELDS = [
    (spec, field)
    for spec in plugin.sci_schedules()
    for field in getattr(importlib.import_module("sci_optim.config"), str(spec.config).split(":")[1]).model_fields
]


def factors(spec: ComponentSpec, settings: dict[str, float]) -> list[float]:
    module, name = str(spec.target).split(":")
    config = getattr(importlib.import_module("sci_optim.config"), str(spec.config).split(":")[1])
    schedule = getattr(importlib.import_module(module), name)(config(**settings))
    found = []
    for step in range(40):
        if hasattr(schedule, "observe"):
            schedule.observe(1 / (step + 1))
        found.append(schedule.factor(step, 40))
    return found


@pytest.mark.parametrize(("spec", "field"), FIELDS, ids=[f"{spec.name}-{field}" for spec, field in FIELDS])
def test_no_setting_is_ignored(spec: ComponentSpec, field: str) -> None:
    base = {"patience": 0, "threshold": 0.1} if spec.name == "reduce-on-plateau" else {}
    assert factors(spec, {**base, field: CHANGES[field]}) != factors(spec, base)


def test_step_falls_after_every_so_many_updates() -> None:
    schedule = Stairs(StepConfig(every=30, gamma=0.5))
    assert [schedule.factor(step, 100) for step in (0, 29, 30, 59, 60, 99)] == [1, 1, 0.5, 0.5, 0.25, 0.125]


def test_step_takes_a_fraction_of_the_updates_after_the_warmup() -> None:
    schedule = Stairs(StepConfig(every=0.5, gamma=0.1, warmup=20))
    assert [schedule.factor(step, 120) for step in (20, 69, 70, 119)] == pytest.approx([1, 1, 0.1, 0.1])


@pytest.mark.parametrize("warmup", [-0.1, 1.5, 2.5])
def test_a_span_is_a_fraction_or_a_whole_number(warmup: float) -> None:
    with pytest.raises(ValueError, match="warmup"):
        CosineConfig(warmup=warmup)


def test_plateau_falls_after_more_than_patience_values_without_improvement() -> None:
    schedule = ReduceOnPlateau(ReduceOnPlateauConfig(gamma=0.5, patience=2))
    factors = []
    for value in (1.0, 0.9, 0.95, 0.9, 0.95, 0.8, 0.81, 0.82, 0.83):
        schedule.observe(value)
        factors.append(schedule.factor(0, 10))
    assert factors == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25]


def test_plateau_asks_negative_values_for_an_improvement_too() -> None:
    schedule = ReduceOnPlateau(ReduceOnPlateauConfig(gamma=0.5, patience=0, threshold=0.1))
    schedule.observe(-1.0)
    schedule.observe(-1.05)
    assert schedule.factor(0, 10) == 0.5
    schedule.observe(-1.2)
    assert schedule.factor(0, 10) == 0.5


def test_plateau_stops_at_its_minimum() -> None:
    schedule = ReduceOnPlateau(ReduceOnPlateauConfig(gamma=0.1, patience=0, minimum=0.05))
    for _ in range(5):
        schedule.observe(1.0)
    assert schedule.factor(0, 10) == 0.05


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_plateau_takes_what_is_not_finite_for_no_improvement(value: float) -> None:
    schedule = ReduceOnPlateau(ReduceOnPlateauConfig(gamma=0.5, patience=0))
    schedule.observe(value)
    assert schedule.factor(0, 10) == 0.5
    schedule.observe(3.0)
    assert schedule.state().meta["best"] == 3.0


def test_plateau_goes_on_from_its_state() -> None:
    config = ReduceOnPlateauConfig(gamma=0.5, patience=1)
    values = [1.0, 1.1, 1.2, 1.3, 1.4, 0.5, 0.6, 0.7]
    whole, first, second = ReduceOnPlateau(config), ReduceOnPlateau(config), ReduceOnPlateau(config)
    for value in values:
        whole.observe(value)

    for value in values[:4]:
        first.observe(value)
    state = first.state()
    state.meta = json.loads(json.dumps(state.meta))
    second.load_state(state)
    for value in values[4:]:
        second.observe(value)

    assert second.state() == whole.state()
