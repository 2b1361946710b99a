"""What were the tokens that were hidden?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from sci.api import Batch, ConfigError, Feature, Kind, Ragged, Schema, Task

HIDDEN = ".hidden"
"""The end of the name of the target that a step makes of the tokens that it hides."""


class MaskedLm(Task):
    """A masked language model (Devlin et al. 2019): tokens are hidden, and the network says which they were.

    The text itself is all that is learned from, so that the experiment names no `data.target`. A step, `mask-tokens`,
    hides tokens and makes the target, a column whose name ends in ``.hidden``.
    """

    slots: ClassVar[Mapping[str, tuple[Kind, ...]]] = {}
    loss: ClassVar[str | None] = "cross-entropy"
    metrics: ClassVar[tuple[str, ...]] = ("perplexity", "masked-accuracy")

    def heads(self, schema: Schema) -> Mapping[str, Feature]:
        """``logits``: one score for each token of the vocabulary at each position, [n, L, size]."""
        return {
            "logits": Feature("array", dtype="float32", shape=(schema.columns[self._target(schema)].size,), ragged=True)
        }

    def outputs(self, schema: Schema) -> Mapping[str, Feature]:
        """Of each row ``hidden``, the number of tokens that were hidden, ``right``, how many of them are said rightly,
        and ``log_probability``, the sum of the natural logarithms of their probabilities. Where nothing is hidden (rows
        that are predicted) these are 0."""
        count = Feature("number", dtype="float64")
        return {"hidden": count, "right": count, "log_probability": count}

    def _target(self, schema: Schema) -> str:
        if "target" not in schema.slots:
            raise ConfigError(
                "masked-lm needs a step that hides tokens",
                id="task.masks",
                hint="preprocessing: [wordpiece, mask-tokens]",
            )
        return schema.slots["target"]

    def decode(self, raw: Mapping[str, np.ndarray], batch: Batch) -> Batch:
        """Counts and log-probabilities in float64; of several equal scores the first is what is said."""
        logits = np.asarray(raw["logits"])
        hidden = next((column for name, column in batch.items() if name.endswith(HIDDEN)), None)
        counts = {name: np.zeros(len(logits)) for name in ("hidden", "right", "log_probability")}
        if not isinstance(hidden, Ragged):
            return dict(counts)
        rows = np.repeat(np.arange(len(logits)), hidden.lengths)
        places = np.arange(len(hidden.values)) - np.repeat(hidden.offsets[:-1], hidden.lengths)
        asked = hidden.values >= 0
        rows, places, codes = rows[asked], places[asked], hidden.values[asked]
        scores = logits[rows, places].astype(np.float64)
        true = scores[np.arange(len(codes)), codes]
        np.add.at(counts["hidden"], rows, 1.0)
        np.add.at(counts["right"], rows, (scores.argmax(axis=1) == codes).astype(np.float64) if len(codes) else 0.0)
        np.add.at(counts["log_probability"], rows, true - log_sum(scores))
        return dict(counts)


def log_sum(scores: np.ndarray) -> np.ndarray:
    """The logarithm of the sum of the powers of scores [n, k], float64 [n]; the largest is subtracted first."""
    if not len(scores):
        return np.zeros(0)
    top = scores.max(axis=1, keepdims=True)
    found: np.ndarray = np.log(np.exp(scores - top).sum(axis=1)) + top[:, 0]
    return found
