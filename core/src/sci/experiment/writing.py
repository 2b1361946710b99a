"""Plain values as YAML that reads back to the same values."""

from __future__ import annotations

from typing import Any

import yaml

from sci.experiment.scalars import Refused, scalar


class _Dumper(yaml.SafeDumper):
    """Quotes what the rules of `scalars` would not read as text, and writes short lists on one line."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    try:
        plain = text.isprintable() and isinstance(scalar(text), str)
    except Refused:
        plain = False
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


def _list(dumper: _Dumper, items: list[Any]) -> yaml.SequenceNode:
    flat = all(not isinstance(item, dict | list) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flat)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)


def to_yaml(value: Any) -> str:
    """YAML of nested mappings, lists and scalars, keys in their order."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def inline(value: Any) -> str:
    """A value on one line, as one would type it behind a key."""
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1 << 16, default_flow_style=True)
    return text.removesuffix("\n").removesuffix("\n...").strip()
