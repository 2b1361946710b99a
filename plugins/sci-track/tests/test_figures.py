"""Figures as images."""

from __future__ import annotations

import pytest

from sci.pipeline.assembly import Assembly
from sci.pipeline.context import Context
from sci_track import pictures
from sci_track.tensorboard import write_figures

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">
<rect width="20" height="20" style="fill:var(--m,#0063a8)"/></svg>"""


@pytest.fixture
def context(tmp_path):
    (tmp_path / "figures").mkdir()
    return Context("run", "run", Assembly({}, None, tmp_path), tmp_path, 0)


def test_a_drawing_keeps_its_shape_and_the_colours_of_a_light_page(tmp_path):
    image = pytest.importorskip("PIL.Image")
    (tmp_path / "a.svg").write_text(DRAWING)

    (tmp_path / "a.png").write_bytes(pictures.png(tmp_path / "a.svg"))

    with image.open(tmp_path / "a.png") as found:
        colours = found.convert("RGB")
        assert (colours.width, colours.height) == (80, 40)
        assert colours.getpixel((20, 20)) == (0x00, 0x63, 0xA8)
        assert colours.getpixel((60, 20)) == (0xFD, 0xFD, 0xFC)


def test_figures_that_cannot_be_drawn_are_named_and_the_others_are_kept(context, reading):
    figures = context.directory / "figures"
    (figures / "good.svg").write_text(DRAWING)
    (figures / "copy.png").write_bytes(pictures.png(figures / "good.svg"))
    (figures / "half.svg").write_text(DRAWING[:60])
    (figures / "false.png").write_bytes(b"GIF89a")

    with pytest.raises(ValueError, match=r"figures/false.png cannot be drawn: .*; figures/half.svg cannot be drawn: "):
        write_figures(context)

    found = reading.accumulated(context.directory)
    assert sorted(found.Tags()["tensors"]) == ["figures/copy", "figures/good"]
    assert found.Tensors("figures/good")[0].tensor_proto.string_val[:2] == [b"80", b"40"]


def test_a_run_without_figures_gets_no_file(context):
    write_figures(context)

    assert not (context.directory / "tensorboard").exists()
