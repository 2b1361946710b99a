"""The trained pipeline: what was trained is what is served."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import Batch, Dataset, Engine, Feature, Predictions, Schema, Spans, State, Task, without_targets
from sci.api.errors import DataError
from sci.api.predictions import target_key
from sci.api.rows import dataset, to_arrow
from sci.pipeline.assembly import Assembly, Part
from sci.pipeline.blame import guarded, owed
from sci.pipeline.feed import Packing
from sci.pipeline.legible import require_legible, require_lists_alike
from sci.pipeline.pieces import answered, positions_for
from sci.pipeline.places import nowhere
from sci.pipeline.schema import Meaning
from sci.pipeline.steps import Steps, concatenated
from sci.plugins.registry import Registry
from sci.runs import arrays
from sci.runs.loader import Loader
from sci.runs.writer import write_json

ROWS = 8192
FOLDER = "model"


class TrainedPipeline:
    """``encode -> network -> decode``, with everything that was fitted.

    Implements `sci.api.Pipeline`. Prediction, serving and every export use only this.
    """

    def __init__(
        self,
        assembly: Assembly,
        schema: Schema,
        steps: Steps,
        task: Task,
        engine: Engine,
        network: Any,
        packing: Packing,
        calibrators: list[tuple[Part, Any]] | None = None,
        changed: Mapping[str, str] | None = None,
    ) -> None:
        self.assembly = assembly
        self.schema = schema
        self.steps = steps
        self.task = task
        self.engine = engine
        self.native = network
        self.packing = packing
        self.calibrators = calibrators or []
        self.changed = dict(changed or {})

    @property
    def request(self) -> Schema:
        """What a caller sends."""
        return self.task.request(self.schema)

    @property
    def outputs(self) -> Mapping[str, Feature]:
        """What a caller gets: the outputs of the task, and those that calibrators add."""
        found = self._decoded
        for part, calibrator in self.calibrators:
            added = getattr(calibrator, "outputs", None)
            if added is not None:
                found |= owed(part, guarded(part, "outputs", added, found, self.info), Mapping, "mapping of features")  # type: ignore[type-abstract]
        return found

    @property
    def _decoded(self) -> dict[str, Feature]:
        return dict(self.task.outputs(self.steps.schemas[-1]))

    @property
    def info(self) -> Mapping[str, Any]:
        """What the task learned (classes, the positive class), and what calibrators did."""
        found = dict(self.task.info())
        for part, calibrator in self.calibrators:
            learned = getattr(calibrator, "info", None)
            if learned is not None:
                found |= owed(part, guarded(part, "info", learned), Mapping, "mapping of facts")  # type: ignore[type-abstract]
        return found

    @property
    def features(self) -> Schema:
        """What the network reads: the inputs after all steps."""
        return input_schema(self.steps.schemas[-1])

    @property
    def options(self) -> Mapping[str, Any]:
        """Settings of the task, which steer decoding inside the network."""
        settings = self.assembly.part("tasks", self.assembly.experiment["task"]).settings
        return settings.model_dump() if settings is not None else {}

    @cached_property
    def positions(self) -> int:
        """How many positions of ragged rows the network answers at once."""
        return positions_for(self.task.heads(self.steps.schemas[-1]))

    def encode(self, batch: Batch) -> tuple[dict[str, np.ndarray], Batch]:
        """Raw rows as the network's arrays, and as the rows that the last step left. Target columns are not read."""
        rows = self.stepped(batch)
        return self.packing(rows), rows

    def stepped(self, batch: Batch, evaluated: bool = False, seen: Callable[[int, Batch], None] | None = None) -> Batch:
        """Raw rows as the last step leaves them, without their targets; where they are evaluated, with what steps draw
        for that."""
        return self.steps.apply(self._untold(batch), evaluated=evaluated, seen=seen)

    def network(self, packed: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """What the network emits; it is not shown targets."""
        return self.engine.predict(self.native, without_targets(packed), self.options)

    def gradients(
        self,
        packed: Mapping[str, np.ndarray],
        output: str,
        inputs: Sequence[str],
        weights: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """Derivative of one head by inputs of the network; `ConfigError` where the engine or the model has none."""
        more = {} if weights is None else {"weights": weights}
        return self.engine.gradients(self.native, packed, output, inputs, **more)

    def lookups(self, packed: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The vectors that the network looks up for codes; none where the engine does not tell."""
        tell = getattr(self.engine, "lookups", None)
        return {} if tell is None else dict(tell(self.native, packed))

    def spans(self, batch: Batch) -> Mapping[str, Spans]:
        """Where tokens stand in their texts, of the inputs whose steps tell."""
        return self.steps.spans(self._untold(batch))

    def _untold(self, batch: Batch) -> Batch:
        """The rows without their targets."""
        targets = self.schema.by("target")
        return {name: column for name, column in batch.items() if name not in targets}

    def decode(self, raw: Mapping[str, np.ndarray], rows: Batch) -> Batch:
        """What people get, in the units of the source, with the calibrators applied."""
        decoded = dict(self.task.decode(raw, rows))
        for name, feature in self._decoded.items():
            if feature.like is not None:
                decoded[name] = self.steps.inverse(self.schema.slots[feature.like], decoded[name], rows)
        for part, calibrator in self.calibrators:
            outputs = guarded(part, "transform", calibrator.transform, decoded, self.info)
            decoded = dict(owed(part, outputs, Mapping, "mapping of outputs"))  # type: ignore[type-abstract]
        return decoded

    def predicted(
        self, data: Dataset, evaluated: bool = False, seen: Callable[[int, Batch], None] | None = None
    ) -> Batch:
        """All outputs for the rows of a data set that has this pipeline's schema, computed in pieces of bounded size.

        Args:
            data: raw rows.
            evaluated: whether steps that draw in evaluation act on them.
            seen: as in `Steps.apply`.
        """
        parts: list[Batch] = []
        for start, stop in data.pieces(ROWS) if len(data) else [(0, 0)]:
            batch = data.batch(np.arange(start, stop, dtype=np.int64))
            encoded = self.stepped(batch, evaluated, seen)
            parts.append({**self.answered(encoded, self._answer), "id": encoded["id"]})
        return {name: concatenated([part[name] for part in parts]) for name in parts[0]}

    def answered(self, encoded: Batch, answer: Callable[[Batch], Batch]) -> Batch:
        """What `answer` gives for rows after all steps, asked in pieces that hold no more than fits."""
        return answered(encoded, self.packing.ragged, self.positions, answer)

    def _answer(self, encoded: Batch) -> Batch:
        return self.decode(self.network(self.packing(encoded)), encoded)

    def predict(self, data: Dataset | pa.Table, seen: Callable[[int, Batch], None] | None = None) -> pa.Table:
        """``id`` and ``prediction.<output>`` for raw rows, columns found by name; `seen` as in `Steps.apply`.

        Raises:
            DataError: a column is missing or of another type.
        """
        rows = self.understood(data if isinstance(data, Dataset) else dataset(data))
        found = self.predicted(rows, seen=seen)
        outputs = {f"prediction.{name}": to_arrow(column) for name, column in found.items() if name != "id"}
        return pa.table({"id": to_arrow(found["id"]), **outputs})

    def understood(self, data: Dataset) -> Dataset:
        """Rows from outside under this pipeline's schema: the kinds of training, whatever these rows alone suggest."""
        wanted = self.request.columns
        absent = [name for name in wanted if name not in data.schema.columns]
        if absent:
            raise DataError(
                f"the rows lack column `{absent[0]}`" + (f" and {len(absent) - 1} more" if len(absent) > 1 else ""),
                id="data.column",
                note=f"they have: {', '.join(list(data.schema.columns)[:8])}",
            )
        return conformed(
            data, {name: self.schema.columns[name] for name in self.schema.columns if name in data.schema.columns}, self
        )

    def predictions(self, data: Dataset, seen: Callable[[int, Batch], None] | None = None) -> Predictions:
        """Predictions beside the truth, for rows that have their targets; `seen` as in `Steps.apply`."""
        found = self.predicted(data, evaluated=True, seen=seen)
        return self.beside(data, found, np.asarray(found.pop("id"), dtype=np.int64))

    def beside(self, data: Dataset, found: Mapping[str, Any], ids: np.ndarray) -> Predictions:
        """Decoded outputs beside the targets of the raw rows that they answer, found by id."""
        if not np.array_equal(ids, data.ids):
            ranked = np.argsort(data.ids, kind="stable")
            data = data.take(ranked[np.searchsorted(data.ids, ids, sorter=ranked)])
        outputs = self.outputs
        columns: dict[str, Any] = {}
        features: dict[str, Feature] = {}
        for slot, name in self.schema.slots.items():
            key = target_key(slot)
            columns[key], features[key] = data.stored(name), data.schema.columns[name]
        for name, column in found.items():
            columns[f"prediction.{name}"] = column
            features[f"prediction.{name}"] = outputs.get(name, Feature("number", dtype="float64"))
        for name in data.schema.by("group")[:1]:
            columns["group"], features["group"] = data.stored(name), data.schema.columns[name]
        return Predictions.of(ids, columns, features, info=dict(self.info), paired=type(self.task).paired)

    def save(self, folder: Any) -> str:
        """Write ``model/``; the SHA-256 of the weights."""
        weights = self.engine.state(self.native)
        arrays.write_state(folder, "weights", weights)
        steps = arrays.merge({str(position): state for position, state in enumerate(self.steps.state())})
        arrays.write_state(folder, "steps", steps)
        arrays.write_state(folder, "task", self.task.state())
        fitted = {
            str(position): guarded(part, "state", arrays.storable, calibrator.state)
            for position, (part, calibrator) in enumerate(self.calibrators)
        }
        arrays.write_state(folder, "calibrators", arrays.merge(fitted))
        document = {
            "format": 1,
            "experiment": dict(self.assembly.experiment),
            "schema": self.schema.as_json(),
            "number_dtype": self.packing.dtype,
            "changed": self.changed,
            "outputs": {name: feature.as_json() for name, feature in self.outputs.items()},
            "info": dict(self.info),
        }
        write_json(folder / "pipeline.json", arrays.plain(document))
        return hashlib.sha256(arrays.pack(weights.arrays)).hexdigest()


def restore(loader: Loader, registry: Registry) -> TrainedPipeline:
    """The trained pipeline of a run, from ``model/`` alone; every file is verified first."""
    document = loader.json(f"{FOLDER}/pipeline.json")
    assembly = Assembly(document["experiment"], registry, loader.directory)
    schema = Schema.from_json(document["schema"])
    task = assembly.task()
    task.load_state(loader.state(FOLDER, "task"))
    steps = assembly.steps(task, schema)
    saved = loader.state(FOLDER, "steps")
    steps.restore(schema, [arrays.part(saved, str(position)) for position in range(len(steps.recipes))])
    engine: Engine = assembly.part("engines", assembly.experiment["engine"]).make()
    seed = int(assembly.experiment.get("seed", 0))
    engine.start(dict(assembly.training), seed)
    model = assembly.model()
    inputs = input_schema(steps.schemas[-1])
    network = engine.build(model.target(), model.settings, inputs, task.heads(steps.schemas[-1]), seed)
    engine.load_state(network, loader.state(FOLDER, "weights"))
    calibrators = [(part, part.make()) for part in assembly.named_in("calibration", "calibrators")]
    fitted: State = loader.state(FOLDER, "calibrators")
    for position, (_, calibrator) in enumerate(calibrators):
        calibrator.load_state(arrays.part(fitted, str(position)))
    packing = Packing(steps.schemas[-1], document["number_dtype"], model.has("missing"))
    return TrainedPipeline(
        assembly, schema, steps, task, engine, network, packing, calibrators, document.get("changed")
    )


def input_schema(schema: Schema) -> Schema:
    """The part of the last schema that a model is built from: its inputs."""
    return schema.drop(*(name for name in schema.columns if schema.roles.get(name) != "input"))


def conformed(data: Dataset, features: Mapping[str, Feature], pipeline: TrainedPipeline) -> Dataset:
    """Columns cast to the kinds that training saw; `DataError` names a column whose values are of another type."""
    columns = {name: {"kind": feature.kind} for name, feature in features.items() if feature.dtype != "binary"}
    roles = pipeline.schema.roles
    section = {
        "columns": {
            name: {**declared, "missing": missing_codes(pipeline, name, data)}
            for name, declared in columns.items()
            if features[name].kind in ("number", "boolean", "category", "text")
        },
        "inputs": [name for name in features if roles.get(name) == "input"],
        "context": [name for name in features if roles.get(name) == "context"],
        "target": {slot: name for slot, name in pipeline.schema.slots.items() if name in features},
        "group": next((name for name in features if roles.get(name) == "group"), None),
        "id": next((name for name in features if roles.get(name) == "id"), None),
    }
    kept = data.with_schema(data.schema.drop(*(name for name in data.schema.columns if name not in features)))
    require_legible(kept, section, pipeline.task, nowhere)
    require_lists_alike(kept, {name: feature for name, feature in features.items() if roles.get(name) == "input"})
    meant = Meaning(section, pipeline.task, targets=False)(kept)
    return meant.with_schema(Schema({**meant.schema.columns, **features}, meant.schema.roles, meant.schema.slots))


def missing_codes(pipeline: TrainedPipeline, name: str, data: Dataset) -> list[Any]:
    """The codes that mean "missing" in training mean it here too, where the column can hold them."""
    section = (pipeline.assembly.experiment.get("data") or {}).get("columns") or {}
    codes = (section.get(name) or {}).get("missing") or []
    textual = data.table().schema.field(name).type in (pa.string(), pa.large_string())
    return [code for code in codes if isinstance(code, str) == textual]
