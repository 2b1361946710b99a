"""What a network starts from."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from sci.api import ConfigError, LoraConfig, StorageError
from sci_networks.config import MlpConfig


def test_pretrained_weights_are_read_by_canonical_names_when_training_starts(bench, feed, flowers, tmp_path) -> None:
    source = bench(feed(flowers)).weights
    changed = {name: array + 1 for name, array in source.items()}
    save_file({**changed, "head.logits.weight": np.zeros((7, 8), np.float32)}, tmp_path / "model.safetensors")

    config = MlpConfig(hidden=[8], dropout=0.3, normalization="batch", pretrained=str(tmp_path))
    made = bench(feed(flowers), config=config)

    for name, array in changed.items():
        wanted = source[name] if name == "head.logits.weight" else array  # another task: it stays as it was drawn
        np.testing.assert_array_equal(made.weights[name], wanted)


def test_pretrained_weights_may_lie_in_several_files(bench, feed, flowers, tmp_path) -> None:
    source = {name: array + 1 for name, array in bench(feed(flowers)).weights.items()}
    places = {name: f"part-{position % 2}.safetensors" for position, name in enumerate(source)}
    for file in set(places.values()):
        save_file({name: source[name] for name in source if places[name] == file}, tmp_path / file)
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))

    config = MlpConfig(hidden=[8], normalization="batch", pretrained=str(tmp_path))
    made = bench(feed(flowers), config=config)

    assert all(np.array_equal(made.weights[name], array) for name, array in source.items())


def test_pretrained_weights_of_another_model_are_refused(bench, feed, flowers, tmp_path) -> None:
    save_file({"hidden.0.linear.weight": np.zeros((9, 4), np.float32)}, tmp_path / "model.safetensors")
    with pytest.raises(ConfigError, match=r"are those of another model: `hidden.0.linear.weight` is"):
        bench(feed(flowers), config=MlpConfig(hidden=[8], pretrained=str(tmp_path)))


def test_a_damaged_file_of_weights_is_a_storage_error(bench, feed, flowers, tmp_path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"no safetensors")
    with pytest.raises(StorageError, match="no safetensors"):
        bench(feed(flowers), config=MlpConfig(hidden=[8], pretrained=str(tmp_path)))


def test_frozen_weights_stay_and_the_others_learn(bench, feed, steps, flowers) -> None:
    made = bench(feed(flowers), config=MlpConfig(hidden=[8, 8], freeze=["hidden.0.*"]))
    before = made.weights

    made.trainer.run(steps(50, 8, 1))

    still = {name for name in before if np.array_equal(before[name], made.weights[name])}
    assert still == {"hidden.0.linear.weight", "hidden.0.linear.bias"}


def test_a_pattern_that_fits_nothing_is_a_config_error(bench, feed, flowers) -> None:
    with pytest.raises(ConfigError, match=r"`layer\.\*` fits no weight"):
        bench(feed(flowers), config=MlpConfig(freeze=["layer.*"]))


def test_something_has_to_learn(bench, feed, flowers) -> None:
    with pytest.raises(ConfigError, match="no weight learns"):
        bench(feed(flowers), config=MlpConfig(freeze=["*"]))


def test_adapted_layers_alone_learn(bench, feed, steps, flowers, tmp_path) -> None:
    source = bench(feed(flowers)).weights
    save_file({name: array + 0.1 for name, array in source.items()}, tmp_path / "model.safetensors")
    config = MlpConfig(
        hidden=[8], normalization="batch", pretrained=str(tmp_path), lora=LoraConfig(rank=2, targets=["hidden.*"])
    )
    made = bench(feed(flowers), config=config)
    before = made.weights
    np.testing.assert_array_equal(before["hidden.0.linear.base_layer.weight"], source["hidden.0.linear.weight"] + 0.1)

    made.trainer.run(steps(50, 8, 1))

    changed = {name for name in before if not np.array_equal(before[name], made.weights[name])}
    assert changed - {"hidden.0.norm.running_mean", "hidden.0.norm.running_var"} == {
        "hidden.0.linear.lora_A.default.weight",
        "hidden.0.linear.lora_B.default.weight",
        "head.logits.weight",
        "head.logits.bias",
    }


def test_adaptation_follows_from_the_seed_and_is_resumed(bench, feed, steps, flowers) -> None:
    config = MlpConfig(hidden=[8], lora=LoraConfig(rank=2, dropout=0.2))
    whole, first, second = (bench(feed(flowers), config=config) for _ in range(3))
    wanted = steps(50, 8, 2)
    whole.trainer.run(wanted)
    first.trainer.run(wanted[:3])
    second.trainer.load_state(first.trainer.state())
    second.trainer.run(wanted[3:])
    one, other = whole.trainer.state().arrays, second.trainer.state().arrays
    assert one.keys() == other.keys()
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_layers_that_are_not_there_cannot_be_adapted(bench, feed, flowers) -> None:
    with pytest.raises(ConfigError, match=r"`attention\.\*` fits no linear layer") as caught:
        bench(feed(flowers), config=MlpConfig(lora=LoraConfig(targets=["attention.*"])))
    assert "hidden.0.linear" in caught.value.note
