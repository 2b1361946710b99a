"""Settings of the tasks."""

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


Separator = Annotated[str, Field(min_length=1)]


class ClassificationConfig(ComponentConfig):
    """Settings of `classification`."""

    positive: ClassName | None = None
    """The one of two classes that precision, recall, F1 and ROC are about; by default the rarer one in train."""


class MultiLabelConfig(ComponentConfig):
    """Settings of `multi-label`."""

    separator: Separator | None = None
    """What stands between the labels where they are one text; without it the target is a column of lists."""

    threshold: float = Field(default=0.5, gt=0, lt=1)
    """A label applies from this probability on."""


class LabelSetsConfig(ComponentConfig):
    """Settings of `label-sets`."""

    separator: Separator | None = None
    """What stands between the labels where they are one text."""
