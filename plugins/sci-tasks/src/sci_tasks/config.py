"""Settings of the tasks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

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


class ClassificationConfig(ComponentConfig):
    """Settings of `classification`."""

    positive: ClassName | None = None
    """The one of two classes that precision, recall, F1 and ROC are about; by default the rarer one in train."""
