"""Gradient boosting on binned inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from sci.api import PluginError
from sci_sklearn import trees
from sci_sklearn.network import Arrays, Fitted, Layout

NODE = {
    "value", "feature_idx", "num_threshold", "missing_go_to_left", "left", "right", "is_leaf", "is_categorical",
}  # fmt: skip
"""Fields of a node of scikit-learn's boosted trees, which are read here and are no part of its public face."""


class GradientBoosting(Fitted):
    """Boosted trees on histograms of the inputs (Friedman 2001; Ke et al. 2017), as scikit-learn grows them.

    The score of a class, or the number, is ``start`` plus what each tree adds. Of two classes there is one score z, and
    the logits are [0, z].
    """

    @property
    def columns(self) -> int:
        """Trees of one round."""
        return 1 if self.classes in (0, 2) else self.classes

    def learned(self, inputs: np.ndarray, target: np.ndarray, weight: np.ndarray | None) -> dict[str, np.ndarray]:
        if self.classes:
            self._all_classes(target)
        found = self.estimator().fit(inputs, target, sample_weight=weight)
        rounds, start = _private(found)
        grown = [_tree(tree.nodes) for one in rounds for tree in one]
        return {"start": np.array(start, dtype=np.float64).reshape(self.columns), **trees.planted(grown)}

    def _all_classes(self, target: np.ndarray) -> None:
        absent = set(range(self.classes)) - set(target.tolist())
        if absent:
            raise ValueError(f"{len(absent)} of {self.classes} classes have no training row")

    def estimator(self) -> Any:
        """scikit-learn's estimator with these settings."""
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

        config = self.config
        settings = {
            "max_iter": config.trees,
            "learning_rate": config.learning_rate,
            "max_leaf_nodes": config.max_leaves,
            "max_depth": config.max_depth,
            "min_samples_leaf": config.min_leaf_rows,
            "l2_regularization": config.l2,
            "early_stopping": config.patience is not None,
            "n_iter_no_change": config.patience or 10,
            "random_state": self.seed,
        }
        if self.classes:
            return HistGradientBoostingClassifier(**settings)
        return HistGradientBoostingRegressor(loss=config.loss.replace("-", "_"), **settings)

    def answer(self, inputs: np.ndarray) -> np.ndarray:
        count = len(self.parameters["root"])
        scores = np.concatenate([self._sum(inputs[part]) for part in trees.parts(len(inputs), count)])
        if not self.classes:
            return scores[:, 0]
        return np.concatenate([np.zeros_like(scores), scores], axis=1) if self.classes == 2 else scores

    def _sum(self, inputs: np.ndarray) -> np.ndarray:
        leaves = trees.leaves(self.parameters, inputs)
        total = np.zeros((len(inputs), self.columns))
        total += self.parameters["start"]
        for position, leaf in enumerate(leaves.T):
            total[:, position % self.columns] += self.parameters["value"][leaf, 0]
        return total

    def layout(self) -> Layout:
        return {"start": ("f", (self.columns,)), **trees.layout(1)}

    def flaw(self, arrays: Arrays) -> str:
        odd = len(arrays["root"]) % self.columns
        return f"they hold {len(arrays['root'])} trees" if odd else trees.flaw(arrays, self.width)


def _private(estimator: Any) -> tuple[Any, Any]:
    """The rounds of trees and the first scores, from the private parts of a fitted estimator.

    Raises:
        PluginError: this version of scikit-learn keeps them elsewhere.
    """
    rounds, start = getattr(estimator, "_predictors", None), getattr(estimator, "_baseline_prediction", None)
    fields = set(rounds[0][0].nodes.dtype.names or ()) if rounds and hasattr(rounds[0][0], "nodes") else set()
    if start is None or not fields >= NODE:
        import sklearn

        raise PluginError(
            f"scikit-learn {sklearn.__version__} keeps boosted trees in a form that sci-sklearn does not know",
            id="sklearn.version",
            hint="pip install 'scikit-learn>=1.6,<1.10'",
        )
    return rounds, start


def _tree(nodes: np.ndarray) -> trees.Tree:
    leaf = nodes["is_leaf"].astype(bool)
    return {
        "feature": np.where(leaf, trees.LEAF, nodes["feature_idx"].astype(np.int64)),
        "threshold": nodes["num_threshold"],
        "left": nodes["left"].astype(np.int64),
        "right": nodes["right"].astype(np.int64),
        "missing_left": nodes["missing_go_to_left"],
        "value": nodes["value"][:, None],
    }
