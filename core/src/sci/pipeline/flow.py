"""Whether the steps find columns, and the model can read what they leave, asked before anything is fitted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sci.api import ComponentConfig, ConfigError, Feature, Schema, SciError
from sci.api.errors import SeveralErrors
from sci.experiment.writing import inline
from sci.pipeline.assembly import Assembly, Part
from sci.pipeline.blame import guarded
from sci.pipeline.named_files import absent
from sci.pipeline.reserved import require_free_inputs
from sci.pipeline.steps import Recipe, Steps, unread, words
from sci.pipeline.suggested import as_text, helping


def demand_flow(assembly: Assembly, schema: Schema) -> list[tuple[str, str]]:
    """Take a schema through the steps to the model; returns what should be known, as id and message.

    Args:
        assembly: of the experiment.
        schema: of the raw rows.

    Raises:
        SciError: a step finds nothing, the model cannot read an input, or sequences are longer than it takes.
    """
    task = assembly.task()
    steps = assembly.steps(task, schema)
    schemas = steps.flow(schema)
    own = len(assembly.target_recipes(task, schema))
    idle = [Idle(steps, schemas, position) for position in range(own, len(steps.recipes))]
    mistakes = [mistake for one in idle for mistake in one.mistakes()]
    if mistakes:
        raise mistakes[0] if len(mistakes) == 1 else SeveralErrors(mistakes)
    readable(assembly, assembly.model(), schemas)
    demand_lengths(assembly, steps, schemas, own)
    given = {one.keys for one in assembly.loaded.given} if assembly.loaded else set()
    return [one.warning for one in idle if one and ("preprocessing", one.position - own) not in given]


class Idle:
    """A step that takes whatever columns suit it, and what is known where none does.

    Args:
        steps: of the experiment.
        schemas: before each step, and after the last.
        position: of the step.
    """

    def __init__(self, steps: Steps, schemas: Sequence[Schema], position: int) -> None:
        self.steps = steps
        self.schemas = schemas
        self.position = position
        self.recipe: Recipe = steps.recipes[position]

    def __bool__(self) -> bool:
        recipe = self.recipe
        return recipe.columns is None and bool(recipe.accepts) and not recipe.taken(self.schemas[self.position])

    def mistakes(self) -> Iterator[SciError]:
        """That a step before it has changed all columns that it could have taken."""
        for before in reversed(range(self.position)) if self else ():
            taken = self.recipe.taken(self.schemas[before])
            if taken:
                other = self.steps.recipes[before].name
                after = self.schemas[before + 1].columns.get(taken[0])
                turned = f"turned `{taken[0]}` into {after.kind}" if after else f"taken `{taken[0]}` away"
                yield ConfigError(
                    f"{self.recipe.name} finds no column of kind {words(self.recipe.accepts)}: {other} before it has "
                    f"{turned}",
                    id="flow.idle",
                    where=self.recipe.where,
                    hint=f"{self.recipe.name} before {other}, or no {self.recipe.name}",
                )
                return

    @property
    def warning(self) -> tuple[str, str]:
        """That the data have no such column."""
        role = "" if self.recipe.role == "input" else f" {self.recipe.role}"
        kinds = words(self.recipe.accepts)
        return "flow.idle", f"{self.recipe.name} finds no{role} column of kind {kinds}, and does nothing"


def readable(assembly: Assembly, model: Part, schemas: Sequence[Schema]) -> None:
    """Stop when the model cannot read what the last step leaves.

    Args:
        assembly: of the experiment.
        model: the component.
        schemas: that of the raw rows first, that after all steps last.
    """
    accepts, last = model.entry.spec.accepts, schemas[-1]
    require_free_inputs(last.inputs, assembly.place("data", "inputs"))
    for name, feature in unread(last.inputs, accepts).items():
        kind = "category names" if feature.kind == "category" and feature.dtype == "string" else feature.kind
        steps = helping(assembly, last, name, accepts)
        if steps:
            hint, note = f"preprocessing: [{steps[0]}, ...]", f"steps from {feature.kind}: {', '.join(steps[:6])}"
        elif as_text(assembly, schemas[0], name, accepts):
            hint = f"columns: {inline({name: {'kind': 'text'}})}"
            note = f"`{name}` was taken for {schemas[0].columns[name].kind}; data.columns says what it is"
        else:
            hint, note = f"leave `{name}` out of data.inputs", ""
        raise ConfigError(
            f"{model.name} reads {words(accepts) if accepts else 'codes and numbers'}, but receives {kind} (`{name}`)",
            id="flow.kind",
            where=model.where,
            hint=hint,
            note=note,
        )


def demand_lengths(assembly: Assembly, steps: Steps, schemas: Sequence[Schema], own: int) -> None:
    """Stop when a step leaves longer sequences than the model takes."""
    model = assembly.model()
    longest = _settings(assembly, model).longest_input()
    for name, feature in schemas[-1].inputs.items():
        if longest is None or feature.longest is None or feature.longest <= longest:
            continue
        position = _maker(schemas, name, feature)
        step = steps.recipes[position].name
        raise ConfigError(
            f"{step} leaves up to {feature.longest:,} {feature.kind} of `{name}`, and {model.name} takes {longest:,}",
            id="flow.length",
            where=assembly.place("preprocessing", position - own, "max_length"),
            hint=f"max_length: {longest}",
        )


def _settings(assembly: Assembly, model: Part) -> ComponentConfig:
    """The model's settings with what they leave to files, where those lie here; nothing is fetched for it."""
    settings: ComponentConfig = model.settings
    return settings if any(absent(assembly, model)) else guarded(model, "read", settings.settled)


def _maker(schemas: Sequence[Schema], name: str, feature: Feature) -> int:
    """Position of the step since which a column has sequences of this length."""
    lengths = [schema.columns[name].longest if name in schema.columns else None for schema in schemas]
    return next(at for at in reversed(range(len(lengths) - 1)) if lengths[at] != feature.longest)
