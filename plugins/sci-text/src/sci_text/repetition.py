"""Training texts that say again what an earlier one says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np

from sci.api import Batch, Dataset, Preprocessor, Ragged, SampleRandom, Schema, State
from sci.api.gathering import concatenated
from sci.api.likeness import Likeness
from sci.api.numbers import count
from sci.api.rows import take
from sci.api.shingles import shingles
from sci_text.config import DeduplicateConfig
from sci_text.faults import require_text
from sci_text.unicode import normalized

_EMPTY = 0
"""The mark of rows without letters."""


class Deduplicate(Preprocessor):
    """Drops training rows whose texts repeat those of an earlier training row; the first of them stays.

    Texts are the same where they differ in case, white space, or in the form in which Unicode writes a character only.
    With `near`, a row also goes where all of its texts are near copies of an earlier row's: by the Jaccard index of
    their passages of five letters (of three, where most is Chinese or Japanese), found by MinHash (Broder 1997). A row
    without a text stays, and so do all rows of validation, test and prediction.
    """

    accepts = frozenset({"text"})
    rows = "drop"
    config: DeduplicateConfig

    def __init__(self, config: DeduplicateConfig, columns: tuple[str, ...]) -> None:
        super().__init__(config, columns)
        self._dropped = np.zeros(0, dtype=np.int64)
        self._counts = {"rows": 0, "same": 0, "near": 0}

    def output_schema(self, schema: Schema) -> Schema:
        require_text("deduplicate", schema, self.columns)
        return schema

    def fit(self, train: Dataset) -> None:
        same = _repeated(self._texts(train))
        kept = np.setdiff1d(np.arange(len(train)), same)
        near = kept[self._near(train.take(kept))] if self.config.near is not None else kept[:0]
        self._dropped = np.sort(train.ids[np.concatenate([same, near])])
        self._counts = {"rows": len(train), "same": len(same), "near": len(near)}

    def _texts(self, rows: Dataset) -> Iterator[Sequence[str]]:
        """The texts of each row."""
        for batch in rows.batches():
            columns = [batch[name].to_pylist() for name in self.columns]  # type: ignore[union-attr]
            yield from ([text or "" for text in row] for row in zip(*columns, strict=True))

    def _near(self, rows: Dataset) -> np.ndarray:
        """Rows of which every text is nearly that of an earlier row, positions."""
        parts = []
        for batch in rows.batches():
            texts = zip(*(batch[name].to_pylist() for name in self.columns), strict=True)  # type: ignore[union-attr]
            parts.append(shingles(["\n".join(text or "" for text in row) for row in texts]))
        if not parts:
            return np.zeros(0, dtype=np.int64)
        sets = concatenated(parts)
        assert isinstance(sets, Ragged)
        return Likeness(sets, self.config.near or 1.0).repeated()

    def warnings(self) -> Sequence[str]:
        found = self._counts
        dropped = found["same"] + found["near"]
        if not dropped:
            return []
        near = f", {count(found['near'])} of them nearly" if self.config.near is not None else ""
        return [
            f"{count(dropped)} of {count(found['rows'])} training rows repeat an earlier one{near}, and were dropped"
        ]

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        rows = np.flatnonzero(~np.isin(np.asarray(batch["id"]), self._dropped))
        return {**{name: take(column, rows) for name, column in batch.items()}, "row": rows}

    def state(self) -> State:
        return State(arrays={"dropped": self._dropped}, meta={"counts": dict(self._counts)})

    def load_state(self, state: State) -> None:
        self._dropped = state.arrays["dropped"]
        self._counts = dict(state.meta["counts"])


def _repeated(rows: Iterator[Sequence[str]]) -> np.ndarray:
    """Rows whose texts an earlier row has, positions, int64."""
    marks = np.fromiter((_mark(row) for row in rows), dtype=np.uint64)
    _, first = np.unique(marks, return_index=True)
    empty = np.flatnonzero(marks == _EMPTY)
    return np.setdiff1d(np.arange(len(marks)), np.union1d(first, empty))


def _mark(texts: Sequence[str]) -> int:
    """64 bits of texts that are written alike; 0 where there are no letters."""
    plain = [" ".join(normalized(text, "NFKC").casefold().split()) for text in texts]
    if not any(plain):
        return _EMPTY
    return int.from_bytes(blake2b("\0".join(plain).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
