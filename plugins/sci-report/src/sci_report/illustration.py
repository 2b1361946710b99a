"""A drawn figure with its words and numbers, and how it becomes a file of the run."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sci.api import Figure, Finding, RunContext, Score, Table
from sci.api.numbers import confidence, scored
from sci_report.prose import plain
from sci_report.svg import Picture, document
from sci_report.words import Phrase, Text, phrase


@dataclass(frozen=True)
class Illustration:
    """A figure before it is written: name of the file, drawing, what it shows, and the numbers behind it.

    `numbers` are more of them, for programs: results, and whole curves of which the table has some points.
    """

    name: str
    picture: Picture
    title: Text
    caption: Text
    table: Table | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)

    def write(self, context: RunContext) -> Figure:
        """Write ``figures/<name>.svg``, and the numbers, unrounded, as ``figures/<name>.json``.

        Title and caption travel in English and are recognised by the report.
        """
        path = f"figures/{self.name}.svg"
        title = plain(self.title, "en")
        with context.write(path) as file:
            file.write(document(self.picture, title.replace("`", "")).encode())
        table = {"columns": self.table.columns, "rows": self.table.rows} if self.table else None
        with context.write(f"figures/{self.name}.json") as file:
            said = json.dumps(_plain({"title": title, **self.numbers, "table": table}), ensure_ascii=False, indent=1)
            file.write(f"{said}\n".encode())
        return Figure(path, title, plain(self.caption, "en"), self.table)


def finding(context: RunContext, name: str, place: str, text: Text, *illustrations: Illustration) -> Finding:
    """A finding that consists of figures."""
    figures = [illustration.write(context) for illustration in illustrations]
    return Finding(name, place, figures[0].title, plain(text, "en"), figures)


def note(name: str, place: str, title: Text, text: Text) -> Finding:
    """A finding in words alone, such as why there is nothing to draw."""
    return Finding(name, place, plain(title, "en"), plain(text, "en"))


def with_interval(found: Score, digits: int | None = None) -> Phrase:
    """A score and its interval in words, or why it has none."""
    shown = scored(found, digits=digits)
    if not math.isfinite(found.low):
        return phrase("part.bare", value=shown.value, why=found.method)
    return phrase(
        "part.interval", value=shown.value, low=shown.low, high=shown.high, confidence=confidence(found.confidence)
    )


def _plain(value: Any) -> Any:
    """JSON of numbers, arrays and scores; null where a number is not finite."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Score):
        return _plain(dataclasses.asdict(value))
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
