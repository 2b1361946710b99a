"""Integrated gradients through the vectors that networks look up for tokens and categories."""

from __future__ import annotations

import captum.attr
import numpy as np
import pytest
import torch

from sci.api import VECTORS, Ragged, Spans
from sci_explain.answers import Answers
from sci_explain.patches import encoded
from sci_explain.paths import integrated
from sci_explain.target import Target
from sci_explain.tokens import in_words

TRAINING = {"optimizer": {"name": "adam", "learning_rate": 0.02}, "epochs": 5, "batch_size": 16}
EXPLAINED = [{"name": "integrated-gradients", "rows": 20, "points": 64}]
TEXTS = {
    "task": {"name": "classification", "positive": "bad"},
    "preprocessing": [{"name": "wordpiece", "vocabulary_size": 60, "max_length": 12, "min_count": 1}],
    "training": TRAINING,
    "evaluation": {"metrics": ["accuracy"], "baselines": []},
    "analysis": EXPLAINED,
    "model": {"name": "transformer", "hidden_size": 8, "layers": 1, "heads": 2, "max_length": 16, "dropout": 0.0},
}
KEY = f"text{VECTORS}"


@pytest.fixture(scope="module")
def reviews():
    """Texts of a few words; the last of them, planted, decides."""
    draw = np.random.default_rng(3)
    words = ["table", "chair", "window", "lamp", "door", "floor"]
    bad = draw.random(160) < 0.5
    texts = [
        " ".join([*draw.permutation(words)[: draw.integers(2, 5)], "awful" if is_bad else "lovely"]) for is_bad in bad
    ]
    return {"text": texts, "y": np.where(bad, "bad", "good")}


@pytest.fixture(scope="module")
def read(studied, reviews):
    """The same study on both engines."""
    return {engine: studied(reviews, **TEXTS, engine=engine) for engine in ("torch", "tensorflow")}


@pytest.fixture(params=["torch", "tensorflow"])
def engine(request):
    return request.param


def test_shares_of_tokens_add_up_to_log_odds(read, engine):
    found = read[engine].numbers("integrated-gradients")
    largest = np.abs(found["differences"]).max()
    assert largest > 0.5
    assert np.abs(found["gaps"]).max() < 1e-3 * largest
    rows = zip(found["shares"]["text"], found["words"]["text"], found["differences"], strict=True)
    for tokens, words, output in rows:
        whole = sum(words["shares"]) + words["rest"]
        assert whole == pytest.approx(output, abs=1e-3 * largest)
        assert sum(tokens) == pytest.approx(whole, abs=1e-3 * largest)


def test_the_planted_words_weigh_more_and_the_texts_are_shown(read, engine):
    sizes = {True: [], False: []}
    for text in read[engine].numbers("integrated-gradients")["words"]["text"]:
        for word, share in zip(text["words"], text["shares"], strict=True):
            sizes[word in ("awful", "lovely")].append(abs(share))
    assert np.mean(sizes[True]) > np.mean(sizes[False])
    figures = {path.name for path in (read[engine].folder / "figures").iterdir()}
    assert {"integrated-gradients.svg", "integrated-gradients-rows.svg"} <= figures


def test_both_engines_give_the_same_shares(read):
    first, second = (read[engine].study.models[0]() for engine in ("torch", "tensorflow"))
    learned = second.pipeline.engine.state(second.pipeline.native)
    second.pipeline.engine.load_state(second.pipeline.native, first.pipeline.engine.state(first.pipeline.native))
    try:
        found = shares(second)
    finally:
        second.pipeline.engine.load_state(second.pipeline.native, learned)
    np.testing.assert_allclose(shares(first), found, atol=1e-5)


def shares(model, points=16):
    """Those of the vectors of tokens, on the way from zero."""
    pipeline = model.pipeline
    arrays = encoded(pipeline, model.test)[0]
    arrays |= pipeline.lookups(arrays)
    target = Target.of(pipeline, Answers(pipeline), arrays)
    return integrated(pipeline, target, arrays, {KEY: np.zeros_like(arrays[KEY][:1])}, [KEY], points).shares[KEY]


def test_torch_gives_what_captum_gives_through_the_layer(read):
    model = read["torch"].study.models[0]()
    native = model.pipeline.native.eval()
    arrays = encoded(model.pipeline, model.test)[0]
    with torch.no_grad():
        native.embedding.weight[0] = 0.0  # captum's paths begin at a token, ours at zero
    codes, lengths = torch.as_tensor(arrays["text"]), torch.as_tensor(arrays["text.length"])

    def odds(rows, lengths):
        logits = native({"text": rows, "text.length": lengths})["logits"]
        return logits[:, 0] - logits[:, 1]

    explain = captum.attr.LayerIntegratedGradients(odds, native.embedding)
    expected = explain.attribute(codes, torch.zeros_like(codes), additional_forward_args=lengths, n_steps=16)
    found = shares(model)
    assert np.abs(found).max() > 0.1
    np.testing.assert_allclose(found, expected.detach().numpy(), atol=1e-5)


def test_categories_have_shares_beside_numbers(studied, classes, engine):
    kept = studied(
        {**classes, "kind": np.where(classes["y"] == "high", "red", "blue")},
        task={"name": "classification", "positive": "high"},
        preprocessing=["ordinal", "standardize"],
        model={"name": "mlp", "hidden": [8], "activation": "tanh", "embedding_size": 3},
        engine=engine,
        training=TRAINING,
        evaluation={"metrics": ["accuracy"], "baselines": []},
        analysis=EXPLAINED,
    )
    found = kept.numbers("integrated-gradients")
    both = np.hstack([found["shares"]["numbers"], found["shares"]["categories"]])
    np.testing.assert_allclose(both.sum(axis=1), found["differences"], atol=1e-3)
    assert np.argmax(np.abs(both).mean(axis=0)) == both.shape[1] - 1


def test_pieces_of_a_word_are_one_and_what_stands_for_no_word_is_the_rest():
    places = Ragged(np.array([[0, 0], [0, 3], [3, 5], [6, 8], [0, 0]]), np.array([0, 5]))
    (found,) = in_words(Spans(["hello 你好 !"], places), np.array([[1.0, 2.0, 3.0, 4.0, 5.0, 9.0]]))
    assert found.words == ["hello", "你好", "!"]
    assert found.shares.tolist() == [5.0, 4.0, 0.0]
    assert found.rest == 15.0
