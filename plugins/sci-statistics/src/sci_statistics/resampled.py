"""The variance of a mean over models whose training rows overlap."""

from __future__ import annotations

import numpy as np


def corrected_variance(values: np.ndarray, test_share: float) -> float:
    """Variance of the mean over folds or repeats: Nadeau and Bengio, Inference for the generalization error, Machine
    Learning 52 (2003), doi:10.1023/A:1024068626366.

    Training sets share rows, so that the values hang together and their variance over k is too small. It is
    ``(1 / k + test_share) * s ** 2``, with s the sample standard deviation.

    Args:
        values: one for each model, float64 [k], k at least 2.
        test_share: test rows of a fold over its training rows.
    """
    found = np.asarray(values, dtype=np.float64)
    return float((1.0 / len(found) + test_share) * np.var(found, ddof=1))
