"""Whoever writes a plugin finds every hook, every protocol, every method and every argument explained."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest

import sci.api
from sci.api.kinds import KINDS
from sci.hookspecs import GROUPS

SPECIAL = ("__call__", "__len__", "__getitem__", "__iter__")
HOOKS = {f"{name}": getattr(group, name) for group in GROUPS for name in vars(group) if name.startswith("sci_")}
ROLES = {
    name: value
    for name in sci.api.__all__
    if inspect.isclass(value := getattr(sci.api, name))
    and (getattr(value, "_is_protocol", False) or name in ("Task", "Preprocessor", "Observer", "Stateful"))
}
"""What plugins are to implement, or what they are handed: protocols, and the classes that they derive from."""
FUNCTIONS = {name: value for name in sci.api.__all__ if inspect.isfunction(value := getattr(sci.api, name))}


def gaps(where: str, function: Any, above: str = "") -> Iterator[str]:
    """What a function leaves unexplained; `above` is the docstring of its class."""
    text = inspect.cleandoc(function.__doc__ or "")
    if not text:
        yield f"{where} has no docstring"
        return
    for name, parameter in inspect.signature(function).parameters.items():
        shown = name if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) else f"\\**{name}"
        told = re.search(rf"^ +{shown}(, \w+)*: \S|`{shown}\b", f"{text}\n{above}", re.MULTILINE)
        if name not in ("self", "cls") and not told:
            yield f"{where} does not say what `{name}` is: write an `Args:` section"


def gaps_of_class(name: str, cls: type) -> Iterator[str]:
    above = inspect.cleandoc(vars(cls).get("__doc__") or "")
    if not above:
        yield f"{name} has no docstring"
    for member, value in vars(cls).items():
        if member.startswith("_") and member not in SPECIAL:
            continue
        if isinstance(value, property):
            if not value.fget.__doc__:
                yield f"{name}.{member} has no docstring"
        elif inspect.isfunction(inspect.unwrap(getattr(value, "__func__", value))):
            yield from gaps(f"{name}.{member}", getattr(value, "__func__", value))
    explained = set(explained_attributes(cls)) | set(re.findall(r"^ +(\w+)(?:, \w+)*: \S", above, re.MULTILINE))
    for attribute in vars(cls).get("__annotations__", {}):
        if attribute not in explained and not attribute.startswith("_"):
            yield f"{name}.{attribute} is not explained: write a docstring below it"


def explained_attributes(cls: type) -> Iterator[str]:
    """Attributes of a class with a text below them, read from its source."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(tree, ast.ClassDef)
    for one, after in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and isinstance(after, ast.Expr):
            yield one.target.id


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_says_when_it_is_called_and_what_each_argument_is(hook):
    assert not list(gaps(hook, HOOKS[hook]))


@pytest.mark.parametrize("name", ROLES)
def test_every_protocol_says_what_is_owed_and_what_each_argument_is(name):
    assert not list(gaps_of_class(name, ROLES[name]))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_what_each_argument_is(name):
    assert not list(gaps(name, FUNCTIONS[name]))


def test_every_kind_of_component_says_which_protocol_its_target_follows():
    for kind in KINDS.values():
        if not kind.experimental:
            module, _, name = kind.owes.partition(".")
            assert getattr(sci.api, name).__module__ == f"sci.api.{module}", kind.name
            assert name in ROLES


class Undocumented:
    """A role.

    Args:
        said: something.
    """

    said: int
    unsaid: int
    below: int
    """Explained."""

    def plain(self, rows: int) -> None:
        """Nothing about what it is called with."""

    def better(self, rows: int, other: int) -> None:
        """Takes `rows`.

        Args:
            other: more.
        """

    def silent(self) -> None: ...


def test_what_is_not_explained_is_found():
    assert list(gaps_of_class("Role", Undocumented)) == [
        "Role.plain does not say what `rows` is: write an `Args:` section",
        "Role.silent has no docstring",
        "Role.unsaid is not explained: write a docstring below it",
    ]
