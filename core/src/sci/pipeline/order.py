"""The order of rows: a pure function, so that the sampler has no state to save."""

from __future__ import annotations

import hashlib

import numpy as np

WINDOW = 16


def generator(seed: int, *names: str | int) -> np.random.Generator:
    """A generator that depends on the seed and these names only."""
    text = "|".join(map(str, (seed, *names))).encode()
    words = np.frombuffer(hashlib.blake2b(text, digest_size=32).digest(), dtype=np.uint32)
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(words.tolist())))


def order(seed: int, epoch: int, n: int, batch_size: int, lengths: np.ndarray | None = None) -> list[np.ndarray]:
    """The batches of one epoch: int64 positions, every row once, the last batch may be short.

    With `lengths`, rows of similar length share a batch: within windows of 16 batches rows are sorted by length, those
    of one length in an order that is drawn, and the batches are shuffled again.
    """
    draw = generator(seed, "order", epoch)
    rows = draw.permutation(n).astype(np.int64)
    if lengths is None:
        return [rows[start : start + batch_size] for start in range(0, n, batch_size)]
    window = batch_size * WINDOW
    parts = [rows[start : start + window] for start in range(0, n, window)]
    ranked = np.concatenate([part[np.argsort(lengths[part], kind="stable")] for part in parts]) if parts else rows
    batches = [ranked[start : start + batch_size] for start in range(0, n, batch_size)]
    return [batches[position] for position in draw.permutation(len(batches))]
