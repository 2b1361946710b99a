"""What a plugin uses of that which is deprecated: read from its source, and told when its hooks are registered."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pluggy

from sci.api.deprecation import EXPORTS, ApiDeprecationWarning, Deprecation
from sci.plugins import hooks
from sci.plugins.claims import LARGEST, file_of
from sci.plugins.records import PluginRecord

MOST = 500
"""Files of one plugin that are read."""


def outdated(records: Sequence[PluginRecord]) -> list[list[str]]:
    """A sentence for each deprecated export and hook that a plugin's source names; nothing of it is imported.

    Methods and arguments of functions cannot be told from their names alone: they are a `DeprecationWarning` when they
    are called, and nothing before.
    """
    gone = {**{f"sci.api.{name}": one for name, one in EXPORTS.items()}, **outgoing_hooks()}
    return [[one.sentence(record.title) for one in _used(record, gone)] for record in records]


def _used(record: PluginRecord, gone: Mapping[str, Deprecation]) -> tuple[Deprecation, ...]:
    if not gone or not record.module:
        return ()
    words = {key.rpartition(".")[2] for key in gone}
    keys = {
        key
        for source in _sources(record.module)
        if any(word in source for word in words)
        for key in _named(source, gone)
    }
    return tuple(one for key, one in gone.items() if key in keys)


def outgoing_hooks() -> dict[str, Deprecation]:
    """Deprecated hooks by name, and deprecated arguments as ``hook.argument``."""
    return {key: one for hook in hooks.SPECS for key, one in _outgoing(hook).items()}


def _outgoing(hook: str) -> dict[str, Deprecation]:
    options = getattr(hooks.SPECS[hook], f"{hooks.PROJECT}_spec", {})
    warned = {hook: options.get("warn_on_impl")}
    warned |= {f"{hook}.{name}": one for name, one in (options.get("warn_on_impl_args") or {}).items()}
    return {key: one.deprecation for key, one in warned.items() if isinstance(one, ApiDeprecationWarning)}


def register(
    manager: pluggy.PluginManager, plugin: Any, record: PluginRecord, found: Sequence[hooks.Implementation]
) -> None:
    """Register a plugin with pluggy, and warn of the deprecated hooks among those that it implements.

    pluggy would warn too, but does not know whose hook it is.
    """
    outgoing = {key: one for implemented in found for key, one in _outgoing(implemented.hook).items()}
    if not outgoing:
        manager.register(plugin, record.name)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ApiDeprecationWarning)
        manager.register(plugin, record.name)
    for one in found:
        code = one.function.__code__
        arguments = code.co_varnames[: code.co_argcount]
        for key in (one.hook, *(f"{one.hook}.{name}" for name in arguments)):
            if key in outgoing:
                warning = ApiDeprecationWarning(outgoing[key], record.title)
                warnings.warn_explicit(
                    warning, ApiDeprecationWarning, code.co_filename, code.co_firstlineno, record.module
                )


def _sources(module: str) -> Iterator[str]:
    light = file_of(module)
    if light is None:
        return
    whole = sorted(light.parent.rglob("*.py"))[:MOST] if "." in module else [light]
    for path in whole:
        try:
            yield path.read_bytes()[:LARGEST].decode(errors="replace")
        except OSError:
            continue


def _named(source: str, gone: Mapping[str, Deprecation]) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        yield from (key for key in _keys(node) if key in gone)


def _keys(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sci.api"):
        yield from (f"sci.api.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("api", "sci.api"):
        yield f"sci.api.{node.attr}"
    elif isinstance(node, ast.FunctionDef):
        hook = _specname(node) or node.name
        yield hook
        yield from (f"{hook}.{argument.arg}" for argument in node.args.args)


def _specname(node: ast.FunctionDef) -> str:
    """The hook that a function implements under another name: ``@hookimpl(specname="sci_old")``."""
    for decorator in node.decorator_list:
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            if keyword.arg == "specname" and isinstance(keyword.value, ast.Constant):
                return str(keyword.value.value)
    return ""
