"""Which models a study trains: folds, repeats of the split, and seeds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sci.api import Fold

DEFAULT = ("initialization", "order")
_REPEAT = re.compile(r"repeat-(\d+)\.")


@dataclass(frozen=True)
class Design:
    """The section `study` of an experiment.

    Args:
        seed: of the experiment; the seeds of the study count up from it.
        seeds: how many there are.
        repeats: how often the split is drawn, each time with the next seed.
        vary: what another seed changes: ``initialization``, ``order``, ``split``.
        folds: how many folds of each split are used; None for all.
        holdout: share of the rows that no fold sees.
        refit: whether one more model is fitted on all rows but the holdout.
        parallel: how many models train at the same time; None for what the cores allow.
    """

    seed: int
    seeds: int
    repeats: int
    vary: frozenset[str]
    folds: int | None
    holdout: float
    refit: bool
    parallel: int | None

    @classmethod
    def of(cls, experiment: Mapping[str, Any]) -> Design:
        """The design of a resolved experiment."""
        study = experiment.get("study") or {}
        return cls(
            seed=int(experiment.get("seed") or 0),
            seeds=int(study.get("seeds") or 1),
            repeats=int(study.get("repeats") or 1),
            vary=frozenset(study.get("vary") or DEFAULT),
            folds=study.get("folds"),
            holdout=float(study.get("holdout") or 0),
            refit=bool(study.get("refit")),
            parallel=study.get("parallel"),
        )

    @property
    def redraws(self) -> bool:
        """Whether each seed has a split of its own."""
        return "split" in self.vary and self.seeds > 1

    @property
    def draws(self) -> int:
        """How often the split is drawn."""
        return self.seeds if self.redraws else self.repeats

    def named(self, folds: Sequence[Fold], draw: int) -> list[Fold]:
        """The folds of a draw, counted from 0, with names that differ from those of other draws."""
        used = folds[: self.folds]
        return [one._replace(name=f"repeat-{draw + 1}.{one.name}") for one in used] if self.draws > 1 else list(used)

    def children(self, folds: Sequence[Fold]) -> list[tuple[Fold, int]]:
        """The fold and the seed of each model, in their order."""
        if self.redraws:
            return [(fold, self.seed + _draw(fold)) for fold in folds]
        return [(fold, self.seed + position) for fold in folds for position in range(self.seeds)]


def stream_seed(experiment: Mapping[str, Any], seed: int, stream: str) -> int:
    """What a stream of draws of a model follows from: ``initialization``, or ``order`` (of rows, and augmentation).

    `training.seed` stands in for the experiment's, and the seeds of a study stay apart where the stream is varied.
    """
    design = Design.of(experiment)
    own = (experiment.get("training") or {}).get("seed")
    first = design.seed if own is None else int(own)
    return first + (seed - design.seed if stream in design.vary else 0)


def _draw(fold: Fold) -> int:
    found = _REPEAT.match(fold.name)
    return int(found[1]) - 1 if found else 0
