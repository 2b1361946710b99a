"""Which distributions and components may be used here, decided before any of their code is imported.

A policy governs, it does not secure: whoever controls the environment controls the code in it.
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sci.api.errors import Place, PolicyError
from sci.plugins.licenses import fits
from sci.plugins.policyfile import LEVELS, PolicyFile, matches, read_policy_file
from sci.plugins.policyplaces import NAME as NAME
from sci.plugins.policyplaces import policy_paths as policy_paths
from sci.plugins.policyplaces import policy_places
from sci.plugins.policyreader import Rule
from sci.plugins.records import PluginRecord, canonical

if TYPE_CHECKING:
    from sci.plugins.bundle import Bundle
    from sci.plugins.discovery import Discovery, Found

NETWORK = "network"
"""Trait of a component that speaks to other machines."""


@dataclass(frozen=True)
class Denial:
    """One refusal: which policy, where it says so, and what it has to say."""

    policy: PolicyFile
    place: Place
    listed: bool
    """Denied by name; else for what it is, as `why` says."""
    why: str = "not on its allow-list"

    @property
    def reason(self) -> str:
        """One line, as in `sci plugins list`."""
        line = Place(self.place.file, self.place.line)
        by = f"by {self.policy.words}"
        return f"{by} ({line})" if self.listed else f"{by}: {self.why} ({line})"

    @property
    def note(self) -> str:
        """The policy's own sentence, its place and whom to ask."""
        return self.policy.note(self.place)


@dataclass(frozen=True)
class Policy:
    """The policies in force, merged restrictively: what one of them denies is denied.

    Args:
        files: in the order of precedence: system, bundle, project, user.
        bundle: the bundle in force; its policy is one of the files.
        notice: what whoever works under it should be told.
        seen: the plugins that were in the metadata when bundles were looked for; None where nobody looked.
    """

    files: tuple[PolicyFile, ...] = ()
    bundle: Bundle | None = None
    notice: str = ""
    seen: tuple[Found, ...] | None = field(default=None, compare=False, repr=False)

    @classmethod
    def read(cls, paths: Iterable[Path]) -> Policy:
        """The policies in these files.

        Raises:
            PolicyError: one of them cannot be read or understood; nothing runs then.
        """
        return cls(tuple(read_policy_file(path) for path in paths))

    @classmethod
    def here(
        cls,
        project: Path | None = None,
        *,
        discovery: Discovery | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> Policy:
        """The policies that hold for a project folder, by default the current one, and the bundle in force.

        Raises:
            PolicyError: one of them cannot be read or understood, or the chosen bundle is not installed.
            ConfigError: several bundles are installed, and none is chosen.
        """
        from sci.plugins.bundlechoice import chosen
        from sci.plugins.discovery import BUNDLES, PLUGINS, Discovery

        files = read_policies(project, environ)
        survey = (discovery or Discovery()).survey()
        seen = tuple(survey[PLUGINS])
        found = chosen(files, survey[BUNDLES], project, environ)
        if found is None:
            return cls(tuple(files), seen=seen)
        from sci.plugins.bundle import read_bundle  # most environments have none to read

        bundle = read_bundle(found[0])
        unasked = not found[1].by and bundle.policy.restricts
        notice = f"note: the bundle {bundle.title} is in force, the only one installed" if unasked else ""
        files = sorted([*files, bundle.policy], key=lambda file: LEVELS.index(file.level))
        return cls(tuple(files), bundle, notice, seen)

    @property
    def offline(self) -> bool:
        """Whether nothing may speak to other machines."""
        return any(file.offline for file in self.files)

    def plugin(self, distribution: str, name: str, license_: str | None = None) -> Denial | None:
        """Why this plugin may not be imported, or None.

        Deny rules match the distribution, the distribution without ``sci-``, or the entry point; allow rules match the
        distribution only, because anybody may give an entry point any name. The license is that of the metadata; None
        leaves it unjudged.
        """
        short = canonical(distribution).removeprefix("sci-")
        for policy in self.files:
            for rule in policy.deny:
                if matches(rule.pattern, distribution, short, name):
                    return Denial(policy, rule.place, listed=True)
        for policy in self.files:
            if policy.allowlist and not any(matches(rule.pattern, distribution, short) for rule in policy.allow):
                return Denial(policy, policy.allowlist, listed=False)
        for policy in self.files:
            if (
                policy.licenses
                and license_ is not None
                and not fits(license_, [one.pattern for one in policy.licenses])
            ):
                why = f"its license `{license_[:60]}` is not allowed" if license_ else "it states no license"
                return Denial(policy, policy.licenses[0].place, listed=False, why=why)
        return None

    def component(self, kind: str, name: str, traits: Collection[str] = ()) -> Denial | None:
        """Why this component may not be used, or None."""
        for policy in self.files:
            for rule in policy.deny_components:
                if fnmatch.fnmatchcase(f"{kind}/{name}", rule.pattern):
                    return Denial(policy, rule.place, listed=True)
        for policy in self.files:
            if policy.offline and NETWORK in traits:
                return Denial(policy, policy.offline, listed=False, why="it speaks to other machines")
        return None

    def unmet(self, records: Sequence[PluginRecord]) -> list[PolicyError]:
        """What the policies require and these plugins do not fulfil."""
        return [
            PolicyError(
                f"{policy.title} requires `{rule.pattern}`, {lack}",
                id="policy.required",
                where=rule.place,
                hint=f'pip install "{rule.pattern}"' if lack.endswith("not installed") else "",
                note=f"ask: {policy.contact}" if policy.contact else "",
            )
            for policy in self.files
            for rule in policy.require
            if (lack := _lack(rule, records))
        ]


def read_policies(project: Path | None = None, environ: Mapping[str, str] = os.environ) -> list[PolicyFile]:
    """The policy files that hold for a folder, in the order of precedence; no bundle is looked for.

    Raises:
        PolicyError: one of them cannot be read or understood.
    """
    return [read_policy_file(path, level=level) for level, path in policy_places(project, environ)]


def _lack(rule: Rule, records: Sequence[PluginRecord]) -> str:
    from importlib.metadata import PackageNotFoundError, version

    from packaging.requirements import Requirement

    requirement = Requirement(rule.pattern)
    plugin = next((one for one in records if canonical(one.distribution) == canonical(requirement.name)), None)
    if plugin is not None and plugin.status not in ("installed", "ok", "degraded"):
        return f"which is {plugin.status}: {plugin.reason}"
    try:
        installed = plugin.version if plugin is not None else version(requirement.name)
    except PackageNotFoundError:
        return "which is not installed"
    fits_range = requirement.specifier.contains(installed, prereleases=True)
    return "" if fits_range else f"but {installed} is installed"
