from __future__ import annotations

import re

import pytest

from sci_report.drawing import Sheet, ticks
from sci_report.svg import PALETTE, Unreadable, clean, document
from sci_report.words import Name, phrase

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 20">'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<g onclick='alert(1)'><path d='M 0 0'/></g>",
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
        "<image href='http://x.example/a.png'/>",
        "<image href='data:image/svg+xml;base64,AAAA'/>",
        "<use href='http://x.example/a.svg#b'/>",
        "<use xlink:href='javascript:alert(1)'/>",
        "<a href='javascript:alert(1)'><path d='M 0 0'/></a>",
        "<style>@import url(http://x.example)</style>",
        "<rect style='fill:url(http://x.example/a)'/>",
        "<rect fill='url(javascript:alert(1))'/>",
        "<rect style='background:url(x);behavior:url(x)'/>",
        "<animate onbegin='alert(1)' attributeName='x'/>",
        "<set attributeName='href' to='javascript:alert(1)'/>",
        "<rect style='fill:\\75rl(http://x.example)'/>",
    ],
)
def test_nothing_that_runs_or_reaches_out_gets_through(inside):
    content = str(clean(f"{HEAD}{inside}</svg>").content)
    assert not re.search(r"script|alert|http|on\w+=|url|@|style|href|animate|set", content)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><svg/>", "entities"),
        ("<svg", "no XML"),
        ("<html/>", "no svg"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "no size"),
        ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 5'/>", "no size"),
    ],
)
def test_what_cannot_be_shown_says_why(text, why):
    with pytest.raises(Unreadable, match=why):
        clean(text)


def test_ids_get_the_prefix_where_they_are_used_and_go_where_they_are_not():
    text = f"{HEAD}<defs><path id='m1' d='M 0 0'/></defs><g id='axes_1'><use xlink:href='#m1' x='1.23456'/></g></svg>"
    content = str(clean(text, prefix="fig-3-").content)
    assert content == '<defs><path id="fig-3-m1" d="M 0 0"/></defs><use href="#fig-3-m1" x="1.23"/>'


def test_text_is_escaped_and_made_visible():
    content = str(clean(f"{HEAD}<text>&lt;script&gt;\u202e</text></svg>").content)
    assert content == "<text>&lt;script&gt;⟨RLO⟩</text>"


def test_every_colour_of_a_drawing_follows_the_page():
    sheet = Sheet(200, 100)
    axes = sheet.axes(40, 10, 150, 60)
    axes.plot([0, 1], [0, 1], "o-", color=PALETTE["m"], mec=PALETTE["bg"])
    axes.bar([0.5], [1], color=PALETTE["b"], alpha=0.5)
    ticks(axes.xaxis)
    content = str(sheet.picture("two lines").content)
    assert set(re.findall(r"(?:fill|stroke):([^;\"]+)", content)) <= {"none"} | {
        f"var(--{name},{colour})" for name, colour in PALETTE.items()
    }
    assert "font-family" not in content


def test_words_of_a_drawing_are_in_both_languages_and_the_file_shows_english():
    sheet = Sheet(200, 100)
    sheet.words(10, 20, phrase("figure.epoch"))
    sheet.words(10, 60, Name("<b>$\\frac{中"))
    picture = sheet.picture("")
    assert '<tspan lang="en">epoch</tspan><tspan lang="zh-Hans" display="none">轮次</tspan>' in picture.content
    assert "&lt;b&gt;$\\frac{中" in picture.content
    assert clean(document(picture, "t")).content == picture.content


def test_the_same_drawing_gives_the_same_bytes():
    def draw() -> str:
        sheet = Sheet(200, 100)
        sheet.axes(40, 10, 150, 60).plot([0, 1], [0, 1], "o")
        return document(sheet.picture("x"), "t")

    assert draw() == draw()
    assert "20" not in re.findall(r"<dc:date>(.*?)</dc:date>", draw())
