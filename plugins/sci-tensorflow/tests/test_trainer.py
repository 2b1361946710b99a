"""What the core relies on: updates that do not depend on how they are grouped, and states that lose nothing."""

from __future__ import annotations

import numpy as np
import pytest

from sci.api import ConfigError, DataError, Feature, Ragged, Schema, State
from sci_networks.config import CrossEntropyConfig, LinearConfig, MlpConfig, RnnConfig, TransformerConfig
from sci_networks.tensorflow import rnn, transformer
from sci_networks.tensorflow.linear import linear, softmax
from sci_networks.tensorflow.losses import CrossEntropy, MeanSquaredError
from sci_optim.config import GradientDescentConfig
from sci_optim.tensorflow.descent import GradientDescent
from sci_tensorflow.api import Linear, Network, tf
from sci_tensorflow.runtime import keras

ALL = {"gradient_accumulation": 3, "gradient_clip": 0.5}


def plain(rate: float):
    return lambda parameters: GradientDescent(GradientDescentConfig(learning_rate=rate), parameters)


@pytest.mark.parametrize("settings", [{}, ALL], ids=["plain", "accumulated and clipped"])
@pytest.mark.parametrize("chunk", [1, 5])
def test_grouping_of_steps_changes_no_bit(bench, feed, steps, flowers, chunk, settings) -> None:
    whole, grouped = (bench(feed(flowers), **settings) for _ in range(2))
    plan = steps(50, 8, 2)

    losses = whole.trainer.run(plan)
    parts = [grouped.trainer.run(plan[start : start + chunk]) for start in range(0, len(plan), chunk)]

    assert losses.dtype == np.float64
    assert losses.tobytes() == np.concatenate(parts).tobytes()
    assert whole.bits == grouped.bits


@pytest.mark.parametrize("settings", [{}, ALL], ids=["plain", "accumulated and clipped"])
def test_rows_taken_whole_or_in_batches_change_no_bit(bench, feed, steps, flowers, settings) -> None:
    whole, asked = (bench(feed(flowers, resident), **settings) for resident in (True, False))
    plan = steps(50, 8, 3)
    assert whole.trainer.run(plan).tobytes() == asked.trainer.run(plan).tobytes()
    assert whole.bits == asked.bits


@pytest.mark.parametrize("resident", [True, False])
def test_a_run_is_traced_once_short_last_batch_and_all(bench, feed, steps, flowers, resident) -> None:
    made = bench(feed(flowers, resident))
    plan = steps(50, 8, 3)

    for start in range(0, len(plan), 4):
        made.trainer.run(plan[start : start + 4])

    assert made.trainer.traces == 1


@pytest.mark.parametrize("precision", ["float32", "float64", "bf16", "fp16"])
def test_a_new_trainer_goes_on_from_a_state_bit_for_bit_with_dropout(bench, feed, steps, flowers, precision) -> None:
    dtype = "float64" if precision == "float64" else "float32"
    rows = {**flowers, "numbers": flowers["numbers"].astype(dtype)}
    whole, first, second = (bench(feed(rows), precision=precision, **ALL) for _ in range(3))
    plan = steps(50, 8, 2)

    losses = whole.trainer.run(plan)
    first.trainer.run(plan[:5])
    second.trainer.load_state(State(dict(first.trainer.state().arrays), first.trainer.state().meta))
    rest = second.trainer.run(plan[5:])

    assert np.isfinite(losses).all()
    assert rest.tobytes() == losses[5:].tobytes()
    assert second.bits == whole.bits


def test_dropout_is_drawn_anew_at_each_step_and_off_in_validation(bench, feed, steps, flowers) -> None:
    made = bench(feed(flowers), optimizer=plain(1e-30), config=MlpConfig(hidden=[32], dropout=0.5))
    [step, *_] = steps(50, 50, 1)

    losses = made.trainer.run([step, step, step])
    _, one = made.trainer.validate(made.trainer.feed.arrays, {})
    _, two = made.trainer.validate(made.trainer.feed.arrays, {})

    assert len(set(losses.tolist())) == 3
    assert one == two


def test_accumulation_gives_the_update_of_the_whole_batch(bench, feed, steps, flowers) -> None:
    rows = {key: array.astype(np.float64) if array.dtype == np.float32 else array for key, array in flowers.items()}
    config = LinearConfig(initial_scale=0.5, l2=0.01)
    whole, parts = (
        bench(feed(rows), factory=softmax, config=config, precision="float64", gradient_accumulation=count)
        for count in (1, 4)
    )
    plan = steps(50, 7, 2)
    np.testing.assert_allclose(parts.trainer.run(plan), whole.trainer.run(plan), rtol=1e-12)
    for name, array in whole.weights.items():
        np.testing.assert_allclose(parts.weights[name], array, rtol=1e-10, atol=1e-14)


def test_clipping_shortens_the_whole_gradient_to_its_limit(bench, feed, steps, flowers) -> None:
    free, clipped = (
        bench(feed(flowers), optimizer=plain(1.0), config=MlpConfig(hidden=[8]), gradient_clip=clip)
        for clip in (None, 0.01)
    )
    before = free.weights
    [step, *_] = steps(50, 50, 1)
    free.trainer.run([step])
    clipped.trainer.run([step])

    long, short = (
        np.concatenate([(before[name] - made.weights[name]).ravel() for name in before]) for made in (free, clipped)
    )

    assert np.linalg.norm(long) > 0.1
    np.testing.assert_allclose(np.linalg.norm(short), 0.01, rtol=1e-4)
    np.testing.assert_allclose(short / np.linalg.norm(short), long / np.linalg.norm(long), atol=1e-4)


def test_gradient_descent_on_a_linear_model_follows_the_closed_form(bench, feed, steps) -> None:
    draw = np.random.default_rng(4)
    x = draw.normal(size=(40, 4))
    y = x @ [1.0, -2.0, 0.5, 3.0] + 3
    made = bench(
        feed({"numbers": x, "target": y}),
        factory=linear,
        loss=MeanSquaredError,
        config=LinearConfig(l2=0.1),
        heads={"value": Feature("number")},
        optimizer=plain(0.1),
        precision="float64",
    )
    made.trainer.run(steps(40, 40, 600))

    ones = np.c_[x, np.ones(40)]
    solved = np.linalg.solve(ones.T @ ones / 40 + np.diag([0.1] * 4 + [0]), ones.T @ y / 40)
    np.testing.assert_allclose(made.weights["weight"][0], solved[:4], rtol=1e-3)
    np.testing.assert_allclose(made.weights["bias"], solved[4:], rtol=1e-3)


@pytest.mark.parametrize("settings", [{}, ALL], ids=["plain", "accumulated"])
@pytest.mark.parametrize("resident", [True, False])
def test_after_a_loss_that_is_not_finite_nothing_changes_any_more(
    bench, feed, steps, flowers, resident, settings
) -> None:
    plan = steps(50, 8, 3)
    spoiled = {**flowers, "numbers": flowers["numbers"].copy()}
    spoiled["numbers"][plan[4].indices[0]] = np.nan
    one, other = (bench(feed(spoiled, resident), **settings) for _ in range(2))

    losses = one.trainer.run(plan)
    other.trainer.run(plan[:4])

    assert np.isfinite(losses[:4]).all()
    assert np.isnan(losses[4:]).all()
    assert all(one.weights[name].tobytes() == array.tobytes() for name, array in other.weights.items())
    kept = one.bits
    assert np.isnan(one.trainer.run(plan[:1])).all()
    assert one.bits == kept


def test_an_overflow_of_half_precision_is_no_divergence(bench, feed, steps, flowers) -> None:
    made = bench(feed(flowers), precision="fp16", config=MlpConfig(hidden=[8]))
    made.trainer.scale.factor.assign(2.0**60)
    before = made.weights
    plan = steps(50, 8, 10)

    first = made.trainer.run(plan[:1])
    assert np.isfinite(first).all()
    assert all(before[name].tobytes() == array.tobytes() for name, array in made.weights.items())
    assert made.trainer.scale.factor.numpy() == 2.0**59

    assert np.isfinite(made.trainer.run(plan[1:])).all()
    assert any(before[name].tobytes() != array.tobytes() for name, array in made.weights.items())


SEQUENCES = Schema({"tokens": Feature("tokens", dtype="int64", ragged=True, size=9)}, {"tokens": "input"})


@pytest.mark.parametrize(
    ("factory", "config"),
    [
        (rnn.build, RnnConfig(hidden_size=6, embedding_size=4, bidirectional=True, dropout=0.2)),
        (transformer.build, TransformerConfig(layers=1, hidden_size=8, heads=2, dropout=0.2, max_length=32)),
    ],
    ids=["rnn", "transformer"],
)
def test_padded_batches_of_many_lengths_are_one_trace_and_group_without_a_trace(
    bench, ragged_feed, steps, factory, config
) -> None:
    draw = np.random.default_rng(2)
    lengths = draw.integers(0, 30, size=50)
    tokens = Ragged(draw.integers(0, 9, size=lengths.sum()), np.concatenate([[0], np.cumsum(lengths)]))
    rows = {"tokens": tokens, "target": draw.integers(0, 3, size=50)}
    whole, grouped = (
        bench(ragged_feed(rows), factory=factory, config=config, inputs=SEQUENCES, gradient_accumulation=2)
        for _ in range(2)
    )
    plan = steps(50, 4, 2)

    losses = whole.trainer.run(plan)
    parts = [grouped.trainer.run(plan[start : start + 3]) for start in range(0, len(plan), 3)]

    assert np.isfinite(losses).all()
    assert np.concatenate(parts).tobytes() == losses.tobytes()
    assert whole.bits == grouped.bits
    assert whole.trainer.traces == grouped.trainer.traces == 1


def test_the_bits_do_not_depend_on_networks_built_before(bench, ragged_feed, steps) -> None:
    tokens = Ragged(np.arange(60) % 9, np.arange(0, 61, 5))
    rows = {"tokens": tokens, "target": np.arange(12) % 3}
    config = TransformerConfig(layers=1, hidden_size=8, heads=2, max_length=8)
    plan = steps(12, 4, 3)
    found = []
    for before in (
        0,
        8,
    ):  # Keras would call query, key and value linear, linear_1, linear_2, then linear_8 to linear_10
        keras.utils.clear_session()
        for _ in range(before):
            Linear(1, 1)
        made = bench(ragged_feed(rows), factory=transformer.build, config=config, inputs=SEQUENCES)
        found.append((made.trainer.run(plan).tobytes(), made.bits))

    assert found[0] == found[1]


def test_xla_gives_nearly_the_same_losses(bench, feed, steps, flowers) -> None:
    config = MlpConfig(hidden=[8], normalization="batch")
    with_it, without = (bench(feed(flowers), config=config, jit=jit) for jit in (True, False))
    plan = steps(50, 25, 2)
    np.testing.assert_allclose(with_it.trainer.run(plan), without.trainer.run(plan), rtol=1e-4)


class Duel(Network):
    """A line that is fitted to the target by one optimizer, and one that follows the first by another."""

    def __init__(self, config, inputs, heads, seed) -> None:
        self.leader, self.follower = Linear(4, 1), Linear(4, 1)

    def __call__(self, batch, training=False):
        return {"value": self.leader(batch["numbers"])[:, 0]}

    def parameter_groups(self):
        return {
            group: [(name, variable) for name, variable in self.parameters if name.startswith(group)]
            for group in ("leader", "follower")
        }

    def training_step(self, batch, optimizers, step):
        total = tf.constant(0.0)
        for group, parameters in self.parameter_groups().items():
            variables = [variable for _, variable in parameters]
            with tf.GradientTape() as tape:
                led = self.leader(batch["numbers"])[:, 0]
                if group == "leader":
                    loss = tf.reduce_mean(tf.square(led - batch["target"]))
                else:
                    followed = self.follower(batch["numbers"])[:, 0]
                    loss = tf.reduce_mean(tf.square(followed - tf.stop_gradient(led)))
            optimizers[group].apply(tape.gradient(loss, variables), step.rate)
            total += loss
        return total


DUEL = {"factory": Duel, "loss": None, "config": LinearConfig(), "heads": {"value": Feature("number")}}


@pytest.fixture
def line() -> dict[str, np.ndarray]:
    draw = np.random.default_rng(6)
    numbers = draw.normal(size=(50, 4)).astype(np.float32)
    return {"numbers": numbers, "target": (numbers @ [1.0, 2.0, -1.0, 0.5]).astype(np.float32)}


def test_a_network_with_a_step_of_its_own_uses_two_optimizers(bench, feed, steps, line) -> None:
    made = bench(feed(line), optimizer=plain(0.1), **DUEL)

    losses = made.trainer.run(steps(50, 10, 60))

    assert losses[-1] < 1e-3 * losses[0]
    np.testing.assert_allclose(made.weights["leader.weight"][0], [1.0, 2.0, -1.0, 0.5], atol=0.05)
    np.testing.assert_allclose(made.weights["follower.weight"], made.weights["leader.weight"], atol=0.05)


def test_a_step_of_its_own_is_undone_where_it_diverges_and_resumed_bit_for_bit(bench, feed, steps, line) -> None:
    plan = steps(50, 10, 2)
    spoiled = {**line, "target": line["target"].copy()}
    spoiled["target"][plan[4].indices[0]] = np.inf
    whole, first, second = (bench(feed(spoiled), **DUEL) for _ in range(3))

    losses = whole.trainer.run(plan)
    first.trainer.run(plan[:2])
    second.trainer.load_state(first.trainer.state())
    second.trainer.run(plan[2:4])

    assert np.isfinite(losses[:4]).all()
    assert not np.isfinite(losses[4:]).any()
    assert second.bits == whole.bits


def test_a_step_of_its_own_is_not_accumulated_clipped_or_scaled(bench, feed, line) -> None:
    with pytest.raises(ConfigError, match="neither accumulated nor clipped"):
        bench(feed(line), gradient_clip=1.0, **DUEL)
    with pytest.raises(ConfigError, match="does not scale its loss"):
        bench(feed(line), precision="fp16", **DUEL)


class Mean(Network):
    """The mean of the targets, found in one step."""

    def __init__(self, config, inputs, heads, seed) -> None:
        self.linear = Linear(4, 1)

    def __call__(self, batch, training=False):
        return {"value": self.linear(batch["numbers"])[:, 0]}

    def fit(self, batch) -> None:
        self.linear.bias.assign([tf.reduce_mean(batch["target"])])

    def predict_step(self, batch, options):
        return {"value": self(batch)["value"] * options["factor"]}


def test_a_network_that_fits_once_is_fitted(bench, feed, steps, line) -> None:
    made = bench(feed(line), **{**DUEL, "factory": Mean, "loss": MeanSquaredError})

    [loss] = made.trainer.run(steps(50, 50, 1))

    np.testing.assert_allclose(loss, line["target"].var(), rtol=1e-5)
    found = made.engine.predict(made.network, {"numbers": line["numbers"]}, {"factor": 2.0})
    np.testing.assert_allclose(found["value"], 2 * line["target"].mean(), rtol=1e-5)


def test_validation_gives_heads_and_the_weighted_loss(bench, feed, flowers) -> None:
    made = bench(feed(flowers), factory=softmax, config=LinearConfig(initial_scale=0.5, l2=0.01))

    heads, loss = made.trainer.validate(made.trainer.feed.arrays, {})

    logits = heads["logits"].astype(np.float64)
    logs = np.log(np.exp(logits).sum(1)) - logits[np.arange(50), flowers["target"]]
    penalty = 0.01 * (made.weights["weight"].astype(np.float64) ** 2).sum()
    np.testing.assert_allclose(loss, np.average(logs, weights=flowers["weight"]) + penalty, rtol=1e-5)


@pytest.mark.parametrize("resident", [True, False])
def test_rows_without_a_class_are_data_errors(bench, feed, steps, flowers, resident) -> None:
    flowers["target"][7] = -1
    made = bench(feed(flowers, resident))
    with pytest.raises(DataError, match="1 rows have no class"):
        made.trainer.run(steps(50, 50, 1))


def test_gradient_training_needs_a_loss(bench, feed, flowers) -> None:
    with pytest.raises(ConfigError, match="names a loss"):
        bench(feed(flowers), loss=None)


def test_losses_are_those_of_engine_numpy(flowers) -> None:
    heads = {"logits": Feature("array", shape=(3,))}
    logits = np.random.default_rng(0).normal(size=(50, 3))
    from sci_numpy.losses import CrossEntropy as Reference

    wanted, _ = Reference(CrossEntropyConfig(), heads)({"logits": logits}, flowers)
    batch = {key: tf.constant(array) for key, array in flowers.items()}
    found = CrossEntropy(CrossEntropyConfig(), heads)({"logits": tf.constant(logits)}, batch)
    np.testing.assert_allclose(float(found), wanted, rtol=1e-12)


class Speller(Network):
    """Emits a distribution for each position when it is told the one before it, and codes when it has to answer."""

    def __init__(self, config, inputs, heads, seed) -> None:
        self.first, self.next = Linear(4, 3), Linear(3, 3)

    def __call__(self, batch, training=False):
        numbers = batch["numbers"]
        before = self.next(tf.one_hot(batch["target"], 3, dtype=numbers.dtype))[:, :-1]
        return {"logits": self.first(numbers)[:, None] + tf.pad(before, [[0, 0], [1, 0], [0, 0]])}

    def predict_step(self, batch, options):
        assert not [key for key in batch if key.startswith("target")]
        found = tf.repeat(tf.argmax(self.first(batch["numbers"]), 1)[:, None], options["length"], axis=1)
        return {"logits": found, "logits.length": tf.fill([tf.shape(found)[0]], options["length"])}


class TokenMean:
    """Cross-entropy: a mean over tokens."""

    def __init__(self, config, heads) -> None:
        pass

    def __call__(self, outputs, batch):
        logits, target = outputs["logits"], batch["target"]
        inside = tf.sequence_mask(batch["target.length"], tf.shape(target)[1], dtype=logits.dtype)
        each = tf.nn.sparse_softmax_cross_entropy_with_logits(target, logits) * inside
        return tf.math.divide_no_nan(tf.reduce_sum(each), tf.reduce_sum(inside))

    def mass(self, batch):
        return tf.reduce_sum(batch["target.length"])


@pytest.fixture
def words(flowers):
    draw = np.random.default_rng(3)
    lengths = draw.integers(0, 7, size=50).astype(np.int32)
    lengths[:20] = 0  # micro-batches without a token are among them
    numbers = flowers["numbers"].astype(np.float64)
    return {"numbers": numbers, "target": draw.integers(0, 3, size=(50, 6)), "target.length": lengths}


@pytest.mark.parametrize("parts", [2, 3])
def test_parts_of_a_mean_over_tokens_add_up_to_it(bench, feed, steps, words, parts) -> None:
    settings = {"factory": Speller, "loss": TokenMean, "precision": "float64", "optimizer": plain(0.1)}
    whole, parted = (bench(feed(words), **settings, gradient_accumulation=count) for count in (1, parts))
    plan = [*steps(50, 16, 2), steps(50, 50, 1)[0]._replace(indices=np.arange(50))]

    losses, found = whole.trainer.run(plan), parted.trainer.run(plan)

    np.testing.assert_allclose(found, losses, rtol=1e-12)
    for name, value in whole.weights.items():
        np.testing.assert_allclose(parted.weights[name], value, rtol=1e-12, err_msg=name)


def test_a_network_that_decodes_is_validated_by_what_it_says_when_told_the_targets(bench, feed, words) -> None:
    made = bench(feed(words), factory=Speller, loss=TokenMean, precision="float64")

    emitted, loss = made.trainer.validate(made.trainer.feed.arrays, {"length": 4})

    batch = {key: tf.convert_to_tensor(values) for key, values in words.items()}
    assert loss == pytest.approx(float(TokenMean(None, {})(made.network(batch), batch)))
    assert emitted["logits"].shape == (50, 4)
    assert emitted["logits.length"].tolist() == [4] * 50
    assert made.trainer.mass(words) == words["target.length"].sum()


def test_the_loss_alone_is_that_of_validation_and_nothing_is_decoded(bench, feed, words) -> None:
    made = bench(feed(words), factory=Speller, loss=TokenMean, precision="float64")
    _, loss = made.trainer.validate(made.trainer.feed.arrays, {"length": 4})

    alone = made.trainer.validation_loss(made.trainer.feed.arrays)  # without the options that decoding demands

    assert alone == pytest.approx(loss, rel=1e-14)
