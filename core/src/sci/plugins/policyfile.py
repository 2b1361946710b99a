"""One policy: the keys of `policy.yaml`, which are those of a bundle's file too, and what each says."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sci.api.errors import Place, PolicyError
from sci.api.kinds import KINDS
from sci.plugins.nearest import nearest
from sci.plugins.policyreader import Reader, Rule, Setting, shown, text_of
from sci.plugins.records import canonical

if TYPE_CHECKING:
    import yaml

Level = Literal["system", "bundle", "project", "user"]
LEVELS: tuple[Level, ...] = ("system", "bundle", "project", "user")
"""Who speaks first: of two that set the same key, the earlier one holds."""

KEYS = (
    *("name", "message", "contact", "expires", "bundle", "plugins", "components", "licenses", "offline"),
    *("minimum_seeds", "locked", "defaults", "first", "report"),
)

_COMPONENT = re.compile(r"[a-z0-9*?-]+")
LOGOS = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


@dataclass(frozen=True)
class Brand:
    """How reports show whose they are.

    Args:
        name: the institution.
        line: one sentence, such as a confidentiality notice.
        logo: file of the picture, beside the policy.
        place: where the policy says it.
    """

    name: str
    line: str
    logo: Path | None
    place: Place


@dataclass(frozen=True)
class PolicyFile:
    """What one policy says.

    Args:
        name: who makes the policy; the file's path where it gives none.
        place: the file.
        message: the sentence that is quoted when something is refused.
        contact: whom to ask.
        allowlist: the line that turns the allow-list on; None in mode open.
        allow: distributions that may be used in mode allowlist.
        deny: distributions that may not be used.
        require: PEP 508 requirements that must be installed and in use.
        deny_components: ``kind/name`` patterns.
        licenses: licences that a plugin may have; None where any does.
        offline: the line that forbids components which speak to other machines.
        minimum_seeds: least number of seeds, as a setting of ``study.seeds``.
        locked: values that an experiment may not change.
        defaults: values for what an experiment leaves out.
        first: preprocessing steps that stand before those of the experiment.
        sections: what every report must have.
        branding: how reports show whose they are.
        bundle: the bundle that a system's policy puts in force.
        level: who speaks.
        version: of the distribution that brings a bundle; empty for other policies.
    """

    name: str
    place: Place
    message: str = ""
    contact: str = ""
    allowlist: Place | None = None
    allow: tuple[Rule, ...] = ()
    deny: tuple[Rule, ...] = ()
    require: tuple[Rule, ...] = ()
    deny_components: tuple[Rule, ...] = ()
    licenses: tuple[Rule, ...] | None = None
    offline: Place | None = None
    minimum_seeds: Setting | None = None
    locked: tuple[Setting, ...] = ()
    defaults: tuple[Setting, ...] = ()
    first: tuple[Setting, ...] = ()
    sections: tuple[Rule, ...] = ()
    branding: Brand | None = None
    bundle: Rule | None = None
    level: Level = "project"
    version: str = ""

    @property
    def title(self) -> str:
        """Name and version, as messages name it."""
        return f"{self.name} {self.version}".strip()

    @property
    def words(self) -> str:
        """``bundle st-mary-hospital 2026.3``, ``policy st-mary-hospital``; ``policy`` alone where it has no name."""
        noun = "bundle" if self.level == "bundle" else "policy"
        return f"{noun} {self.title}" if self.name != self.place.file else noun

    def note(self, place: Place) -> str:
        """The policy's own sentence, the line that holds, and whom to ask."""
        quoted = f'"{self.message}" ' if self.message else ""
        ask = f", ask: {self.contact}" if self.contact else ""
        return f"{quoted}{Place(place.file, place.line)}{ask}"

    @property
    def restricts(self) -> bool:
        """It forbids, demands or sets something: whoever works under it should know."""
        said = (self.allowlist, self.deny, self.require, self.deny_components, self.licenses, self.offline)
        return any((*said, self.minimum_seeds, self.locked, self.defaults, self.first, self.sections, self.branding))


def read_policy_file(path: Path, today: datetime.date | None = None, level: Level = "project") -> PolicyFile:
    """Read one policy.

    Raises:
        PolicyError: it cannot be read, is not a policy, or has expired.
    """
    reader = _Policies(shown(path))
    keys = reader.mapping(reader.document(text_of(path)), KEYS)
    plugins = reader.mapping(keys.get("plugins"), ("mode", "allow", "deny", "require"))
    components = reader.mapping(keys.get("components"), ("deny",))
    report = reader.mapping(keys.get("report"), ("sections", "branding"))
    name = reader.word(keys.get("name")) or reader.file
    reader.unexpired(keys.get("expires"), name, today or datetime.date.today())
    bundle = keys.get("bundle")
    if bundle is not None and level != "system":
        raise reader.fault("only the system's policy puts a bundle in force", bundle, note="sci bundle use NAME")
    return PolicyFile(
        name=name,
        place=Place(reader.file),
        message=reader.word(keys.get("message")),
        contact=reader.word(keys.get("contact")),
        allowlist=reader.allowlist(plugins),
        allow=tuple(reader.rules(plugins.get("allow"))),
        deny=tuple(reader.rules(plugins.get("deny"))),
        require=tuple(reader.requirements(plugins.get("require"))),
        deny_components=tuple(reader.component_rules(components.get("deny"))),
        licenses=reader.licenses(keys.get("licenses")),
        offline=reader.place(keys["offline"]) if reader.yes(keys.get("offline")) else None,
        minimum_seeds=reader.seeds(keys.get("minimum_seeds")),
        locked=tuple(reader.settings(keys.get("locked"))),
        defaults=tuple(reader.settings(keys.get("defaults"))),
        first=tuple(reader.steps(keys.get("first"))),
        sections=tuple(reader.rules(report.get("sections"))),
        branding=reader.branding(report.get("branding"), path.parent),
        bundle=Rule(reader.word(bundle), reader.place(bundle)) if bundle is not None else None,
        level=level,
    )


def of_bundle(path: Path, name: str, version: str) -> PolicyFile:
    """The policy of a bundle: its name and version are those of its entry point and its distribution.

    Raises:
        PolicyError: as `read_policy_file`.
    """
    return replace(read_policy_file(path, level="bundle"), name=name, version=version)


class _Policies(Reader):
    """What the keys of a policy hold."""

    def component_rules(self, node: yaml.Node | None) -> Iterator[Rule]:
        for rule in self.rules(node):
            kind, slash, name = rule.pattern.partition("/")
            if not slash or not _COMPONENT.fullmatch(name) or (kind != "*" and kind not in KINDS):
                guess = nearest(kind, KINDS)
                raise PolicyError(
                    f"`{rule.pattern}` names no component",
                    id="policy.malformed",
                    where=rule.place,
                    note="a component is written kind/name, such as deployers/onnx",
                    hint=f"{guess}/{name or '*'}" if guess else "",
                )
            yield rule

    def requirements(self, node: yaml.Node | None) -> Iterator[Rule]:
        from packaging.requirements import InvalidRequirement, Requirement

        for rule in self.rules(node):
            try:
                Requirement(rule.pattern)
            except InvalidRequirement as error:
                raise PolicyError(
                    f"`{rule.pattern}` is no requirement",
                    id="policy.malformed",
                    where=rule.place,
                    hint='"sci-audit>=1,<2"',
                ) from error
            yield rule

    def allowlist(self, plugins: Mapping[str, yaml.Node]) -> Place | None:
        mode, allow = plugins.get("mode"), plugins.get("allow")
        word = self.word(mode) if mode is not None else ("open" if allow is None else "allowlist")
        if word not in ("open", "allowlist"):
            raise self.fault(f"the mode is `{word}`; it is `open` or `allowlist`", mode)
        if word == "allowlist":
            return self.place(mode if mode is not None else allow)
        if allow is not None:
            raise self.fault("`allow` has no effect in mode `open`", allow, note="mode: allowlist lets only these in")
        return None

    def licenses(self, node: yaml.Node | None) -> tuple[Rule, ...] | None:
        if node is None:
            return None
        found = tuple(self.rules(node))
        if not found:
            raise self.fault("no licence is allowed here, so that no plugin could be used", node)
        return found

    def seeds(self, node: yaml.Node | None) -> Setting | None:
        if node is None:
            return None
        return Setting(("study", "seeds"), self.whole(node, least=1), self.place(node))

    def steps(self, node: yaml.Node | None) -> Iterator[Setting]:
        for item in self.items(node):
            if item.tag != "tag:yaml.org,2002:map":
                yield Setting(("preprocessing",), {"name": self.word(item)}, self.place(item))
            elif self._names_component(item):
                yield Setting(("preprocessing",), self.value(item), self.place(item))
            else:
                raise self.fault("a step is a name, or a mapping with `name` and its settings", item)

    def branding(self, node: yaml.Node | None, folder: Path) -> Brand | None:
        if node is None:
            return None
        keys = self.mapping(node, ("name", "line", "logo"))
        if "name" not in keys:
            raise self.fault("branding lacks `name`, the institution as reports show it", node)
        logo = self.word(keys.get("logo"))
        file = folder / logo if logo else None
        if file is not None and (
            file.suffix.lower() not in LOGOS or not file.resolve().is_relative_to(folder.resolve())
        ):
            raise self.fault(f"`{logo}` is no png, svg or jpeg beside this file", keys["logo"])
        return Brand(self.word(keys["name"]), self.word(keys.get("line")), file, self.place(node))

    def unexpired(self, node: yaml.Node | None, name: str, today: datetime.date) -> None:
        if node is None:
            return
        try:
            last = datetime.date.fromisoformat(self.word(node))
        except ValueError:
            raise self.fault(f"`{self.word(node)}` is no date; it is written 2027-01-31", node) from None
        if today > last:
            raise PolicyError(f"the policy {name} has expired on {last}", id="policy.expired", where=self.place(node))


def matches(pattern: str, *names: str) -> bool:
    """Whether a pattern of a policy (``acme-*``) fits one of these names."""
    import fnmatch

    return any(fnmatch.fnmatchcase(canonical(name), canonical(pattern)) for name in names)
