"""One policy file, read strictly: whatever cannot be understood is refused, because a gap in a policy is a hole."""

from __future__ import annotations

import datetime
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sci.api.errors import Place, PolicyError
from sci.api.kinds import KINDS
from sci.plugins.nearest import nearest
from sci.plugins.records import canonical

if TYPE_CHECKING:
    import yaml

LARGEST = 200_000
"""Bytes; a policy is a page of text."""

_PLAIN = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "bool", "int", "float", "timestamp")}
"""What YAML takes for a number or a date is still the word that was written."""

_COMPONENT = re.compile(r"[a-z0-9*?-]+")


@dataclass(frozen=True)
class Rule:
    """One entry of a list and the line that it stands on."""

    pattern: str
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


def read_policy_file(path: Path, today: datetime.date | None = None) -> PolicyFile:
    """Read one policy.

    Raises:
        PolicyError: it cannot be read, is not a policy, or has expired.
    """
    reader = _Reader(_shown(path))
    keys = reader.mapping(
        reader.document(_text(path)), ("name", "message", "contact", "expires", "plugins", "components")
    )
    plugins = reader.mapping(keys.get("plugins"), ("mode", "allow", "deny", "require"))
    components = reader.mapping(keys.get("components"), ("deny",))
    name = reader.word(keys.get("name")) or reader.file
    reader.unexpired(keys.get("expires"), name, today or datetime.date.today())
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
    )


def _text(path: Path) -> str:
    shown = _shown(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise PolicyError(f"the policy {shown} is not a file", id="policy.unreadable", where=Place(shown))
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise PolicyError(f"the policy {shown} is larger than 200 kB", id="policy.unreadable", where=Place(shown))
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise PolicyError(
            f"the policy {shown} cannot be read: {reason}",
            id="policy.unreadable",
            where=Place(shown),
            note="nothing runs under a policy that cannot be read",
        ) from error


def _shown(path: Path) -> str:
    """Relative below the current folder, whole elsewhere; links are not followed, because they may lead nowhere."""
    try:
        return str((Path.cwd() / path).relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(path)


class _Reader:
    """Turns YAML nodes into words and lists, refusing everything else with its place."""

    def __init__(self, file: str) -> None:
        self.file = file

    def document(self, text: str) -> yaml.Node:
        import yaml

        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            where = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)
            raise PolicyError(f"the policy is not YAML: {error.problem}", id="policy.malformed", where=where) from error
        except (yaml.YAMLError, RecursionError) as error:
            raise PolicyError("the policy is not YAML", id="policy.malformed", where=Place(self.file)) from error
        if node is None:
            raise PolicyError(
                "the policy is empty", id="policy.malformed", where=Place(self.file), note="it may have been cut short"
            )
        return node

    def mapping(self, node: yaml.Node | None, known: Iterable[str]) -> Mapping[str, yaml.Node]:
        if node is None:
            return {}
        if node.tag != "tag:yaml.org,2002:map":
            raise self.fault(f"here stand the keys {', '.join(known)}", node)
        found: dict[str, Any] = {}
        for key, value in node.value:
            word = self.word(key)
            if word in found:
                raise self.fault(f"`{word}` is given twice", key)
            if word not in known:
                guess = nearest(word, known)
                raise self.fault(
                    f"`{word}` is no key of a policy" + (f"; did you mean `{guess}`?" if guess else ""),
                    key,
                    note=f"keys here: {', '.join(known)}",
                )
            found[word] = value
        return found

    def word(self, node: yaml.Node | None) -> str:
        if node is None:
            return ""
        if node.tag not in _PLAIN or not node.value.strip():
            raise self.fault("here stands one word or sentence", node)
        return node.value.strip()

    def rules(self, node: yaml.Node | None) -> Iterator[Rule]:
        if node is None:
            return
        if node.tag != "tag:yaml.org,2002:seq":
            raise self.fault("here stands a list", node)
        for item in node.value:
            yield Rule(self.word(item), self.place(item))

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

    def unexpired(self, node: yaml.Node | None, name: str, today: datetime.date) -> None:
        if node is None:
            return
        try:
            last = datetime.date.fromisoformat(self.word(node))
        except ValueError:
            raise self.fault(f"`{self.word(node)}` is no date; it is written 2027-01-31", node) from None
        if today > last:
            raise PolicyError(f"the policy {name} has expired on {last}", id="policy.expired", where=self.place(node))

    def place(self, node: yaml.Node | None) -> Place:
        return (
            Place(self.file) if node is None else Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)
        )

    def fault(self, message: str, node: yaml.Node | None, note: str = "") -> PolicyError:
        return PolicyError(message, id="policy.malformed", where=self.place(node), note=note)


def matches(pattern: str, *names: str) -> bool:
    """Whether a pattern of a policy (``acme-*``) fits one of these names."""
    import fnmatch

    return any(fnmatch.fnmatchcase(canonical(name), canonical(pattern)) for name in names)
