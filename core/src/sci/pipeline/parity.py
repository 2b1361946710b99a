"""`sci parity`: one model on two engines, with the same weights and the same rows."""

from __future__ import annotations

import pathlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from sci.api import ConfigError, SciError, Step
from sci.experiment.defaults import engines_of
from sci.experiment.load import LoadedExperiment, load
from sci.pipeline.assembly import Assembly, named
from sci.pipeline.check import Checked, checking, spread
from sci.pipeline.child import preprocessed
from sci.pipeline.context import Context
from sci.pipeline.prepared import Prepared
from sci.pipeline.runner import plugins
from sci.pipeline.study import load as load_rows
from sci.pipeline.training import Bench, bench
from sci.plugins.manager import PluginSystem

RELATIVE, ABSOLUTE = 1e-5, 1e-7
"""Engines agree where ``|a - b| <= ABSOLUTE + RELATIVE |b|`` for every number."""

ROWS = 64

Arrays = Mapping[str, np.ndarray]


class Gap(NamedTuple):
    """The largest difference between two engines in one respect.

    Args:
        what: first weights, outputs, loss, or weights after one step.
        absolute: largest ``|a - b|``.
        relative: largest ``|a - b| / |b|``, of the numbers of at least `ABSOLUTE`: of smaller ones rounding is all.
        where: name of the array that holds the largest absolute one.
        equal: whether all numbers agree.
    """

    what: str
    absolute: float
    relative: float
    where: str
    equal: bool


@dataclass
class Parity:
    """What comparing two engines came to."""

    model: str
    engines: tuple[str, str]
    precision: str
    rows: int
    weights: int
    silenced: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether everything agrees that has to; first weights may be drawn differently."""
        return all(gap.equal for gap in self.gaps if gap.what != "first weights")


def parity(
    file: pathlib.Path, overrides: Sequence[str] = (), against: str | None = None, system: PluginSystem | None = None
) -> Parity:
    """Build an experiment's model on two engines, copy the weights, compare outputs and one training step.

    Double precision is used unless the file or an override says otherwise, so that what differs is arithmetic and not
    rounding. Settings called ``dropout`` are 0: no two engines draw the same numbers.

    Args:
        file: the experiment.
        overrides: ``key=value``.
        against: the other engine; by default the first one, besides the experiment's own, that has the model.
        system: loaded plugins; by default those that are installed.

    Raises:
        SciError: mistakes of the file, or a model that runs on one engine only.
    """
    system = system or plugins()
    loaded = load(file, overrides, system.registry)
    own = named(loaded.resolved["engine"])[0]
    model, settings = named(loaded.resolved["model"])
    engines = (own, other(model, own, against, system))
    settings, silenced = silent(settings)
    training = dict(loaded.resolved.get("training") or {})
    training["precision"] = training.get("precision") or "float64"
    patch = {"model": {"name": model, **settings}, "training": training}
    with tempfile.TemporaryDirectory(prefix="sci-parity-") as scratch:
        sides = [side(loaded, {**patch, "engine": engine}, system, pathlib.Path(scratch)) for engine in engines]
        return compared(model, engines, training["precision"], silenced, *sides)


def other(model: str, own: str, against: str | None, system: PluginSystem) -> str:
    """The engine that the experiment's own is compared with."""
    rivals = [engine for engine in engines_of(model, system.registry) if engine != own]
    if against is not None and against in rivals:
        return against
    if against is None and rivals:
        return rivals[-1] if own == "numpy" else next((one for one in rivals if one != "numpy"), rivals[0])
    asked = f" and not on {against}" if against is not None else " only"
    raise ConfigError(
        f"{model} runs on {own}{asked}, so there is nothing to compare",
        id="parity.engine",
        note=f"it also runs on {', '.join(rivals)}" if rivals else "",
        hint=f"--against {rivals[0]}" if rivals else "",
    )


def silent(settings: Mapping[str, Any], path: str = "model") -> tuple[dict[str, Any], list[str]]:
    """Settings without dropout, and which ones were changed."""
    found: dict[str, Any] = {}
    changed: list[str] = []
    for key, value in settings.items():
        if isinstance(value, Mapping):
            found[key], inner = silent(value, f"{path}.{key}")
            changed += inner
        elif key == "dropout" and value:
            found[key] = 0.0
            changed.append(f"{path}.{key}")
        else:
            found[key] = value
    return found, changed


def side(loaded: LoadedExperiment, patch: Mapping[str, Any], system: PluginSystem, scratch: pathlib.Path) -> Bench:
    """One engine with the network and the rows."""
    assembly = Assembly.of(loaded, system.registry).patched(patch, "sci parity")
    context = checking(loaded, assembly, system, scratch, Checked())
    context.quiet = True
    return bench(context, rows_of(context))


def rows_of(context: Context) -> Prepared:
    """A few rows of the first fold, through every step."""
    dataset = load_rows(context)
    fold = context.hooks.sci_split(context=context, dataset=dataset)[0]
    return preprocessed(context, dataset, fold._replace(train=spread(fold.train), validation=spread(fold.validation)))


def compared(
    model: str, engines: tuple[str, str], precision: str, silenced: list[str], one: Bench, two: Bench
) -> Parity:
    """First weights, outputs, loss and the weights after one step."""
    first, second = one.engine.state(one.network), two.engine.state(two.network)
    gaps = [gap("first weights", first.arrays, second.arrays)]
    try:
        two.engine.load_state(two.network, first)
    except SciError as error:
        raise ConfigError(
            f"the weights of {model} cannot be copied from {engines[0]} to {engines[1]}: {error.message}",
            id="parity.weights",
        ) from error
    indices = np.arange(min(ROWS, len(one.feed)), dtype=np.int64)
    emitted = [b.pipeline.network(b.feed.batch(indices, 0)) for b in (one, two)]
    gaps.append(gap("outputs", *emitted))
    losses = [{"loss": b.trainer.run([Step(0, 0, indices, 1.0)])} for b in (one, two)]
    gaps.append(gap("loss", *losses))
    gaps.append(gap("after one step", *(b.engine.state(b.network).arrays for b in (one, two))))
    weights = sum(array.size for array in first.arrays.values())
    return Parity(model, engines, precision, len(indices), weights, silenced, gaps)


def gap(what: str, one: Arrays, two: Arrays) -> Gap:
    """The largest difference between arrays of the same names."""
    if set(one) != set(two):
        odd = sorted(set(one) ^ set(two))
        return Gap(what, float("inf"), float("inf"), odd[0], False)
    largest, relative, where, equal = 0.0, 0.0, "", True
    for name in sorted(one):
        a, b = (np.asarray(side[name], dtype=np.float64) for side in (one, two))
        if a.shape != b.shape:
            return Gap(what, float("inf"), float("inf"), name, False)
        equal = equal and bool(np.allclose(a, b, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True))
        apart = np.abs(a - b)
        if apart.size and float(apart.max()) >= largest:
            largest, where = float(apart.max()), name
        known = np.abs(b) >= ABSOLUTE
        if known.any():
            relative = max(relative, float((apart[known] / np.abs(b[known])).max()))
    return Gap(what, largest, relative, where, equal)
