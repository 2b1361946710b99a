"""The classes of the target, for splitters that keep their shares."""

from __future__ import annotations

import numpy as np

from sci.api import ConfigError, Dataset
from sci.api.alike import codes


def class_codes(dataset: Dataset, splitter: str) -> np.ndarray:
    """The class of each row from 0, int64 [n]; rows without a label are a class of their own.

    Raises `ConfigError` when there is no target, or one that is not made of classes.
    """
    name = dataset.schema.slots.get("target")
    if name is None:
        raise ConfigError(
            f"{splitter} needs a target with classes, and the experiment names none",
            id="config.split-target",
            hint="split: {name: random, test: 0.2}",
        )
    if dataset.schema.columns[name].kind == "number":
        values = np.asarray(dataset.column(name), dtype=np.float64)
        values = values[~np.isnan(values)]
        if not np.array_equal(values, np.floor(values)):
            raise ConfigError(
                f"{splitter} needs classes, and `{name}` holds numbers with decimals",
                id="config.split-target",
                hint="split: {name: random, test: 0.2}",
            )
    return np.unique(codes(dataset, name), return_inverse=True)[1].astype(np.int64)


def class_names(dataset: Dataset, classes: np.ndarray, wanted: np.ndarray) -> str:
    """The first five of these classes with their rows, for a message."""
    stored = dataset.stored(dataset.schema.slots["target"])
    sizes = np.bincount(classes)
    shown = []
    for code in wanted[:5]:
        value = stored[int(np.flatnonzero(classes == code)[0])]
        shown.append(f"`{value.as_py() if hasattr(value, 'as_py') else value}` ({int(sizes[code])})")
    return ", ".join(shown) + (f" and {len(wanted) - 5} more" if len(wanted) > 5 else "")
