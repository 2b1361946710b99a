"""Images with their patches coloured by their shares."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from sci.api import Prose
from sci.api.drawing import LESS, MORE, MUTED, WIDTH, Drawing

SIDE = 190
ACROSS = 3
PALEST = 140
"""Of 255: what is black in the image."""


class Picture(NamedTuple):
    """One image: a line above it, its pixels, shares [down, across] of its patches, and their side in pixels."""

    head: Prose
    pixels: np.ndarray
    shares: np.ndarray
    side: int


def pictures(found: Sequence[Picture]) -> Drawing:
    """All images, three in a row."""
    rows = -(-len(found) // ACROSS)
    sheet = Drawing(WIDTH, rows * (SIDE + 34) + 4, f"{len(found)} images with their patches")
    for at, picture in enumerate(found):
        left, top = 4 + (at % ACROSS) * (SIDE + 30), (at // ACROSS) * (SIDE + 34) + 22
        sheet.words(left, top - 7, picture.head, fill=MUTED, font_size=11)
        _picture(sheet, left, top, picture)
    return sheet


def _picture(sheet: Drawing, left: float, top: float, picture: Picture) -> None:
    height, width = picture.pixels.shape[:2]
    scale = SIDE / max(height, width)
    sheet.mark(
        "image", x=left, y=top, width=scale * width, height=scale * height, href=_address(picture.pixels),
        preserveAspectRatio="none",
    )  # fmt: skip
    strongest = float(np.abs(picture.shares).max(initial=0.0)) or 1.0
    for (down, across), share in np.ndenumerate(picture.shares):
        depth = 0.75 * abs(float(share)) / strongest
        x, y = across * picture.side, down * picture.side
        if depth > 0.03:
            wide, tall = min(x + picture.side, width) - x, min(y + picture.side, height) - y
            place = {"x": left + scale * x, "y": top + scale * y, "width": scale * wide, "height": scale * tall}
            sheet.mark("rect", **place, fill=MORE if share > 0 else LESS, fill_opacity=depth)


def _address(pixels: np.ndarray) -> str:
    """The image as PNG in an address, stretched from its smallest to its largest number, and pale under colours."""
    plain = np.asarray(pixels, dtype=np.float64)
    low, high = float(plain.min()), float(plain.max())
    grey = np.rint(PALEST + (255 - PALEST) * (plain - low) / ((high - low) or 1.0)).astype(np.uint8)
    grey = grey[..., None] if grey.ndim == 2 else grey
    image = Image.fromarray(grey if grey.shape[2] == 3 else np.rint(grey.mean(axis=2)).astype(np.uint8))
    larger = max(1, SIDE // max(image.size))  # pages smooth what they enlarge
    buffer = io.BytesIO()
    image.resize((image.width * larger, image.height * larger), Image.Resampling.NEAREST).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
