"""A new plugin: its names, which are checked, and its package, which is written from the templates."""

from __future__ import annotations

import datetime
import importlib.util
import pathlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError

from sci import __version__
from sci.api.errors import ConfigError
from sci.api.kinds import KINDS
from sci.plugins import known
from sci.plugins.nearest import nearest
from sci.plugins.template import filled, render, shipped

LONGEST = 40
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PLAIN = re.compile(r"[^\"\\\x00-\x1f\x7f]+")
"""What may stand between quotation marks in TOML as it is."""


@dataclass(frozen=True)
class NewPlugin:
    """The package of a plugin that does not exist yet.

    Args:
        name: what follows ``sci-`` in the name of the distribution; also the name of its entry point.
        kind: what it brings: one of `kinds`.
        license: one of `licenses`.
        author: who is named in the metadata and in the license.
        component: what experiment files call its component; by default as its template says.
    """

    name: str
    kind: str
    license: str = "Apache-2.0"
    author: str = ""
    component: str = ""

    @property
    def distribution(self) -> str:
        return f"sci-{self.name}"

    @property
    def module(self) -> str:
        return f"sci_{self.name.replace('-', '_')}"

    def values(self) -> dict[str, str]:
        """What the templates are filled with."""
        facts = _facts(self.kind)
        component = self.component or facts["component"] or self.name
        own = {
            "name": self.name,
            "distribution": self.distribution,
            "module": self.module,
            "kind": self.kind,
            "component": component,
            "license": self.license,
            "author": self.author or f"The authors of {self.distribution}",
            "year": str(datetime.datetime.now(datetime.UTC).year),
            "core_range": core_range(__version__),
            "dot": ".",
        }
        texts = {key: filled(text, own).strip("\n") for key, text in facts.items() if key != "component"}
        return {**own, **texts}

    def write(self, target: pathlib.Path) -> list[pathlib.PurePath]:
        """Write the package as a new folder; the paths of its files inside it.

        Raises:
            ConfigError: the folder is there already.
            StorageError: it cannot be written.
        """
        root = shipped("plugin")
        return render(
            [root / "every", root / "license" / self.license, root / "kind" / self.kind], self.values(), target
        )

    def tour(self, files: Iterable[str]) -> list[tuple[str, str]]:
        """The files that somebody opens first, and what each is for."""
        inside = f"src/{self.module}/"
        known = {f"{inside}plugin.py": "what it offers", f"{inside}config.py": "its settings"}
        unseen = ("__init__.py", "test_conformance.py")
        for path in files:
            if path.endswith(".py") and path not in known and not path.endswith(unseen):
                known[path] = "its tests" if path.startswith("tests/") else "what it does"
            if path.endswith("experiment.yaml"):
                known[path] = "a study that uses it"
        return sorted(known.items(), key=lambda pair: (not pair[0].startswith(inside), pair[0]))


def kinds() -> list[str]:
    """Kinds of which a plugin can be written."""
    return sorted(path.name for path in (shipped("plugin") / "kind").iterdir() if path.is_dir())


def licenses() -> list[str]:
    """Licenses that can be written with it, by their SPDX names."""
    return sorted(path.name for path in (shipped("plugin") / "license").iterdir() if path.is_dir())


def planned(name: str, kind: str, license: str = "Apache-2.0", author: str = "", component: str = "") -> NewPlugin:
    """A new plugin whose names are valid and free.

    Raises:
        ConfigError: one of them is not.
    """
    short = name.removeprefix("sci-")
    _check_name(short, "a plugin")
    _chosen("kind", kind, kinds(), "--kind")
    _chosen("license", license, licenses(), "--license")
    if author and not _PLAIN.fullmatch(author):
        raise ConfigError("the author's name holds a character that it cannot hold", id="usage.name")
    if component:
        _check_name(component, "a component")
        if not _facts(kind)["component"]:
            raise ConfigError(
                f"a plugin of kind {kind} has several components, and --component names one", id="usage.arguments"
            )
        _check_component(kind, component)
    plan = NewPlugin(short, kind, license, author, component)
    _check_free(plan)
    return plan


def core_range(version: str) -> str:
    """The versions of the core with the same plugin API: ``>=0.1,<0.2``, and from 1 on ``>=1.4,<2``."""
    major, minor, *_ = (int(part) for part in re.findall(r"\d+", version))
    return f">={major}.{minor},<{major + 1}" if major else f">=0.{minor},<0.{minor + 1}"


def _check_name(name: str, what: str) -> None:
    if _NAME.fullmatch(name) and len(name) <= LONGEST:
        return
    usable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST].rstrip("-")
    raise ConfigError(
        f"`{name}` cannot be the name of {what}",
        id="usage.name",
        note=f"lower-case letters, digits and single hyphens, a letter first, at most {LONGEST} characters",
        hint=usable if _NAME.fullmatch(usable) else "",
    )


def _check_free(plan: NewPlugin) -> None:
    if known.brought_by(plan.distribution) or plan.name in ("core", "standard"):
        raise _in_use(f"`{plan.distribution}` is the name of a standard distribution of sci")
    try:
        version = Distribution.from_name(plan.distribution).version
    except PackageNotFoundError:
        pass
    else:
        raise _in_use(f"`{plan.distribution}` {version} is installed")
    if importlib.util.find_spec(plan.module) is not None:
        raise _in_use(f"a module `{plan.module}` is there already")


def _check_component(kind: str, name: str) -> None:
    """A standard plugin's component of this name would stand in each other's way with it."""
    plural = next(info.name for info in KINDS.values() if info.noun == kind)
    if owner := known.home(plural, name):
        raise ConfigError(
            f"{kind} `{name}` is one of {owner}, and two of one name are an error for whoever has both",
            id="usage.name",
            hint="--component ANOTHER-NAME",
        )


def _in_use(message: str) -> ConfigError:
    return ConfigError(message, id="usage.name", note="a name belongs to one distribution", hint="another NAME")


def _chosen(noun: str, word: str, known_words: Iterable[str], option: str) -> None:
    words = list(known_words)
    if word in words:
        return
    meant = nearest(word, words)
    raise ConfigError(
        f"no {noun} is called `{word}`" + (f"; did you mean `{meant}`?" if meant else ""),
        id="usage.arguments",
        note=f"{noun}s: {', '.join(words)}",
        hint=f"{option} {meant}" if meant else "sci plugin new --help",
    )


def _facts(kind: str) -> Mapping[str, str]:
    """What the template of a kind says about itself, in ``facts/<kind>.toml``."""
    text = (shipped("plugin") / "facts" / f"{kind}.toml").read_text("utf-8")
    return tomllib.loads(text)
