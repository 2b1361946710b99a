"""Many binary trees as arrays, walked all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sci_sklearn.network import Arrays, Layout

LEAF = -1
WALKERS = 1 << 20
"""Pairs of a row and a tree that are walked at a time."""

Tree = Mapping[str, np.ndarray]
"""One tree: ``feature`` (`LEAF` in a leaf), ``threshold``, ``left``, ``right``, ``missing_left`` and ``value``, one
entry for each node, the root first and every node before those under it."""


def planted(trees: Sequence[Tree]) -> dict[str, np.ndarray]:
    """The nodes of all trees in one row, children counted over all; ``root`` [t] says where each tree begins."""
    roots = np.cumsum([0, *(len(tree["feature"]) for tree in trees)], dtype=np.int64)
    columns: dict[str, list[np.ndarray]] = {name: [] for name in ("left", "right")}
    for tree, root in zip(trees, roots, strict=False):
        inner = tree["feature"] != LEAF
        for name, parts in columns.items():
            parts.append(np.where(inner, tree[name] + root, 0))
    return {
        "root": roots[:-1].astype(np.int32),
        "feature": _joined(trees, "feature", np.int32),
        "threshold": _joined(trees, "threshold", np.float64),
        "missing_left": _joined(trees, "missing_left", np.int32),
        "value": _joined(trees, "value", np.float64),
        **{name: np.concatenate(parts).astype(np.int32) for name, parts in columns.items()},
    }


def _joined(trees: Sequence[Tree], name: str, dtype: Any) -> np.ndarray:
    return np.concatenate([np.asarray(tree[name], dtype=dtype) for tree in trees])


def layout(columns: int) -> Layout:
    """The arrays of `planted`, with `columns` numbers in each leaf."""
    each = dict.fromkeys(("feature", "left", "right", "missing_left"), ("i", ("nodes",)))
    return {"root": ("i", ("trees",)), "threshold": ("f", ("nodes",)), "value": ("f", ("nodes", columns)), **each}


def flaw(arrays: Arrays, width: int) -> str:
    """What would lead a walk astray: a child before its parent or outside its tree, or an input that there is not."""
    feature, roots = arrays["feature"], arrays["root"]
    nodes = np.arange(len(feature))
    if not len(roots) or roots[0] != 0 or (np.diff(roots) <= 0).any() or roots[-1] >= len(feature):
        return "a tree has no root"
    if (feature < LEAF).any() or (feature >= width).any():
        return f"a node asks for an input beyond the {width} that there are"
    inner = feature != LEAF
    ends = np.append(roots[1:], len(feature))[np.searchsorted(roots, nodes, side="right") - 1]
    for name in ("left", "right"):
        child = arrays[name]
        if ((child <= nodes) | (child >= ends))[inner].any():
            return "a node leads out of its tree"
    return ""


def leaves(arrays: Arrays, inputs: np.ndarray) -> np.ndarray:
    """The leaf of each row in each tree: int64 [n, t].

    A row goes left where its input is at most the threshold; a missing one goes where most training rows did, or where
    training put missing ones.
    """
    rows, trees = len(inputs), len(arrays["root"])
    node = np.tile(arrays["root"].astype(np.int64), rows)
    walking = np.arange(rows * trees)
    holes = bool(np.isnan(inputs).any())
    while True:
        here = node[walking]
        inner = arrays["feature"][here] != LEAF
        walking, here = walking[inner], here[inner]
        if not len(walking):
            return node.reshape(rows, trees)
        seen = inputs[walking // trees, arrays["feature"][here]]
        left = seen <= arrays["threshold"][here]
        if holes:
            left = np.where(np.isnan(seen), arrays["missing_left"][here] != 0, left)
        node[walking] = np.where(left, arrays["left"][here], arrays["right"][here])


def parts(rows: int, trees: int) -> list[slice]:
    """Rows in parts that are walked at a time."""
    size = max(WALKERS // max(trees, 1), 1)
    return [slice(start, start + size) for start in range(0, rows, size)]
