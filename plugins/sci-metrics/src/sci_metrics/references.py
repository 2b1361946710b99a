"""The texts that an answer is compared with."""

from __future__ import annotations

from typing import Any

from sci.api import Column, ConfigError, Predictions
from sci_metrics.config import ReferencesConfig


def references(predictions: Predictions, config: ReferencesConfig) -> list[list[str]]:
    """What each row is compared with: its own target, or, where the rows of a group are one source, those of the group.

    Raises:
        ConfigError: groups are asked for, and no column says what belongs together.
    """
    own = texts(predictions.target())
    if config.references == "row":
        return [[text] for text in own]
    of_source: dict[Any, list[str]] = {}
    sources = named_sources(predictions)
    for source, text in zip(sources, own, strict=True):
        of_source.setdefault(source, []).append(text)
    return [of_source[source] for source in sources]


def texts(column: Column) -> list[str]:
    """The rows of a column of text; none is an empty one."""
    return [text or "" for text in column.to_pylist()]  # type: ignore[union-attr]


def named_sources(predictions: Predictions) -> list[Any]:
    """Which source each row is of: its group; a row without one is a source of its own.

    Raises:
        ConfigError: no column says what belongs together.
    """
    if "group" not in predictions.table.column_names:
        raise ConfigError(
            "the references of one source are the rows of a group, and no column says which rows these are",
            id="metric.groups",
            hint="data: {group: COLUMN}, which has the same value wherever the source is the same",
        )
    groups = predictions.table.column("group").to_pylist()
    return [("alone", row) if group is None or group != group else group for row, group in enumerate(groups)]
