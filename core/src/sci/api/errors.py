"""The errors that a person is meant to read.

    SciError                what is wrong, where, and what to type
      ConfigError       2   the experiment file, a setting, the command line
        UnknownName         a setting names a column or a metric that is not there
      DataError         3   the data
      PluginError       4   a plugin
        MissingDependency   an optional library is not installed
      TrainingError     5   training failed (diverged, out of memory)
      Interrupted       6   stopped by a signal; the run can be resumed
      StorageError      7   the disk or the file system
      LockedError       8   another process writes to this run
      PolicyError       9   refused by policy
      SeveralErrors         all the mistakes of one file at once

The command line catches `SciError` once, prints it without a traceback and exits with `exit_code`. Anything else is a
defect (1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LONGEST = 1200
"""Characters of a message; what is longer quotes something that is no name and no number."""


@dataclass(frozen=True)
class Place:
    """Where in a file an error lies.

    Args:
        file: its path.
        line: counts from 1.
        column: counts from 1.
        width: how many characters are underlined.
    """

    file: str
    line: int | None = None
    column: int | None = None
    width: int = 1

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class SciError(Exception):
    """What is wrong in the reader's words.

    Args:
        message: present tense, lower case, the found value in backticks, no full stop.
        id: stable identifier such as ``config.unknown-key``; shown in brackets, used by ``--json`` and the docs.
        where: the place in a file, where there is one.
        note: what stands there instead, what is allowed (one short line).
        hint: what to type.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        id: str = "",
        where: Place | None = None,
        note: str = "",
        hint: str = "",
        setting: Sequence[str | int] = (),
    ) -> None:
        super().__init__(brief(message))
        self.message = brief(message)
        self.id = id
        self.where = where
        self.note = brief(note)
        self.hint = brief(hint)
        self.setting = tuple(setting)

    def as_json(self) -> dict[str, Any]:
        """The error as the documents of `--json` carry it."""
        place = self.where or Place("")
        return {
            "id": self.id,
            "message": self.message,
            "file": place.file or None,
            "line": place.line,
            "column": place.column,
            "suggestion": self.hint or None,
            "exit": self.exit_code,
        }


def brief(text: str) -> str:
    """A text that somebody can read: of one that is too long the beginning and the end."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} .. {text[-LONGEST // 4 :]}"


class ConfigError(SciError):
    """The experiment file, a setting or the command line is wrong."""

    exit_code = 2


class UnknownName(ConfigError):
    """A setting of a component names something that is not there: a column, a metric.

    Where it stands in the file and which name was most likely meant is found out by the caller.

    Args:
        message: as of `SciError`.
        name: what is not there.
        known: what is.
        setting: where the name stands in the settings of the component, such as ``("columns", 1)``.
        id: as of `SciError`.
    """

    def __init__(self, message: str, *, name: str, known: Sequence[str], setting: Sequence[str | int], id: str) -> None:
        super().__init__(message, id=id, setting=setting)
        self.name = name
        self.known = tuple(known)

    @classmethod
    def demand(
        cls, setting: str, named: str | Sequence[str] | None, known: Sequence[str], message: str, *, id: str
    ) -> None:
        """Raise one for the first name that is not known; the message says the name where it has ``{}``.

        Args:
            setting: key in the settings of the component.
            named: its value: one name, several, or None.
            known: names that there are.
            message: such as ``"`{}` is no input of the model"``.
            id: as of `SciError`.
        """
        places: dict[tuple[str | int, ...], str] = (
            {(setting,): named}
            if isinstance(named, str)
            else {(setting, position): name for position, name in enumerate(named or ())}
        )
        for place, name in places.items():
            if name not in known:
                raise cls(message.replace("{}", name), name=name, known=known, setting=place, id=id)


class DataError(SciError):
    """The data are missing, unreadable, or cannot answer the question."""

    exit_code = 3


class PluginError(SciError):
    """A plugin is broken, or broke while it worked."""

    exit_code = 4


class MissingDependency(PluginError):
    """An optional library is absent: say which, and the line that installs it."""

    def __init__(self, package: str, extra: str, **more: Any) -> None:
        super().__init__(
            f"`{package}` is not installed",
            id=more.pop("id", "plugin.dependency"),
            hint=more.pop("hint", f'pip install "{extra}"'),
            **more,
        )
        self.package = package
        self.extra = extra


class TrainingError(SciError):
    """Training diverged or ran out of memory."""

    exit_code = 5


class Interrupted(SciError):
    """A signal stopped the run; it can be resumed. `run` is its directory, where there is one yet."""

    exit_code = 6
    run = ""


class StorageError(SciError):
    """The disk or the file system refused, or a file is not what was written."""

    exit_code = 7


class LockedError(SciError):
    """Another process writes to this run."""

    exit_code = 8


class PolicyError(SciError):
    """Policy refuses it."""

    exit_code = 9


class SeveralErrors(SciError):
    """All the mistakes of one file; exits with the gravest code's rule: the first error's code."""

    def __init__(self, errors: Sequence[SciError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = tuple(errors)
        self.exit_code = errors[0].exit_code

    def as_json(self) -> dict[str, Any]:
        return {**self.errors[0].as_json(), "all": [error.as_json() for error in self.errors]}
