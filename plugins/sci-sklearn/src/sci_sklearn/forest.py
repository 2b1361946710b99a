"""One tree, and forests whose answer is the mean of their trees."""

from __future__ import annotations

from typing import Any

import numpy as np

from sci_sklearn import trees
from sci_sklearn.network import Arrays, Fitted, Layout


class Forest(Fitted):
    """The mean over trees of the class frequencies, or of the numbers, in the leaf that a row comes to.

    Inputs are compared in float32, as scikit-learn does. Probabilities and numbers are those of scikit-learn's
    estimator to the last bit: the trees are added up in the same order.
    """

    bootstrap: bool | None = None
    """Whether a tree is grown on rows drawn with replacement; None for a single tree."""
    estimators = ("", "")
    """Names of scikit-learn's classifier and regressor."""

    def learned(self, inputs: np.ndarray, target: np.ndarray, weight: np.ndarray | None) -> dict[str, np.ndarray]:
        found = self.estimator().fit(inputs.astype(np.float32), target, sample_weight=weight)
        grown = found.estimators_ if self.bootstrap is not None else [found]
        classes = np.asarray(found.classes_) if self.classes else None
        return trees.planted([self._tree(one.tree_, classes) for one in grown])

    def estimator(self) -> Any:
        """scikit-learn's estimator with these settings."""
        from sklearn import ensemble, tree

        config = self.config
        settings: dict[str, Any] = {
            "max_depth": config.max_depth,
            "max_leaf_nodes": config.max_leaves,
            "min_samples_leaf": config.min_leaf_rows,
            "max_features": self._features(),
            "random_state": self.seed,
        }
        if self.bootstrap is not None:
            settings |= {"n_estimators": config.trees, "bootstrap": self.bootstrap, "n_jobs": self.threads}
        module = tree if self.bootstrap is None else ensemble
        return getattr(module, self.estimators[0 if self.classes else 1])(**settings)

    def _features(self) -> str | float | None:
        wanted = self.config.features
        if wanted == "auto":
            return "sqrt" if self.classes and self.bootstrap is not None else None
        return None if wanted == "all" else wanted

    def _tree(self, tree: Any, classes: np.ndarray | None) -> trees.Tree:
        """The nodes of one tree, with a share for each class of the task, or a number."""
        found = tree.value[:, 0, :]
        value = found if classes is None else np.zeros((len(found), self.classes))
        if classes is not None:
            value[:, classes] = found
        leaf = tree.children_left == tree.children_right
        return {
            "feature": np.where(leaf, trees.LEAF, tree.feature),
            "threshold": tree.threshold,
            "left": tree.children_left,
            "right": tree.children_right,
            "missing_left": tree.missing_go_to_left,
            "value": value,
        }

    def answer(self, inputs: np.ndarray) -> np.ndarray:
        inputs = inputs.astype(np.float32)
        count = len(self.parameters["root"])
        found = np.concatenate([self._mean(inputs[part]) for part in trees.parts(len(inputs), count)])
        return self.logarithms(found, np.arange(self.classes)) if self.classes else found[:, 0]

    def _mean(self, inputs: np.ndarray) -> np.ndarray:
        leaves = trees.leaves(self.parameters, inputs)
        total = np.zeros((len(inputs), max(self.classes, 1)))
        for leaf in leaves.T:
            total += self.parameters["value"][leaf]
        return total / leaves.shape[1]

    def layout(self) -> Layout:
        return trees.layout(max(self.classes, 1))

    def flaw(self, arrays: Arrays) -> str:
        return trees.flaw(arrays, self.width)


class DecisionTree(Forest):
    """Classification and regression tree (Breiman, Friedman, Olshen and Stone 1984)."""

    estimators = ("DecisionTreeClassifier", "DecisionTreeRegressor")


class RandomForest(Forest):
    """Random forest (Breiman 2001): rows drawn with replacement, and a few inputs tried for each question."""

    bootstrap = True
    estimators = ("RandomForestClassifier", "RandomForestRegressor")


class ExtraTrees(Forest):
    """Extremely randomized trees (Geurts, Ernst and Wehenkel 2006): thresholds drawn at random, all rows in each."""

    bootstrap = False
    estimators = ("ExtraTreesClassifier", "ExtraTreesRegressor")
