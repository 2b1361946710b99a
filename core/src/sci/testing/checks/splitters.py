"""What a splitter owes: parts that do not overlap, and the same ones for the same seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sci.api import ConfigError, DataError
from sci.testing.apart import answer, ours
from sci.testing.check import Fault, check
from sci.testing.compare import listed
from sci.testing.context import KitContext
from sci.testing.generators import seeded, untouched
from sci.testing.splitting import divided, folds, rows
from sci.testing.trial import Trial, needs
from sci.testing.variants import with_gaps, with_scripts

KIND = "splitters"
PARTS = ("train", "validation", "test")
DIVIDES = ("SCI-SPL-001",)


@check("SCI-SPL-001", KIND, mend="Return a list of `Fold`s; let the case bring rows that the splitter can divide.")
def divides(trial: Trial) -> None:
    """The splitter returns folds with positions of rows as int64."""
    for one in trial.once("folds", lambda: divided(trial)):
        for part in PARTS:
            array = getattr(one, part)
            if not isinstance(array, np.ndarray) or array.dtype != np.int64 or array.ndim != 1:
                raise Fault(f"`{part}` of fold `{one.name}` is {getattr(array, 'dtype', type(array).__name__)}")
            if len(array) and (array.min() < 0 or array.max() >= len(rows(trial))):
                raise Fault(
                    f"`{part}` of fold `{one.name}` names rows {array.min()} to {array.max()} of {len(rows(trial))}"
                )


@check(
    "SCI-SPL-002",
    KIND,
    after=DIVIDES,
    mend="Give each row to one part; a row in two parts is learned and then tested on.",
)
def no_row_is_in_two_parts(trial: Trial) -> None:
    """Every row is in at most one part of a fold, and there once."""
    for one in divided(trial):
        every = np.concatenate([one.train, one.validation, one.test])
        if len(np.unique(every)) < len(every):
            twice = np.flatnonzero(np.bincount(every) > 1)
            raise Fault(f"row {twice[0]} is in two parts of fold `{one.name}`, or twice in one")


@check(
    "SCI-SPL-003",
    KIND,
    after=DIVIDES,
    mend="Raise a `DataError` where there are too few rows, instead of an empty part.",
)
def nothing_is_empty(trial: Trial) -> None:
    """Every fold has training rows and test rows, and a name of its own."""
    found = divided(trial)
    for one in found:
        if not len(one.train) or not len(one.test):
            raise Fault(f"fold `{one.name}` has {len(one.train)} training and {len(one.test)} test rows")
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        raise Fault(f"the folds are called {', '.join(names)}")


@check(
    "SCI-SPL-004",
    KIND,
    after=DIVIDES,
    mend="Draw from `numpy.random.default_rng(seed)` with the seed that `split` is given.",
)
def same_seed_same_folds(trial: Trial) -> None:
    """The same seed gives the same folds, with the same splitter and with a new one, whatever the global generators are
    at."""
    splitter, found = trial.make(), []
    for seed, one in ((1, splitter), (2, splitter), (3, None)):
        with seeded(seed):
            found.append(folds(trial, one))
    if found[0] != found[1] or found[0] != found[2]:
        raise Fault("the folds differ")


@check(
    "SCI-SPL-005", KIND, after=(*DIVIDES, "SCI-SPL-004"), mend="Use the seed, or take `uses_seed` out of the claims."
)
def other_seeds_give_other_folds(trial: Trial) -> None:
    """A splitter that claims `uses_seed` gives other folds for another seed."""
    needs(trial.claims.get("uses_seed"), "does not claim uses_seed")
    first = folds(trial, seed=1)
    if all(folds(trial, seed=seed) == first for seed in (2, 3, 4)):
        raise Fault("four seeds gave the same folds")


@check("SCI-SPL-006", KIND, after=(*DIVIDES, "SCI-SPL-002", "SCI-SPL-004"), mend="Divide groups, not rows.")
def groups_stay_together(trial: Trial) -> None:
    """A splitter that claims `groups_together` puts all rows of a group into one part."""
    needs(trial.claims.get("groups_together"), "does not claim groups_together")
    data = rows(trial)
    columns = data.schema.by("group")
    needs(columns, "the data have no groups")
    groups = listed(data.column(columns[0]))
    for one in divided(trial):
        _apart([{groups[row] for row in getattr(one, part)} for part in PARTS], one.name)


@check(
    "SCI-SPL-007",
    KIND,
    after=(*DIVIDES, "SCI-SPL-004"),
    mend="Sort what comes out of a set, and build nothing on `hash()` or the process.",
)
def another_process_divides_the_same(trial: Trial) -> None:
    """Another process, with another hash seed, finds the same folds for the same seed."""
    found = answer(trial, "plain")
    if found != ours(trial):
        raise Fault(found if found.startswith("raises") else "the other process finds other folds")


@check("SCI-SPL-008", KIND, after=(*DIVIDES, "SCI-SPL-004"), mend="Draw from a generator of your own.")
def leaves_global_generators_alone(trial: Trial) -> None:
    """Neither `random` nor `numpy.random` is in another state after dividing."""
    with untouched():
        divided(trial)


@check(
    "SCI-SPL-009",
    KIND,
    after=(*DIVIDES, "SCI-SPL-002"),
    mend="Take a missing value as one of its own, or refuse it with a `DataError` that names the column.",
)
def reads_every_row(trial: Trial) -> None:
    """Rows with missing values, and groups and classes in any script, are divided, or refused with a `DataError`."""
    data = rows(trial)
    names = list(data.schema.columns)
    for words, odd in (("missing values", with_gaps(data, names)), ("other scripts", with_scripts(data, names))):
        try:
            list(trial.make().split(odd, KitContext(trial.subject.room()), 7))
        except (DataError, ConfigError):
            continue
        except Exception as error:
            raise Fault(f"{words}: {type(error).__name__}: {error}") from error


def _apart(parts: Sequence[set[object]], fold: str) -> None:
    for place, one in enumerate(parts):
        for other in parts[place + 1 :]:
            if one & other:
                raise Fault(f"group {sorted(map(str, one & other))[0]!r} is in two parts of fold `{fold}`")
