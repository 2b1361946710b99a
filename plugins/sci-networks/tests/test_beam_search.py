"""The search for the likeliest answer against all answers that there are."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from sci_networks.answer import Search

END, CODES, LIMITS = 2, 4, np.array([3, 1, 2], dtype=np.int32)


@pytest.fixture(scope="module")
def chances() -> Callable[[int, tuple[int, ...]], np.ndarray]:
    """Log-probabilities of the next code of a source after a beginning: drawn, and the same each time."""
    known: dict[Any, np.ndarray] = {}

    def after(source: int, beginning: tuple[int, ...]) -> np.ndarray:
        if (source, beginning) not in known:
            seed = [source, len(beginning), *beginning]
            scores = np.random.default_rng(seed).normal(scale=1.5, size=CODES)
            known[source, beginning] = scores - np.log(np.exp(scores).sum())
        return known[source, beginning]

    return after


class OnTorch:
    """A network that answers from a table, on engine torch."""

    def __init__(self, chances: Callable[[int, tuple[int, ...]], np.ndarray]) -> None:
        self.chances = chances

    def search(self, width: int, penalty: float) -> list[tuple[tuple[int, ...], float]]:
        import torch

        from sci_networks.torch.search import beam_search

        def step(codes: Any, place: int, beams: Sequence[Any], sources: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
            written = torch.cat([beams[0], codes[:, None, None, None].double()], dim=2)
            return torch.from_numpy(self.after(written.numpy(), sources[0].numpy(), width)), [written]

        beams = [torch.zeros(len(LIMITS) * width, 1, 0, 1, dtype=torch.float64)]
        sources = [torch.arange(len(LIMITS))]
        found = beam_search(step, beams, sources, torch.from_numpy(LIMITS), END, Search(width, penalty, 3))
        return answers(*(part.numpy() for part in found))

    def after(self, written: np.ndarray, sources: np.ndarray, width: int) -> np.ndarray:
        beginnings = written[:, 0, 1:, 0].astype(int).tolist()
        return np.stack(
            [self.chances(int(source), tuple(b)) for source, b in zip(sources.repeat(width), beginnings, strict=True)]
        )


class OnTensorflow(OnTorch):
    """The same on engine tensorflow, in a graph."""

    def search(self, width: int, penalty: float) -> list[tuple[tuple[int, ...], float]]:
        import tensorflow as tf

        from sci_networks.tensorflow.search import beam_search

        def step(codes: Any, place: Any, beams: Sequence[Any], sources: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
            written = tf.concat([beams[0], tf.cast(codes, tf.float64)[:, None, None, None]], axis=2)
            logs = tf.numpy_function(lambda a, b: self.after(a, b, width), [written, sources[0]], tf.float64)
            return tf.ensure_shape(logs, [None, CODES]), [written]

        @tf.function(autograph=False)
        def work() -> Any:
            beams = [tf.zeros([len(LIMITS) * width, 1, 0, 1], tf.float64)]
            return beam_search(
                step, beams, [tf.range(len(LIMITS))], tf.constant(LIMITS), END, Search(width, penalty, 3)
            )

        return answers(*(part.numpy() for part in work()))


def answers(codes: np.ndarray, lengths: np.ndarray, scores: np.ndarray) -> list[tuple[tuple[int, ...], float]]:
    assert (codes[np.arange(codes.shape[1]) >= lengths[:, None]] == END).all()
    return [(tuple(row[:length].tolist()), float(s)) for row, length, s in zip(codes, lengths, scores, strict=True)]


@pytest.fixture(params=["torch", "tensorflow"])
def side(request: pytest.FixtureRequest, chances: Any) -> OnTorch:
    pytest.importorskip(request.param, reason=f"engine {request.param} is not installed")
    return (OnTorch if request.param == "torch" else OnTensorflow)(chances)


def score_of(chances: Any, source: int, answer: tuple[int, ...], penalty: float) -> float:
    codes = (*answer, END)
    total = sum(chances(source, answer[:place])[code] for place, code in enumerate(codes))
    return float(total / ((5 + len(codes)) / 6) ** penalty)


def every_answer(limit: int) -> list[tuple[int, ...]]:
    others = [code for code in range(CODES) if code != END]
    return [answer for length in range(limit + 1) for answer in itertools.product(others, repeat=length)]


@pytest.mark.parametrize("penalty", [0.0, 0.6, 2.0])
def test_a_beam_as_wide_as_all_beginnings_finds_the_best_of_all_answers(side, chances, penalty) -> None:
    found = side.search(40, penalty)

    for source, limit in enumerate(LIMITS):
        scores = {answer: score_of(chances, source, answer, penalty) for answer in every_answer(int(limit))}
        best = max(scores, key=lambda answer: scores[answer])
        assert found[source][0] == best
        assert found[source][1] == pytest.approx(scores[best], rel=1e-12)


def test_a_beam_of_one_takes_the_likeliest_code_each_time(side, chances) -> None:
    found = side.search(1, 0.6)

    for source, limit in enumerate(LIMITS):
        answer: tuple[int, ...] = ()
        while len(answer) < limit and (code := int(chances(source, answer).argmax())) != END:
            answer = (*answer, code)
        assert found[source][0] == answer
        assert found[source][1] == pytest.approx(score_of(chances, source, answer, 0.6), rel=1e-12)


@pytest.mark.parametrize("width", [2, 3])
def test_a_narrow_beam_is_that_of_a_plain_search(side, chances, width) -> None:
    found = side.search(width, 0.6)

    for source, limit in enumerate(LIMITS):
        assert found[source][0] == plain_search(lambda b, s=source: chances(s, b), width, 0.6, int(limit))


def plain_search(after: Callable[[tuple[int, ...]], np.ndarray], width: int, penalty: float, limit: int) -> Any:
    """Beam search without stopping early, one source at a time."""
    beginnings: Mapping[tuple[int, ...], float] = {(): 0.0}
    ended: dict[tuple[int, ...], float] = {}
    for length in range(limit + 1):
        grown = {
            (*beginning, code): total + after(beginning)[code]
            for beginning, total in beginnings.items()
            for code in range(CODES)
            if length < limit or code == END
        }
        ranked = sorted(grown, key=lambda answer: -grown[answer])
        for answer in ranked[:width]:
            if answer[-1] == END:
                ended[answer[:-1]] = grown[answer] / ((5 + length + 1) / 6) ** penalty
        if len(ended) >= width:
            break
        beginnings = {answer: grown[answer] for answer in ranked if answer[-1] != END}
        beginnings = dict(list(beginnings.items())[:width])
    return max(ended, key=lambda answer: ended[answer])


def test_no_source_has_no_answer() -> None:
    torch = pytest.importorskip("torch", reason="engine torch is not installed")
    search = importlib.import_module("sci_networks.torch.search").beam_search
    nothing = torch.zeros(0, dtype=torch.int32)

    codes, lengths, scores = search(None, [], [nothing], nothing, END, Search(2, 0.6, 3))

    assert (len(codes), len(lengths), len(scores)) == (0, 0, 0)
