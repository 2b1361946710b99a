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
MEDIA = 24
"""Pictures and lines that a report shows; further ones are described in words."""
CHANNELS = 3
_POINTS = 160
_THUMBNAIL = 160
_PIXELS = 50_000_000


@dataclass(frozen=True)
class Shown:
    """One input: its column (empty when there is only one) and its value as text, as a small picture, or as lines."""

    name: Text
    text: Text
    image: str = ""
    """A data address, made here."""
    sequence: bool = False
    lines: Sequence[str] = ()
    """Points of polylines in a box of 240 by 48, one for each channel."""

    @property
    def is_medium(self) -> bool:
        """Whether it is more than text."""
        return bool(self.image or self.lines)


@dataclass(frozen=True)
class Example:
    """One row with what is to be said about it."""

    row: Text
    facts: Sequence[Text]
    inputs: Sequence[Shown]


def inputs(rows: Dataset, at: int, columns: Sequence[str] | None = None, media: bool = True) -> list[Shown]:
    """One row: the columns of these names, or its first inputs.

    Args:
        rows: raw rows.
        at: position of the row.
        columns: names; those that there are not are left out.
        media: whether pictures and lines are shown, or only described.
    """
    features = (
        rows.schema.inputs
        if columns is None
        else {name: rows.schema.columns[name] for name in columns if name in rows.schema.columns}
    )
    single = len(features) == 1
    most = len(features) if columns is not None else COLUMNS
    shown = [_shown(name, feature, rows, at, single, media) for name, feature in list(features.items())[:most]]
    if len(features) > most:
        shown.append(Shown("", phrase("inputs.more", count=str(len(features) - most))))
    return shown


def _shown(name: str, feature: Feature, rows: Dataset, at: int, single: bool, media: bool) -> Shown:
    label: Text = "" if single else Name(name)
    value = _value(rows.stored(name), at)
    if media and feature.kind == "image" and (image := thumbnail(value)):
        return Shown(label, Name(name), image)
    if media and feature.kind in ("series", "array") and (lines := traces(value)):
        return Shown(label, _text(value, feature), lines=lines)
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


def traces(value: Any) -> list[str]:
    """The first channels of a series as polylines in a box of 240 by 48; none where it is short or no series.

    Args:
        value: numbers [times] or [times, channels].
    """
    try:
        values = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return []
    if values.ndim not in (1, 2) or len(values) <= 8 or (values.ndim == 2 and values.shape[1] > 2 * CHANNELS):
        return []
    channels = values.reshape(len(values), -1)[:, :CHANNELS]
    at = np.unique(np.linspace(0, len(values) - 1, min(_POINTS, len(values))).astype(np.int64))
    known = channels[at][np.isfinite(channels[at])]
    if not len(known):
        return []
    low, span = float(known.min()), float(np.ptp(known)) or 1.0
    x = 2 + 236 * at / (len(values) - 1)
    return [
        " ".join(f"{a:.1f},{46 - 44 * (b - low) / span:.1f}" for a, b in zip(x, channel, strict=True) if np.isfinite(b))
        for channel in channels[at].T
    ]


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
