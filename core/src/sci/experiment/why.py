"""Everything that the policies in force say, with who says it and where: `sci bundle show` and its `--why`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sci.api.errors import Place
from sci.api.kinds import KINDS
from sci.experiment.house import Rule, defaults, locks, plain, seeds
from sci.experiment.model import Experiment
from sci.experiment.writing import inline
from sci.plugins.policyfile import KEYS, LEVELS, PolicyFile, matches
from sci.plugins.records import canonical

if TYPE_CHECKING:
    from sci.plugins.policy import Policy
    from sci.plugins.policyreader import Setting


class Said(NamedTuple):
    """One thing that one policy says.

    Args:
        key: of the policy, or of the experiment file.
        value: as text.
        how: what it does: denied, required, locked, default, ...
        policy: who says it.
        place: the line.
        holds: False where a higher level has the last word.
        other: further names under which people ask for it.
    """

    key: str
    value: str
    how: str
    policy: PolicyFile
    place: Place
    holds: bool = True
    other: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """``bundle st-mary-hospital 2026.3 (bundle.yaml:21)``."""
        return f"{self.policy.words} ({Place(self.place.file, self.place.line)})"

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "key": self.key,
            "value": self.value,
            "how": self.how,
            "level": self.policy.level,
            "policy": self.policy.title,
            "file": self.place.file,
            "line": self.place.line,
            "holds": self.holds,
        }


def said(policy: Policy) -> list[Said]:
    """Everything, in the order of precedence.

    Raises:
        PolicyError: a locked or default value is for no key of an experiment.
    """
    holding = [*locks(policy), *defaults(policy)]
    least = seeds(policy)
    return [one for file in policy.files for one in _of(file, holding, least)]


def why(policy: Policy, key: str) -> list[Said]:
    """What the policies say about a key of the experiment file or of a policy, a distribution, or ``kind/name``."""
    about = [one for one in said(policy) if any(_touches(name, key) for name in (one.key, *one.other))]
    kind, slash, name = key.partition("/")
    if slash and kind in KINDS:
        denial = policy.component(kind, name)
    elif about or key.partition(".")[0] in (*Experiment.model_fields, *KEYS):
        return about
    else:
        denial = policy.plugin(key, key)
    if denial is None:
        return about or list(_lets_in(policy, key))
    return [Said(key, "denied", denial.why if not denial.listed else "denied by name", denial.policy, denial.place)]


def _lets_in(policy: Policy, distribution: str) -> Iterator[Said]:
    """Who requires a distribution, and whose allow-list it stands on."""
    from packaging.requirements import Requirement

    for file in policy.files:
        for rule in file.require:
            if canonical(Requirement(rule.pattern).name) == canonical(distribution):
                yield Said("plugins.require", rule.pattern, "required", file, rule.place)
        for rule in file.allow:
            if matches(rule.pattern, distribution):
                yield Said("plugins.allow", rule.pattern, "allowed", file, rule.place)


def silent(found: Sequence[Said]) -> str:
    """The levels that say nothing: ``system, project and user say nothing``."""
    levels = [level for level in LEVELS if level not in {one.policy.level for one in found}]
    if not levels:
        return ""
    *first, last = levels
    listed = f"{', '.join(first)} and {last}" if first else last
    return f"{listed} {'say' if first else 'says'} nothing"


def _touches(name: str, key: str) -> bool:
    return name == key or name.startswith(f"{key}.") or key.startswith(f"{name}.")


def _of(file: PolicyFile, holding: Sequence[Rule], least: Rule | None) -> Iterator[Said]:
    if file.bundle is not None:
        yield Said("bundle", file.bundle.pattern, "puts in force", file, file.bundle.place)
    if file.allowlist is not None:
        allowed = ", ".join(rule.pattern for rule in file.allow) or "nothing"
        yield Said("plugins.allow", allowed, "allows no others", file, file.allowlist, other=("plugins.mode",))
    for rule in file.deny:
        yield Said("plugins.deny", rule.pattern, "denied", file, rule.place, other=(rule.pattern,))
    for rule in file.require:
        yield Said("plugins.require", rule.pattern, "required", file, rule.place, other=(rule.pattern,))
    for rule in file.deny_components:
        yield Said("components.deny", rule.pattern, "denied", file, rule.place, other=(rule.pattern,))
    if file.licenses:
        names = ", ".join(rule.pattern for rule in file.licenses)
        yield Said("licenses", names, "allows no others", file, file.licenses[0].place)
    if file.offline is not None:
        yield Said("offline", "true", "nothing speaks to other machines", file, file.offline)
    if file.minimum_seeds is not None:
        one = file.minimum_seeds
        holds = least is not None and least.setting is one
        yield Said("minimum_seeds", str(one.value), "at least", file, one.place, holds, ("study.seeds", "seeds"))
    for setting in file.locked:
        yield _setting(file, setting, "locked", holding)
    for setting in file.first:
        yield Said("first", inline(plain(setting)), "step in front", file, setting.place, other=("preprocessing",))
    for setting in file.defaults:
        yield _setting(file, setting, "default", holding)
    for rule in file.sections:
        yield Said(
            "report.sections", rule.pattern, "in every report", file, rule.place, other=(rule.pattern, "analysis")
        )
    if file.branding is not None:
        yield Said("report.branding", file.branding.name, "on every report", file, file.branding.place)


def _setting(file: PolicyFile, setting: Setting, how: str, holding: Sequence[Rule]) -> Said:
    holds = any(rule.setting is setting for rule in holding)
    return Said(setting.dotted, inline(plain(setting)), how, file, setting.place, holds)
