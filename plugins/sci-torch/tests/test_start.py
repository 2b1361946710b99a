from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from sci.api import ConfigError, LoraConfig, MissingDependency, StorageError
from sci_networks.config import MlpConfig
from sci_torch.pretrained import read


@pytest.fixture
def trained(bench, steps):
    one = bench(config=MlpConfig(hidden=[8, 4]))
    one.trainer.run(steps(16, 2))
    return one


def config(folder, **more) -> MlpConfig:
    return MlpConfig(hidden=[8, 4], pretrained=str(folder), **more)


def test_training_starts_from_the_weights_of_a_folder(bench, trained, bit_equal, tmp_path) -> None:
    save_file(trained.weights, tmp_path / "model.safetensors")
    other = bench(config=config(tmp_path))
    assert bit_equal(other.weights, trained.weights)


def test_a_new_head_starts_from_the_seed(bench, trained, tmp_path, rows) -> None:
    save_file(trained.weights, tmp_path / "weights.safetensors")
    arrays = rows(classes=None)
    fresh = bench(arrays, classes=None, config=MlpConfig(hidden=[8, 4]))
    other = bench(arrays, classes=None, config=config(tmp_path))
    np.testing.assert_array_equal(other.weights["hidden.0.linear.weight"], trained.weights["hidden.0.linear.weight"])
    np.testing.assert_array_equal(other.weights["head.value.weight"], fresh.weights["head.value.weight"])


def test_weights_in_several_files_are_found_by_their_index(trained, bit_equal, tmp_path) -> None:
    names = list(trained.weights)
    for file, part in (("a.safetensors", names[:2]), ("b.safetensors", names[2:])):
        save_file({name: trained.weights[name] for name in part}, tmp_path / file)
    index = {"weight_map": {name: "a.safetensors" if name in names[:2] else "b.safetensors" for name in names}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    assert bit_equal({name: value.numpy() for name, value in read(str(tmp_path)).items()}, trained.weights)


def test_weights_of_another_model_are_named(bench, trained, tmp_path) -> None:
    weights = dict(trained.weights)
    weights["encoder.weight"] = weights.pop("hidden.1.linear.weight")
    save_file(weights, tmp_path / "model.safetensors")
    with pytest.raises(ConfigError) as caught:
        bench(config=config(tmp_path))
    assert caught.value.id == "model.weights"
    assert "`hidden.1.linear.weight` is missing, `encoder.weight` is unknown to the model" in caught.value.message


def test_a_damaged_file_is_named(tmp_path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"pickle?")
    with pytest.raises(StorageError, match="no safetensors"):
        read(str(tmp_path))


def test_adapted_layers_start_as_they_were_and_alone_learn(bench, trained, steps, tmp_path) -> None:
    pytest.importorskip("peft", reason="peft is not installed")
    save_file(trained.weights, tmp_path / "model.safetensors")
    adapted = bench(config=config(tmp_path, lora=LoraConfig(rank=2, targets=["hidden.0.*"])))
    np.testing.assert_allclose(
        adapted.engine.predict(adapted.network, adapted.arrays, {})["logits"],
        trained.engine.predict(trained.network, trained.arrays, {})["logits"],
        rtol=1e-5,
    )
    before = adapted.weights
    adapted.trainer.run(steps(16, 2))
    changed = {name for name, value in adapted.weights.items() if not np.array_equal(value, before[name])}
    assert changed == {
        "hidden.0.linear.lora_A.default.weight",
        "hidden.0.linear.lora_B.default.weight",
        "head.logits.weight",
        "head.logits.bias",
    }


def test_adaptation_follows_from_the_seed_and_is_resumed(bench, steps, bit_equal) -> None:
    pytest.importorskip("peft", reason="peft is not installed")
    whole, first, second = (bench(config=MlpConfig(hidden=[8], lora=LoraConfig(rank=2, dropout=0.2))) for _ in range(3))
    assert bit_equal(whole.weights, first.weights)
    whole.trainer.run(steps(16, 2))
    first.trainer.run(steps(16, 2)[:3])
    second.trainer.load_state(first.trainer.state())
    second.trainer.run(steps(16, 2)[3:])
    assert bit_equal(whole.trainer.state().arrays, second.trainer.state().arrays)


def test_layers_that_are_not_there_cannot_be_adapted(bench) -> None:
    with pytest.raises(ConfigError, match=r"`attention\.\*` fits no linear layer") as caught:
        bench(config=MlpConfig(lora=LoraConfig(targets=["attention.*"])))
    assert "hidden.0.linear" in caught.value.note


def test_a_missing_library_is_named_with_what_installs_it(bench, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "peft", None)
    with pytest.raises(MissingDependency) as caught:
        bench(config=MlpConfig(lora=LoraConfig()))
    assert caught.value.hint == 'pip install "sci-torch[lora]"'


def test_random_numbers_of_others_are_left_alone_by_adaptation(bench) -> None:
    pytest.importorskip("peft", reason="peft is not installed")
    torch.manual_seed(5)
    expected = torch.rand(2)
    torch.manual_seed(5)
    bench(config=MlpConfig(lora=LoraConfig(rank=2)))
    assert torch.equal(torch.rand(2), expected)
