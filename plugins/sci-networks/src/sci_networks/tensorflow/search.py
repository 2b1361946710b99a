"""The likeliest answers of a network that writes them code by code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sci_networks.answer import Search
from sci_tensorflow.api import tf

Step = Callable[[Any, Any, Sequence[Any], Sequence[Any]], tuple[Any, Sequence[Any]]]
"""``(last codes [n * k], place, of each beam, of each source) -> (log-probabilities [n * k, V], of each beam)``."""


class Open(NamedTuple):
    """The sources whose answer is still searched for, and the best answers so far of all."""

    length: Any
    """Codes that the beginnings have, int32."""
    rows: Any
    """int32 [m], which sources."""
    total: Any
    """Log-probability of each beginning, [m, k]."""
    written: Any
    """Their codes, int64 [m, k, length]."""
    ended: Any
    """Answers that have ended, int32 [m]."""
    beams: list[Any]
    sources: list[Any]
    answers: Any
    lengths: Any
    best: Any


def beam_search(
    step: Step, beams: Sequence[Any], sources: Sequence[Any], limits: Any, end: int, search: Search
) -> tuple[Any, Any, Any]:
    """The answer of each source with the largest score, its log-probability over ``((5 + codes) / 6) ** penalty`` (Wu
    et al. 2016, equation 14, the end counted as a code), among those that the search meets.

    At each place the `beam` likeliest beginnings stay. A source is done when `beam` answers have ended, or when no
    beginning could still come to a better score; what has as many codes as its limit has to end.

    Args:
        step: one code further; the first code of every answer is `end`.
        beams: what `step` keeps for each beam, first axis n * k; the axis that grows has size 0.
        sources: what it reads of each source, first axis n.
        limits: int32 [n], codes of the longest answer without its end; one source at least.
        end: the code that ends an answer.
        search: how wide.

    Returns:
        Codes int64 [n, longest], padded with `end`; their numbers int32 [n]; scores [n].
    """
    width, count = search.beam, tf.shape(limits)[0]
    kind = beams[0].dtype
    first = Open(
        tf.constant(0),
        tf.range(count),
        tf.concat([tf.zeros([count, 1], kind), tf.fill([count, width - 1], lowest(kind))], axis=1),
        tf.zeros([count, width, 0], tf.int64),
        tf.zeros([count], tf.int32),
        list(beams),
        list(sources),
        tf.fill([count, search.longest], tf.constant(end, tf.int64)),
        tf.zeros([count], tf.int32),
        tf.fill([count], lowest(kind)),
    )

    def further(state: Open) -> tuple[Open]:
        return (_further(state, step, limits, end, search),)

    found = tf.while_loop(
        lambda state: tf.size(state.rows) > 0,
        further,
        (first,),
        shape_invariants=(tf.nest.map_structure(_loose, first),),
        parallel_iterations=1,
    )[0]
    return found.answers, found.lengths, found.best


def _further(state: Open, step: Step, limits: Any, end: int, search: Search) -> Open:
    width, rows, length = search.beam, state.rows, state.length
    count = tf.size(rows)
    beginning = tf.fill([count, width, 1], tf.constant(end, tf.int64))
    codes = tf.concat([beginning, state.written], axis=2)[:, :, -1]
    logs, beams = step(tf.reshape(codes, [-1]), length, state.beams, state.sources)
    classes, kind = logs.shape[-1], logs.dtype
    logs = tf.reshape(logs, [count, width, classes])
    limit = tf.gather(limits, rows)
    last = tf.equal(limit, length)
    logs = tf.where(tf.logical_and(last[:, None, None], tf.range(classes) != end), lowest(kind), logs)
    sums, places = tf.math.top_k(tf.reshape(state.total[:, :, None] + logs, [count, width * classes]), 2 * width)
    parents, codes = places // classes, places % classes
    ends = tf.equal(codes, end)
    ending = tf.logical_and(ends, tf.range(2 * width) < width)
    scores = tf.where(ending, sums / penalty(length + 1, search, kind), lowest(kind))
    score, at = tf.reduce_max(scores, axis=1), tf.argmax(scores, axis=1, output_type=tf.int32)
    better = score > tf.gather(state.best, rows)
    texts = tf.gather(state.written, tf.gather(parents, at, batch_dims=1), batch_dims=1)
    texts = tf.pad(texts, [[0, 0], [0, search.longest - length]], constant_values=end)
    found = tf.boolean_mask(rows, better)[:, None]
    best = tf.tensor_scatter_nd_update(state.best, found, tf.boolean_mask(score, better))
    ended = state.ended + tf.reduce_sum(tf.cast(tf.math.is_finite(scores), tf.int32), axis=1)

    total, chosen = tf.math.top_k(tf.where(ends, lowest(kind), sums), width)
    parents, codes = tf.gather(parents, chosen, batch_dims=1), tf.gather(codes, chosen, batch_dims=1)
    bound = total[:, 0] / penalty(limit + 1, search, kind)
    open_ = tf.logical_and(tf.logical_and(~last, ended < width), tf.gather(best, rows) < bound)
    stays = tf.cast(tf.where(open_)[:, 0], tf.int32)
    flat = tf.reshape(tf.gather(tf.range(count)[:, None] * width + parents, stays), [-1])
    written = tf.concat([tf.gather(state.written, parents, batch_dims=1), tf.cast(codes, tf.int64)[:, :, None]], axis=2)
    return Open(
        length + 1,
        tf.gather(rows, stays),
        tf.gather(total, stays),
        tf.gather(written, stays),
        tf.gather(ended, stays),
        [tf.gather(kept, flat) for kept in beams],
        [tf.gather(kept, stays) for kept in state.sources],
        tf.tensor_scatter_nd_update(state.answers, found, tf.boolean_mask(texts, better)),
        tf.tensor_scatter_nd_update(state.lengths, found, tf.fill([tf.shape(found)[0]], length)),
        best,
    )


def penalty(length: Any, search: Search, kind: Any) -> Any:
    """What the log-probability of so many codes is divided by."""
    return ((5 + tf.cast(length, kind)) / 6) ** search.penalty


def lowest(kind: Any) -> Any:
    """The log-probability of what is impossible."""
    return tf.constant(float("-inf"), kind)


def _loose(tensor: Any) -> Any:
    """Its shape, open where rows come and go and where sequences grow: in the first and in the third axis."""
    return tf.TensorShape([None if axis in (0, 2) else size for axis, size in enumerate(tensor.shape)])
