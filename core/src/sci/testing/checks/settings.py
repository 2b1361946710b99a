"""What the settings of a component owe to those who write experiment files."""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator, Mapping
from typing import Any

import pydantic

from sci.api import ComponentConfig, SciError
from sci.experiment.schema import component_schema
from sci.testing.check import EVERY, Fault, check
from sci.testing.trial import Trial, needs

LOADED = ("SCI-DISC-003",)
BOUNDS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum", "const", "multipleOf"}


@check(
    "SCI-CFG-001",
    EVERY,
    after=LOADED,
    mend="Write a text in three quotes below each field; `sci components NAME` shows it.",
)
def every_setting_is_described(trial: Trial) -> None:
    """Every setting says in words what it does."""
    bare = [f"`{name}`" for name, field in _fields(trial) if not (field.description or "").strip()]
    if bare:
        raise Fault(f"{', '.join(bare)} without a description")


@check(
    "SCI-CFG-002",
    EVERY,
    after=LOADED,
    mend='Leave `extra="forbid"` of `ComponentConfig` as it is, and derive nested models from it too.',
)
def unknown_settings_are_refused(trial: Trial) -> None:
    """A setting that does not exist is refused, at every depth."""
    for model in _models(trial.component.config_class()):
        if model.model_config.get("extra") != "forbid":
            raise Fault(f"{model.__name__} takes any setting")


@check(
    "SCI-CFG-003",
    EVERY,
    after=LOADED,
    mend="Use types that pydantic can describe; `Annotated[..., WithJsonSchema(...)]` describes any other.",
)
def schema_renders(trial: Trial) -> None:
    """The JSON schema of the settings can be made, for `sci schema` and completion in editors."""
    try:
        json.dumps(component_schema(trial.component), allow_nan=False)
    except SciError as error:
        raise Fault(f"{error.message} ({error.note})" if error.note else error.message) from error
    except (TypeError, ValueError) as error:
        raise Fault(f"the schema is no JSON: {error}") from error


@check(
    "SCI-CFG-004",
    EVERY,
    after=(*LOADED, "SCI-CFG-003"),
    mend="Let defaults be numbers, texts, lists and mappings that pass the setting's own validation.",
)
def defaults_survive_a_file(trial: Trial) -> None:
    """Settings with their defaults filled in are written as JSON, and read back to the same settings: a run keeps them
    so."""
    model = trial.component.config_class()
    found = example(trial)
    needs(found is not None, "a setting has no default, and no case gives one")
    assert found is not None
    try:
        again = model.model_validate(json.loads(found.model_dump_json()))
    except (pydantic.ValidationError, ValueError, TypeError) as error:
        raise Fault(f"what was written is refused: {' '.join(str(error).split())[:300]}") from error
    if again != found:
        raise Fault(f"{found!r} was written, {again!r} was read")


@check(
    "SCI-CFG-005",
    EVERY,
    level="recommended",
    after=(*LOADED, "SCI-CFG-003"),
    mend="Say what is allowed: `Field(default=0.1, gt=0)`; a mistake is then found before a run and not by it.",
)
def numbers_are_bounded(trial: Trial) -> None:
    """A setting that is a number has a bound, or a list of the allowed ones."""
    schema = trial.component.config_class().model_json_schema()
    free = [
        f"`{name}`"
        for name, field in schema.get("properties", {}).items()
        if _is_number(field) and not BOUNDS & set(field)
    ]
    if free:
        raise Fault(f"{', '.join(free)} without bounds")


@check(
    "SCI-CFG-006",
    EVERY,
    after=LOADED,
    mend="Leave `frozen=True` and `allow_inf_nan=False` of `ComponentConfig` as they are.",
)
def settings_stay_as_they_are(trial: Trial) -> None:
    """Settings cannot be changed once they are made, and numbers among them are finite."""
    for model in _models(trial.component.config_class()):
        if not model.model_config.get("frozen"):
            raise Fault(f"{model.__name__} is not frozen")
        if model.model_config.get("allow_inf_nan", True):
            raise Fault(f"{model.__name__} takes infinite numbers")


def _fields(trial: Trial) -> Iterator[tuple[str, Any]]:
    for model in _models(trial.component.config_class()):
        yield from model.model_fields.items()


def _models(model: type[pydantic.BaseModel]) -> list[type[pydantic.BaseModel]]:
    """A model and all models within it, each once; the empty `ComponentConfig` of a component without settings is
    one."""
    found: list[type[pydantic.BaseModel]] = [model]
    for one in found:
        for field in one.model_fields.values():
            found += [inner for inner in _inner(field.annotation) if inner not in found]
    return found


def _inner(annotation: Any) -> Iterator[type[pydantic.BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _inner(part)


def example(trial: Trial) -> ComponentConfig | None:
    """Settings with defaults: from nothing, or from the first case."""
    entry = trial.component
    given: list[Mapping[str, Any]] = [{}]
    given += [one.settings for one in trial.subject.cases[0] if (one.kind, one.name) == (entry.kind, entry.spec.name)]
    from sci.testing.settings import settled

    for settings in given:
        try:
            found: ComponentConfig = settled(entry, settings).settings
            return found
        except pydantic.ValidationError:
            continue
    return None


def _is_number(field: Mapping[str, Any]) -> bool:
    return field.get("type") in ("number", "integer")
