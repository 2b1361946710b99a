"""What to type, what may stand there, what a setting is: the second and third line of a message."""

from __future__ import annotations

import json
import re
from typing import Any

from sci.experiment.describe import Node
from sci.plugins.nearest import MANY, closest, nearest

_BOOLEANS = dict.fromkeys(("yes", "on", "y", "true"), "true") | dict.fromkeys(("no", "off", "n", "false"), "false")


def listed(kind: str, word: str, known: list[str]) -> str:
    """The valid words, the nearest first where there are many."""
    if not known:
        return f"there are no {kind}"
    shown = known if len(known) <= MANY else closest(word, known, MANY)
    more = f" and {len(known) - len(shown)} more" if len(known) > len(shown) else ""
    return f"{kind}: {', '.join(shown)}{more}"


def sentence(node: Node) -> str:
    """The first sentence of what the setting means."""
    text = " ".join(str(node.get("description", "")).replace("``", "`").split())
    ends = (found.start() for found in re.finditer(r"(?<!\bal)[.;] ", text))
    end = next((at for at in ends if text.count("(", 0, at) == text.count(")", 0, at)), len(text))
    return text[:end].rstrip(".;")


def example(node: Node) -> str:
    """A value that the setting may have, as one would type it."""
    examples = node.get("examples")
    value = examples[0] if examples else node.get("default")
    if value is None or (isinstance(value, dict | list) and not examples):
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def meant_by(value: Any, node: Node, rule: str) -> str:
    """What to type instead, where that can be known."""
    if isinstance(value, str):
        if "true or false" in rule:
            return _BOOLEANS.get(value.lower(), "")
        if "number" in rule:
            plain = re.sub(r"^0+(?=\d)", "", value.strip().replace("_", "").replace(",", "."))
            return plain if re.fullmatch(r"\d+(\.\d+)?(e[-+]?\d+)?", plain) else ""
        if rule.startswith("one of"):
            words = re.findall("`([^`]+)`", rule)
            return nearest(value, words) or ""
        if rule.startswith("a list"):
            return f"[{value}]"
    if isinstance(value, int | float) and rule == "text":
        return f'"{json.dumps(value)}"'
    return example(node)
