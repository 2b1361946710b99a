"""What a catalogue hook returned, checked field by field: a dataclass takes anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from sci.api.columns import Kind
from sci.api.kinds import KindInfo
from sci.api.specs import ComponentSpec

NAME = re.compile(r"[a-z][a-z0-9-]*")
"""Names of components, engines and plugins."""

TARGET = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
"""``package.module:attribute``; nothing else is ever imported for a component."""

_FOLDER = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[\w./-]+")
_FEATURES = get_args(Kind)


class CatalogueFault(Exception):
    """A hook returned something else than component specs; the message names hook, spec and field."""


def check_specs(kind: KindInfo, returned: Any) -> list[ComponentSpec]:
    """The specs that a catalogue hook returned.

    Raises:
        CatalogueFault: something in it is not as `ComponentSpec` describes.
    """
    specs = list(_items(kind.hook, returned))
    seen: set[tuple[str, str | None]] = set()
    for spec in specs:
        _check_spec(kind, spec)
        for engine in spec.engines or (None,):
            if (spec.name, engine) in seen:
                raise CatalogueFault(
                    f"`{kind.hook}`: two specs are named `{spec.name}`" + (f" on {engine}" if engine else "")
                )
            seen.add((spec.name, engine))
    return specs


def check_experiments(returned: Any) -> dict[str, str]:
    """The experiment templates that `sci_experiments` returned, name to ``package:folder``.

    Raises:
        CatalogueFault: it is no such mapping.
    """
    if not isinstance(returned, Mapping):
        raise CatalogueFault(f"`sci_experiments` returns {_described(returned)}, not a mapping")
    for name, folder in returned.items():
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise CatalogueFault(f"`sci_experiments`: {name!r} is no name; it is lower case, digits and hyphens")
        if not isinstance(folder, str) or not _FOLDER.fullmatch(folder) or ".." in folder:
            raise CatalogueFault(f"`sci_experiments`: `{name}` is at {folder!r}; write `package:folder`")
    return dict(returned)


def _items(hook: str, returned: Any) -> Iterable[Any]:
    if isinstance(returned, (str, bytes, Mapping)) or not isinstance(returned, Iterable):
        raise CatalogueFault(f"`{hook}` returns {_described(returned)}, not a list of ComponentSpec")
    return returned


def _check_spec(kind: KindInfo, spec: Any) -> None:
    if not isinstance(spec, ComponentSpec):
        raise CatalogueFault(f"`{kind.hook}` returns a list with {_described(spec)} in it, not only ComponentSpec")
    if not isinstance(spec.name, str) or not NAME.fullmatch(spec.name):
        raise CatalogueFault(f"`{kind.hook}`: name {spec.name!r} is not lower case, digits and hyphens")
    for field, problem in _problems(kind, spec):
        raise CatalogueFault(f"`{kind.hook}`: spec `{spec.name}`: {field} {problem}")


def _problems(kind: KindInfo, spec: ComponentSpec) -> Iterable[tuple[str, str]]:
    yield from _target_problems(kind, spec.target)
    if spec.config is not None and not _is_target(spec.config):
        yield "config", f"is {spec.config!r}; write `package.module:ConfigClass`"
    for field in ("tasks", "accepts", "requires", "traits"):
        value = getattr(spec, field)
        if not isinstance(value, (tuple, list, frozenset, set)) or not all(isinstance(one, str) for one in value):
            yield field, f"is {value!r}, not a tuple of words"
        elif field == "accepts" and set(value) - set(_FEATURES):
            yield field, f"is {value!r}; the kinds of features are {', '.join(_FEATURES)}"
    for field in ("summary", "cite"):
        if not isinstance(getattr(spec, field), str):
            yield field, f"is {_described(getattr(spec, field))}, not a line of text"


def _target_problems(kind: KindInfo, target: Any) -> Iterable[tuple[str, str]]:
    if not kind.native:
        if not isinstance(target, str):
            yield (
                "target",
                f"is {_described(target)}; every engine uses the same {kind.noun}: write `package.module:attribute`",
            )
        elif not _is_target(target):
            yield "target", f"is {target!r}; write `package.module:attribute`"
        return
    if not isinstance(target, Mapping) or not target:
        yield (
            "target",
            f"is {_described(target)}; a {kind.noun} has one for each engine: {{'torch': 'package.module:attribute'}}",
        )
        return
    for engine, value in target.items():
        if not isinstance(engine, str) or not NAME.fullmatch(engine):
            yield "target", f"has the engine {engine!r}, which is not lower case, digits and hyphens"
        if not _is_target(value):
            yield "target", f"for {engine} is {value!r}; write `package.module:attribute`"


def _is_target(value: Any) -> bool:
    return isinstance(value, str) and TARGET.fullmatch(value) is not None


def _described(value: Any) -> str:
    return "None" if value is None else f"a {type(value).__name__}"
