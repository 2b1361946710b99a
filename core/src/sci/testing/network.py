"""A model on an engine with all that trains it, put together as an experiment does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sci.api import ConfigError, Dataset, Engine, Feature, Schema, State, Step, Trainer
from sci.pipeline.feed import Packing
from sci.pipeline.trained import input_schema
from sci.plugins.entry import Entry
from sci.plugins.registry import Registry
from sci.testing.compare import difference
from sci.testing.fitting import everything, stored

SEED = 3
Arrays = Mapping[str, np.ndarray]


class Chosen:
    """A component and its settings.

    Args:
        entry: found for the engine.
        settings: as in an experiment file.
    """

    def __init__(self, entry: Entry, settings: Mapping[str, Any] | None = None) -> None:
        self.entry = entry
        self.settings = entry.settings(settings or {})

    @classmethod
    def named(cls, registry: Registry, kind: str, value: str | Mapping[str, Any], engine: str) -> Chosen:
        """What an experiment file would name so."""
        settings = {"name": value} if isinstance(value, str) else dict(value)
        return cls(registry.find(kind, settings.pop("name"), engine), settings)

    def make(self, *more: Any) -> Any:
        """The component."""
        return self.entry.load()(self.settings, *more)


class Rows:
    """A feed over arrays; `resident` decides whether an engine may take them whole."""

    def __init__(self, arrays: Arrays, resident: bool = True) -> None:
        self.arrays = arrays
        self._resident = resident

    def __len__(self) -> int:
        return len(self.arrays["id"])

    def signature(self) -> dict[str, tuple[str, tuple[int | None, ...]]]:
        """dtype and shape of every key; the second axis of what is padded varies."""
        return {
            key: (
                str(array.dtype),
                (None, None, *array.shape[2:]) if f"{key}.length" in self.arrays else (None, *array.shape[1:]),
            )
            for key, array in self.arrays.items()
        }

    def resident(self) -> dict[str, np.ndarray] | None:
        """All rows, if the engine may have them, and nothing is padded."""
        padded = any(key.endswith(".length") for key in self.arrays)
        return {key: array.copy() for key, array in self.arrays.items()} if self._resident and not padded else None

    def batch(self, indices: np.ndarray, epoch: int) -> dict[str, np.ndarray]:
        """These rows."""
        return {key: np.ascontiguousarray(array[indices]) for key, array in self.arrays.items()}


class Network:
    """A network on its engine.

    Args:
        registry: finds the engine.
        engine: its name.
        model: the model.
        data: rows as the last step would leave them.
        loss: what training minimises; None for a model that needs none.
        optimizer: None for a model that is fitted at once.
        heads: what the network has to emit.
        seed: of the first weights.
        resident: whether the engine may take the rows whole.
        weight: weights of the rows, where they have some.
        training: more keys of the ``training`` section.
    """

    def __init__(
        self,
        registry: Registry,
        engine: str,
        model: Chosen,
        data: Dataset,
        *,
        loss: Chosen | None,
        optimizer: Chosen | None,
        heads: Mapping[str, Feature],
        seed: int = SEED,
        resident: bool = True,
        weight: np.ndarray | None = None,
        **training: Any,
    ) -> None:
        self.heads = heads
        self.engine: Engine = Chosen.named(registry, "engines", engine, engine).make()
        settings = {"device": "cpu", "precision": precision(self.engine), **training}
        self.facts = dict(self.engine.start(settings, seed))
        packing = Packing(data.schema, self.engine.number_dtype(settings["precision"]))
        self.arrays = packing(everything(data))
        if weight is not None:
            self.arrays["weight"] = weight.astype(packing.dtype)
        self.network = self.engine.build(model.entry.load(), model.settings, input_schema(data.schema), heads, seed)
        self.feed = Rows(self.arrays, resident)
        self._made = (loss, optimizer, settings)
        self._trainer: Trainer | None = None

    @property
    def trainer(self) -> Trainer:
        """The engine's side of the loop, made when it is first asked for."""
        if self._trainer is None:
            loss, optimizer, settings = self._made
            self._trainer = self.engine.trainer(
                self.network,
                loss.make(self.heads) if loss else None,
                lambda groups: {group: optimizer.make(named) for group, named in groups.items()} if optimizer else {},
                self.feed,
                settings,
            )
        return self._trainer

    @property
    def weights(self) -> dict[str, np.ndarray]:
        """By name, as they are stored."""
        return stored(self.engine.state(self.network)).arrays

    def state(self) -> State:
        """All that the next step depends on, as it comes back from a disk."""
        return stored(self.trainer.state())

    def predict(self, indices: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """What the network emits for these rows, by default all."""
        rows = np.arange(len(self.feed)) if indices is None else indices
        return self.engine.predict(self.network, self.feed.batch(rows, 0), {})

    def loss(self, indices: np.ndarray | None = None) -> float:
        """The loss of these rows, by default all."""
        rows = np.arange(len(self.feed)) if indices is None else indices
        return float(self.trainer.validate(self.feed.batch(rows, 0), {})[1])


def precision(engine: Engine) -> str | None:
    """Double precision, where the engine has it: what differs is then no rounding."""
    try:
        engine.number_dtype("float64")
    except ConfigError:
        return None
    return "float64"


def whole_steps(rows: int, count: int, rate: float = 1.0) -> list[Step]:
    """Updates with all rows in each."""
    return [Step(number, number, np.arange(rows, dtype=np.int64), rate) for number in range(count)]


def batch_steps(rows: int, count: int, size: int = 16) -> list[Step]:
    """Updates over rows in another order in each epoch, the last batch of each smaller, at a rate that falls."""
    per_epoch = -(-rows // size)
    found = []
    for number in range(count):
        epoch, place = divmod(number, per_epoch)
        order = np.random.default_rng(epoch).permutation(rows)
        found.append(Step(number, epoch, order[place * size : (place + 1) * size].astype(np.int64), 1 / (1 + number)))
    return found


def question(registry: Registry, schema: Schema, wanted: Sequence[str] = ()) -> tuple[dict[str, Feature], str | None]:
    """What a network has to emit for these targets, and the loss that goes with it: by a task that is installed, one of
    `wanted` first.

    Raises:
        ConfigError: no installed task asks for such targets.
    """
    kind = schema.target().kind
    entries = registry.entries("tasks")
    for entry in sorted(entries, key=lambda one: (one.spec.name not in wanted, one.spec.name)):
        task = entry.load()(entry.settings({}))
        taken = task.slots.get("target", ())
        if set(task.slots) == {"target"} and (kind in taken or (kind == "tokens" and "text" in taken)):
            return dict(task.heads(schema)), task.loss
    raise ConfigError(f"no installed task asks for a {kind}", id="plugin.check", hint="pip install sci-tasks")


def close(one: Arrays, two: Arrays, tolerance: float) -> str:
    """The first difference between arrays of the same names that is larger than rounding."""
    wide = [{name: np.asarray(array, dtype=np.float64) for name, array in side.items()} for side in (one, two)]
    return difference(wide[0], wide[1], tolerance)


def same(one: Arrays, two: Arrays) -> str:
    """The first difference between arrays of the same names, to the last bit."""
    return difference(dict(one), dict(two))
