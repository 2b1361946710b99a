"""Models that answer with texts that they were given: the rivals of a translator. Native to engine numpy."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np

from sci.api import ConfigError, Feature, Ragged, Schema, sequence_input

Arrays = Mapping[str, np.ndarray]
INDEX = ("token.rarity", "posting.offsets", "posting.row", "posting.weight", "answer.codes", "answer.offsets")


class CopySource:
    """Answers with the tokens of the input. Both sides need one vocabulary."""

    def __init__(self, config: object, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> None:
        self.source, _, _ = sequence_input(inputs, "copy-source")
        self.parameters: dict[str, np.ndarray] = {}

    def __call__(self, batch: Arrays) -> dict[str, np.ndarray]:
        """The input as ``tokens`` [n, L] with ``tokens.length``, and ``score`` 0."""
        codes = batch[self.source]
        return answered(codes, batch[f"{self.source}.length"], np.zeros(len(codes)))

    def fit(self, batch: Arrays) -> None:
        """There is nothing to learn."""


class TranslationMemory:
    """Answers with the target of the training row whose input is most alike: the cosine of both inputs' tokens,
    weighted by tf-idf (Salton and Buckley 1988). An input of unknown tokens has an empty answer.

    The training rows are the model: whoever has it can read them.
    """

    def __init__(self, config: object, inputs: Schema, heads: Mapping[str, Feature], seed: int) -> None:
        self.source, size, _ = sequence_input(inputs, "translation-memory")
        self.size = size or 0
        self.parameters: dict[str, np.ndarray] = {}

    def fit(self, batch: Arrays) -> None:
        """Keep the targets of these rows, and for each token the rows of whose input it is a part."""
        codes, row, counts = self._counted(batch)
        rows = len(batch[self.source])
        rarity = 1 + np.log((1 + rows) / (1 + np.bincount(codes, minlength=self.size)))
        weights = counts * rarity[codes]
        weights /= np.sqrt(np.bincount(row, weights**2, minlength=rows))[row]
        order = np.argsort(codes, kind="stable")
        answers = held(batch["target"], batch["target.length"])
        found = (
            rarity,
            np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=self.size))]),
            row[order],
            weights[order],
            answers.values,
            answers.offsets,
        )
        self.parameters = dict(zip(INDEX, found, strict=True))

    def __call__(self, batch: Arrays) -> dict[str, np.ndarray]:
        """The answers as ``tokens`` [n, L] with ``tokens.length``, and the likeness of the inputs as ``score``."""
        if not self.parameters:
            raise ConfigError("the model has not been fitted yet", id="model.unfitted")
        rarity, _, _, _, values, offsets = (self.parameters[name] for name in INDEX)
        memory = Ragged(values, offsets)
        codes, row, counts = self._counted(batch)
        weights = counts * rarity[codes]
        ends = np.searchsorted(row, np.arange(len(batch[self.source]) + 1))
        near = [self._nearest(codes[a:b], weights[a:b]) for a, b in itertools.pairwise(ends)]
        rows = np.array([place for place, _ in near], dtype=np.int64)
        found = memory.take(rows)
        tokens, lengths = found.pad()
        widest = max(int(memory.lengths.max(initial=0)), 1)  # whatever stands in this batch
        tokens = np.pad(tokens, ((0, 0), (0, widest - tokens.shape[1])))
        score = np.array([likeness for _, likeness in near], dtype=np.float64)
        return answered(tokens, np.where(score > 0, lengths, 0), score)

    def _nearest(self, codes: np.ndarray, weights: np.ndarray) -> tuple[int, float]:
        """The training row with the largest cosine, and that cosine."""
        _, starts, rows, parts, _, offsets = (self.parameters[name] for name in INDEX)
        likeness = np.zeros(len(offsets) - 1)
        for code, weight in zip(codes, weights, strict=True):
            here = slice(starts[code], starts[code + 1])
            likeness[rows[here]] += weight * parts[here]
        best = int(likeness.argmax())
        return best, float(likeness[best] / (np.sqrt(np.square(weights).sum()) or 1.0))

    def _counted(self, batch: Arrays) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The different tokens of each input, row by row: code, row, and how often it occurs there."""
        texts = held(batch[self.source], batch[f"{self.source}.length"])
        row = np.repeat(np.arange(len(texts.lengths)), texts.lengths)
        pairs, counts = np.unique(row * self.size + texts.values, return_counts=True)
        return pairs % self.size, pairs // self.size, counts.astype(np.float64)

    def restore(self, arrays: Arrays) -> None:
        """Take over what `fit` kept.

        Raises:
            ConfigError: it is that of another model, or points to rows that are not there.
        """
        wrong = self._flaw(arrays)
        if wrong:
            raise ConfigError(f"the weights are those of another model: {wrong}", id="model.weights")
        self.parameters = {name: np.array(arrays[name]) for name in INDEX}

    def _flaw(self, arrays: Arrays) -> str:
        if set(arrays) != set(INDEX):
            return f"they hold {', '.join(sorted(arrays)) or 'nothing'}"
        rarity, starts, rows, parts, values, offsets = (arrays[name] for name in INDEX)
        if len(rarity) != self.size or len(starts) != self.size + 1:
            return f"they know {len(rarity)} tokens, this model {self.size}"
        sound = starts[-1] == len(rows) == len(parts) and offsets[-1] == len(values) and len(offsets) > 1
        rising = (np.diff(starts) >= 0).all() and (np.diff(offsets) >= 0).all() and starts[0] == offsets[0] == 0
        inside = not len(rows) or (rows.min() >= 0 and rows.max() < len(offsets) - 1)
        return "" if sound and rising and inside else "they point to rows that are not there"


def held(codes: np.ndarray, lengths: np.ndarray) -> Ragged:
    """Padded codes [n, L] without their padding."""
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    return Ragged(codes[np.arange(codes.shape[1]) < lengths[:, None]], offsets)


def answered(codes: np.ndarray, lengths: np.ndarray, score: np.ndarray) -> dict[str, np.ndarray]:
    """What task `seq2seq` decodes."""
    return {"tokens": codes, "tokens.length": np.asarray(lengths, dtype=np.int32), "score": score}
