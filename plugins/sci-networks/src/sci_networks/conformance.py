"""What the conformance kit is told about the networks: small ones, of every kind of input."""

from __future__ import annotations

from sci.testing import Case

ADAM = {"name": "adam", "learning_rate": 0.01}


def cases() -> list[Case]:
    """The networks in sizes that train in a moment; linear models start from drawn weights."""
    drawn = {"initial_scale": 0.5}
    small = {"layers": 1, "hidden_size": 8}
    learning = {"optimizer": ADAM}
    return [
        Case("models", "linear", settings=drawn),
        Case("models", "logistic", settings=drawn),
        Case("models", "softmax", settings=drawn),
        Case("models", "mlp", settings={"hidden": [8], "normalization": "batch"}, claims=learning),
        Case("models", "cnn", settings={"channels": [4], "hidden": [8]}, data="images", claims=learning),
        Case("models", "rnn", settings={**small, "embedding_size": 4}, data="tokens", claims=learning),
        Case("models", "rnn", settings={**small, "cell": "gru"}, data="series", engine="torch", claims=learning),
        Case("models", "transformer", settings={**small, "heads": 2}, data="tokens", claims=learning),
        Case("models", "encoder-decoder", settings={**small, "heads": 2}, data="translation", claims=learning),
        Case("losses", "binary-cross-entropy", data="labels", claims={"model": "softmax"}),
    ]
