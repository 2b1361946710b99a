"""Settings of the metrics."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from sci.api import ComponentConfig


def class_name(value: Any) -> Any:
    """The name of a class that was written as a number or a boolean, by the rule that names such targets."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(int(value)) if value == value // 1 else str(value)
    return value


ClassName = Annotated[
    str, BeforeValidator(class_name), WithJsonSchema({"type": ["string", "number", "boolean"], "title": "Class"})
]


class PositiveConfig(ComponentConfig):
    """Settings of a metric of one of two classes."""

    positive: ClassName | None = None
    """The class that the metric is about; by default the positive class of the task."""


class ConfusionMatrixConfig(ComponentConfig):
    """Settings of `confusion-matrix`."""

    limit: int = Field(default=12, ge=2, le=100)
    """Most classes for which the whole matrix is shown; with more, the worst confusions are listed, as many as this."""
