"""What engine torch relies on: real optimizers of PyTorch, complete states, and no difference from fewer calls."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest

from sci_optim import plugin
from sci_optim.config import AdamConfig, AdamWConfig, LionConfig, OptimizerConfig, SgdConfig

torch = pytest.importorskip("torch")

SETTINGS: list[tuple[str, dict[str, Any]]] = [
    *((spec.name, {}) for spec in plugin.sci_optimizers()),
    ("sgd", {"momentum": 0.9, "dampening": 0.1, "weight_decay": 0.1}),
    ("rmsprop", {"momentum": 0.9, "weight_decay": 0.1}),
    ("adam", {"weight_decay": 0.1}),
    ("lion", {"weight_decay": 0.1}),
]
each_setting = pytest.mark.parametrize(("name", "settings"), SETTINGS, ids=[f"{n}-{s}" for n, s in SETTINGS])
DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here"))]

Named = list[tuple[str, Any]]


def imported(target: str) -> Any:
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def made(name: str, settings: dict[str, Any], parameters: Named) -> Any:
    spec = next(spec for spec in plugin.sci_optimizers() if spec.name == name)
    assert not isinstance(spec.target, str)
    return imported(spec.target["torch"])(imported(str(spec.config))(**settings), parameters)


def several(dtype: Any = torch.float64, device: str = "cpu") -> Named:
    generator = torch.Generator().manual_seed(0)
    shapes = {"dense.weight": (3, 2), "dense.bias": (3,), "norm.weight": (3,)}
    drawn = {name: torch.randn(shape, generator=generator, dtype=torch.float64) for name, shape in shapes.items()}
    return [(name, tensor.to(device, dtype).requires_grad_()) for name, tensor in drawn.items()]


def give_gradients(parameters: Named, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    for _, parameter in parameters:
        drawn = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
        parameter.grad = drawn.to(parameter.device, parameter.dtype)


def train(optimizer: Any, parameters: Named, seeds: range) -> None:
    for seed in seeds:
        give_gradients(parameters, seed)
        optimizer.step()


def bits(parameters: Named) -> dict[str, bytes]:
    return {name: parameter.detach().cpu().numpy().tobytes() for name, parameter in parameters}


@each_setting
def test_every_optimizer_is_one_of_pytorch(name: str, settings: dict[str, Any]) -> None:
    assert isinstance(made(name, settings, several()), torch.optim.Optimizer)


@each_setting
@pytest.mark.parametrize("device", DEVICES)
def test_a_restored_optimizer_goes_on_bit_for_bit(device: str, name: str, settings: dict[str, Any]) -> None:
    whole, stopped = several(device=device), several(device=device)
    uninterrupted, first = made(name, settings, whole), made(name, settings, stopped)
    train(uninterrupted, whole, range(10))
    train(first, stopped, range(5))

    parameters = [(key, tensor.detach().clone().requires_grad_()) for key, tensor in stopped]
    resumed = made(name, settings, parameters)
    train(resumed, several(device=device), range(1))  # the state of a first update must not survive
    resumed.load_state_dict(first.state_dict())
    train(resumed, parameters, range(5, 10))

    assert bits(parameters) == bits(whole)


@each_setting
def test_state_holds_tensors_only(name: str, settings: dict[str, Any]) -> None:
    parameters = several()
    optimizer = made(name, settings, parameters)
    train(optimizer, parameters, range(2))
    kept = optimizer.state_dict()["state"]
    assert all(isinstance(value, torch.Tensor) for entry in kept.values() for value in entry.values())


@each_setting
def test_single_precision_stays_single(name: str, settings: dict[str, Any]) -> None:
    parameters = several(torch.float32)
    optimizer = made(name, settings, parameters)
    train(optimizer, parameters, range(2))
    assert {parameter.dtype for _, parameter in parameters} == {torch.float32}
    assert {value.dtype for entry in optimizer.state.values() for value in entry.values()} <= {torch.float32}


@each_setting
@pytest.mark.parametrize("device", DEVICES)
def test_single_precision_is_near_to_double(device: str, name: str, settings: dict[str, Any]) -> None:
    single, double = several(torch.float32, device), several(torch.float64, device)
    train(made(name, settings, single), single, range(20))
    train(made(name, settings, double), double, range(20))
    for (_, found), (_, expected) in zip(single, double, strict=True):
        np.testing.assert_allclose(found.detach().cpu(), expected.detach().cpu(), rtol=1e-4, atol=1e-5)


def test_no_decay_splits_into_two_groups_and_only_when_there_is_a_decay() -> None:
    parameters = several()
    names = {id(parameter): name for name, parameter in parameters}

    decayed = made("sgd", {"weight_decay": 0.1}, parameters)
    plain = made("sgd", {}, parameters)

    grouped = {group["weight_decay"]: {names[id(p)] for p in group["params"]} for group in decayed.param_groups}
    assert grouped == {0.1: {"dense.weight"}, 0.0: {"dense.bias", "norm.weight"}}
    assert len(plain.param_groups) == 1


@pytest.mark.parametrize("name", ["gradient-descent", "sgd", "adagrad", "adam", "adamw"])
def test_one_kernel_is_used_where_pytorch_has_one(name: str) -> None:
    assert all(group["fused"] for group in made(name, {}, several()).param_groups)


# Adam and AdamW go around PyTorch's step; every way must lead to its result.

ADAMS = [("adam", AdamConfig(weight_decay=0.1), torch.optim.Adam), ("adamw", AdamWConfig(), torch.optim.AdamW)]
each_adam = pytest.mark.parametrize(("name", "config", "theirs"), ADAMS, ids=["adam", "adamw"])


def both(name: str, config: OptimizerConfig, theirs: Any) -> tuple[Named, Any, Named, Any]:
    """Ours, and PyTorch's own with the same kernel."""
    ours, reference = several(torch.float32), several(torch.float32)
    optimizer = made(name, config.model_dump(), ours)
    groups = [
        {"params": [p for _, p in reference[:1]], "weight_decay": config.model_dump()["weight_decay"]},
        {"params": [p for _, p in reference[1:]], "weight_decay": 0.0},
    ]
    return ours, optimizer, reference, theirs(groups, lr=config.learning_rate, fused=True)


@each_adam
def test_the_short_way_is_bit_equal_to_pytorch(name: str, config: OptimizerConfig, theirs: Any) -> None:
    ours, optimizer, reference, original = both(name, config, theirs)
    train(optimizer, ours, range(8))
    train(original, reference, range(8))
    assert optimizer.gathered is not None
    assert bits(ours) == bits(reference)


@each_adam
def test_a_missing_gradient_takes_the_long_way(name: str, config: OptimizerConfig, theirs: Any) -> None:
    ours, optimizer, reference, original = both(name, config, theirs)
    for seed in range(6):
        for parameters, rule in ((ours, optimizer), (reference, original)):
            give_gradients(parameters, seed)
            if seed % 2:
                parameters[1][1].grad = None
            rule.step()
    assert bits(ours) == bits(reference)


@each_adam
@pytest.mark.parametrize("scale", [None, 8.0], ids=["unscaled", "scaled"])
def test_an_update_that_a_loss_scaler_forbids_changes_nothing(
    name: str, config: OptimizerConfig, theirs: Any, scale: float | None
) -> None:
    ours, optimizer, reference, original = both(name, config, theirs)
    for seed in range(6):
        for parameters, rule in ((ours, optimizer), (reference, original)):
            give_gradients(parameters, seed)
            before = bits(parameters)
            forbidden = seed in (0, 2, 4)
            if forbidden:
                parameters[0][1].grad[0, 0] = torch.nan
            rule.found_inf = torch.tensor(float(forbidden))
            rule.grad_scale = None if scale is None else torch.tensor(scale)
            rule.step()
            assert (bits(parameters) == before) is forbidden
    assert bits(ours) == bits(reference)
    assert {float(entry["step"]) for entry in optimizer.state.values()} == {3.0}


@each_adam
def test_a_changed_rate_acts_at_once(name: str, config: OptimizerConfig, theirs: Any) -> None:
    ours, optimizer, _, _ = both(name, config, theirs)
    train(optimizer, ours, range(3))
    before = bits(ours)
    for group in optimizer.param_groups:
        group["lr"] = 0.0
    train(optimizer, ours, range(3, 5))
    assert bits(ours) == before


def test_parameters_added_later_are_updated() -> None:
    parameters = several()
    optimizer = made("adamw", {}, parameters[:1])
    train(optimizer, parameters, range(2))
    optimizer.add_param_group({"params": [parameters[1][1]]})
    before = bits(parameters)
    train(optimizer, parameters, range(2, 4))
    after = bits(parameters)
    assert [before[key] != after[key] for key, _ in parameters] == [True, True, False]


@pytest.mark.parametrize("name", ["adam", "adamw", "lion"])
def test_a_closure_is_called_once_and_its_loss_returned(name: str) -> None:
    parameters = several()
    optimizer = made(name, {}, parameters)
    train(optimizer, parameters, range(2))
    calls: list[int] = []

    def closure() -> float:
        calls.append(1)
        give_gradients(parameters, 9)
        return 0.25

    assert optimizer.step(closure) == 0.25
    assert calls == [1]


def test_lion_leaves_a_parameter_without_gradient_alone() -> None:
    parameters = several()
    optimizer = imported("sci_optim.torch.lion:Lion")(LionConfig(weight_decay=0.5, no_decay=()), parameters)
    before = bits(parameters)
    give_gradients(parameters, 0)
    parameters[0][1].grad = None
    optimizer.step()
    assert [before[key] == value for key, value in bits(parameters).items()] == [True, False, False]


def test_gradients_are_left_alone() -> None:
    for name, settings in SETTINGS:
        parameters = several()
        optimizer = made(name, settings, parameters)
        give_gradients(parameters, 0)
        before = [parameter.grad.clone() for _, parameter in parameters]
        optimizer.step()
        optimizer.step()
        assert all(torch.equal(p.grad, grad) for (_, p), grad in zip(parameters, before, strict=True)), name


def test_layouts_of_memory_play_no_part() -> None:
    plain, turned = several(), several()
    turned[0] = ("dense.weight", turned[0][1].detach().t().contiguous().t().requires_grad_())
    for parameters in (plain, turned):
        optimizer = made("adamw", {}, parameters)
        for _ in range(4):
            optimizer.zero_grad()
            sum((parameter.sin() * parameter).sum() for _, parameter in parameters).backward()
            optimizer.step()
    assert turned[0][1].stride() != plain[0][1].stride()
    np.testing.assert_allclose(turned[0][1].detach(), plain[0][1].detach(), rtol=1e-12)


def test_settings_of_sgd_reach_every_group() -> None:
    groups = made("sgd", SgdConfig(momentum=0.5, weight_decay=0.1).model_dump(), several()).param_groups
    assert [group["momentum"] for group in groups] == [0.5, 0.5]
