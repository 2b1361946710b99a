"""For each class: rows found, predicted and real."""

from __future__ import annotations

import numpy as np

from sci.api import Predictions
from sci_metrics.membership import has_label_sets, label_sets
from sci_metrics.sums import Summed


class PerClass(Summed):
    """A metric of the counts of all classes.

    The sums are three blocks of one column for each class: rows found (label and target are this class), predicted and
    real. Where any number of labels apply to a row, it counts for each of them. Rows without a label, and targets that
    the model does not know, count as one more class that is never found.
    """

    def statistics(self, predictions: Predictions) -> np.ndarray:
        """float64 [n, 3 * classes] of 0 and 1."""
        if has_label_sets(predictions):
            real, said = label_sets(predictions)
            return np.concatenate([real & said, said, real], axis=1).astype(np.float64)
        truth, label, classes = outcomes(predictions)
        columns = np.zeros((len(truth), 3, classes))
        rows = np.arange(len(truth))
        columns[rows, 0, truth] = found(predictions, truth, label)
        columns[rows, 1, label] = 1
        columns[rows, 2, truth] = 1
        return columns.reshape(len(truth), -1)

    def sums(self, predictions: Predictions) -> np.ndarray:
        """As the sum of `statistics`, where a row has one class without a column for each in memory."""
        if has_label_sets(predictions):
            return super().sums(predictions)
        truth, label, classes = outcomes(predictions)
        hit = truth[found(predictions, truth, label)]
        return np.concatenate([np.bincount(codes, minlength=classes) for codes in (hit, label, truth)]).astype(float)


def outcomes(predictions: Predictions) -> tuple[np.ndarray, np.ndarray, int]:
    """Codes of target and label, int64 [n] each, and the number of classes; what has none gets a code of its own."""
    truth, label = predictions.codes("target"), predictions.codes("label")
    known = len(predictions.info["classes"])
    classes = known + bool((truth < 0).any() or (label < 0).any())
    return np.where(truth < 0, known, truth), np.where(label < 0, known, label), classes


def found(predictions: Predictions, truth: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Whether the label is the target, which the class of what has no class never is: bool [n]."""
    return (truth == label) & (truth < len(predictions.info["classes"]))


def blocks(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows found, predicted and real, [..., classes] each, from the sums of `PerClass`."""
    hit, predicted, actual = np.moveaxis(sums.reshape(*sums.shape[:-1], 3, -1), -2, 0)
    return hit, predicted, actual
