"""Splitters `random`, `stratified` and `group`: one division of the rows, drawn by the seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sci.api import DataError, Dataset, Fold, RunContext
from sci_data.assignment import assign
from sci_data.classes import class_codes, class_names
from sci_data.kin import kin
from sci_data.parts import checked, fold, group_columns, warn_about_shares
from sci_data.shares import TRAIN, VALIDATION, quotas
from sci_data.split_config import GroupConfig, RandomConfig, SharesConfig, StratifiedConfig

STREAM = 0x73706C69
"""Keeps these draws apart from what else the seed of a study drives."""


class Drawn:
    """Rows drawn at random; rows with identical inputs, and rows of one group, go to one part.

    Args:
        config: the shares, and what stays together.
    """

    def __init__(self, config: RandomConfig) -> None:
        self.config = config

    def split(self, dataset: Dataset, context: RunContext, seed: int) -> Sequence[Fold]:
        """One fold; its parts have the rounded shares of the rows, as far as groups allow."""
        groups = group_columns(dataset, self.config.group_by)
        together = kin(dataset, self.config.identical == "together", groups, context)
        return [drawn(self.config, np.zeros(len(dataset), dtype=np.int64), together, context, seed)]


class Stratified:
    """Rows drawn at random within each class of the target; what belongs together goes to one part.

    A class with fewer rows than parts goes to train, with a warning.

    Args:
        config: the shares, and what stays together.
    """

    def __init__(self, config: StratifiedConfig) -> None:
        self.config = config

    def split(self, dataset: Dataset, context: RunContext, seed: int) -> Sequence[Fold]:
        """One fold; within a class each part is less than one row from its share, as far as groups allow."""
        groups = group_columns(dataset, self.config.group_by)
        together = kin(dataset, self.config.identical == "together", groups, context)
        classes = class_codes(dataset, "stratified")
        sizes = np.bincount(classes)
        small = 3 if self.config.validation else 2
        if (sizes < small).any():
            rare = class_names(dataset, classes, np.flatnonzero(sizes < small))
            context.warn("split.rare-classes", f"{rare}: fewer rows than parts, so all go to train and none is tested")
        return [drawn(self.config, classes, together, context, seed, small)]


class Grouped:
    """Whole groups drawn at random, until the parts have about their shares of the rows.

    Args:
        config: the shares, and the column that tells the groups apart.
    """

    def __init__(self, config: GroupConfig) -> None:
        self.config = config

    def split(self, dataset: Dataset, context: RunContext, seed: int) -> Sequence[Fold]:
        """One fold; no group is in two parts."""
        groups = group_columns(dataset, self.config.group_by)
        if not groups:
            raise DataError(
                "no column tells the groups apart",
                id="data.split-column",
                hint="split: {name: group, group_by: COLUMN}",
            )
        together = kin(dataset, False, groups, context)
        return [drawn(self.config, np.zeros(len(dataset), dtype=np.int64), together, context, seed)]


def drawn(
    config: SharesConfig, classes: np.ndarray, together: np.ndarray, context: RunContext, seed: int, small: int = 0
) -> Fold:
    """One fold with the shares of `config`; `classes` and `together` are int64 [n], see `assign`."""
    sizes = np.bincount(classes)
    wanted = quotas(sizes, config.validation, config.test, small)
    one = fold("split", assign(wanted, classes, together, generator(seed)))
    largest = int(np.bincount(np.unique(together, return_inverse=True)[1]).max())
    found = {"validation": len(one.validation), "test": len(one.test)}
    why = f"at most {largest:,} rows belong together and stay so" if largest > 1 else "there are few rows"
    shares = {"validation": config.validation, "test": config.test}
    warn_about_shares(found, shares, int(sizes[sizes >= small].sum()), context, why)
    return one


def validated(one: Fold, together: np.ndarray, share: float, seed: int, number: int) -> Fold:
    """The fold with a share of its training rows drawn for validation.

    Args:
        one: without validation rows.
        together: rows with equal numbers go to one part, int64 [rows of the data set].
        share: of the training rows.
        seed: draws follow from it and from `number`.
        number: of the fold.
    """
    if not share:
        return one
    alone = np.zeros(len(one.train), dtype=np.int64)
    wanted = quotas(np.bincount(alone), share, 0.0)[: VALIDATION + 1]
    part = assign(wanted, alone, together[one.train], generator(seed, number))
    return checked(one._replace(train=one.train[part == TRAIN], validation=one.train[part == VALIDATION]))


def generator(seed: int, fold: int = 0) -> np.random.Generator:
    """Draws for a fold that depend on the seed alone."""
    return np.random.default_rng([seed, STREAM, fold])
