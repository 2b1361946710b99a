"""Settings of the metrics."""

from __future__ import annotations

from typing import Annotated, Any, Literal

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


class ReferencesConfig(ComponentConfig):
    """What a text is compared with."""

    references: Literal["row", "group"] = "row"
    """`row`: each row is a source with one reference. `group`: the rows of a group (`data.group`) are one source with
    several references, and count once."""


class BleuConfig(ReferencesConfig):
    """Settings of `bleu`."""

    tokenize: Literal["13a", "intl", "zh", "char", "none"] = "13a"
    """How sacreBLEU cuts texts: `13a` as in most papers, `intl` by the properties of Unicode, `zh` with every Chinese
    character on its own, `char` every character, `none` at white space only."""

    lowercase: bool = False
    """Do not tell capitals from small letters."""


class ChrfConfig(ReferencesConfig):
    """Settings of `chrf`."""

    char_order: int = Field(default=6, ge=1)
    """Longest sequence of characters."""

    word_order: int = Field(default=0, ge=0)
    """Longest sequence of words; 2 for chrF++."""

    beta: int = Field(default=2, ge=1)
    """How much more recall counts than precision."""

    lowercase: bool = False
    """Do not tell capitals from small letters."""


class ConfusionMatrixConfig(ComponentConfig):
    """Settings of `confusion-matrix`."""

    limit: int = Field(default=12, ge=2, le=100)
    """Most classes for which the whole matrix is shown; with more, the worst confusions are listed, as many as this."""
