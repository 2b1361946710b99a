"""The models of text: the same on both engines, whatever pads a row, and whenever they are trained."""

from __future__ import annotations

import numpy as np
import pytest

from sci.api import VECTORS, ConfigError, Feature
from sci_text.model_config import BertConfig

BERT = {"name": "bert", "layers": 1, "hidden_size": 8, "heads": 2, "max_length": 14}
CNN = {"name": "text-cnn", "embedding_size": 4, "widths": [1, 3], "filters": 3}
LSTM = {"name": "bilstm", "embedding_size": 4, "hidden_size": 3}
NGRAMS = {"name": "ngram-linear", "buckets": 50, "l2": 0.01}

STILL = {"dropout": 0.0}
"""What training draws is drawn by each engine on its own."""

CASES = [
    NGRAMS,
    {**NGRAMS, "weighting": "idf", "ngrams": [1, 3]},
    {**CNN, **STILL, "max_norm": 0.1},
    {**LSTM, **STILL, "pooling": "last", "layers": 2},
    {**LSTM, **STILL, "pooling": "attention"},
    {**BERT, **STILL, "layers": 2, "pooling": "cls", "activation": "gelu-tanh"},
    {**BERT, **STILL, "pooling": "pooler", "epsilon": 1e-5, "activation": "relu"},
]
NAMES = ["-".join(map(str, case.values())) for case in CASES]
DROPPING = [CNN, LSTM, BERT]


@pytest.mark.parametrize("model", CASES, ids=NAMES)
def test_both_engines_start_from_emit_and_learn_the_same(bench, model) -> None:
    torch, tensorflow = (bench(engine, model) for engine in ("torch", "tensorflow"))
    assert {name: array.tobytes() for name, array in torch.weights.items()} == {
        name: array.tobytes() for name, array in tensorflow.weights.items()
    }
    agree(torch.predict(), tensorflow.predict())

    before = torch.weights
    np.testing.assert_allclose(torch.step(), tensorflow.step(), rtol=1e-9)
    changes = [{name: array - before[name] for name, array in side.weights.items()} for side in (torch, tensorflow)]

    assert sum(np.abs(array).sum() for array in changes[0].values()) > 1e-3
    agree(*changes)
    agree(torch.predict(), tensorflow.predict())


def test_bert_has_answers_for_positions_and_for_tokens_on_both_engines(bench) -> None:
    heads = {
        "logits": Feature("array", shape=(3,)),
        "tags": Feature("array", shape=(2,), ragged=True),
        "token": Feature("array", shape=(12,), ragged=True),
    }
    sides = [bench(engine, {**BERT, **STILL}, heads=heads) for engine in ("torch", "tensorflow")]
    found = [side.predict() for side in sides]
    assert found[0]["tags"].shape == (6, 16, 2)
    assert found[0]["token"].shape == (6, 16, 12)
    assert list(found[0]["token.length"]) == [13, 1, 0, 5, 3, 2]
    agree(*found)
    own = {name for name in sides[0].weights if name.startswith("head.token.")}
    assert own == {
        "head.token.transform.dense.weight",
        "head.token.transform.dense.bias",
        "head.token.transform.LayerNorm.weight",
        "head.token.transform.LayerNorm.bias",
        "head.token.bias",
    }  # the scores come from the embeddings


@pytest.mark.parametrize("model", [CNN, LSTM, BERT], ids=str)
def test_the_vectors_of_tokens_are_found_can_be_given_and_have_derivatives_on_both_engines(bench, model) -> None:
    slopes = []
    for engine in ("torch", "tensorflow"):
        made = bench(engine, {**model, **STILL})
        batch = made.feed.batch(np.arange(6), 0)
        found = made.engine.lookups(made.network, batch)
        assert {key: array.shape[:2] for key, array in found.items()} == {f"text{VECTORS}": batch["text"].shape}
        plain = made.predict()["logits"]
        np.testing.assert_array_equal(made.engine.predict(made.network, {**batch, **found}, {})["logits"], plain)
        nothing = {key: np.zeros_like(array) for key, array in found.items()}
        assert np.abs(made.engine.predict(made.network, {**batch, **nothing}, {})["logits"] - plain).max() > 1e-3
        sign = np.broadcast_to(np.arange(plain.shape[1]) - 1.0, plain.shape).copy()
        [slope] = made.engine.gradients(made.network, {**batch, **found}, "logits", list(found), sign).values()
        inside = np.arange(slope.shape[1]) < batch["text.length"][:, None]
        slopes.append(slope[inside])  # beyond the end of a text, what is silenced is silenced before or after
    assert np.abs(slopes[0]).max() > 1e-4
    np.testing.assert_allclose(*slopes, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_bilstm_has_answers_for_positions(bench, engine) -> None:
    found = bench(engine, LSTM, heads={"tags": Feature("array", shape=(2,), ragged=True)}).predict()
    assert found["tags"].shape == (6, 16, 2)


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
@pytest.mark.parametrize("model", [NGRAMS, CNN, {**LSTM, "pooling": "attention"}, BERT], ids=str)
def test_what_pads_a_row_does_not_matter(bench, engine, model) -> None:
    made = bench(engine, model)
    made.step()  # weights that are counted are there from now on
    batch = made.feed.batch(np.arange(6), 0)
    wider = {**batch, "text": np.pad(batch["text"], ((0, 0), (0, 8)))}
    for row, length in enumerate(batch["text.length"]):
        wider["text"][row, length:] = 9
    for name, array in made.engine.predict(made.network, wider, {}).items():
        np.testing.assert_allclose(array, made.predict()[name], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
@pytest.mark.parametrize("model", DROPPING, ids=str)
def test_dropout_is_for_training_only_and_follows_from_the_seed(bench, engine, model) -> None:
    made, again, still = bench(engine, model), bench(engine, model), bench(engine, {**model, **STILL})
    agree(made.predict(), still.predict())
    made.step(2), again.step(2), still.step(2)
    assert {name: array.tobytes() for name, array in made.weights.items()} == {
        name: array.tobytes() for name, array in again.weights.items()
    }
    assert any(not np.array_equal(array, still.weights[name]) for name, array in made.weights.items())


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_weights_beyond_the_bound_count_as_if_they_were_shorter(bench, engine) -> None:
    made = bench(engine, {**CNN, "max_norm": 0.5})
    weights = made.weights
    state = made.engine.state(made.network)
    state.arrays["head.logits.weight"] = weights["head.logits.weight"] * 1000
    made.engine.load_state(made.network, state)
    long = made.predict()["logits"]
    lengths = np.linalg.norm(weights["head.logits.weight"], axis=1, keepdims=True)
    state.arrays["head.logits.weight"] = weights["head.logits.weight"] * 0.5 / lengths
    made.engine.load_state(made.network, state)
    np.testing.assert_allclose(long, made.predict()["logits"], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_sequences_that_are_too_long_for_bert_are_named(bench, engine) -> None:
    made = bench(engine, {**BERT, "max_length": 12})
    with pytest.raises(Exception, match="a sequence has 13 tokens, and bert was built for 12"):
        made.predict()


@pytest.mark.parametrize("model", [NGRAMS, CNN], ids=["ngram-linear", "text-cnn"])
@pytest.mark.parametrize("engine", ["torch", "tensorflow"])
def test_models_without_positions_refuse_heads_for_them(bench, engine, model) -> None:
    with pytest.raises(ConfigError, match="each") as caught:
        bench(engine, model, heads={"tags": Feature("array", shape=(2,), ragged=True)})
    assert caught.value.id == "flow.head"


def test_heads_that_do_not_divide_the_width_are_named_with_some_that_do() -> None:
    with pytest.raises(ValueError, match="3 heads do not divide hidden_size `8`; `heads: 2` would"):
        BertConfig(hidden_size=8, heads=3)


def agree(one, other) -> None:
    """The same names, shapes and numbers."""
    assert one.keys() == other.keys()
    for name, array in one.items():
        assert array.shape == other[name].shape
        np.testing.assert_allclose(other[name], array, rtol=1e-9, atol=1e-10, err_msg=name)
