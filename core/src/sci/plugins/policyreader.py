"""The YAML of a policy or a bundle, read strictly: whatever cannot be understood is refused with its line and column.

It is read on every start, also by verbs that need no pydantic; so the model is written out by hand in `policyfile`.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sci.api.errors import Place, PolicyError
from sci.plugins.nearest import nearest

if TYPE_CHECKING:
    import yaml

LARGEST = 200_000
"""Bytes; a policy is a page of text."""

MOST = 5_000
"""Values of settings; repeated ones (`*name`) count each time."""

_PLAIN = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "bool", "int", "float", "timestamp")}
"""What YAML takes for a number or a date is still the word that was written."""


class Plain(str):
    """A word without quotes: what it means, a number or a text, is decided as in experiment files."""

    __slots__ = ()


@dataclass(frozen=True)
class Rule:
    """One entry of a list and the line that it stands on."""

    pattern: str
    place: Place


@dataclass(frozen=True)
class Setting:
    """One value for a key of the experiment file, and the line that it stands on.

    Args:
        keys: the way to the value, such as ``("training", "epochs")``.
        value: words, lists and mappings; `Plain` words stand for what they mean in an experiment file.
        place: the key in the policy.
    """

    keys: tuple[str, ...]
    value: Any
    place: Place

    @property
    def dotted(self) -> str:
        """The key as people write it."""
        return ".".join(self.keys)


def text_of(path: Path) -> str:
    """The text of a policy.

    Raises:
        PolicyError: it is not there, no file, too large or not UTF-8; nothing runs then.
    """
    name = shown(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise PolicyError(f"the policy {name} is not a file", id="policy.unreadable", where=Place(name))
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise PolicyError(f"the policy {name} is larger than 200 kB", id="policy.unreadable", where=Place(name))
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise PolicyError(
            f"the policy {name} cannot be read: {reason}",
            id="policy.unreadable",
            where=Place(name),
            note="nothing runs under a policy that cannot be read",
        ) from error


def shown(path: Path) -> str:
    """Relative below the current folder, whole elsewhere; links are not followed, because they may lead nowhere."""
    try:
        return str((Path.cwd() / path).relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(path)


class Reader:
    """Turns YAML nodes into words, lists and values, refusing everything else with its place."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._count = 0

    def document(self, text: str) -> yaml.Node:
        """The node of the whole text."""
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
        """The keys of a mapping, which must be among the known ones."""
        if node is None:
            return {}
        if node.tag != "tag:yaml.org,2002:map":
            raise self.fault(f"here stand the keys {', '.join(known)}", node)
        found: dict[str, yaml.Node] = {}
        for key, value in self.pairs(node):
            word = self.word(key)
            if word not in known:
                guess = nearest(word, known)
                raise self.fault(
                    f"`{word}` is no key of a policy" + (f"; did you mean `{guess}`?" if guess else ""),
                    key,
                    note=f"keys here: {', '.join(known)}",
                )
            found[word] = value
        return found

    def pairs(self, node: yaml.Node) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        """Keys and values of a mapping; a key that stands twice is refused."""
        if node.tag != "tag:yaml.org,2002:map":
            raise self.fault("here stands a mapping of keys to values", node)
        seen = set()
        for key, value in node.value:
            if (word := self.word(key)) in seen:
                raise self.fault(f"`{word}` is given twice", key)
            seen.add(word)
            yield key, value

    def word(self, node: yaml.Node | None) -> str:
        """A word or a sentence; empty where nothing is given."""
        if node is None:
            return ""
        if node.tag not in _PLAIN or not node.value.strip():
            raise self.fault("here stands one word or sentence", node)
        return str(node.value.strip())

    def rules(self, node: yaml.Node | None) -> Iterator[Rule]:
        """The words of a list."""
        for item in self.items(node):
            yield Rule(self.word(item), self.place(item))

    def items(self, node: yaml.Node | None) -> list[Any]:
        """The nodes of a list."""
        if node is None:
            return []
        if node.tag != "tag:yaml.org,2002:seq":
            raise self.fault("here stands a list", node)
        return list(node.value)

    def whole(self, node: yaml.Node | None, least: int = 0) -> int:
        """A whole number."""
        word = self.word(node)
        if not word.isdecimal() or len(word) > 9 or int(word) < least:
            raise self.fault(f"`{word}` is no whole number of at least {least}", node)
        return int(word)

    def yes(self, node: yaml.Node | None) -> bool:
        """``true`` or ``false``."""
        word = self.word(node) if node is not None else "false"
        if word not in ("true", "false"):
            raise self.fault(f"`{word}` is neither `true` nor `false`", node)
        return word == "true"

    def value(self, node: yaml.Node, depth: int = 0) -> Any:
        """Any value that could stand in an experiment file."""
        self._count += 1
        if depth > 20 or self._count > MOST:
            raise self.fault(f"this unfolds to more than 20 levels, or more than {MOST:,} values", node)
        if node.tag == "tag:yaml.org,2002:map":
            return {self.word(key): self.value(item, depth + 1) for key, item in self.pairs(node)}
        if node.tag == "tag:yaml.org,2002:seq":
            return [self.value(item, depth + 1) for item in node.value]
        if node.tag == "tag:yaml.org,2002:null" or node.tag in _PLAIN:
            quoted = getattr(node, "style", None) is not None
            return str(node.value) if quoted else Plain(node.value)
        raise self.fault("here stands a word, a number, a list or a mapping", node)

    def settings(self, node: yaml.Node | None, keys: tuple[str, ...] = ()) -> Iterator[Setting]:
        """Values for keys of the experiment file: ``training.epochs: 5``, or nested. A component stays whole."""
        if node is None:
            return
        for key, item in self.pairs(node):
            steps = tuple(self.word(key).split("."))
            if not all(steps) or any(step.isdecimal() for step in steps):
                raise self.fault(
                    f"`{self.word(key)}` leads to no key of an experiment", key, note="a list is given as a whole"
                )
            if item.tag == "tag:yaml.org,2002:null":
                raise self.fault(f"`{self.word(key)}` has no value", key)
            way = (*keys, *steps)
            if item.tag == "tag:yaml.org,2002:map" and item.value and not self._names_component(item):
                yield from self.settings(item, way)
            else:
                yield Setting(way, self.value(item), self.place(key))

    def _names_component(self, node: yaml.Node) -> bool:
        return any(self.word(key) == "name" for key, _ in node.value)

    def place(self, node: yaml.Node | None) -> Place:
        """Where a node stands."""
        return (
            Place(self.file) if node is None else Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)
        )

    def fault(self, message: str, node: yaml.Node | None, note: str = "") -> PolicyError:
        """The error about a node."""
        return PolicyError(message, id="policy.malformed", where=self.place(node), note=note)
