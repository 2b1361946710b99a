"""What a plugin implements, checked before it is registered.

pluggy looks at argument names only, and takes a misspelt hook without a word; everything that it would not notice, or
would notice in the middle of a run, is found here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pluggy

from sci.hookspecs import GROUPS, OBSERVER_HOOKS, STAGE_HOOKS
from sci.plugins.nearest import nearest

PROJECT = "sci"
SPECS = {name: getattr(group, name) for group in GROUPS for name in vars(group) if name.startswith("sci_")}
"""Every hook with its specification."""


class HookFault(Exception):
    """A hook implementation that cannot work; the message names hook and argument."""


@dataclass(frozen=True)
class Implementation:
    """One hook of one plugin."""

    hook: str
    function: Callable[..., Any]


def new_manager() -> pluggy.PluginManager:
    """A pluggy manager that knows every hook and no plugin."""
    manager = pluggy.PluginManager(PROJECT)
    for group in GROUPS:
        manager.add_hookspecs(group)
    return manager


def implementations(plugin: Any) -> list[Implementation]:
    """The hooks that a plugin implements.

    Raises:
        HookFault: one of them is misspelt, unmarked, or would fail when it is called.
    """
    found = [one for name in dir(plugin) for one in _implementation(plugin, name)]
    for one in found:
        _check(one)
    return found


def _implementation(plugin: Any, name: str) -> Iterator[Implementation]:
    value = inspect.getattr_static(plugin, name, None)
    options = _options(value)
    if options is None:
        if name.startswith("sci_"):
            _refuse_unmarked(plugin, name, value)
        return
    hook = options.get("specname") or name
    if not inspect.isroutine(value):
        raise HookFault(f"`{name}` is a {type(value).__name__}, not a function")
    if hook in SPECS:
        yield Implementation(hook, getattr(plugin, name))
    elif not options.get("optionalhook"):
        guess = nearest(hook, SPECS)
        raise HookFault(f"there is no hook `{hook}`" + (f"; did it mean `{guess}`?" if guess else ""))


def _options(value: Any) -> dict[str, Any] | None:
    """What @hookimpl noted on the function; also beneath staticmethod and classmethod."""
    for holder in (value, getattr(value, "__func__", None)):
        try:
            options = inspect.getattr_static(holder, f"{PROJECT}_impl", None)
        except Exception:
            options = None
        if isinstance(options, dict):
            return options
    return None


def _refuse_unmarked(plugin: Any, name: str, value: Any) -> None:
    if inspect.isfunction(value):
        here = not isinstance(plugin, ModuleType) or value.__module__ == plugin.__name__
        if here:
            raise HookFault(f"`{name}` is not marked with @hookimpl, and names that begin with sci_ are hooks")
    elif name in SPECS and not isinstance(value, ModuleType):
        raise HookFault(f"`{name}` is a {type(value).__name__}, not a function marked with @hookimpl")


def _check(one: Implementation) -> None:
    options = _options(one.function) or {}
    if inspect.iscoroutinefunction(one.function) or inspect.isasyncgenfunction(one.function):
        raise HookFault(f"`{one.hook}` is async; hooks are called, not awaited")
    if options.get("hookwrapper"):
        raise HookFault(f"`{one.hook}` is an old-style hookwrapper; write @hookimpl(wrapper=True)")
    wrapper = bool(options.get("wrapper"))
    if one.hook in STAGE_HOOKS and not wrapper:
        raise HookFault(f"`{one.hook}` is a stage, which plugins only wrap: write @hookimpl(wrapper=True)")
    if one.hook not in STAGE_HOOKS and wrapper:
        raise HookFault(f"`{one.hook}` is no stage, so there is nothing to wrap: write @hookimpl")
    if wrapper and not inspect.isgeneratorfunction(one.function):
        raise HookFault(f"`{one.hook}` does not yield; a wrapper yields once and returns the result")
    if one.hook in OBSERVER_HOOKS and inspect.isgeneratorfunction(one.function):
        raise HookFault(f"`{one.hook}` yields, so nothing of it would run; an observer is a plain function")
    _check_arguments(one)


def _check_arguments(one: Implementation) -> None:
    known = [name for name in inspect.signature(SPECS[one.hook]).parameters if name != "self"]
    for name, parameter in inspect.signature(one.function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        optional = parameter.default is not parameter.empty
        if name not in known:
            if not optional:
                raise HookFault(f"`{one.hook}` has no argument `{name}`; {_listed(known)}")
        elif parameter.kind is parameter.KEYWORD_ONLY:
            raise HookFault(f"`{one.hook}` takes `{name}` by keyword only; hooks are called by position")
        elif optional:
            raise HookFault(f"`{one.hook}` gives `{name}` a default, and so would never be told it")


def _listed(names: list[str]) -> str:
    return f"it is called with {', '.join(names)}" if names else "it is called without arguments"
