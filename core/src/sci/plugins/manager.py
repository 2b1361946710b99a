"""Loads the plugins that policy lets in, keeps the faults of each to itself, and collects what they offer."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping, Sequence

import pluggy

from sci.api.errors import PluginError, SciError, SeveralErrors
from sci.api.kinds import KINDS
from sci.hookspecs import OBSERVER_HOOKS, STAGE_HOOKS
from sci.plugins import faults
from sci.plugins.catalogue import CatalogueFault, check_experiments, check_specs
from sci.plugins.discovery import Discovery, Loaded
from sci.plugins.guard import heavy, light, quiet, why_refused
from sci.plugins.hooks import HookFault, Implementation, implementations, new_manager
from sci.plugins.outdated import register
from sci.plugins.policy import Policy
from sci.plugins.records import PluginRecord
from sci.plugins.registry import Registry
from sci.plugins.selection import declared, select, unknown_names
from sci.plugins.system import PluginSystem as PluginSystem
from sci.plugins.system import warning

STRICT = "SCI_STRICT_PLUGINS"
"""Set to 1, a plugin that would be left out with a warning is an error: for continuous integration."""

_KIND_OF_HOOK = {kind.hook: kind for kind in KINDS.values()}


def load(
    policy: Policy | None = None,
    *,
    discovery: Discovery | None = None,
    only: Collection[str] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> PluginSystem:
    """Load the light modules of the installed plugins.

    Args:
        policy: what is allowed; by default what the policy files for the current folder say.
        discovery: where plugins are looked for; by default the installed distributions.
        only: names of the plugins to load; the others keep the status `installed`.
        environ: the environment variables.

    Raises:
        PolicyError: a policy cannot be read, or what it requires is not there.
        PluginError: a plugin is at fault, and SCI_STRICT_PLUGINS is set.
    """
    policy = policy if policy is not None else Policy.here(discovery=discovery)
    system = assemble(policy, discovery=discovery, only=only, environ=environ)
    _raise_any(policy.unmet(system.records))
    if policy.offline and environ is os.environ:
        os.environ["HF_HUB_OFFLINE"] = "1"  # the client of the hub takes what it has kept, and asks nobody
    if environ.get(STRICT, "") not in ("", "0"):
        at_fault = [(record, line) for record in system.records if (line := warning(record))]
        _raise_any(
            [PluginError(line.removeprefix("warning: "), id=f"plugin.{record.status}") for record, line in at_fault]
        )
    return system


def assemble(
    policy: Policy | None = None,
    *,
    discovery: Discovery | None = None,
    only: Collection[str] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> PluginSystem:
    """As `load`, but without its errors: for looking at plugins instead of using them."""
    policy = policy if policy is not None else Policy.here(discovery=discovery)
    pairs = select(declared(policy, discovery), policy, environ)
    records = [record for record, _ in pairs]
    wanted = [(record, found) for record, found in pairs if record.status == "installed" and _is_wanted(record, only)]
    banned = _banned(records)
    manager = new_manager()
    outcomes = (discovery or Discovery()).load([found for _, found in wanted], banned=banned)
    for (record, _), loaded in zip(wanted, outcomes, strict=True):
        _adopt(record, loaded, manager, banned)
    return PluginSystem(records, Registry(records, policy, banned), manager, unknown_names(records, environ))


def _adopt(record: PluginRecord, loaded: Loaded, manager: pluggy.PluginManager, banned: Mapping[str, str]) -> None:
    """Register one imported plugin and collect what it offers, or write down why not."""
    began = time.perf_counter()
    refused: list[str] = list(loaded.refused)
    try:
        if loaded.error is not None:
            raise loaded.error
        with quiet(), light(banned) as later:
            hooks = implementations(loaded.plugin)
            register(manager, loaded.plugin, record, hooks)
            _collect(record, hooks)
        refused += later
        record.status = "degraded" if refused else "ok"
        record.reason = "; ".join(dict.fromkeys(refused))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if manager.has_plugin(record.name):
            manager.unregister(name=record.name)
        record.leave_out("broken", _reason(error), error)
    record.seconds = loaded.seconds + time.perf_counter() - began


def _collect(record: PluginRecord, hooks: Sequence[Implementation]) -> None:
    """Call the catalogue hooks of one plugin and no other: what one raises must not hide what the next one offers."""
    for one in hooks:
        if one.hook in _KIND_OF_HOOK:
            kind = _KIND_OF_HOOK[one.hook]
            earlier = record.specs.get(kind.name, [])
            record.specs[kind.name] = check_specs(kind, earlier + check_specs(kind, one.function()))
        elif one.hook == "sci_experiments":
            record.experiments = check_experiments(one.function())
    record.wraps = tuple(one.hook for one in hooks if one.hook in STAGE_HOOKS)
    record.observes = tuple(one.hook for one in hooks if one.hook in OBSERVER_HOOKS)


def _reason(error: BaseException) -> str:
    if isinstance(error, (HookFault, CatalogueFault)):
        return str(error)
    if isinstance(error, ImportError) and (framework := heavy(error.name)):
        return why_refused(framework)
    return faults.summary(error)


def _is_wanted(record: PluginRecord, only: Collection[str] | None) -> bool:
    return only is None or any(record.answers_to(name) for name in only)


def _banned(records: Sequence[PluginRecord]) -> dict[str, str]:
    """The packages of denied plugins, so that no other plugin imports them by the back door."""
    kept = {"sci", *(record.package for record in records if record.status != "denied")}
    denied = {record.package: record for record in records if record.status == "denied" and record.module}
    return {
        package: f"imports {package} of {record.title}, which is denied {record.reason}"
        for package, record in denied.items()
        if not any(f"{one}.".startswith(f"{package}.") for one in kept)
    }


def _raise_any(errors: Sequence[SciError]) -> None:
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SeveralErrors(errors)
