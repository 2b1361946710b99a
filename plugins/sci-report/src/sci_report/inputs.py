"""The inputs of a row, as a person can look at them."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import Dataset, Feature, Ragged
from sci.api.numbers import MINUS
from sci_report.catalogue import has
from sci_report.words import Data, Name, Text, phrase

COLUMNS = 8
"""Columns of a row that are shown."""
_THUMBNAIL = 160
_PIXELS = 50_000_000


@dataclass(frozen=True)
class Shown:
    """One input: its column (empty when there is only one) and its value as text or as a small picture."""

    name: Text
    text: Text
    image: str = ""
    """A data address, made here."""
    sequence: bool = False


@dataclass(frozen=True)
class Example:
    """One row with what is to be said about it."""

    row: Text
    facts: Sequence[Text]
    inputs: Sequence[Shown]


def inputs(rows: Dataset, at: int, named: Sequence[str] | None = None) -> list[Shown]:
    """The first input columns of one row; with `named` the first of these columns."""
    columns = rows.schema.columns
    features = rows.schema.inputs if named is None else {name: columns[name] for name in named if name in columns}
    single = len(features) == 1
    shown = [_shown(name, feature, rows, at, single) for name, feature in list(features.items())[:COLUMNS]]
    if len(features) > COLUMNS:
        shown.append(Shown("", phrase("inputs.more", count=str(len(features) - COLUMNS))))
    return shown


def _shown(name: str, feature: Feature, rows: Dataset, at: int, single: bool) -> Shown:
    label: Text = "" if single else Name(name)
    value = _value(rows.stored(name), at)
    if feature.kind == "image" and (image := thumbnail(value)):
        return Shown(label, Name(name), image)
    if feature.alphabet and isinstance(value, str):
        return Shown(label, Data(_blocks(value)), sequence=True)
    return Shown(label, _text(value, feature))


def _value(column: Any, at: int) -> Any:
    if isinstance(column, Ragged):
        return column.row(at)
    if isinstance(column, pa.Array | pa.ChunkedArray):
        return column[at].as_py()
    return column[at]


def _text(value: Any, feature: Feature) -> Text:
    if value is None or (isinstance(value, float | np.floating) and math.isnan(value)):
        return phrase("inputs.missing")
    if isinstance(value, str):
        return Data(value)
    if isinstance(value, bool | np.bool_):
        return phrase("yes" if value else "no")
    if isinstance(value, int | np.integer):
        return _code(int(value), feature)
    if isinstance(value, float | np.floating):
        return Data(f"{value:.6g}".replace("-", MINUS) + (f" {feature.unit}" if feature.unit else ""))
    if isinstance(value, bytes):
        return phrase("inputs.bytes", kind=_kind(feature), count=f"{len(value):,}")
    return _array(value, feature)


def _code(value: int, feature: Feature) -> Text:
    if feature.kind == "category" and feature.values and 0 <= value < len(feature.values):
        return Data(feature.values[value])
    if feature.kind in ("category", "boolean") and value < 0:
        return phrase("inputs.missing")
    return Data(f"{value}" + (f" {feature.unit}" if feature.unit else ""))


def _array(value: Any, feature: Feature) -> Text:
    values = np.asarray(value, dtype=object) if isinstance(value, list) else np.asarray(value)
    shape = " × ".join(map(str, np.shape(values)))
    if np.ndim(values) == 1 and len(values) <= 8:
        return Data(", ".join(f"{v:.4g}" if isinstance(v, float | np.floating) else str(v) for v in values))
    return phrase("inputs.array", kind=_kind(feature), shape=shape)


def _kind(feature: Feature) -> Text:
    return phrase(f"kind.{feature.kind}") if has(f"kind.{feature.kind}") else Data(feature.kind)


def _blocks(sequence: str) -> str:
    """Blocks of ten letters, as sequences are printed."""
    head = sequence[:2000]
    return " ".join(head[start : start + 10] for start in range(0, len(head), 10)) + sequence[2000:]


def thumbnail(value: Any) -> str:
    """A small JPEG of a picture as a data address; empty where the value is no picture."""
    from PIL import Image

    try:
        image: Image.Image
        if isinstance(value, bytes):
            image = Image.open(io.BytesIO(value))
        else:
            pixels = np.asarray(value)
            if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3):
                return ""
            image = Image.fromarray(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels)
        if image.width * image.height > _PIXELS:
            return ""
        image = image.convert("RGB")
        image.thumbnail((_THUMBNAIL, _THUMBNAIL))
        buffer = io.BytesIO()
        image.save(buffer, format="JPEG", quality=80)
    except (OSError, ValueError, TypeError, SyntaxError):
        # Pillow's ways to say that these bytes are no picture.
        return ""
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
