"""From an experiment file to a checked experiment, or to all of its mistakes at once."""

from __future__ import annotations

import pathlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sci.api.errors import ConfigError, Place, SciError, SeveralErrors
from sci.experiment.components import Choosing, Chosen, name_of
from sci.experiment.defaults import completed, engines_of
from sci.experiment.document import Document, Keys
from sci.experiment.fit import Fit
from sci.experiment.house import Given, governed, with_steps
from sci.experiment.mistakes import Subject
from sci.experiment.model import FORMAT, Experiment
from sci.experiment.overrides import overridden
from sci.experiment.reading import read

if TYPE_CHECKING:
    from sci.plugins.registry import Registry


@dataclass(frozen=True)
class LoadedExperiment:
    """An experiment that is ready to run.

    Args:
        document: the file with overrides, and the place of every value.
        path: the file; for an experiment that was made from another, that one's.
        base: the folder that relative paths start from.
        experiment: the keys, with their defaults; components are names or mappings as given.
        components: every component in the order of the file, with its checked settings.
        resolved: plain mapping with every default filled in; as YAML it loads to the same experiment.
        engine: name of the engine.
        warnings: what has no effect.
        given: what it has from the policies in force.
    """

    document: Document
    path: pathlib.Path
    base: pathlib.Path
    experiment: Experiment
    components: tuple[Chosen, ...]
    resolved: dict[str, Any]
    engine: str
    warnings: tuple[SciError, ...] = ()
    given: tuple[Given, ...] = ()

    def of(self, kind: str) -> list[Chosen]:
        """The components of a kind, in the order of the file; those inside the settings of others are left out."""
        inside = {one.keys for one in self.components}
        return [
            one
            for one in self.components
            if one.kind == kind and not any(one.keys[:depth] in inside for depth in range(1, len(one.keys)))
        ]

    def at(self, *keys: str | int) -> Chosen | None:
        """The component at a key: ``at("model")``, ``at("training", "schedule")``; None where there is none."""
        return next((one for one in self.components if one.keys == keys), None)

    def place(self, *keys: str | int) -> Place:
        """Where the file says it, for messages about data and plugins."""
        return self.document.place(keys)


def load(path: str | pathlib.Path, overrides: Iterable[str], registry: Registry) -> LoadedExperiment:
    """Read, check and resolve an experiment file.

    Args:
        path: the file; messages name it just so.
        overrides: ``training.epochs=1`` and the like, as behind `--set`.
        registry: the installed components.

    Raises:
        SeveralErrors: all the mistakes of the file, in the order of its lines.
        SciError: its only mistake, or one that hides all others (no YAML, no such file).
    """
    document = overridden(read(path), overrides)
    document, given = governed(document, registry)
    return replace(assembled(document, registry, path=pathlib.Path(path)), given=given)


def derived(parent: LoadedExperiment, patch: Mapping[str, Any], origin: str, registry: Registry) -> LoadedExperiment:
    """The experiment with some of its keys replaced, for a baseline or a trial.

    Args:
        parent: the experiment.
        patch: top-level keys to replace; None takes a key away. With a model that the parent's engine does not have,
            the engine follows from the model.
        origin: what messages name instead of a file: ``baseline majority``.
        registry: the installed components.

    Raises:
        SciError: as `load`.
    """
    merged = {key: value for key, value in {**parent.resolved, **patch}.items() if value is not None}
    if "engine" not in patch and parent.engine not in engines_of(name_of(merged.get("model")), registry):
        merged.pop("engine", None)
    document = with_steps(Document.of(merged, origin), registry)
    return replace(assembled(document, registry, path=parent.path), base=parent.base)


def assembled(document: Document, registry: Registry, *, path: pathlib.Path) -> LoadedExperiment:
    """Check and resolve a document.

    Raises:
        SciError: as `load`.
    """
    _demand_format(document)
    _demand_shape(document)
    value = completed(document.value, registry)
    experiment, mistakes = Subject(document).validated(Experiment, value)
    choosing = Choosing(document, value, registry)
    choosing.choose()
    mistakes += choosing.mistakes
    fit = Fit(document, value, choosing.chosen, registry)
    lacks = [*fit.mistakes(), *_engine_choice(document, value, registry), *_splitter_choice(document, value)]
    mistakes += [one for one in lacks if not _follows(one, document, mistakes)]
    known = {one.where for one in document.mistakes}
    mistakes = [*document.mistakes, *(one for one in mistakes if one.where not in known)]
    if mistakes or experiment is None or choosing.engine is None:
        raise together(mistakes, document.path)
    return LoadedExperiment(
        document=document,
        path=path,
        base=path.parent,
        experiment=experiment,
        components=tuple(choosing.chosen),
        resolved=_resolved(experiment, choosing.chosen),
        engine=choosing.engine,
        warnings=tuple(fit.warnings()),
    )


def _follows(lack: SciError, document: Document, mistakes: Iterable[SciError]) -> bool:
    """Whether a key is missing only because it is misspelt, or because `training` holds what cannot be read there."""
    key = lack.hint.partition(":")[0]
    misspelt = any(one.id == "config.unknown-key" and one.hint.partition(":")[0] == key for one in mistakes)
    unread = any(one.where == document.values.get(("training", key)) for one in document.mistakes)
    return lack.id == "config.missing" and (misspelt or unread)


def together(mistakes: Iterable[SciError], file: str) -> SciError:
    """One error of them all, in the order of the lines; those that lie elsewhere come last."""
    errors = sorted(mistakes, key=lambda one: _order(one.where or Place(""), file))
    return errors[0] if len(errors) == 1 else SeveralErrors(errors)


def _order(where: Place, file: str) -> tuple[bool, str, int, int]:
    return (where.file != file, where.file, where.line or 0, where.column or 0)


def _demand_format(document: Document) -> None:
    """A newer format hides all other mistakes: its keys are not known here."""
    found = document.value.get("format")
    if isinstance(found, int) and not isinstance(found, bool) and found > FORMAT:
        raise ConfigError(
            f"format {found} needs a newer sci; this one reads format {FORMAT}",
            id="config.format",
            where=document.place(("format",)),
            hint="pip install -U sci-core",
        )


def _demand_shape(document: Document) -> None:
    """A key that cannot be read leaves a hole; what would be said about the hole is held back."""
    holes = [one for one in document.mistakes if one.id in ("config.full-width", "config.syntax", "config.key")]
    if holes:
        raise together(document.mistakes, document.path)


def _engine_choice(document: Document, value: Mapping[str, Any], registry: Registry) -> list[SciError]:
    if value.get("engine") is not None:
        return []
    name = name_of(value.get("model"))
    engines = engines_of(name, registry)
    if not engines:
        return []  # The model is unknown, and that has a message of its own.
    return [
        ConfigError(
            f"the experiment lacks `engine`: {name} runs on {' and '.join(engines)}",
            id="config.missing",
            where=document.place(("model",), key=True),
            hint=f"engine: {engines[0]}",
        )
    ]


def _splitter_choice(document: Document, value: Mapping[str, Any]) -> list[SciError]:
    data = value.get("data")
    if not isinstance(data, dict) or data.get("split") is not None:
        return []
    return [
        ConfigError(
            "data lacks `split`: it is not said how rows are divided",
            id="config.missing",
            where=document.place(("data",), key=True),
            hint="split: {name: random, test: 0.2}",
        )
    ]


def _resolved(experiment: Experiment, chosen: Iterable[Chosen]) -> dict[str, Any]:
    """The experiment as plain data, components with all their settings; what has no value is left out."""
    result: dict[str, Any] = experiment.model_dump(mode="json", exclude_none=True)
    for one in sorted(chosen, key=lambda one: len(one.keys)):
        put(result, one.keys, one.resolved())
    return result


def put(result: Any, keys: Keys, value: Any) -> None:
    """Set a value of nested mappings and lists, in place."""
    *parents, last = keys
    for key in parents:
        result = result[key]
    result[last] = value
