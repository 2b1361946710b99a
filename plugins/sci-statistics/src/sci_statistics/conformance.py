"""What the conformance kit is told about the audits: rows in which each has to find something.

The kit divides rows twice: into first half and second half, and into rows whose number leaves 0 or 1, 2, or 3 after
division by four for training, validation and test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sci.testing import Case

if TYPE_CHECKING:
    from sci.api import Dataset, Role

ROWS = 240
NOISE = [(row * 7919 % 1009) ** 1.5 for row in range(ROWS)]
"""A number of its own for every row."""


def cases() -> list[Case]:
    """Each audit with what it looks for, and the worst that it then says."""
    found = {
        "conflicting-labels": (conflicting, "warning"),
        "constant-columns": (constant, "warning"),
        "duplicates": (copied, "error"),
        "fitted-outside-train": (standardized, "warning"),
        "groups": (torn, "error"),
        "id-columns": (numbered, "warning"),
        "leaking-columns": (leaking, "warning"),
        "missing-classes": (unseen, "warning"),
        "near-duplicates": (retyped, "warning"),
        "shift": (shifted, "warning"),
        "time-order": (backwards, "error"),
    }
    return [Case("audits", name, data=data, claims={"severity": severity}) for name, (data, severity) in found.items()]


def copied() -> Dataset:
    """The second half repeats the first."""
    return _rows(score=[float(row % 120) ** 1.5 for row in range(ROWS)])


def conflicting() -> Dataset:
    """Rows come in pairs whose targets differ."""
    return _rows(score=[float(row // 2) ** 1.5 for row in range(ROWS)])


def constant() -> Dataset:
    """An input that is the same everywhere."""
    return _rows(noise=NOISE, unit=[1.0] * ROWS)


def standardized() -> Dataset:
    """An input of mean 0 and deviation 1."""
    from statistics import fmean, pstdev

    values = [float(row * 37 % 101) + row / 7 for row in range(ROWS)]
    return _rows(score=[(value - fmean(values)) / pstdev(values) for value in values])


def torn() -> Dataset:
    """Groups of three neighbors."""
    return _rows({"patient": "group"}, noise=NOISE, patient=[f"p{row // 3}" for row in range(ROWS)])


def numbered() -> Dataset:
    """An input that numbers the rows."""
    return _rows(noise=NOISE, number=list(range(ROWS)))


def leaking() -> Dataset:
    """An input that is the target in other words."""
    return _rows(noise=NOISE, answer=["agreed" if row % 2 else "refused" for row in range(ROWS)])


def unseen() -> Dataset:
    """A class that is never tested."""
    return _rows(noise=NOISE, label=["rare" if row < ROWS / 2 and row % 4 == 0 else "plain" for row in range(ROWS)])


def retyped() -> Dataset:
    """The second half repeats the first in other letters."""
    texts = [" ".join(f"word{row * place % 97 + place}" for place in range(2, 14)) for row in range(ROWS // 2)]
    return _rows(text=[*texts, *(text.upper() + "!" for text in texts)])


def shifted() -> Dataset:
    """The second half has larger numbers."""
    return _rows(score=[float(row * 37 % 101) + (row >= ROWS / 2) * 60 for row in range(ROWS)])


def backwards() -> Dataset:
    """The first row is the latest."""
    return _rows({"day": "time"}, noise=NOISE, day=[float(-row) for row in range(ROWS)])


def _rows(roles: dict[str, Role] | None = None, **columns: list[Any]) -> Dataset:
    """Inputs, other columns and, unless it is given, a label of two classes."""
    import pyarrow as pa

    from sci.api import Feature, Schema, dataset

    label = columns.pop("label", ["yes" if row % 2 else "no" for row in range(ROWS)])
    rows = dataset(pa.table({**columns, "label": label}))
    features = {**rows.schema.columns, "label": Feature("category", dtype="string")}
    parts: dict[str, Role] = {**dict.fromkeys(features, "input"), **(roles or {}), "label": "target"}
    return rows.with_schema(Schema(features, parts, {"target": "label"}))
