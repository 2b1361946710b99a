"""What the core relies on: updates that do not depend on how they are grouped, and states that lose nothing."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sci.api import ConfigError, Step
from sci_numpy.config import ConstantConfig, LeastSquaresConfig, LinearConfig
from sci_numpy.constant import Constant
from sci_numpy.least_squares import LeastSquares
from sci_numpy.linear import LinearRegression, Softmax
from sci_numpy.losses import CrossEntropy, MeanAbsoluteError, MeanSquaredError
from sci_optim.adam import AdamW
from sci_optim.config import AdamWConfig, GradientDescentConfig, SgdConfig
from sci_optim.descent import GradientDescent, Sgd

LINEAR = LinearConfig(initial_scale=0.5, l2=0.01)


@pytest.fixture
def table() -> dict[str, np.ndarray]:
    draw = np.random.default_rng(4)
    numbers = draw.normal(size=(50, 3))
    return {"numbers": numbers, "target": numbers @ [1.0, -2.0, 0.5] + 3 + 0.1 * draw.normal(size=50)}


@pytest.fixture
def flowers() -> dict[str, np.ndarray]:
    draw = np.random.default_rng(5)
    return {"numbers": draw.normal(size=(50, 4)), "target": draw.integers(0, 3, size=50)}


def plain(rate: float):
    return lambda parameters: GradientDescent(GradientDescentConfig(learning_rate=rate), parameters)


def same(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> bool:
    return a.keys() == b.keys() and all(a[name].tobytes() == b[name].tobytes() for name in a)


@pytest.mark.parametrize("accumulation", [1, 3])
@pytest.mark.parametrize("chunk", [1, 7])
def test_grouping_of_steps_changes_no_bit(bench, steps, flowers, chunk, accumulation) -> None:
    whole, grouped = (
        bench(Softmax, CrossEntropy, flowers, config=LINEAR, classes=3, gradient_accumulation=accumulation)
        for _ in range(2)
    )
    plan = steps(50, 8, 3)

    losses = whole.trainer.run(plan)
    parts = [grouped.trainer.run(plan[start : start + chunk]) for start in range(0, len(plan), chunk)]

    assert losses.dtype == np.float64
    assert losses.tobytes() == np.concatenate(parts).tobytes()
    assert same(whole.trainer.state().arrays, grouped.trainer.state().arrays)


def test_rows_taken_whole_or_in_batches_change_no_bit(bench, steps, table) -> None:
    whole, asked = (
        bench(LinearRegression, MeanSquaredError, table, config=LINEAR, resident=resident) for resident in (True, False)
    )
    plan = steps(50, 8, 3)
    assert whole.trainer.run(plan).tobytes() == asked.trainer.run(plan).tobytes()
    assert same(whole.weights, asked.weights)


def test_rows_are_never_changed(bench, steps, table) -> None:
    before = {key: array.copy() for key, array in table.items()}
    bench(LinearRegression, MeanSquaredError, table, config=LINEAR).trainer.run(steps(50, 8, 2))
    assert same(table, before)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_new_trainer_goes_on_from_a_state_bit_for_bit(bench, steps, flowers, precision) -> None:
    arrays = {**flowers, "numbers": flowers["numbers"].astype(precision)}

    def made():
        return bench(Softmax, CrossEntropy, arrays, config=LINEAR, classes=3, precision=precision)

    plan = steps(50, 8, 4)
    whole, stopped, resumed = made(), made(), made()
    expected = whole.trainer.run(plan)

    stopped.trainer.run(plan[:11])
    state = stopped.trainer.state()
    stopped.trainer.run(plan[11:13])  # must not reach into the state that was taken
    state.meta = json.loads(json.dumps(state.meta))
    resumed.trainer.load_state(state)
    losses = resumed.trainer.run(plan[11:])

    assert losses.tobytes() == expected[11:].tobytes()
    assert same(resumed.trainer.state().arrays, whole.trainer.state().arrays)
    assert {array.dtype.name for array in resumed.weights.values()} == {precision}


def test_state_has_stable_names(bench, steps, table) -> None:
    made = bench(LinearRegression, MeanSquaredError, table)
    made.trainer.run(steps(50, 8, 1))
    assert sorted(made.trainer.state().arrays) == [
        "network/bias",
        "network/weight",
        "optimizer//mean/bias",
        "optimizer//mean/weight",
        "optimizer//square/bias",
        "optimizer//square/weight",
    ]
    assert made.trainer.state().meta == {"optimizers": {"": {"steps": 7}}, "stopped": False}


def test_the_first_bad_loss_freezes_the_weights(bench, steps, table) -> None:
    table["numbers"][17] = np.nan
    made = bench(LinearRegression, MeanSquaredError, table, config=LINEAR)
    plan = steps(50, 8, 3)
    bad = next(number for number, step in enumerate(plan) if 17 in step.indices)

    made.trainer.run(plan[:bad])
    before = made.trainer.state().arrays
    losses = made.trainer.run(plan[bad:])
    later = made.trainer.run(plan[:bad])

    assert bad > 0
    assert np.isnan(losses).all()
    assert np.isnan(later).all()
    assert same(made.trainer.state().arrays, before)


def test_a_trainer_that_stopped_stays_stopped_after_a_restart(bench, steps, table) -> None:
    made, resumed = (bench(LinearRegression, MeanSquaredError, table, config=LINEAR) for _ in range(2))
    table["target"][:] = np.inf
    made.trainer.run(steps(50, 50, 1))
    resumed.trainer.load_state(made.trainer.state())
    table["target"][:] = 0.0
    assert np.isnan(resumed.trainer.run(steps(50, 50, 1))).all()


def test_divergence_ends_in_an_infinite_loss_without_warnings(bench, table) -> None:
    made = bench(LinearRegression, MeanSquaredError, table, optimizer=plain(1e6))
    losses = made.trainer.run([Step(n, n, np.arange(50), 1.0) for n in range(60)])
    first = int(np.flatnonzero(~np.isfinite(losses))[0])
    assert 1 < first < 59
    assert np.isnan(losses[first + 1 :]).all()
    assert all(np.isfinite(array).all() for array in made.weights.values())


def test_a_gradient_that_is_not_finite_counts_as_such_a_loss(bench) -> None:
    # |0 * inf - 1| is not finite either, so the gradient is spoiled by hand: its loss is fine.
    arrays = {"numbers": np.ones((4, 1)), "target": np.ones(4)}
    made = bench(LinearRegression, MeanAbsoluteError, arrays, optimizer=plain(0.1))
    backward = made.network.backward
    made.network.backward = lambda batch, slopes: {n: g * np.inf for n, g in backward(batch, slopes).items()}
    losses = made.trainer.run([Step(0, 0, np.arange(4), 1.0)])
    assert np.isnan(losses).all()
    assert not made.weights["weight"].any()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("parts", [2, 3, 7, 80])
def test_accumulated_micro_batches_are_the_whole_batch(bench, table, parts, weighted) -> None:
    if weighted:
        table["weight"] = np.random.default_rng(0).uniform(0, 2, size=50)
        table["weight"][:10] = 0
    whole = bench(LinearRegression, MeanSquaredError, table, config=LINEAR, optimizer=plain(0.1))
    divided = bench(
        LinearRegression, MeanSquaredError, table, config=LINEAR, optimizer=plain(0.1), gradient_accumulation=parts
    )
    plan = [Step(n, n, np.arange(50), 1.0) for n in range(5)]

    np.testing.assert_allclose(divided.trainer.run(plan), whole.trainer.run(plan), rtol=1e-12)

    for name, array in whole.weights.items():
        np.testing.assert_allclose(divided.weights[name], array, rtol=1e-12)


def test_clipping_bounds_the_norm_of_all_gradients_together(bench, table) -> None:
    free, clipped, loose = (
        bench(LinearRegression, MeanSquaredError, table, optimizer=plain(1.0), gradient_clip=clip)
        for clip in (None, 0.5, 1e9)
    )
    step = [Step(0, 0, np.arange(50), 1.0)]
    moved = []
    for made in (free, clipped, loose):
        made.trainer.run(step)
        moved.append(np.concatenate([made.weights["weight"].ravel(), made.weights["bias"]]))
    assert np.linalg.norm(moved[0]) > 0.5
    assert np.linalg.norm(moved[1]) == pytest.approx(0.5)
    np.testing.assert_allclose(moved[1] / 0.5, moved[0] / np.linalg.norm(moved[0]))
    np.testing.assert_array_equal(moved[2], moved[0])


def test_the_rate_of_a_step_multiplies_its_update(bench, table) -> None:
    full, half, none = (bench(LinearRegression, MeanSquaredError, table, optimizer=plain(0.1)) for _ in range(3))
    for made, rate in ((full, 1.0), (half, 0.5), (none, 0.0)):
        made.trainer.run([Step(0, 0, np.arange(50), rate)])
    np.testing.assert_allclose(half.weights["weight"], full.weights["weight"] / 2)
    assert not none.weights["weight"].any()


def test_one_update_is_the_gradient_formula(bench, table) -> None:
    made = bench(LinearRegression, MeanSquaredError, table, optimizer=plain(0.1))
    x, y = np.column_stack([table["numbers"], np.ones(50)]), table["target"]
    theta = np.zeros(4)
    for number in range(3):
        loss = made.trainer.run([Step(number, number, np.arange(50), 1.0)])
        assert loss[0] == pytest.approx(np.mean((x @ theta - y) ** 2))
        theta -= 0.1 * 2 / 50 * x.T @ (x @ theta - y)
        np.testing.assert_allclose(made.weights["weight"][0], theta[:3], rtol=1e-12)
        np.testing.assert_allclose(made.weights["bias"], theta[3:], rtol=1e-12)


def test_the_loss_holds_the_penalty_in_training_and_validation(bench, table) -> None:
    made = bench(LinearRegression, MeanSquaredError, table, config=LINEAR)
    weight = made.weights["weight"]
    outputs, validation = made.trainer.validate({"id": np.arange(50), **table}, {})
    training = made.trainer.run([Step(0, 0, np.arange(50), 1.0)])[0]
    expected = np.mean((outputs["value"] - table["target"]) ** 2) + 0.01 * np.sum(weight**2)
    assert validation == training == pytest.approx(expected)


class Rivals:
    """Two groups of parameters, which two optimizers pull to different targets."""

    def __init__(self, config, inputs, heads, seed) -> None:
        self.parameters = {"left": np.zeros(1), "right": np.zeros(1)}

    def parameter_groups(self):
        return {name: [(name, array)] for name, array in self.parameters.items()}

    def __call__(self, batch):
        return {"value": np.full(len(batch["id"]), self.parameters["left"][0] + self.parameters["right"][0])}

    def backward(self, batch, gradients):
        total = gradients["value"].sum(keepdims=True)
        return {"left": total, "right": total}


def test_each_group_of_parameters_has_its_optimizer(bench, steps, table) -> None:
    rates = iter([0.1, 0.01])

    def made():
        return bench(
            Rivals,
            MeanSquaredError,
            table,
            optimizer=lambda parameters: Sgd(SgdConfig(learning_rate=next(rates), momentum=0.5), parameters),
        )

    one = made()
    one.trainer.run(steps(50, 8, 1))
    rates = iter([0.1, 0.01])
    other = made()
    other.trainer.load_state(one.trainer.state())

    assert set(one.trainer.optimizers) == {"left", "right"}
    assert one.weights["left"][0] == pytest.approx(10 * one.weights["right"][0])
    assert one.trainer.run(steps(50, 8, 1)).tobytes() == other.trainer.run(steps(50, 8, 1)).tobytes()


class Adversaries(Rivals):
    """Left runs after right, right runs away: each step is two updates, one after the other."""

    def training_step(self, batch, optimizers, step):
        left, right = self.parameters["left"], self.parameters["right"]
        optimizers["left"].step({"left": left - right - 1}, step.rate)
        optimizers["right"].step({"right": left - right}, step.rate)
        return float(np.sum((left - right) ** 2) / (0 if 13 in batch["id"] and self.broken else 1))

    broken = False


def test_a_network_may_bring_its_own_step(bench, steps, table) -> None:
    whole, first, second = (bench(Adversaries, None, table) for _ in range(3))
    plan = steps(50, 8, 2)

    expected = whole.trainer.run(plan)
    begun = first.trainer.run(plan[:5])
    second.trainer.load_state(first.trainer.state())

    assert begun.tobytes() + second.trainer.run(plan[5:]).tobytes() == expected.tobytes()
    assert expected.all()


def test_a_bad_step_of_its_own_is_undone(bench, steps, table) -> None:
    made = bench(Adversaries, None, table)
    made.network.broken = True
    plan = steps(50, 8, 1)
    bad = next(number for number, step in enumerate(plan) if 13 in step.indices)
    made.trainer.run(plan[:bad])
    before = made.trainer.state().arrays

    losses = made.trainer.run(plan[bad:])

    assert not np.isfinite(losses).any()
    assert same(made.trainer.state().arrays, before)


@pytest.mark.parametrize("setting", [{"gradient_accumulation": 2}, {"gradient_clip": 1.0}])
def test_a_step_of_its_own_is_neither_accumulated_nor_clipped(bench, table, setting) -> None:
    with pytest.raises(ConfigError, match="brings its own training step") as caught:
        bench(Adversaries, None, table, **setting)
    assert caught.value.id == "train.own-step"


@pytest.mark.parametrize(
    ("model", "config"), [(LeastSquares, LeastSquaresConfig(l2=0.1)), (Constant, ConstantConfig())]
)
def test_a_model_that_fits_once_is_fitted_in_one_step(bench, table, model, config) -> None:
    def refuse(parameters):
        raise AssertionError("a fitted model has no optimizer")

    made = bench(model, MeanSquaredError, table, config=config, optimizer=refuse)
    losses = made.trainer.run([Step(0, 0, np.arange(50), 1.0)])

    outputs, validation = made.trainer.validate({"id": np.arange(50), **table}, {})
    assert losses.shape == (1,)
    assert losses[0] == pytest.approx(validation)
    assert np.mean((outputs["value"] - table["target"]) ** 2) <= losses[0] < np.var(table["target"]) * 1.001


def test_a_fitted_model_needs_no_loss(bench, table) -> None:
    made = bench(Constant, None, table, config=ConstantConfig())
    assert made.trainer.run([Step(0, 0, np.arange(50), 1.0)]).tolist() == [0.0]
    outputs, loss = made.trainer.validate({"id": np.arange(2)}, {})
    np.testing.assert_allclose(outputs["value"], [table["target"].mean()] * 2)
    assert np.isnan(loss)


def test_gradient_steps_need_a_loss(bench, table) -> None:
    with pytest.raises(ConfigError, match="names a loss") as caught:
        bench(LinearRegression, None, table)
    assert caught.value.id == "train.loss"


def test_decay_spares_the_bias_of_the_models_here(bench, table) -> None:
    table["target"][:] = 0.0
    made = bench(
        LinearRegression,
        MeanSquaredError,
        table,
        config=LINEAR.model_copy(update={"l2": 0.0}),
        optimizer=lambda parameters: AdamW(AdamWConfig(weight_decay=0.5), parameters),
    )
    assert made.trainer.optimizers[""].decay == {"weight": 0.5, "bias": 0.0}
