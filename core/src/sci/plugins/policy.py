"""Which distributions and components may be used here, decided before any of their code is imported.

A policy governs, it does not secure: whoever controls the environment controls the code in it.
"""

from __future__ import annotations

import errno
import fnmatch
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sci.api.errors import Place, PolicyError
from sci.plugins.policyfile import PolicyFile, Rule, matches, read_policy_file
from sci.plugins.records import PluginRecord, canonical

NAME = "policy.yaml"
LONGEST = 4096 if os.name == "posix" else 32_767
"""Characters of a path that the system opens; nothing lies at the end of a longer one."""


@dataclass(frozen=True)
class Denial:
    """One refusal: which policy, where it says so, and what it has to say."""

    policy: PolicyFile
    place: Place
    listed: bool
    """Denied by name; else it is missing from an allow-list."""

    @property
    def reason(self) -> str:
        """One line, as in `sci plugins list`."""
        line = Place(self.place.file, self.place.line)
        by = f"by policy {self.policy.name}" if self.policy.name != self.policy.place.file else "by policy"
        return f"{by} ({line})" if self.listed else f"{by}: not on its allow-list ({line})"

    @property
    def note(self) -> str:
        """The policy's own sentence, its place and whom to ask."""
        quoted = f'"{self.policy.message}" ' if self.policy.message else ""
        ask = f", ask: {self.policy.contact}" if self.policy.contact else ""
        return f"{quoted}{Place(self.place.file, self.place.line)}{ask}"


@dataclass(frozen=True)
class Policy:
    """The policies in force, merged restrictively: what one of them denies is denied."""

    files: tuple[PolicyFile, ...] = ()

    @classmethod
    def read(cls, paths: Iterable[Path]) -> Policy:
        """The policies in these files.

        Raises:
            PolicyError: one of them cannot be read or understood; nothing runs then.
        """
        return cls(tuple(read_policy_file(path) for path in paths))

    @classmethod
    def here(cls, project: Path | None = None) -> Policy:
        """The policies that hold for a project folder, by default the current one."""
        return cls.read(policy_paths(project))

    def plugin(self, distribution: str, name: str) -> Denial | None:
        """Why this plugin may not be imported, or None.

        Deny rules match the distribution, the distribution without ``sci-``, or the entry point; allow rules match the
        distribution only, because anybody may give an entry point any name.
        """
        short = canonical(distribution).removeprefix("sci-")
        for policy in self.files:
            for rule in policy.deny:
                if matches(rule.pattern, distribution, short, name):
                    return Denial(policy, rule.place, listed=True)
        for policy in self.files:
            if policy.allowlist and not any(matches(rule.pattern, distribution, short) for rule in policy.allow):
                return Denial(policy, policy.allowlist, listed=False)
        return None

    def component(self, kind: str, name: str) -> Denial | None:
        """Why this component may not be used, or None."""
        for policy in self.files:
            for rule in policy.deny_components:
                if fnmatch.fnmatchcase(f"{kind}/{name}", rule.pattern):
                    return Denial(policy, rule.place, listed=True)
        return None

    def unmet(self, records: Sequence[PluginRecord]) -> list[PolicyError]:
        """What the policies require and these plugins do not fulfil."""
        return [
            PolicyError(
                f"{policy.name} requires `{rule.pattern}`, {lack}",
                id="policy.required",
                where=rule.place,
                hint=f'pip install "{rule.pattern}"' if lack.endswith("not installed") else "",
                note=f"ask: {policy.contact}" if policy.contact else "",
            )
            for policy in self.files
            for rule in policy.require
            if (lack := _lack(rule, records))
        ]


def policy_paths(project: Path | None = None, environ: Mapping[str, str] = os.environ) -> list[Path]:
    """The policy files in force: system, user, project folder and current folder with all folders above them, and the
    file that SCI_POLICY names.

    Raises:
        PolicyError: it cannot even be seen whether a policy is there.
    """
    from platformdirs import PlatformDirs

    folders = [Path(folder) for folder in PlatformDirs("sci", appauthor=False, multipath=True).iter_config_dirs()]
    for start in filter(None, (project, _current())):
        if len(os.fspath(start)) > LONGEST:
            continue
        for folder in (start, *start.absolute().parents):
            folders += [folder, folder / ".sci"]
    candidates = [folder / NAME for folder in folders if _exists(folder / NAME)]
    named = environ.get("SCI_POLICY")
    return list(dict.fromkeys([*candidates, *([Path(named)] if named else [])]))


def _current() -> Path | None:
    try:
        return Path.cwd()
    except FileNotFoundError:  # the folder was deleted under our feet
        return None


def _exists(path: Path) -> bool:
    """A dangling link or a folder of that name counts: reading it fails, and that stops the program."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):  # no file can lie there, and no experiment either
            return False
        raise PolicyError(
            f"it cannot be seen whether there is a policy at {path}: {error.strerror}",
            id="policy.unreadable",
            where=Place(str(path)),
        ) from error
    return True


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
    fits = requirement.specifier.contains(installed, prereleases=True)
    return "" if fits else f"but {installed} is installed"
