"""Source `sklearn`: the data sets that come with scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import Dataset, MissingDependency, RunContext, dataset
from sci_data.config import SklearnConfig


class Bundled:
    """One of scikit-learn's bundled sets: its features under their names, then column `target`.

    The target of a classification set are the names of the classes. `diabetes` has the scaled features that
    ``load_diabetes`` gives by default. `linnerud` has three targets, under their own names.

    Args:
        config: which set.
    """

    def __init__(self, config: SklearnConfig) -> None:
        self.config = config

    def read(self, context: RunContext) -> Dataset:
        """All rows; `MissingDependency` where scikit-learn is not installed."""
        try:
            from sklearn import datasets
        except ImportError as error:
            raise MissingDependency("scikit-learn", "sci-data[sklearn]") from error
        bunch = getattr(datasets, f"load_{self.config.dataset.replace('-', '_')}")()
        columns: dict[str, Any] = {
            str(name): column for name, column in zip(bunch.feature_names, bunch.data.T, strict=True)
        }
        if self.config.dataset == "linnerud":
            columns |= {str(name): column for name, column in zip(bunch.target_names, bunch.target.T, strict=True)}
        elif "target_names" in bunch:
            columns["target"] = pa.array(np.asarray(bunch.target_names).astype(str)[bunch.target])
        else:
            columns["target"] = bunch.target
        return dataset(pa.table({name: pa.array(column) for name, column in columns.items()}))
