from __future__ import annotations

import functools
import importlib
import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from sci.api import ConfigError, State
from sci_networks.config import LinearConfig, MlpConfig
from sci_networks.torch.linear import linear, softmax
from sci_torch.config import TorchConfig
from sci_torch.trainer import with_compiler
from sci_torch.update import Blind

DROPPING = MlpConfig(hidden=[8, 8], dropout=0.3, normalization="batch")


def test_training_is_the_loop_that_one_would_write_by_hand(bench, steps) -> None:
    trained = bench()
    by_hand = bench().network
    optimizer = torch.optim.AdamW(by_hand.parameters(), lr=0.01, fused=True)
    losses = []
    for step in steps(16, 2):
        batch = {key: torch.from_numpy(values[step.indices]) for key, values in trained.arrays.items()}
        optimizer.zero_grad()
        loss = functional.cross_entropy(by_hand(batch)["logits"], batch["target"])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

    found = trained.trainer.run(steps(16, 2))

    assert found.tolist() == losses
    assert all(torch.equal(a, b) for a, b in zip(trained.network.parameters(), by_hand.parameters(), strict=True))


@pytest.mark.parametrize("resident", [True, False])
@pytest.mark.parametrize("size", [16, 7])
def test_neither_grouping_nor_residence_changes_a_bit(bench, steps, bit_equal, resident, size) -> None:
    whole = bench(config=DROPPING, gradient_clip=0.5)
    parted = bench(config=DROPPING, gradient_clip=0.5, resident=resident)
    losses = whole.trainer.run(steps(size, 3))

    found = [parted.trainer.run(steps(size, 3)[start : start + 4]) for start in range(0, len(losses), 4)]

    assert np.concatenate(found).tolist() == losses.tolist()
    assert bit_equal(whole.trainer.state().arrays, parted.trainer.state().arrays)


@pytest.mark.parametrize("precision", ["float32", "float64", "bf16", "fp16"])
@pytest.mark.parametrize("at", [0, 1, 7])
def test_training_goes_on_bit_by_bit_from_any_step(bench, steps, bit_equal, precision, at) -> None:
    settings = {"precision": precision, "gradient_accumulation": 2, "gradient_clip": 1.0}
    todo = steps(20, 3, lambda step: 1 / (1 + step))
    whole, first, second = (bench(config=DROPPING, **settings) for _ in range(3))
    losses = whole.trainer.run(todo)
    first.trainer.run(todo[:at])
    saved = first.trainer.state()
    torch.rand(5)  # what others draw meanwhile does not matter

    second.trainer.load_state(State(dict(saved.arrays), saved.meta))
    rest = second.trainer.run(todo[at:])

    assert rest.tolist() == losses[at:].tolist()
    assert bit_equal(whole.trainer.state().arrays, second.trainer.state().arrays)


@pytest.mark.parametrize(
    "make",
    [
        lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9),
        lambda p: torch.optim.RMSprop(p, lr=0.01, momentum=0.5),
        lambda p: torch.optim.Adagrad(p, lr=0.01),
        lambda p: torch.optim.Adam(p, lr=0.01, amsgrad=True),
    ],
)
def test_the_state_of_every_optimizer_is_kept(bench, steps, bit_equal, make) -> None:
    whole, first, second = (bench(optimizer=lambda named: make([p for _, p in named])) for _ in range(3))
    whole.trainer.run(steps(16, 2))
    first.trainer.run(steps(16, 2)[:3])
    second.trainer.load_state(first.trainer.state())
    second.trainer.run(steps(16, 2)[3:])
    assert bit_equal(whole.trainer.state().arrays, second.trainer.state().arrays)


def test_training_and_building_leave_the_random_numbers_of_others_alone(bench, steps) -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    bench(config=DROPPING).trainer.run(steps(16, 1))
    assert torch.equal(torch.rand(3), expected)


def test_dropout_follows_from_the_seed(bench, steps) -> None:
    first, second, other = (bench(config=DROPPING, seed=seed).trainer.run(steps(16, 1)) for seed in (0, 0, 1))
    assert first.tolist() == second.tolist()
    assert first.tolist() != other.tolist()


@pytest.mark.parametrize("weight", [False, True])
def test_micro_batches_add_up_to_the_batch(bench, steps, rows, weight) -> None:
    settings = {"factory": softmax, "config": LinearConfig(l2=0.1, initial_scale=1), "precision": "float64"}
    whole = bench(rows(weight=weight), **settings)
    parted = bench(rows(weight=weight), **settings, gradient_accumulation=3)

    losses, found = whole.trainer.run(steps(16, 2)), parted.trainer.run(steps(16, 2))

    np.testing.assert_allclose(found, losses, rtol=1e-12)
    for name, value in whole.weights.items():
        np.testing.assert_allclose(parted.weights[name], value, rtol=1e-12)


def test_a_row_of_weight_two_counts_as_two_rows(bench, steps, rows) -> None:
    arrays = rows()
    doubled = bench({**arrays, "weight": np.where(np.arange(70) < 10, 2, 1).astype(np.float32)})
    repeated = bench({key: np.concatenate([values, values[:10]]) for key, values in arrays.items()})
    once = steps(70, 1)[0]

    loss = doubled.trainer.run([once._replace(indices=np.arange(70))])
    again = repeated.trainer.run([once._replace(indices=np.arange(80))])

    assert loss[0] == pytest.approx(again[0], rel=1e-6)


def test_gradients_are_clipped_by_their_length_together(bench, steps) -> None:
    def sgd(named):
        return torch.optim.SGD([p for _, p in named], lr=1.0)

    free, clipped = bench(optimizer=sgd), bench(optimizer=sgd, gradient_clip=0.1)
    before = free.weights
    for one in (free, clipped):
        one.trainer.run(steps(70, 1))

    moves = [np.concatenate([(one.weights[n] - before[n]).ravel() for n in before]) for one in (free, clipped)]

    assert np.linalg.norm(moves[0]) > 0.1
    assert np.linalg.norm(moves[1]) == pytest.approx(0.1, rel=1e-4)
    np.testing.assert_allclose(moves[1] / 0.1, moves[0] / np.linalg.norm(moves[0]), atol=1e-4)


def test_the_penalty_is_part_of_the_loss(bench, steps) -> None:
    without, with_it = (
        bench(classes=None, factory=linear, config=LinearConfig(l2=l2, initial_scale=1.0)) for l2 in (0, 0.5)
    )
    squares = float((without.weights["weight"] ** 2).sum())
    first = [one.trainer.run(steps(70, 1))[0] for one in (without, with_it)]
    assert first[1] - first[0] == pytest.approx(0.5 * squares, rel=1e-5)


def test_a_regression_reaches_the_closed_form(bench, steps, rows) -> None:
    arrays = rows(classes=None)
    trained = bench(arrays, classes=None, factory=linear, config=LinearConfig(), precision="float64")
    trained.trainer.update.optimizers[0].param_groups[0].update(weight_decay=0.0)
    for step in steps(70, 2000):
        trained.trainer.run([step])
    design = np.column_stack([arrays["numbers"], np.ones(70)]).astype(float)
    solution = np.linalg.lstsq(design, arrays["target"].astype(float), rcond=None)[0]
    np.testing.assert_allclose(trained.weights["weight"][0], solution[:-1], atol=1e-3)


def broken(arrays, row):
    arrays = {key: values.copy() for key, values in arrays.items()}
    arrays["numbers"][row] = np.inf
    return arrays


@pytest.mark.parametrize("settings", [{}, {"gradient_clip": 1.0}, {"gradient_accumulation": 2}, {"precision": "fp16"}])
def test_after_a_loss_that_is_not_finite_nothing_changes(bench, steps, rows, bit_equal, settings) -> None:
    todo = steps(16, 2)
    arrays = broken(rows(), todo[3].indices[0])
    config = MlpConfig(hidden=[8], normalization="batch")
    stopped, before = (bench(arrays, config=config, **settings) for _ in range(2))

    losses = stopped.trainer.run(todo)
    before.trainer.run(todo[:3])

    assert np.isfinite(losses[:3]).all()
    assert not np.isfinite(losses[3:]).any()
    assert bit_equal(stopped.weights, before.weights)
    assert np.isnan(stopped.trainer.run(todo[:2])).all()
    assert bit_equal(stopped.weights, before.weights)


class Cliff(nn.Module):
    """A finite loss whose derivative is infinite."""

    def __init__(self, config, inputs, heads, seed) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(3))

    def forward(self, batch):
        return {"logits": batch["numbers"][:, :3] + self.weight.sqrt()}


def test_a_gradient_that_is_not_finite_stops_training_too(bench, steps) -> None:
    stopped = bench(factory=Cliff)
    losses = stopped.trainer.run(steps(16, 1))
    assert np.isnan(losses).all()
    assert stopped.weights["weight"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("settings", [{}, {"gradient_clip": 0.5}, {"precision": "fp16"}])
@pytest.mark.parametrize("bad", [False, True])
def test_deciding_on_the_device_is_deciding_on_the_host(bench, steps, rows, settings, bad) -> None:
    todo = steps(16, 2)
    arrays = broken(rows(), todo[3].indices[0]) if bad else rows()
    looking, blind = (bench(arrays, config=DROPPING, **settings) for _ in range(2))
    one = blind.trainer
    one.update = Blind(one.update.optimizers, one.clip, one.hardware.scaled, torch.device("cpu"))

    losses, found = looking.trainer.run(todo), one.run(todo)

    good = np.isfinite(losses)
    assert good.tolist() == np.isfinite(found).tolist()
    assert good.all() != bad
    np.testing.assert_allclose(found[good], losses[good], rtol=1e-6)
    assert one.update.stopped == looking.trainer.update.stopped == bad
    for name, value in looking.weights.items():
        np.testing.assert_allclose(blind.weights[name], value, rtol=1e-4, atol=1e-6, err_msg=name)


def test_half_precision_finds_its_scale(bench, steps) -> None:
    trained = bench(precision="fp16", classes=None, factory=linear, config=LinearConfig(initial_scale=3))
    losses = trained.trainer.run(steps(16, 120))
    assert np.isfinite(losses).all()
    assert trained.trainer.update.scale.item() < 2**16
    assert losses[-4:].mean() < losses[:4].mean() / 2


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_halves_learn_nearly_as_well(bench, steps, precision) -> None:
    full, half = bench(), bench(precision=precision)
    last = [one.trainer.run(steps(16, 30))[-5:].mean() for one in (full, half)]
    assert last[1] == pytest.approx(last[0], abs=0.1)
    assert {value.dtype.name for value in half.weights.values()} == {"float32"}


def test_the_rate_multiplies_the_learning_rate(bench, steps, bit_equal) -> None:
    still = bench()
    before = still.weights
    still.trainer.run(steps(16, 1, lambda step: 0.0))
    assert bit_equal(still.weights, before)


def test_validation_uses_no_dropout_and_changes_nothing(bench, steps, bit_equal) -> None:
    trained = bench(config=DROPPING)
    trained.trainer.run(steps(16, 1))
    before = trained.trainer.state().arrays
    (first, loss), (second, _) = (trained.trainer.validate(trained.arrays, {}) for _ in range(2))
    assert bit_equal(first, second)
    assert bit_equal(trained.trainer.state().arrays, before)
    logits = torch.from_numpy(first["logits"])
    assert loss == pytest.approx(functional.cross_entropy(logits, torch.from_numpy(trained.arrays["target"])).item())
    np.testing.assert_array_equal(
        trained.engine.predict(trained.network, trained.arrays, {})["logits"], first["logits"]
    )


class Rival(nn.Module):
    """A generator and a discriminator of numbers, trained against each other (Goodfellow et al. 2014)."""

    def __init__(self, config, inputs, heads, seed) -> None:
        super().__init__()
        self.generator = nn.Linear(2, 5)
        self.discriminator = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 1))

    def parameter_groups(self):
        return {
            name: [(f"{name}.{key}", p) for key, p in getattr(self, name).named_parameters()]
            for name in ("generator", "discriminator")
        }

    def forward(self, batch):
        return {"value": self.discriminator(batch["numbers"])[:, 0]}

    def training_step(self, batch, optimizers, step):
        real = batch["numbers"]
        made = self.generator(torch.randn(len(real), 2))
        ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)
        judge = functional.binary_cross_entropy_with_logits
        optimizers["discriminator"].zero_grad()
        loss = judge(self.discriminator(real), ones) + judge(self.discriminator(made.detach()), zeros)
        loss.backward()
        optimizers["discriminator"].step()
        optimizers["generator"].zero_grad()
        judge(self.discriminator(made), ones).backward()
        optimizers["generator"].step()
        return loss

    def predict_step(self, batch, options):
        return {"value": self.generator(torch.full((len(batch["id"]), 2), options["at"]))}


def rivals(bench, arrays=None):
    return bench(arrays, factory=Rival, lossless=True)


def test_a_model_with_its_own_step_trains_two_groups(bench, steps, bit_equal) -> None:
    whole, first, second = (rivals(bench) for _ in range(3))
    before = whole.weights
    losses = whole.trainer.run(steps(16, 4))
    first.trainer.run(steps(16, 4)[:7])
    second.trainer.load_state(first.trainer.state())

    rest = second.trainer.run(steps(16, 4)[7:])

    assert sorted(whole.trainer.optimizers) == ["discriminator", "generator"]
    assert not any(np.array_equal(before[name], value) for name, value in whole.weights.items())
    assert rest.tolist() == losses[7:].tolist()
    assert bit_equal(whole.trainer.state().arrays, second.trainer.state().arrays)


def test_an_own_step_that_diverges_is_undone(bench, steps, rows, bit_equal) -> None:
    todo = steps(16, 2)
    arrays = broken(rows(), todo[3].indices[0])
    stopped, before = rivals(bench, arrays), rivals(bench, arrays)
    losses = stopped.trainer.run(todo)
    before.trainer.run(todo[:3])
    assert np.isfinite(losses).tolist() == [True] * 3 + [False] * (len(todo) - 3)
    assert bit_equal(stopped.weights, before.weights)
    assert np.isnan(stopped.trainer.run(todo[:1])).all()


def test_predicting_may_be_more_than_calling(bench) -> None:
    trained = rivals(bench)
    batch = {"id": np.arange(4)}
    found = trained.engine.predict(trained.network, batch, {"at": 0.0})
    np.testing.assert_allclose(found["value"], np.tile(trained.weights["generator.bias"], (4, 1)), rtol=1e-6)


@pytest.mark.parametrize("settings", [{"gradient_accumulation": 2}, {"gradient_clip": 1.0}, {"precision": "fp16"}])
def test_an_own_step_is_neither_parted_nor_clipped_nor_scaled(bench, settings) -> None:
    with pytest.raises(ConfigError, match="brings its own training step") as caught:
        bench(factory=Rival, lossless=True, **settings)
    assert caught.value.id == "train.own-step"


class Mean(nn.Module):
    """The mean of the targets, found at once."""

    def __init__(self, config, inputs, heads, seed) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(()))

    def forward(self, batch):
        return {"value": self.mean.expand(len(batch["id"]))}

    def fit(self, batch):
        self.mean.copy_(batch["target"].mean())


def test_a_model_may_be_fitted_at_once(bench, steps) -> None:
    fitted = bench(classes=None, factory=Mean)
    (loss,) = fitted.trainer.run([steps(70, 1)[0]])
    target = fitted.arrays["target"]
    assert fitted.weights["mean"] == pytest.approx(target.mean(), rel=1e-5)
    assert loss == pytest.approx(target.var(), rel=1e-5)


def test_a_model_without_a_loss_is_refused(bench) -> None:
    with pytest.raises(ConfigError, match="names a loss"):
        bench(lossless=True)


def test_frozen_weights_stay_and_the_others_learn(bench, steps) -> None:
    config = MlpConfig(hidden=[8], freeze=["hidden.*"])
    trained = bench(config=config)
    before = trained.weights
    trained.trainer.run(steps(16, 1))
    changed = {name for name, value in trained.weights.items() if not np.array_equal(before[name], value)}
    assert changed == {"head.logits.weight", "head.logits.bias"}
    assert not any("hidden" in name for name in trained.trainer.state().arrays if name.startswith("optimizer/"))


def test_a_pattern_that_freezes_nothing_or_everything_is_refused(bench) -> None:
    with pytest.raises(ConfigError, match=r"`encoder\.\*` fits no weight"):
        bench(config=MlpConfig(freeze=["encoder.*"]))
    with pytest.raises(ConfigError, match="no weight learns"):
        bench(config=MlpConfig(freeze=["*"]))


def test_a_feed_that_fails_ends_training(bench, steps) -> None:
    trained = bench(resident=False)

    def fail(indices, epoch):
        raise OSError("the disk is gone")

    trained.trainer.batches.feed.batch = fail
    with pytest.raises(OSError, match="the disk is gone"):
        trained.trainer.run(steps(16, 1))


def test_a_small_last_batch_is_no_trouble_for_batch_statistics(bench, steps) -> None:
    trained = bench(config=MlpConfig(hidden=[4], normalization="batch"))
    losses = trained.trainer.run(steps(23, 1))
    assert len(losses) == 4  # the last batch has one row
    assert np.isfinite(losses).all()


def test_no_steps_are_no_losses(bench) -> None:
    assert bench().trainer.run([]).shape == (0,)
    assert math.isfinite(bench().trainer.run([])[:0].sum())


def test_a_compiled_network_trains_as_the_network_does(bench, steps, monkeypatch) -> None:
    # The graph is captured and run as it is; making machine code of it takes half a minute.
    monkeypatch.setattr(torch, "compile", functools.partial(torch.compile, backend="eager"))
    plain, compiled = bench(), bench(engine=TorchConfig(compile=True))
    losses, found = plain.trainer.run(steps(16, 2)), compiled.trainer.run(steps(16, 2))
    assert compiled.facts["compiled"] == "yes"
    np.testing.assert_allclose(found, losses, rtol=1e-6)
    assert compiled.weights.keys() == plain.weights.keys()


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")  # torch's own, when its compiler is imported
def test_the_compiler_is_told_whether_to_be_deterministic():
    settings = importlib.import_module("torch._inductor.config")
    before = torch.get_deterministic_debug_mode()
    try:
        for mode in ("error", "default"):
            torch.set_deterministic_debug_mode(mode)
            with_compiler(nn.Linear(1, 1))
            assert settings.deterministic is (mode == "error")
    finally:
        torch.set_deterministic_debug_mode(before)


class Speller(nn.Module):
    """Emits a distribution for each position when it is told the one before it, and codes when it has to answer."""

    def __init__(self, config, inputs, heads, seed) -> None:
        super().__init__()
        self.first, self.next = nn.Linear(5, 3), nn.Embedding(3, 3)

    def forward(self, batch):
        before = functional.pad(self.next(batch["target"])[:, :-1], (0, 0, 1, 0))
        return {"logits": self.first(batch["numbers"])[:, None] + before}

    def predict_step(self, batch, options):
        assert not [key for key in batch if key.startswith("target")]
        found = self.first(batch["numbers"]).argmax(1, keepdim=True).expand(-1, options["length"])
        return {"logits": found, "logits.length": torch.full((len(found),), options["length"])}


class TokenMean:
    """Cross-entropy: a mean over tokens."""

    def __init__(self, config, heads) -> None:
        pass

    def __call__(self, outputs, batch):
        target = batch["target"]
        inside = torch.arange(target.shape[1]) < batch["target.length"][:, None]
        each = functional.cross_entropy(outputs["logits"].transpose(1, 2), target, reduction="none")
        return (each * inside).sum() / batch["target.length"].sum().clamp(min=1)

    def mass(self, batch):
        return batch["target.length"].sum()


def words(rows) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(3)
    lengths = draw.integers(0, 7, size=70).astype(np.int32)
    lengths[:20] = 0  # micro-batches without a token are among them
    return {"numbers": rows()["numbers"], "target": draw.integers(0, 3, size=(70, 6)), "target.length": lengths}


@pytest.mark.parametrize("parts", [2, 3])
def test_parts_of_a_mean_over_tokens_add_up_to_it(bench, steps, rows, parts) -> None:
    settings = {"factory": Speller, "loss": TokenMean, "precision": "float64"}
    settings["optimizer"] = lambda named: torch.optim.SGD([p for _, p in named], lr=0.1)
    whole, parted = (bench(words(rows), **settings, gradient_accumulation=count) for count in (1, parts))
    todo = [*steps(16, 2), steps(70, 1)[0]._replace(indices=np.arange(70))]

    losses, found = whole.trainer.run(todo), parted.trainer.run(todo)

    np.testing.assert_allclose(found, losses, rtol=1e-12)
    for name, value in whole.weights.items():
        np.testing.assert_allclose(parted.weights[name], value, rtol=1e-12, err_msg=name)


def test_a_network_that_decodes_is_validated_by_what_it_says_when_told_the_targets(bench, rows) -> None:
    made = bench(words(rows), factory=Speller, loss=TokenMean)

    emitted, loss = made.trainer.validate(made.arrays, {"length": 4})

    told = made.network({key: torch.from_numpy(values) for key, values in made.arrays.items()})
    batch = {key: torch.from_numpy(values) for key, values in made.arrays.items()}
    assert loss == pytest.approx(TokenMean(None, {})(told, batch).item())
    assert emitted["logits"].shape == (70, 4)
    assert emitted["logits.length"].tolist() == [4] * 70
    assert made.trainer.mass(made.arrays) == made.arrays["target.length"].sum()


def test_the_loss_alone_is_that_of_validation_and_nothing_is_decoded(bench, rows) -> None:
    made = bench(words(rows), factory=Speller, loss=TokenMean)
    _, loss = made.trainer.validate(made.arrays, {"length": 4})

    alone = made.trainer.validation_loss(made.arrays)  # without the options that decoding demands

    assert alone == loss
