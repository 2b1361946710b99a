"""From metadata alone: which plugins are there, and which of them may be loaded."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sci.api.deprecation import own
from sci.plugins.catalogue import NAME
from sci.plugins.discovery import Discovery, Found
from sci.plugins.metadata import core_version, incompatibility, needs
from sci.plugins.policy import Policy
from sci.plugins.policyfile import matches
from sci.plugins.records import PluginRecord

DISABLE = "SCI_DISABLE_PLUGINS"
"""Names of plugins that are left alone, with commas between them; ``*`` is all of them."""


def scan(
    policy: Policy | None = None,
    *,
    discovery: Discovery | None = None,
    environ: Mapping[str, str] = os.environ,
) -> list[PluginRecord]:
    """A record of every installed plugin, sorted by name; nothing of any plugin is imported.

    Raises:
        PolicyError: a policy file cannot be read or understood.
    """
    policy = policy if policy is not None else Policy.here(discovery=discovery)
    return [record for record, _ in select(declared(policy, discovery), policy, environ)]


def declared(policy: Policy, discovery: Discovery | None = None) -> Sequence[Found]:
    """What the installed distributions declare; where bundles were looked for just now, that look served for both."""
    if discovery is None and policy.seen is not None:
        return policy.seen
    return (discovery or Discovery()).find()


def select(found: Sequence[Found], policy: Policy, environ: Mapping[str, str]) -> list[tuple[PluginRecord, Found]]:
    """Each plugin with its record; those that may be loaded have the status `installed`."""
    core = core_version()
    pairs = [(_record(one), one) for one in found]
    for record, _ in pairs:
        own(record.package, record.title)
    for record, one in pairs:
        _judge(record, one, policy, environ, core)
    _mark_duplicates([record for record, _ in pairs if record.status == "installed"])
    return pairs


def disabled_names(environ: Mapping[str, str] = os.environ) -> list[str]:
    """What SCI_DISABLE_PLUGINS lists."""
    return [name.strip() for name in environ.get(DISABLE, "").split(",") if name.strip()]


def unknown_names(records: Sequence[PluginRecord], environ: Mapping[str, str] = os.environ) -> list[str]:
    """What SCI_DISABLE_PLUGINS lists and fits no plugin: most likely a slip."""
    plain = [name for name in disabled_names(environ) if not set("*?") & set(name)]
    return [name for name in plain if not any(record.answers_to(name) for record in records)]


def _record(found: Found) -> PluginRecord:
    metadata = found.metadata
    return PluginRecord(
        name=found.name,
        distribution=metadata.name,
        version=metadata.version,
        entry_point=found.value,
        summary=metadata.summary,
        license=metadata.license,
        home=metadata.home,
    )


def _judge(record: PluginRecord, found: Found, policy: Policy, environ: Mapping[str, str], core: str | None) -> None:
    denial = policy.plugin(record.distribution, record.name, record.license)
    if denial is not None:
        record.leave_out("denied", denial.reason)
        record.where = denial.place
        return
    if any(matches(name, record.distribution, record.name) for name in disabled_names(environ)):
        record.leave_out("disabled", f"by {DISABLE}")
        return
    if found.fault or not NAME.fullmatch(record.name):
        record.leave_out(
            "broken", found.fault or f"the entry point `{record.name}` is not lower case, digits and hyphens"
        )
        return
    try:
        record.needs = needs(found.metadata.requires)
    except ValueError as error:
        record.leave_out("broken", str(error), error)
        return
    if excluded := incompatibility(record.needs, core):
        record.leave_out("incompatible", excluded)


def _mark_duplicates(records: Sequence[PluginRecord]) -> None:
    by_name: dict[str, list[PluginRecord]] = defaultdict(list)
    for record in records:
        by_name[record.name].append(record)
    for name, sharing in by_name.items():
        if len(sharing) > 1:
            titles = " and ".join(dict.fromkeys(record.title for record in sharing))
            for record in sharing:
                record.leave_out("duplicate", f"the entry point `{name}` is declared by {titles}")
