"""Where weights to start from lie, and which of them fit."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest

from sci.api import (
    ConfigError,
    MissingDependency,
    merged_adaptation,
    newest_run,
    pretrained_files,
    said_of_weights,
    taken_over,
)

OWN = {"layer.weight": (4, 3), "layer.bias": (4,), "head.logits.weight": (2, 4)}


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """The cache of the hub's client, with no network behind it."""
    constants = pytest.importorskip("huggingface_hub.constants", reason="huggingface_hub is not installed")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("names", [["model.safetensors"], ["weights.safetensors"], ["anything.safetensors"]])
def test_a_folder_with_one_file_holds_the_weights(tmp_path, names):
    for name in names:
        (tmp_path / name).touch()
    assert [path.name for path in pretrained_files(str(tmp_path))] == names


def test_an_index_names_several_files_and_none_outside_the_folder(tmp_path):
    index = {"weight_map": {"a": "1.safetensors", "b": "../2.safetensors", "c": "1.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    found = pretrained_files(str(tmp_path))
    assert sorted(path.name for path in found) == ["1.safetensors", "2.safetensors"]
    assert {path.parent for path in found} == {tmp_path}


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"weight_map": 3}', '{"weight_map": {"a": 3}}'])
def test_an_index_that_is_none_is_named(tmp_path, text):
    (tmp_path / "model.safetensors.index.json").write_text(text)
    with pytest.raises(ConfigError, match="is no index of weights"):
        pretrained_files(str(tmp_path))


@pytest.mark.parametrize("name", ["./absent", "absent", "/absent/model"])
def test_a_folder_that_is_not_there_is_named(name):
    with pytest.raises(ConfigError, match="there is no such folder") as caught:
        pretrained_files(name)
    assert caught.value.id == "model.pretrained"


def test_a_folder_without_weights_says_what_is_there(tmp_path):
    with pytest.raises(ConfigError, match="one safetensors file is needed, and there are: none"):
        pretrained_files(str(tmp_path))
    for name in ("a", "b"):
        (tmp_path / f"{name}.safetensors").touch()
    with pytest.raises(ConfigError, match=r"there are: a\.safetensors, b\.safetensors"):
        pretrained_files(str(tmp_path))


def test_a_model_that_is_not_kept_here_is_not_looked_for_offline(hub, capfd):
    with pytest.raises(ConfigError, match="the hub has not given such a model") as caught:
        pretrained_files("nobody/nothing")
    assert caught.value.id == "model.pretrained"
    assert capfd.readouterr() == ("", "")


def test_a_model_that_the_hub_has_given_is_found_offline(hub, monkeypatch):
    monkeypatch.setattr("huggingface_hub._snapshot_download.constants.HF_HUB_CACHE", str(hub))
    kept = hub / "models--somebody--something"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("0" * 40)
    (kept / "snapshots" / ("0" * 40)).mkdir(parents=True)
    (kept / "snapshots" / ("0" * 40) / "model.safetensors").touch()
    assert [path.name for path in pretrained_files("somebody/something")] == ["model.safetensors"]


def test_the_missing_client_of_a_hub_is_named_with_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(MissingDependency) as caught:
        pretrained_files("somebody/something")
    assert caught.value.hint == 'pip install "sci-core[hub]"'


@pytest.mark.parametrize("head", [{}, {"head.logits.weight": (7, 4)}, {"head.value.weight": (1, 4)}])
def test_a_head_of_another_task_stays_as_it_was_drawn(head):
    saved = {"layer.weight": (4, 3), "layer.bias": (4,), **head}
    assert taken_over("there", OWN, saved, "head.") == {"layer.weight", "layer.bias"}


def test_a_head_of_the_same_task_is_taken_over():
    assert taken_over("there", OWN, OWN, "head.") == set(OWN)


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        ({"layer.weight": (4, 3)}, "`layer.bias` is missing"),
        ({"layer.weight": (4, 9), "layer.bias": (4,)}, r"`layer.weight` is \[4, 9\], and the model has \[4, 3\]"),
        ({"layer.weight": (4, 3), "layer.bias": (4,), "more": ()}, "`more` is unknown to the model"),
        ({f"more.{i}": () for i in range(9)}, "and 7 more"),
    ],
)
def test_other_weights_that_differ_are_named(saved, said):
    with pytest.raises(ConfigError, match=said) as caught:
        taken_over("there", OWN, saved, "head.")
    assert caught.value.id == "model.weights"


def runs(folder, **statuses):
    for name, status in statuses.items():
        (folder / name).mkdir()
        (folder / name / "manifest.json").write_text(json.dumps({"status": status}))
    (folder / "latest").write_text(f"{max(statuses)}\n")


def test_a_folder_of_runs_and_its_file_latest_are_the_newest_finished_run(tmp_path):
    runs(tmp_path, a="finished", b="finished", c="interrupted", d="failed")

    assert newest_run(tmp_path) == newest_run(tmp_path / "latest") == tmp_path / "b"
    assert newest_run(tmp_path / "a") == tmp_path / "a"
    assert newest_run(tmp_path / "elsewhere") == tmp_path / "elsewhere"


def test_a_run_that_is_not_finished_is_nothing_to_start_from(tmp_path):
    runs(tmp_path, a="interrupted")

    for folder in (tmp_path, tmp_path / "a"):
        with pytest.raises(ConfigError, match="is interrupted and has nothing to start from") as caught:
            newest_run(folder)
        assert "sci resume" in caught.value.hint
    (tmp_path / "a" / "manifest.json").unlink()
    with pytest.raises(ConfigError, match="holds no run any more"):
        newest_run(tmp_path)


@pytest.mark.parametrize("lost", ["a.base_layer.weight", "a.lora_A.default.weight", None])
def test_matrices_that_do_not_fit_their_layer_are_refused(tmp_path, lost):
    (tmp_path / "pipeline.json").write_text(json.dumps({"experiment": {"model": {"lora": {"rank": 1, "alpha": 2}}}}))
    shapes = {"a.base_layer.weight": (3, 2), "a.lora_A.default.weight": (1, 5), "a.lora_B.default.weight": (3, 1)}
    saved = {name: np.ones(shape) for name, shape in shapes.items() if name != lost}

    with pytest.raises(ConfigError, match="do not fit their layer `a`"):
        merged_adaptation(str(tmp_path), saved)


def test_weights_without_matrices_stay_as_they_are():
    assert merged_adaptation("nowhere", OWN) == OWN


def test_a_weight_is_named_itself_where_only_some_of_its_layer_are_unused():
    own, taken = ["words.weight", "head.weight", "head.bias", "norm.bias", "norm.weight"], ["words.weight", "norm.bias"]
    unused, used = ["embeddings.position_ids", "cls.weight", "cls.bias"], ["embeddings.words.weight", "norm.bias"]
    assert said_of_weights("old", taken, own, unused, used) == (
        "2 weights start from `old`; new: head, norm.weight; not used: embeddings.position_ids, cls"
    )
