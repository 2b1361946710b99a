"""The components that a plugin would bring if it could be loaded, read from its source without running it."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

from sci.api.kinds import KINDS
from sci.plugins.catalogue import NAME

LARGEST = 1_000_000
"""Bytes of source that are looked at; a light module has a few thousand."""

_KIND_OF_HOOK = {kind.hook: kind.name for kind in KINDS.values()}
_TOKEN = re.compile(
    r"def\s+(?P<hook>sci_\w+)\s*\(|ComponentSpec\(\s*[\"'](?P<first>[a-z][a-z0-9-]*)[\"']|\bname\s*=\s*[\"'](?P<name>[a-z][a-z0-9-]*)[\"']"
)


def claims(module: str) -> frozenset[tuple[str | None, str]]:
    """Pairs of kind and name; the kind is None where the spec stands outside a hook.

    Looks for calls whose first argument or `name` is a component's name, inside the hook functions of the light module.
    """
    source = _source(module)
    try:
        return frozenset(_claimed(ast.parse(source), None))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(_glimpsed(source))


def claims_name(module: str, kind: str, name: str) -> bool:
    """Whether a plugin that could not be loaded would bring this component."""
    return bool({(kind, name), (None, name)} & claims(module))


def claimed(module: str, kind: str) -> list[str]:
    """Names of the components of a kind, sorted."""
    return sorted(name for found, name in claims(module) if found in (kind, None))


def mentions(module: str, kind: str, word: str) -> bool:
    """Whether the light module offers components of a kind and has this word in quotes, such as a trait."""
    source = _source(module)
    return bool(claimed(module, kind)) and any(f"{quote}{word}{quote}" in source for quote in "'\"")


def _claimed(node: ast.AST, kind: str | None) -> Iterator[tuple[str | None, str]]:
    if isinstance(node, ast.FunctionDef) and node.name in _KIND_OF_HOOK:
        kind = _KIND_OF_HOOK[node.name]
    if isinstance(node, ast.Call):
        named = [keyword.value for keyword in node.keywords if keyword.arg == "name"] or node.args[:1]
        is_spec = ast.unparse(node.func).endswith("ComponentSpec")
        word = named[0].value if named and isinstance(named[0], ast.Constant) else None
        if (kind or is_spec) and isinstance(word, str) and NAME.fullmatch(word):
            yield kind, word
    for child in ast.iter_child_nodes(node):
        yield from _claimed(child, kind)


def _glimpsed(source: str) -> Iterator[tuple[str | None, str]]:
    """The same from a file that is not Python (any more): good enough to say whose component is missing."""
    kind = None
    for token in _TOKEN.finditer(source):
        if token["hook"]:
            kind = _KIND_OF_HOOK.get(token["hook"])
        else:
            yield kind, token["first"] or token["name"]


def _source(module: str) -> str:
    path = file_of(module)
    try:
        return "" if path is None else path.read_bytes()[:LARGEST].decode(errors="replace")
    except OSError:
        return ""


def file_of(module: str) -> Path | None:
    """Where the module lies. Only its top level is asked for: looking for a submodule would import the package."""
    top, *rest = module.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None:
        return None
    if not rest:
        return Path(spec.origin) if spec.origin else None
    for folder in spec.submodule_search_locations or ():
        for candidate in (Path(folder, *rest).with_suffix(".py"), Path(folder, *rest, "__init__.py")):
            if candidate.is_file():
                return candidate
    return None
