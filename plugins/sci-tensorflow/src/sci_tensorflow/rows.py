"""The rows of many updates, laid out so that one graph takes them whatever their number and length.

An update consists of pieces (micro-batches; one where nothing is accumulated). Pieces lie one after the other along the
first axis; padded rows are flattened, so that each piece keeps the length that it was padded to.
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

import numpy as np

from sci.api import Feed, Step
from sci_tensorflow.runtime import tf

Check: TypeAlias = Callable[[Mapping[str, np.ndarray]], None]
Arguments: TypeAlias = dict[str, Any]

GROUP_STEPS = 16


class Rows(abc.ABC):
    """Where the rows of updates come from.

    Args:
        parts: micro-batches of an update.
    """

    def __init__(self, parts: int) -> None:
        self.parts = parts

    @property
    def specs(self) -> Arguments:
        """dtype and relaxed shape of everything that `groups` yields."""
        line = tf.TensorSpec([None], tf.int64)
        return {"first": line, "starts": line, **self.own_specs()}

    def pieces(self, steps: Sequence[Step]) -> list[list[np.ndarray]]:
        """The rows of each micro-batch of each update; empty ones are left out."""
        if self.parts == 1:
            return [[step.indices] for step in steps]
        return [[part for part in np.array_split(step.indices, self.parts) if len(part)] for step in steps]

    @abc.abstractmethod
    def own_specs(self) -> Arguments:
        """Of what only this kind of rows has."""

    @abc.abstractmethod
    def groups(self, steps: Sequence[Step]) -> Iterator[tuple[Sequence[Step], Arguments]]:
        """Updates that go through the graph together, and the graph's arguments."""

    @abc.abstractmethod
    def batch(self, given: Arguments, piece: Any) -> dict[str, Any]:
        """The tensors of one piece, inside the graph."""


class ResidentRows(Rows):
    """All rows are tensors already, and a piece is gathered from them."""

    def __init__(self, arrays: Mapping[str, np.ndarray], parts: int) -> None:
        super().__init__(parts)
        self.tensors = {key: tf.convert_to_tensor(array) for key, array in arrays.items()}

    def own_specs(self) -> Arguments:
        return {"indices": tf.TensorSpec([None], tf.int64)}

    def groups(self, steps: Sequence[Step]) -> Iterator[tuple[Sequence[Step], Arguments]]:
        pieces = self.pieces(steps)
        flat = [piece for of_step in pieces for piece in of_step]
        yield steps, {**layout(pieces), "indices": np.concatenate(flat).astype(np.int64, copy=False)}

    def batch(self, given: Arguments, piece: Any) -> dict[str, Any]:
        rows = given["indices"][given["starts"][piece] : given["starts"][piece + 1]]
        return {key: tf.gather(tensor, rows) for key, tensor in self.tensors.items()}


class StreamedRows(Rows):
    """Batches come from the feed; the next group is fetched while a graph runs.

    Args:
        feed: the training rows.
        parts: micro-batches of an update.
        check: is shown the arrays of each piece.
    """

    def __init__(self, feed: Feed, parts: int, check: Check) -> None:
        super().__init__(parts)
        self.feed = feed
        self.check = check
        self.signature = dict(feed.signature())
        self.padded = [key for key in self.signature if f"{key}.length" in self.signature]

    def own_specs(self) -> Arguments:
        arrays = {
            key: tf.TensorSpec([None, *shape[2 if key in self.padded else 1 :]], tf.as_dtype(dtype))
            for key, (dtype, shape) in self.signature.items()
        }
        return {"arrays": arrays, "ends": {key: tf.TensorSpec([None], tf.int64) for key in self.padded}}

    def groups(self, steps: Sequence[Step]) -> Iterator[tuple[Sequence[Step], Arguments]]:
        parts = list(self._cut(steps))
        with ThreadPoolExecutor(1) as fetcher:
            coming = fetcher.submit(self._fetched, parts[0])
            for position, part in enumerate(parts):
                given = coming.result()
                if position + 1 < len(parts):
                    coming = fetcher.submit(self._fetched, parts[position + 1])
                yield part, given

    def _cut(self, steps: Sequence[Step]) -> Iterator[Sequence[Step]]:
        for start in range(0, len(steps), GROUP_STEPS):
            yield steps[start : start + GROUP_STEPS]

    def _fetched(self, steps: Sequence[Step]) -> Arguments:
        pieces = self.pieces(steps)
        epochs = [step.epoch for step, of_step in zip(steps, pieces, strict=True) for _ in of_step]
        flat = [piece for of_step in pieces for piece in of_step]
        batches = [self.feed.batch(indices, epoch) for indices, epoch in zip(flat, epochs, strict=True)]
        for batch in batches:
            self.check(batch)
        arrays = {key: np.concatenate([self._flat(key, batch[key]) for batch in batches]) for key in self.signature}
        ends = {key: offsets([batch[key].shape[0] * batch[key].shape[1] for batch in batches]) for key in self.padded}
        return {**layout(pieces), "arrays": arrays, "ends": ends}

    def _flat(self, key: str, array: np.ndarray) -> np.ndarray:
        return array.reshape(-1, *array.shape[2:]) if key in self.padded else array

    def batch(self, given: Arguments, piece: Any) -> dict[str, Any]:
        start, end = given["starts"][piece], given["starts"][piece + 1]
        found = {}
        for key, array in given["arrays"].items():
            if key in self.padded:
                begun, ended = given["ends"][key][piece], given["ends"][key][piece + 1]
                shape = tf.concat([[end - start, (ended - begun) // (end - start)], tf.shape(array, tf.int64)[1:]], 0)
                found[key] = tf.ensure_shape(tf.reshape(array[begun:ended], shape), [None, None, *array.shape[1:]])
            else:
                found[key] = array[start:end]
        return found


def rows_of(feed: Feed, parts: int, check: Check) -> Rows:
    """The rows of a feed, resident where they may be; `check` has then seen them all."""
    arrays = feed.resident()
    if arrays is None:
        return StreamedRows(feed, parts, check)
    check(arrays)
    return ResidentRows(arrays, parts)


def layout(pieces: Sequence[Sequence[np.ndarray]]) -> Arguments:
    """Where the pieces of each update begin, and where the rows of each piece begin."""
    return {
        "first": offsets([len(of_step) for of_step in pieces]),
        "starts": offsets([len(piece) for of_step in pieces for piece in of_step]),
    }


def offsets(sizes: Sequence[int]) -> np.ndarray:
    """Where each of several things begins that lie one after the other, and where the last one ends: int64."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
