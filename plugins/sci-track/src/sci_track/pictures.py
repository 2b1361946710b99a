"""Figures as pictures of points: TensorBoard shows no vector graphics."""

from __future__ import annotations

import pathlib
import re
import struct

import matplotlib
import resvg_py

PALE = "#fdfdfc"
VARIABLE = re.compile(r"var\(--[\w-]+,\s*([^()]+)\)")
"""A colour of the page and the one to use where there is no page."""


def png(path: pathlib.Path) -> bytes:
    """An SVG or PNG file as PNG; drawings have twice their size in points, on a light ground.

    Raises:
        ValueError: the file is no drawing.
    """
    if path.suffix == ".png":
        return path.read_bytes()
    drawing = VARIABLE.sub(r"\1", path.read_text(encoding="utf-8"))
    fonts = pathlib.Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return resvg_py.svg_to_bytes(
        svg_string=drawing,
        background=PALE,
        zoom=2,
        font_family="DejaVu Sans",
        sans_serif_family="DejaVu Sans",
        font_dirs=[str(fonts)],
    )


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG file (RFC 2083, section 4.1.1); `ValueError` for any other."""
    if len(picture) < 24 or not picture.startswith(b"\x89PNG"):
        raise ValueError("it is no PNG file")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height
