"""The chain of preprocessing steps: assembled without data, fitted on the training rows, served as fitted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from sci.api import (
    Batch,
    Column,
    ConfigError,
    Dataset,
    Feature,
    PluginError,
    Preprocessor,
    Ragged,
    SampleRandom,
    Schema,
    Spans,
    State,
)
from sci.api.errors import Place
from sci.api.gathering import Gathering
from sci.api.gathering import concatenated as concatenated
from sci.api.rows import length
from sci.api.spill import SMALL, release
from sci.pipeline.blame import guarded, owed

NO_ROWS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Recipe:
    """A step as the experiment names it, before it knows its columns."""

    name: str
    make: Callable[[tuple[str, ...]], Preprocessor]
    accepts: frozenset[str]
    role: str
    random: bool
    columns: tuple[str, ...] | None = None
    evaluated: bool = False
    where: Place | None = None
    owner: str = ""

    def taken(self, schema: Schema) -> tuple[str, ...]:
        """The columns that this step works on, given the schema before it."""
        if self.columns is None:
            return tuple(
                name
                for name, feature in schema.columns.items()
                if schema.roles.get(name) == self.role and (not self.accepts or feature.kind in self.accepts)
            )
        for name in self.columns:
            if name not in schema.columns:
                known = ", ".join(list(schema.columns)[:8])
                raise ConfigError(
                    f"{self.name} reads column `{name}`, which is not there",
                    id="flow.column",
                    where=self.where,
                    note=f"here: {known}",
                )
        return self.columns


@dataclass
class Steps:
    """The steps of one pipeline. `steps` and `schemas` are known after `fit` or `restore`.

    ``schemas[i]`` is the schema before step i, the last one is what the model sees. `seed` is what draws in evaluation
    follow from.
    """

    recipes: Sequence[Recipe]
    seed: int = 0
    steps: list[Preprocessor] = field(default_factory=list)
    schemas: list[Schema] = field(default_factory=list)

    def flow(self, schema: Schema) -> list[Schema]:
        """The schema before each step and after the last, without data: sizes that only fitting decides are None."""
        schemas = [schema]
        for recipe in self.recipes:
            step = recipe.make(recipe.taken(schemas[-1]))
            schemas.append(promised(recipe, step, schemas[-1]))
        return schemas

    @property
    def random_from(self) -> int:
        """Position of the first step that draws; what stands before it is computed once."""
        return next((i for i, recipe in enumerate(self.recipes) if recipe.random), len(self.recipes))

    def fit(
        self,
        train: Dataset,
        report: Callable[[str], None] = lambda text: None,
        seen: Callable[[int, Batch], None] | None = None,
    ) -> Dataset:
        """Fit every step on the training rows in turn; the training rows after the steps that do not draw.

        `seen` is called as in `apply`, with all rows that a step is about to transform.
        """
        self.steps, self.schemas = [], [train.schema]
        kept = train
        for position, recipe in enumerate(self.recipes):
            step = recipe.make(recipe.taken(self.schemas[-1]))
            guarded(recipe, "fit", step.fit, train)
            after = promised(recipe, step, self.schemas[-1])
            self.steps.append(step)
            self.schemas.append(after)
            before = len(train)
            if not recipe.random or recipe.evaluated:
                train = self._applied(position, train, seen)
            if len(train) != before:
                report(f"{recipe.name}: {before:,} rows became {len(train):,}")
            if position < self.random_from:
                kept = train
        return kept

    def prepared(self, dataset: Dataset) -> Dataset:
        """Rows that are not trained on, after all steps but those that only training draws and those that drop rows."""
        for position, (recipe, step) in enumerate(zip(self.recipes, self.steps, strict=True)):
            passes = (recipe.random and not recipe.evaluated) or step.rows == "drop"
            dataset = dataset.with_schema(self.schemas[position + 1]) if passes else self._applied(position, dataset)
        return dataset

    def apply(
        self,
        batch: Batch,
        start: int = 0,
        random: Callable[[str], SampleRandom] | None = None,
        evaluated: bool = False,
        seen: Callable[[int, Batch], None] | None = None,
    ) -> Batch:
        """A batch through the steps from `start`.

        Steps that draw take part when `random` is given, and those that draw in evaluation too when rows are
        `evaluated`. `seen` is called with the position of each step that takes part, and with the rows that it gets.
        """
        for position in range(start, len(self.steps)):
            recipe, step = self.recipes[position], self.steps[position]
            if recipe.random and random is None and not (evaluated and recipe.evaluated):
                continue
            if step.rows == "drop" and random is None:
                continue
            if seen is not None:
                seen(position, batch)
            drawn = random(self._place(position)) if random and recipe.random else self._fixed(position, batch)
            batch = self._transformed(position, batch, drawn)
        return batch

    def _place(self, position: int) -> str:
        """The name of a step's draws."""
        return f"{position}.{self.recipes[position].name}"

    def _fixed(self, position: int, batch: Batch) -> SampleRandom | None:
        """What a step draws for rows that are evaluated, always the same; None for one that never draws."""
        if not self.recipes[position].random:
            return None
        return SampleRandom(self.seed, 0, np.asarray(batch["id"]), self._place(position))

    def _applied(self, position: int, dataset: Dataset, seen: Callable[[int, Batch], None] | None = None) -> Dataset:
        """All rows after one step. What is too large for memory is mapped, and what lay in a file and passes the step
        as it is stays there."""
        schema, step = self.schemas[position + 1], self.steps[position]
        limit = SMALL if dataset.mapped or dataset.spill is None else dataset.spill.limit
        found = Gathering(dataset.spill, limit, None if step.rows == "expand" else len(dataset))
        same = unchanged(self.schemas[position], schema) if dataset.mapped and step.rows == "keep" else set()
        ids = []
        for number, batch in enumerate(dataset.batches() if len(dataset) else [dataset.batch(NO_ROWS)]):
            readable = {name: read_only(column) for name, column in batch.items()}
            if seen is not None:
                seen(position, readable)
            part = self._returned(position, batch, readable, self._fixed(position, batch))
            ids.append(np.asarray(part["id"]))
            for name in [name for name in same if part.get(name) is not readable[name]]:
                same.remove(name)
                alone = dataset.with_schema(only(self.schemas[position], name))
                for start, stop in islice(dataset.pieces(), number):
                    found.add(name, alone.part(start, stop)[name])
            for name in schema.columns:
                if name not in same:
                    found.add(name, part[name])
            if dataset.mapped or found.mapped:
                release()  # allocators keep what batches of texts have left
        columns = found.columns()
        if step.rows == "keep":
            return dataset.with_columns(columns, schema, found.mapped)
        every = np.concatenate(ids)
        return Dataset(columns, schema, every, dataset.spill, dataset.mapped or found.mapped)

    def _transformed(self, position: int, batch: Batch, random: SampleRandom | None = None) -> Batch:
        readable = {name: read_only(column) for name, column in batch.items()}
        return self._returned(position, batch, readable, random)

    def _returned(self, position: int, batch: Batch, readable: Batch, random: SampleRandom | None = None) -> Batch:
        """What a step makes of a batch, which it gets in a form that it cannot write to."""
        recipe, step = self.recipes[position], self.steps[position]
        returned = guarded(recipe, "transform", step.transform, readable, random)
        result = dict(owed(recipe, returned, Mapping, "mapping of columns"))  # type: ignore[type-abstract]
        if step.rows == "keep":
            result["id"] = batch["id"]
        else:
            owed(recipe, result.get("row"), np.ndarray, "column `row`")
            rows = np.asarray(result.pop("row"))
            result["id"] = np.asarray(batch["id"])[rows]
        self._checked(recipe, result, batch, self.schemas[position + 1])
        return result

    def _checked(self, recipe: Recipe, result: Batch, batch: Batch, schema: Schema) -> None:
        rows = len(np.asarray(result["id"]))
        targets = schema.by("target")
        for name in schema.columns:
            if name not in result:
                if name in targets or (name not in batch and schema.roles.get(name) != "input"):
                    continue
                raise faulty(recipe, f"promised column `{name}` and did not return it")
            if length(result[name]) != rows:
                raise faulty(recipe, f"returned {length(result[name])} rows of `{name}` for {rows}")
            if not fits(result[name], schema.columns[name]):
                raise faulty(
                    recipe, f"returned {form(result[name])} as `{name}`, which is not what it says of this column"
                )

    def spans(self, batch: Batch) -> dict[str, Spans]:
        """Where tokens stand in the texts that they were cut from, by column of the last schema."""
        found: dict[str, Spans] = {}
        for position, (recipe, step) in enumerate(zip(self.recipes, self.steps, strict=True)):
            if recipe.random or step.rows == "drop":
                continue
            found |= guarded(recipe, "spans", step.spans, {name: read_only(column) for name, column in batch.items()})
            batch = self._transformed(position, batch)
        return found

    def inverse(self, column: str, values: Column, batch: Batch) -> Column:
        """Predicted values in the unit of the source: the steps undone in reverse order."""
        for step in reversed(self.steps):
            if column in step.columns:
                values = step.inverse_transform(column, values, batch)
        return values

    def state(self) -> list[State]:
        """The fitted state of each step."""
        return [step.state() for step in self.steps]

    def restore(self, schema: Schema, states: Iterable[State]) -> None:
        """Take over what `state` returned, in a new process."""
        self.steps, self.schemas = [], [schema]
        for recipe, state in zip(self.recipes, states, strict=True):
            step = recipe.make(recipe.taken(self.schemas[-1]))
            step.load_state(state)
            self.steps.append(step)
            self.schemas.append(step.output_schema(self.schemas[-1]))


def unchanged(before: Schema, after: Schema) -> set[str]:
    """Columns that mean the same before and after a step."""
    return {name for name, feature in after.columns.items() if before.columns.get(name) == feature}


def only(schema: Schema, name: str) -> Schema:
    """The schema of one column."""
    return Schema({name: schema.columns[name]}, {})


def read_only(column: Column) -> Column:
    """The column as a step may read it; what it wrote there would change the rows of everybody else."""
    if not isinstance(column, np.ndarray):
        return column
    view = column.view()
    view.flags.writeable = False
    return view


def promised(recipe: Recipe, step: Preprocessor, schema: Schema) -> Schema:
    """The schema that a step says it leaves."""
    if step.rows != "keep" and "row" in schema.columns:
        raise ConfigError(
            f"{recipe.name} says under the name `row` which rows it leaves, and the data have a column of this name",
            id="flow.row",
            where=recipe.where,
            hint="another name in the file",
        )
    after = owed(recipe, guarded(recipe, "output_schema", step.output_schema, schema), Schema, "Schema")
    for slot, column in schema.slots.items():
        if after.slots.get(slot) != column and column in after.columns:
            raise ConfigError(
                f"{recipe.name} makes a target, `{after.slots.get(slot)}`, and there is one already: `{column}`",
                id="flow.target",
                where=recipe.where,
                hint=f"no {recipe.name}, or a task without data.target",
            )
    return after


def faulty(recipe: Recipe, what: str) -> PluginError:
    """The error about a step that did not keep its word."""
    return PluginError(f"{recipe.name} {what}", id="plugin.result", where=recipe.where, note=recipe.owner)


def fits(column: Column, feature: Feature) -> bool:
    """Whether a column has the form that its feature describes: numbers or text, and the shape of an element."""
    if isinstance(column, Ragged):
        return feature.ragged
    if not isinstance(column, np.ndarray):
        return feature.dtype in ("string", "binary")
    sizes = column.shape[1:]
    return (
        column.dtype.kind in "biuf"
        and feature.dtype not in ("string", "binary")
        and len(sizes) == len(feature.shape)
        and all(wanted in (None, size) for wanted, size in zip(feature.shape, sizes, strict=True))
    )


def form(column: Column) -> str:
    """What a column is, for a message: ``float64 [n, 3]``."""
    if not isinstance(column, np.ndarray):
        return type(column).__name__
    return f"{column.dtype} [{', '.join(['n', *map(str, column.shape[1:])])}]"


def words(names: Iterable[str]) -> str:
    """A list of kinds for a sentence."""
    listed = sorted(names)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} or {listed[-1]}"


def unread(features: dict[str, Feature], accepts: Iterable[str]) -> dict[str, Feature]:
    """The inputs that a model with these `accepts` cannot read: another kind, or names that no step has turned into
    codes."""
    accepted = set(accepts)
    return {
        name: feature
        for name, feature in features.items()
        if (accepted and feature.kind not in accepted)
        or (feature.kind == "category" and feature.dtype == "string")
        or (feature.kind == "text")
    }
