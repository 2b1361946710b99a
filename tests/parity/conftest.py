"""Engines by name, through the installed plugins, with networks that are made as an experiment makes them."""

from __future__ import annotations

import json
import pathlib
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

import sci
from sci.api import Feature, Schema, State, Step
from sci.pipeline.runner import plugins
from sci.plugins.registry import Registry
from sci.runs import arrays

TEMPLATES = pathlib.Path(__file__).resolve().parents[2] / "templates" / "experiments"
ROWS, WIDTH, CLASSES = 70, 5, 3

Arrays = Mapping[str, np.ndarray]


class Rows:
    """A feed over arrays; `resident` decides whether the engine may take them whole."""

    def __init__(self, columns: Arrays, resident: bool = True) -> None:
        self.columns = {"id": np.arange(len(columns["target"])), **columns}
        self._resident = resident

    def __len__(self) -> int:
        return len(self.columns["id"])

    def signature(self) -> dict[str, tuple[str, tuple[int | None, ...]]]:
        return {key: (str(array.dtype), (None, *array.shape[1:])) for key, array in self.columns.items()}

    def resident(self) -> dict[str, np.ndarray] | None:
        return dict(self.columns) if self._resident else None

    def batch(self, indices: np.ndarray, epoch: int) -> dict[str, np.ndarray]:
        return {key: array[indices] for key, array in self.columns.items()}


class Bench:
    """One network on one engine with its trainer; every component is found by name.

    Args:
        registry: the installed components.
        engine: its name.
        model: a name with settings, as in an experiment file.
        columns: what a batch holds; numbers are cast to what the engine packs.
        optimizer: likewise a name with settings.
        loss: a name; by default the one that suits the target.
        resident: whether the engine may take the rows whole.
        seed: of the first weights.
        training: keys of the ``training`` section.
    """

    def __init__(
        self,
        registry: Registry,
        engine: str,
        model: Mapping[str, Any],
        columns: Arrays,
        *,
        optimizer: Mapping[str, Any] | None = None,
        loss: str | None = None,
        resident: bool = True,
        seed: int = 3,
        **training: Any,
    ) -> None:
        self.registry, self.name = registry, engine
        settings = {"device": "cpu", "precision": "float64", **training}
        self.engine = self._component("engines", {"name": engine})
        self.facts = self.engine.start(settings, seed)
        packed = self.engine.number_dtype(settings["precision"])
        self.columns = {
            key: array.astype(packed) if array.dtype.kind == "f" else array for key, array in columns.items()
        }
        classes = columns["target"].dtype.kind == "i"
        heads = {"logits": Feature("array", shape=(CLASSES,))} if classes else {"value": Feature("number")}
        factory, config = self._found("models", model)
        self.network = self.engine.build(factory, config, schema_of(columns), heads, seed)
        self.loss = self._component(
            "losses", {"name": loss or ("cross-entropy" if classes else "mean-squared-error")}, heads
        )
        chosen = optimizer or {"name": "gradient-descent", "learning_rate": 0.1}
        self.trainer = self.engine.trainer(
            self.network,
            self.loss,
            lambda groups: {group: self._component("optimizers", chosen, named) for group, named in groups.items()},
            Rows(self.columns, resident),
            settings,
        )

    def _found(self, kind: str, value: Mapping[str, Any]) -> tuple[Any, Any]:
        settings = dict(value)
        entry = self.registry.find(kind, settings.pop("name"), self.name)
        return entry.load(), entry.settings(settings)

    def _component(self, kind: str, value: Mapping[str, Any], *more: Any) -> Any:
        target, settings = self._found(kind, value)
        return target(settings, *more)

    @property
    def weights(self) -> dict[str, np.ndarray]:
        """By canonical name."""
        return dict(self.engine.state(self.network).arrays)

    def predict(self, columns: Arrays | None = None) -> np.ndarray:
        """What the only head emits."""
        [found] = self.engine.predict(self.network, columns or self.columns, {}).values()
        return np.asarray(found)


def schema_of(columns: Arrays) -> Schema:
    found = {"x": Feature("array", shape=(columns["numbers"].shape[1],))}
    if "categories" in columns:
        sizes = columns["categories"].max(axis=0) + 1
        found |= {f"c{i}": Feature("category", dtype="int64", size=int(size)) for i, size in enumerate(sizes)}
    return Schema(found, dict.fromkeys(found, "input"))


@pytest.fixture(scope="session")
def registry() -> Registry:
    return plugins().registry


@pytest.fixture
def bench(registry: Registry) -> Callable[..., Bench]:
    return lambda engine, model, columns, **more: Bench(registry, engine, model, columns, **more)


@pytest.fixture
def drawn() -> Callable[..., dict[str, np.ndarray]]:
    def draw(classes: bool = False, weight: bool = False, categories: bool = False) -> dict[str, np.ndarray]:
        """Rows with a number to predict, or its third as a class."""
        random = np.random.default_rng(0)
        numbers = random.normal(size=(ROWS, WIDTH))
        value = numbers @ np.arange(1, WIDTH + 1) + random.normal(size=ROWS)
        thirds = np.quantile(value, np.arange(1, CLASSES) / CLASSES)
        found = {"numbers": numbers, "target": np.digitize(value, thirds).astype(np.int64) if classes else value}
        if weight:
            found["weight"] = random.uniform(0.5, 2, ROWS)
        if categories:
            found["categories"] = np.stack([np.arange(ROWS) % 3, np.arange(ROWS) % 4], axis=1).astype(np.int64)
        return found

    return draw


@pytest.fixture
def steps() -> Callable[..., list[Step]]:
    def planned(count: int, batch_size: int = 16) -> list[Step]:
        """Updates over shuffled rows, the last of each epoch smaller, at a rate that falls."""
        random = np.random.default_rng(1)
        per_epoch = -(-ROWS // batch_size)
        orders = [random.permutation(ROWS) for _ in range(-(-count // per_epoch))]
        parts = [part for order in orders for part in np.split(order, range(batch_size, ROWS, batch_size))]
        return [Step(i, i // per_epoch, parts[i].astype(np.int64), 1 / (1 + 0.1 * i)) for i in range(count)]

    return planned


@pytest.fixture
def whole() -> Callable[[int], list[Step]]:
    return lambda count: [Step(number, number, np.arange(ROWS), 1.0) for number in range(count)]


@pytest.fixture
def same() -> Callable[[Arrays, Arrays], bool]:
    def equal(one: Arrays, two: Arrays) -> bool:
        """Whether names, types and every bit are equal."""
        return one.keys() == two.keys() and all(
            one[name].dtype == two[name].dtype and one[name].tobytes() == two[name].tobytes() for name in one
        )

    return equal


@pytest.fixture
def stored() -> Callable[[State], State]:
    """A state as it comes back from a disk."""
    return lambda state: State(arrays.unpack(arrays.pack(state.arrays), "state"), json.loads(json.dumps(state.meta)))


@pytest.fixture
def together() -> Callable[[Any, Sequence[Step], int], np.ndarray]:
    def grouped(trainer: Any, steps: Sequence[Step], size: int) -> np.ndarray:
        """Losses of all steps, `size` of them in each call."""
        return np.concatenate([trainer.run(steps[start : start + size]) for start in range(0, len(steps), size)])

    return grouped


@pytest.fixture
def study(tmp_path: pathlib.Path) -> Callable[..., sci.Run]:
    """Runs a template of the repository with some keys changed, and nothing but what is measured."""

    def run(template: str, *overrides: str) -> sci.Run:
        bare = ("report=[]", "analysis=[]", "evaluation.baselines=[]")
        return sci.run(TEMPLATES / template / "experiment.yaml", [*bare, *overrides], output=tmp_path / "runs")

    return run


@pytest.fixture
def installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Installs a plugin of one module on a path of its own."""

    def install(code: str) -> None:
        folder = tmp_path_factory.mktemp("site")
        info = folder / "sci_house-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: sci-house\nVersion: 1.0\nRequires-Dist: sci-core>=0.1\n"
        )
        (info / "entry_points.txt").write_text("[sci.plugins]\nhouse = sci_house.plugin\n")
        (info / "RECORD").write_text("")
        (folder / "sci_house").mkdir()
        (folder / "sci_house" / "__init__.py").write_text("")
        for name, text in re.findall(r"# (\w+)\.py\n(.*?)(?=\n# \w+\.py\n|\Z)", textwrap.dedent(code), re.DOTALL):
            (folder / "sci_house" / f"{name}.py").write_text(text)
        monkeypatch.syspath_prepend(folder)

    return install
