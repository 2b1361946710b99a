"""Keys that stand among the settings of a component and belong to the core."""

from __future__ import annotations

from pydantic import BaseModel, Field

from sci.experiment.model import Section


class StepKeys(Section):
    """Of every preprocessor."""

    columns: list[str] | None = Field(None, min_length=1, examples=[["age"]])
    """The columns that the step takes; all that suit it when not given."""


class SplitKeys(Section):
    """Of every splitter."""

    seed: int | None = Field(None, ge=0)
    """Seed of the split instead of the experiment's."""


GENERIC: dict[str, type[Section]] = {"preprocessors": StepKeys, "splitters": SplitKeys}
"""Kind of component to the keys that all components of this kind share."""


def generic_keys(kind: str, config: type[BaseModel]) -> tuple[str, ...]:
    """The shared keys of a kind, less those that this component has settings of its own for."""
    shared = GENERIC.get(kind)
    return () if shared is None else tuple(key for key in shared.model_fields if key not in config.model_fields)
