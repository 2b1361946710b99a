"""What every engine owes the core: shown for each with a linear model, and where it has one with a network.

Engine sklearn fits each step anew: it is shown with what it shares with the others, without first weights and gradients.
"""

from __future__ import annotations

import numpy as np
import pytest

from sci.api import ConfigError, DataError, Step

ENGINES = ("numpy", "torch", "tensorflow")
each_engine = pytest.mark.parametrize("engine", ENGINES)
every_engine = pytest.mark.parametrize("engine", [*ENGINES, "sklearn"])
each_feed = pytest.mark.parametrize("resident", [True, False], ids=["resident", "streamed"])

SOFTMAX = {"name": "softmax", "initial_scale": 0.5, "l2": 0.01}
LINEAR = {"name": "linear", "initial_scale": 0.5}
MLP = {"name": "mlp", "hidden": [8], "dropout": 0.3, "normalization": "batch", "embedding_size": 2}
ADAM = {"name": "adam", "learning_rate": 0.05}
MOST = {"optimizer": ADAM, "gradient_accumulation": 3, "gradient_clip": 0.5}

CASES = [("numpy", SOFTMAX), ("torch", MLP), ("tensorflow", MLP)]
FITTED = ("sklearn", {"name": "logistic-regression", "l2": 0.01})


def cases(*found):
    return pytest.mark.parametrize(("engine", "model"), found, ids=[f"{e}-{m['name']}" for e, m in found])


each_case = cases(*CASES)
every_case = cases(*CASES, FITTED)


@pytest.fixture
def rows(drawn):
    """What a model of `CASES` reads, with weights of rows."""
    return lambda model: drawn(classes=True, weight=True, categories=model is MLP)


def scores(weights, columns):
    return columns["numbers"] @ weights["weight"].T + weights["bias"]


@every_engine
def test_start_says_what_was_chosen(bench, drawn, engine):
    facts = bench(engine, {"name": "least-squares"}, drawn()).facts

    assert facts["determinism"] == "A"
    assert facts["precision"] == "float64"
    assert all(isinstance(value, str) for value in facts.values())


@every_engine
def test_an_unknown_precision_is_a_mistake_of_the_file(bench, drawn, engine):
    with pytest.raises(ConfigError, match="has no precision `float8`") as caught:
        bench(engine, {"name": "least-squares"}, drawn(), precision="float8")
    assert caught.value.exit_code == 2


@each_case
def test_the_seed_decides_the_first_weights(bench, rows, same, engine, model):
    first, again, other = (bench(engine, model, rows(model), seed=seed).weights for seed in (3, 3, 4))

    assert same(first, again)
    assert not same(first, other)


@pytest.mark.parametrize("model", [LINEAR, SOFTMAX, MLP], ids=lambda model: model["name"])
def test_first_weights_are_the_same_on_every_engine(bench, drawn, same, model):
    columns = drawn(classes=model is not LINEAR, categories=model is MLP)

    first, *others = (bench(engine, model, columns).weights for engine in ENGINES if (engine, model) != ("numpy", MLP))

    assert all(same(first, other) for other in others)


@each_engine
def test_predictions_are_the_linear_function_of_the_weights(bench, drawn, engine):
    made = bench(engine, SOFTMAX, drawn(classes=True))

    np.testing.assert_allclose(made.predict(), scores(made.weights, made.columns), rtol=1e-12)


@each_engine
def test_no_rows_have_no_predictions(bench, drawn, engine):
    made = bench(engine, SOFTMAX, drawn(classes=True))

    assert made.predict({key: array[:0] for key, array in made.columns.items()}).shape == (0, 3)


@every_case
def test_saved_weights_predict_the_same_in_a_fresh_network(bench, rows, steps, stored, same, engine, model):
    made = bench(engine, model, rows(model), optimizer=ADAM)
    made.trainer.run(steps(3))
    fresh = bench(engine, model, rows(model), seed=9)

    fresh.engine.load_state(fresh.network, stored(made.engine.state(made.network)))

    assert same({"head": fresh.predict()}, {"head": made.predict()})
    assert same(fresh.weights, made.weights)


@every_case
def test_a_saved_state_stays_what_it_was(bench, rows, steps, same, engine, model):
    made = bench(engine, model, rows(model), optimizer=ADAM)
    weights, state = made.weights, made.trainer.state()
    kept = {name: array.copy() for name, array in state.arrays.items()}

    made.trainer.run(steps(2))

    assert not same(made.weights, weights)
    assert same(state.arrays, kept)


@each_engine
def test_weights_of_another_model_are_refused(bench, drawn, engine):
    made = bench(engine, LINEAR, drawn())
    other = bench(engine, SOFTMAX, drawn(classes=True))

    with pytest.raises(ConfigError, match="weights are those of another model"):
        made.engine.load_state(made.network, other.engine.state(other.network))


@each_feed
@every_case
def test_two_trainings_are_equal_bit_by_bit(bench, rows, steps, same, engine, model, resident):
    found = []
    for _ in range(2):
        made = bench(engine, model, rows(model), resident=resident, **MOST)
        losses = made.trainer.run(steps(7))
        found.append({"losses": losses, **made.trainer.state().arrays})

    assert same(*found)


@every_case
def test_training_does_not_depend_on_how_steps_are_grouped(bench, rows, steps, together, same, engine, model):
    made = bench(engine, model, rows(model), **MOST)
    begin, found = made.trainer.state(), []
    for size in (7, 1, 3):
        made.trainer.load_state(begin)
        found.append({"losses": together(made.trainer, steps(7), size), **made.trainer.state().arrays})

    assert same(found[0], found[1])
    assert same(found[0], found[2])


@every_case
def test_rows_that_are_streamed_train_like_rows_that_are_resident(bench, rows, steps, same, engine, model):
    found = []
    for resident in (True, False):
        made = bench(engine, model, rows(model), resident=resident, **MOST)
        found.append({"losses": made.trainer.run(steps(7)), **made.trainer.state().arrays})

    assert same(*found)


@every_case
def test_training_resumes_bit_by_bit_at_every_step(bench, rows, steps, stored, same, engine, model):
    whole = bench(engine, model, rows(model), **MOST)
    plan, states = steps(6), [whole.trainer.state()]
    losses = []
    for step in plan:
        losses.append(whole.trainer.run([step]))
        states.append(whole.trainer.state())

    made = bench(engine, model, rows(model), seed=8, **MOST)
    for done in (3, 0, 1, 2, 4, 5):
        made.trainer.load_state(stored(states[done]))
        assert same({"losses": made.trainer.run(plan[done:])}, {"losses": np.concatenate(losses[done:])}), done
        assert same(made.trainer.state().arrays, states[-1].arrays), done


@every_case
def test_looking_at_a_network_changes_nothing_of_its_training(bench, rows, steps, same, engine, model):
    made = bench(engine, model, rows(model), **MOST)
    begin, found = made.trainer.state(), []
    for looked_at in (False, True):
        made.trainer.load_state(begin)
        for step in steps(3):
            made.trainer.run([step])
            if looked_at:
                made.trainer.validate(made.columns, {})
                made.predict()
        found.append(made.trainer.state().arrays)

    assert same(*found)


@pytest.mark.parametrize("resident", [True, False], ids=["resident", "streamed"])
@pytest.mark.parametrize("engine", ENGINES[1:])
def test_what_dropout_silences_is_drawn_anew_at_every_step(bench, drawn, whole, engine, resident):
    still = {"name": "gradient-descent", "learning_rate": 1e-300}
    model = {"name": "mlp", "hidden": [8], "dropout": 0.3}
    made = bench(engine, model, drawn(classes=True), optimizer=still, resident=resident)

    losses = made.trainer.run(whole(20))

    assert len(set(losses)) == 20


@each_engine
def test_validation_loss_is_what_training_minimizes(bench, drawn, whole, engine):
    made = bench(engine, SOFTMAX, drawn(classes=True, weight=True))

    emitted, loss = made.trainer.validate(made.columns, {})

    np.testing.assert_allclose(emitted["logits"], made.predict(), rtol=1e-12)
    assert loss == pytest.approx(made.trainer.run(whole(1))[0], rel=1e-12)


@each_feed
@each_case
@pytest.mark.parametrize("parts", [None, 2])
def test_after_a_loss_that_is_not_finite_no_weight_changes(bench, rows, steps, same, engine, model, resident, parts):
    columns, plan = rows(model), steps(5)
    columns["numbers"][plan[2].indices[0], 0] = np.inf
    made = bench(engine, model, columns, optimizer=ADAM, gradient_accumulation=parts, resident=resident)
    begin = made.trainer.state()
    made.trainer.run(plan[:2])
    good = made.weights
    made.trainer.load_state(begin)

    losses = made.trainer.run(plan)
    weights = made.weights
    later = made.trainer.run(plan[3:])

    assert np.isfinite(losses).tolist() == [True, True, False, False, False]
    assert same(weights, good)
    assert np.isnan(later).all()
    assert same(made.weights, good)


@each_engine
def test_a_gradient_that_is_not_finite_ends_training_too(bench, drawn, whole, same, engine):
    columns = drawn()
    columns["numbers"][:, 0] = 1e308
    columns["target"] += 100
    made = bench(engine, {"name": "linear"}, columns)
    before = made.weights

    _, loss = made.trainer.validate(made.columns, {})
    losses = made.trainer.run(whole(2))

    assert np.isfinite(loss)
    assert np.isnan(losses).all()
    assert same(made.weights, before)


@each_engine
def test_large_numbers_that_are_finite_do_not_end_training(bench, drawn, whole, engine):
    columns = drawn()
    columns["target"] *= 1e60

    losses = bench(engine, {"name": "linear"}, columns).trainer.run(whole(3))

    assert np.isfinite(losses).all()
    assert losses[2] < losses[0]


@each_engine
def test_training_that_diverged_is_not_taken_up_again(bench, drawn, whole, same, engine):
    columns = drawn()
    columns["target"][0] = np.inf
    made = bench(engine, LINEAR, columns)
    made.trainer.run(whole(1))
    fresh = bench(engine, LINEAR, drawn())

    fresh.trainer.load_state(made.trainer.state())
    before = fresh.weights

    assert np.isnan(fresh.trainer.run(whole(1))).all()
    assert same(fresh.weights, before)


SMOOTH = {**MLP, "dropout": 0.0, "normalization": "layer"}
each_smooth_case = cases(("numpy", SOFTMAX), ("torch", SOFTMAX), ("torch", SMOOTH), ("tensorflow", SMOOTH))


def close(one, two):
    assert one.keys() == two.keys()
    for name in one:
        np.testing.assert_allclose(one[name], two[name], rtol=1e-9, atol=1e-12, err_msg=name)


@each_smooth_case
def test_micro_batches_add_up_to_the_whole_batch(bench, drawn, steps, engine, model):
    columns = drawn(classes=True, weight=True, categories=model is SMOOTH)
    found = []
    for parts in (1, 3, 16):
        made = bench(engine, model, columns, optimizer=ADAM, gradient_accumulation=parts)
        found.append({"losses": made.trainer.run(steps(6)), **made.weights})

    close(found[0], found[1])
    close(found[0], found[2])


@each_smooth_case
@pytest.mark.parametrize("parts", [1, 3])
def test_gradients_are_clipped_to_their_length_over_all_weights(bench, drawn, whole, engine, model, parts):
    columns = drawn(classes=True, categories=model is SMOOTH)
    descent = {"name": "gradient-descent", "learning_rate": 1.0}

    def moved(clip):
        made = bench(engine, model, columns, optimizer=descent, gradient_clip=clip, gradient_accumulation=parts)
        before = made.weights
        made.trainer.run(whole(1))
        return {name: array - before[name] for name, array in made.weights.items()}

    free = moved(None)
    length = np.sqrt(sum(np.sum(step**2) for step in free.values()))

    close(moved(length / 4), {name: step / 4 for name, step in free.items()})
    close(moved(length * 4), free)


@each_engine
def test_a_weight_of_two_is_a_row_that_occurs_twice_and_of_none_one_that_is_absent(bench, drawn, engine):
    columns = drawn(classes=True)
    times = np.arange(70) % 3
    repeated = {key: np.repeat(array, times, axis=0) for key, array in columns.items()}

    weighted = bench(engine, SOFTMAX, {**columns, "weight": times.astype(float)}, optimizer=ADAM)
    plain = bench(engine, SOFTMAX, repeated, optimizer=ADAM)
    losses = weighted.trainer.run([Step(i, i, np.arange(70), 1.0) for i in range(5)])
    expected = plain.trainer.run([Step(i, i, np.arange(len(repeated["target"])), 1.0) for i in range(5)])

    np.testing.assert_allclose(losses, expected, rtol=1e-12)
    close(weighted.weights, plain.weights)


@each_engine
@pytest.mark.parametrize("parts", [1, 3])
def test_rows_without_weight_teach_nothing(bench, drawn, whole, engine, parts):
    columns = {**drawn(), "weight": np.zeros(70)}
    made = bench(engine, LINEAR, columns, gradient_accumulation=parts)
    before = made.weights

    losses = made.trainer.run(whole(2))

    assert losses.tolist() == [0.0, 0.0]
    close(made.weights, before)


@each_engine
def test_the_rate_of_a_step_multiplies_the_learning_rate(bench, drawn, engine):
    half = bench(engine, SOFTMAX, drawn(classes=True), optimizer={"name": "adam", "learning_rate": 0.2})
    full = bench(engine, SOFTMAX, drawn(classes=True), optimizer={"name": "adam", "learning_rate": 0.1})

    half.trainer.run([Step(i, i, np.arange(70), 0.5) for i in range(4)])
    full.trainer.run([Step(i, i, np.arange(70), 1.0) for i in range(4)])

    close(half.weights, full.weights)


@each_engine
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_gradient_descent_on_a_linear_model_is_its_recurrence(bench, drawn, whole, engine, l2):
    columns = drawn(weight=True)
    made = bench(engine, {**LINEAR, "l2": l2}, columns)
    design = np.column_stack([columns["numbers"], np.ones(70)])
    share = columns["weight"] / columns["weight"].sum()
    ridge = l2 * np.append(np.ones(5), 0)
    w = np.append(made.weights["weight"], made.weights["bias"])
    expected = []
    for _ in range(40):
        error = design @ w - columns["target"]
        expected.append(share @ error**2 + ridge @ w**2)
        w = w - 0.1 * (2 * design.T @ (share * error) + 2 * ridge * w)

    losses = made.trainer.run(whole(40))

    np.testing.assert_allclose(losses, expected, rtol=1e-11)
    np.testing.assert_allclose(np.append(made.weights["weight"], made.weights["bias"]), w, rtol=1e-11)


@each_engine
def test_one_step_of_softmax_regression_is_its_closed_form(bench, drawn, whole, engine):
    columns = drawn(classes=True)
    made = bench(engine, {"name": "softmax", "initial_scale": 0.5}, columns)
    weights = made.weights
    powers = np.exp(scores(weights, columns))
    probability = powers / powers.sum(axis=1, keepdims=True)
    slope = (probability - np.eye(3)[columns["target"]]) / 70

    [loss] = made.trainer.run(whole(1))

    assert loss == pytest.approx(-np.log(probability[np.arange(70), columns["target"]]).mean(), rel=1e-12)
    np.testing.assert_allclose(made.weights["weight"], weights["weight"] - 0.1 * slope.T @ columns["numbers"])
    np.testing.assert_allclose(made.weights["bias"], weights["bias"] - 0.1 * slope.sum(axis=0))


@every_engine
@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("intercept", [True, False], ids=["intercept", "origin"])
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_least_squares_is_the_solution_of_the_normal_equations(bench, drawn, whole, engine, weighted, intercept, l2):
    columns = drawn(weight=weighted)
    share = columns["weight"] / columns["weight"].sum() if weighted else np.full(70, 1 / 70)
    design = np.column_stack([columns["numbers"], np.ones(70)])[:, : 6 if intercept else 5]
    ridge = np.diag([l2] * 5 + [0.0] * intercept)
    expected = np.linalg.solve(design.T @ (share[:, None] * design) + ridge, design.T @ (share * columns["target"]))
    made = bench(engine, {"name": "least-squares", "l2": l2, "intercept": intercept}, columns)

    [loss] = made.trainer.run(whole(1))

    weights = made.weights
    np.testing.assert_allclose(np.concatenate([weights["weight"][0], weights.get("bias", [])]), expected, rtol=1e-9)
    error = design @ expected - columns["target"]
    assert loss == pytest.approx(share @ error**2 + l2 * np.sum(expected[:5] ** 2), rel=1e-10)


@every_engine
def test_least_squares_takes_the_smallest_weights_where_inputs_determine_one_another(bench, drawn, whole, engine):
    columns = drawn()
    columns["numbers"][:, 4] = columns["numbers"][:, 0] + columns["numbers"][:, 1]
    made = bench(engine, {"name": "least-squares", "intercept": False}, columns)

    made.trainer.run(whole(1))

    expected = np.linalg.pinv(columns["numbers"]) @ columns["target"]
    np.testing.assert_allclose(made.weights["weight"][0], expected, rtol=1e-9)


@every_engine
@pytest.mark.parametrize("key", ["numbers", "target"])
def test_least_squares_refuses_infinite_values(bench, drawn, whole, engine, key):
    columns = drawn()
    columns[key][7] = np.inf

    with pytest.raises(DataError, match="infinite values"):
        bench(engine, {"name": "least-squares"}, columns).trainer.run(whole(1))


@each_engine
def test_derivatives_by_the_inputs_of_a_linear_model_are_its_weights(bench, drawn, engine):
    made = bench(engine, LINEAR, drawn())

    found = made.engine.gradients(made.network, made.columns, "value", ["numbers"])

    np.testing.assert_allclose(found["numbers"], np.tile(made.weights["weight"], (70, 1)), rtol=1e-12)


@each_engine
def test_derivatives_count_each_element_of_the_head_as_it_is_weighted(bench, drawn, engine):
    made = bench(engine, LINEAR, drawn())
    head = made.engine.predict(made.network, made.columns, {})["value"]
    counted = np.random.default_rng(3).normal(size=head.shape)

    found = made.engine.gradients(made.network, made.columns, "value", ["numbers"], counted)

    expected = counted.reshape(70, 1) * np.reshape(made.weights["weight"], (1, -1))
    np.testing.assert_allclose(found["numbers"], expected, rtol=1e-6)


@each_engine
def test_what_has_no_derivative_is_named(bench, drawn, engine):
    made = bench(engine, LINEAR, drawn())

    with pytest.raises(ConfigError, match="id"):
        made.engine.gradients(made.network, made.columns, "value", ["id"])


@every_engine
def test_an_unknown_format_is_a_mistake_of_the_file(bench, drawn, tmp_path, engine):
    made = bench(engine, {"name": "least-squares"}, drawn())

    with pytest.raises(ConfigError, match="cannot write `scroll`"):
        made.engine.export(made.network, "scroll", {}, tmp_path)
