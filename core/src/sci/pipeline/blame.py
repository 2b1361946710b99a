"""Runs a plugin's code and says whose it is when it fails."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, Protocol, TypeVar

from sci.api.errors import Interrupted, Place, PluginError, SciError, TrainingError

P = ParamSpec("P")
T = TypeVar("T")


class Owned(Protocol):
    """A component with a name, a distribution, and a place in the experiment file."""

    @property
    def name(self) -> str: ...

    @property
    def owner(self) -> str: ...

    @property
    def where(self) -> Place | None: ...


def guarded(component: Owned, action: str, work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """The result of `work`; what it raises that is not meant for people becomes an error that names the plugin.

    Errors that are meant for people get the component's place in the experiment file where they have none of their own.
    A component that leaves the current folder is led back, because paths are relative to it.
    """
    folder = current()
    try:
        return work(*arguments, **options)
    except Interrupted:
        raise
    except SciError as error:
        placed(error, component.where)
        raise
    except MemoryError as error:
        raise TrainingError(
            f"{component.name} needs more memory than there is",
            id="train.memory",
            where=component.where,
            hint="a smaller training.batch_size, or fewer features",
        ) from error
    except Exception as error:
        raise PluginError(
            f"{component.owner or 'a plugin'} has failed in {component.name}.{action}",
            id="plugin.raised",
            where=component.where,
            note=f"{type(error).__name__}: {error}"[:300],
            hint="the same command with --debug shows the traceback",
        ) from error
    finally:
        if folder is not None and current() != folder:
            os.chdir(folder)


def current() -> str | None:
    """The current folder; None where it was deleted."""
    try:
        return os.getcwd()
    except OSError:
        return None


def owed(component: Owned, value: Any, kind: type[T], noun: str) -> T:
    """What a component returned, when it is what its kind owes; a `PluginError` says what it is instead."""
    if isinstance(value, kind):
        return value
    raise PluginError(
        f"{component.name} returned {type(value).__name__}, no {noun}",
        id="plugin.result",
        where=component.where,
        note=component.owner,
    )


def several(part: Owned, action: str, kind: type[T], work: Callable[..., Any], *arguments: Any) -> list[T]:
    """What a component owes a list of."""
    found = guarded(part, action, work, *arguments)
    noun = f"list of {kind.__name__}"
    if isinstance(found, str) or not isinstance(found, Iterable):
        raise PluginError(
            f"{part.name} returned {type(found).__name__}, no {noun}",
            id="plugin.result",
            where=part.where,
            note=part.owner,
        )
    return [owed(part, one, kind, noun) for one in guarded(part, action, list, found)]


class Blamed:
    """A native object of an engine whose calls are blamed on the component that made it, not on the engine.

    Args:
        component: who made it.
        native: the object; all its attributes are its own.
    """

    def __init__(self, component: Owned, native: Any) -> None:
        self.component = component
        self.native = native

    def __call__(self, *arguments: Any) -> Any:
        found = guarded(self.component, "call", self.native, *arguments)
        if found is None:
            raise PluginError(
                f"{self.component.name} returned nothing",
                id="plugin.result",
                where=self.component.where,
                note=self.component.owner,
            )
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.native, name)


def placed(error: SciError, where: Place | None) -> None:
    """Give an error, and each of several, a place where it has none of its own."""
    for one in (error, *getattr(error, "errors", ())):
        one.where = one.where or where
