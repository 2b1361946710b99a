"""From ``package.module:attribute`` to the object, with errors that name the plugin."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from sci.api.errors import MissingDependency, PluginError, PolicyError, SciError
from sci.plugins import faults
from sci.plugins.catalogue import TARGET
from sci.plugins.guard import RefusedImport, heavy, light, quiet, why_refused
from sci.plugins.records import PluginRecord, canonical

if TYPE_CHECKING:
    from packaging.requirements import Requirement


def load_target(
    target: str,
    record: PluginRecord,
    owner: str,
    *,
    requires: Sequence[str] = (),
    frameworks: bool = True,
    banned: Mapping[str, str] | None = None,
) -> Any:
    """Import what a spec names.

    Args:
        target: ``package.module:attribute``.
        record: the plugin that the spec came from.
        owner: the component in words, such as "model `bert`".
        requires: PEP 508 requirements of the component, for the line to type when a library is missing.
        frameworks: whether the module may import frameworks; settings may not.
        banned: packages of denied plugins.

    Raises:
        MissingDependency: a library that the module imports is not installed.
        PolicyError: the module imports a denied plugin.
        PluginError: anything else that goes wrong.
    """
    if not TARGET.fullmatch(target):
        raise PluginError(
            f"{owner} of {record.title} has the target `{target}`", id="plugin.target", note="package.module:attribute"
        )
    module, _, attribute = target.partition(":")
    try:
        with quiet(), light(banned, frameworks=not frameworks):
            return getattr(importlib.import_module(module), attribute)
    except (KeyboardInterrupt, SciError):
        raise
    except BaseException as error:
        raise _explained(error, target, record, owner, requires, frameworks) from error


def look_for(requires: Sequence[str], record: PluginRecord, owner: str) -> None:
    """Whether the libraries of a component are there; nothing is imported, and their versions are left to the import.

    A library may have come under another name than its project's, as TensorFlow does with tensorflow-cpu: its module
    counts too.

    Raises:
        MissingDependency: one of them is not.
    """
    for line in requires:
        wanted = _requirement(line)
        if wanted is None or (wanted.marker is not None and not wanted.marker.evaluate()):
            continue
        try:
            version(wanted.name)
        except PackageNotFoundError:
            module = canonical(wanted.name).replace("-", "_")
            if find_spec(module) is None:
                raise _missing(module, record, owner, requires) from None


def _explained(
    error: BaseException, target: str, record: PluginRecord, owner: str, requires: Sequence[str], frameworks: bool
) -> SciError:
    module, _, attribute = target.partition(":")
    hint = f"sci plugins doctor {record.distribution}"
    if isinstance(error, RefusedImport):
        if heavy(error.name):
            return PluginError(f"{record.title} {error}", id="plugin.heavy", note=f"{owner}, {target}", hint=hint)
        return PolicyError(f"{record.title} {error}", id="policy.denied", note=f"{owner}, {target}")
    if isinstance(error, ModuleNotFoundError) and error.name and not _is_part_of(error.name, module):
        if not frameworks and heavy(error.name):
            text = f"{record.title} {why_refused(str(heavy(error.name)))}"
            return PluginError(text, id="plugin.heavy", note=f"{owner}, {target}", hint=hint)
        return _missing(error.name.partition(".")[0], record, owner, requires)
    if isinstance(error, ImportError) and (unmet := _unmet(requires)):
        line, installed = unmet
        text = f"{record.title} needs {line}, found {installed}"
        return PluginError(text, id="plugin.dependency", note=faults.summary(error), hint=f'pip install -U "{line}"')
    if isinstance(error, AttributeError) and not faults.frames(error):
        return PluginError(f"{owner} of {record.title}: {module} has no `{attribute}`", id="plugin.target", hint=hint)
    return PluginError(
        f"{record.title} has failed while {owner} was imported",
        id="plugin.raised",
        note=faults.summary(error),
        hint=hint,
    )


def _missing(package: str, record: PluginRecord, owner: str, requires: Sequence[str]) -> PluginError:
    note = f"{owner} of {record.title} needs it"
    if not requires:  # the name of a module is not what pip installs: guessing it would invite impostors
        return PluginError(
            f"`{package}` is not installed",
            id="plugin.dependency",
            note=note,
            hint=f"sci plugins doctor {record.distribution}",
        )
    named = [line for line in requires if canonical(_project(line)) == canonical(package)]
    lines = " ".join(f'"{line}"' for line in named or requires)
    return MissingDependency(package, lines.strip('"'), note=note, hint=f"pip install {lines}")


def _project(line: str) -> str:
    requirement = _requirement(line)
    return requirement.name if requirement else line


def _unmet(requires: Sequence[str]) -> tuple[str, str] | None:
    """The first requirement whose installed version is outside its range, and that version."""
    for line in requires:
        requirement = _requirement(line)
        try:
            installed = version(requirement.name) if requirement else ""
        except PackageNotFoundError:
            continue
        if requirement and not requirement.specifier.contains(installed, prereleases=True):
            return line, installed
    return None


def _requirement(line: str) -> Requirement | None:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return Requirement(line)
    except InvalidRequirement:
        return None


def _is_part_of(missing: str, module: str) -> bool:
    """Whether the missing module is the plugin's own: then the target is wrong, not the environment."""
    return missing.partition(".")[0] == module.partition(".")[0]
