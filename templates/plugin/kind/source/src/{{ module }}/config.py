"""Settings of {{ distribution }}."""

from __future__ import annotations

import codecs
from typing import Annotated

from pydantic import Field, field_validator
from sci.api import ComponentConfig

Place = Annotated[int, Field(ge=1)]


class FixedWidthConfig(ComponentConfig):
    """Settings of `{{ component }}`."""

    path: str
    """The file, relative to the experiment file."""

    columns: dict[str, tuple[Place, Place]] = Field(min_length=1)
    """Name to first and last character of each column, counted from 1, both included."""

    skip: int = Field(default=0, ge=0)
    """Lines before the first row."""

    missing: tuple[str, ...] = ("",)
    """What stands for a missing value, blanks around it left out."""

    encoding: str = "utf-8"
    """How characters are stored: utf-8, latin-1, cp1252."""

    @field_validator("columns")
    @classmethod
    def _columns_have_a_width(cls, columns: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
        for name, (first, last) in columns.items():
            if last < first:
                raise ValueError(f"column `{name}` ends at {last}, before it begins at {first}")
        return columns

    @field_validator("encoding")
    @classmethod
    def _encoding_is_known(cls, encoding: str) -> str:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise ValueError(f"no encoding is called `{encoding}`") from None
        return encoding
