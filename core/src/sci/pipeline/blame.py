"""Runs a plugin's code and says whose it is when it fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

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
    """
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


def placed(error: SciError, where: Place | None) -> None:
    """Give an error, and each of several, a place where it has none of its own."""
    for one in (error, *getattr(error, "errors", ())):
        one.where = one.where or where
