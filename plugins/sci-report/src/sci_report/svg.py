"""SVG that may stand in the page: what can run or reach out is left out, colours follow the page, ids are its own.

A figure comes from an analysis, which may be anyone's. It passes through a list of what is allowed, so that no figure
can bring a script, a style sheet, an address or an id of another figure. Matplotlib's colours become the page's
variables, so that one drawing serves the light and the dark page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from markupsafe import Markup, escape

from sci_report.markup import made
from sci_report.safe import visible

PALETTE = {
    "bg": "#fdfdfc",
    "card": "#f5f6f4",
    "ink": "#1c2024",
    "mut": "#59626b",
    "rule": "#dcdfdc",
    "grid": "#e6e8e5",
    "m": "#0063a8",
    "b": "#b0500a",
    "g": "#6b747d",
    "v": "#7a4fa3",
    "ok": "#1a6b4a",
    "warn": "#8a5300",
    "bad": "#a8203a",
    "on": "#ffffff",
}
"""Variables of the page to their colours on a light ground."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VARIABLE = {colour: f"var(--{name},{colour})" for name, colour in PALETTE.items()}
_VARIABLE |= {"#000000": _VARIABLE[PALETTE["ink"]], "#000": _VARIABLE[PALETTE["ink"]]}

_ELEMENTS = _words("""
    svg g path rect circle ellipse line polyline polygon text tspan defs use clipPath title desc image
    linearGradient radialGradient stop pattern mask
""")
_ATTRIBUTES = _words("""
    id d x y x1 y1 x2 y2 cx cy r rx ry dx dy width height points transform viewBox preserveAspectRatio clip-path mask
    clipPathUnits patternUnits patternTransform gradientUnits gradientTransform offset textLength lengthAdjust lang
    display style href
""")
_STYLES = _words("""
    fill stroke stroke-width stroke-dasharray stroke-dashoffset stroke-linejoin stroke-linecap stroke-miterlimit
    opacity fill-opacity stroke-opacity fill-rule clip-rule font-size font-weight font-style text-anchor
    dominant-baseline display stop-color stop-opacity letter-spacing
""")
_VALUE = re.compile(r"[\w#%.,()\s+-]*")
_LOCAL = re.compile(r"url\(\s*[\"']?#([\w.:-]+)[\"']?\s*\)")
_PICTURE = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*")
_LONG = re.compile(r"-?\d+\.\d{3,}")
_NO_TURN = re.compile(r"rotate\(-?0 [^)]*\)")


class Unreadable(ValueError):
    """The file is not an SVG drawing that can be shown."""


@dataclass(frozen=True)
class Picture:
    """A drawing that may stand in the page, without its outermost element."""

    content: Markup
    width: float
    height: float
    description: str = ""


def clean(text: str, prefix: str = "", words: Mapping[str, tuple[str, str]] | None = None) -> Picture:
    """What of an SVG document may be shown; ids get the prefix.

    Args:
        text: the document.
        prefix: put before every id, so that several drawings can share a page.
        words: id of a group to the English and the Chinese text that its text elements show.
    """
    if "<!ENTITY" in text:
        raise Unreadable("it declares entities")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  (expat refuses to fetch; entities are refused above)
    except ElementTree.ParseError as error:
        raise Unreadable(f"it is no XML: {error}") from error
    if _tag(root) != "svg":
        raise Unreadable("it holds no svg element")
    width, height = _extent(root)
    used = set(_LOCAL.findall(text)) | set(re.findall(r"href=[\"']#([\w.:-]+)", text))
    writer = _Writer(prefix, used, words or {})
    content = Markup("").join(writer.element(child) for child in root if _tag(child) not in ("title", "desc"))
    description = next((child.text or "" for child in root if _tag(child) == "desc"), "")
    return Picture(content, width, height, visible(description))


class _Writer:
    def __init__(self, prefix: str, used: set[str], words: Mapping[str, tuple[str, str]]) -> None:
        self.prefix = prefix
        self.used = used
        self.words = words

    def element(self, node: ElementTree.Element, words: tuple[str, str] | None = None) -> Markup:
        tag = _tag(node)
        if tag not in _ELEMENTS:
            return Markup("")
        words = self.words.get(node.get("id", ""), words)
        attributes = dict(filter(None, (self.attribute(_local(name), value) for name, value in node.items())))
        if tag == "text" and words is not None:
            inside = bilingual(*words)
        else:
            inside = escape(visible((node.text or "").strip() if tag != "tspan" else node.text or ""))
            inside += Markup("").join(
                self.element(child, words) + escape(visible((child.tail or "").strip())) for child in node
            )
        if tag == "g" and not attributes:
            return inside
        if tag == "g" and not inside:
            return Markup("")
        shown = Markup("").join(Markup(' {}="{}"').format(made(name), value) for name, value in attributes.items())
        if not inside:
            return Markup("<{}{}/>").format(made(tag), shown)
        return Markup("<{0}{1}>{2}</{0}>").format(made(tag), shown, inside)

    def attribute(self, name: str, value: str) -> tuple[str, str] | None:
        if name in _STYLES and name not in ("display",):
            return (name, allowed) if (allowed := self.value(name, value)) else None
        if name not in _ATTRIBUTES:
            return None
        if name == "id":
            return (name, self.prefix + value) if value in self.used else None
        if name == "href":
            return self.reference(value)
        if name == "style":
            return ("style", style) if (style := self.style(value)) else None
        if name in ("clip-path", "mask"):
            found = _LOCAL.fullmatch(value.strip())
            return (name, f"url(#{self.prefix}{found[1]})") if found else None
        if name == "transform" and _NO_TURN.fullmatch(value):
            return None
        return name, _LONG.sub(_short, " ".join(value.split()))

    def reference(self, value: str) -> tuple[str, str] | None:
        if value.startswith("#"):
            return "href", f"#{self.prefix}{value[1:]}"
        return ("href", value) if _PICTURE.fullmatch(value) else None

    def style(self, value: str) -> str:
        parts = [part.partition(":") for part in value.split(";")]
        kept = ((name.strip(), self.value(name.strip(), setting)) for name, _, setting in parts)
        return ";".join(f"{name}:{setting}" for name, setting in kept if setting)

    def value(self, name: str, setting: str) -> str:
        setting = setting.strip()
        local = _LOCAL.fullmatch(setting)
        if local and name in ("fill", "stroke"):
            return f"url(#{self.prefix}{local[1]})"
        if name not in _STYLES or not _VALUE.fullmatch(setting) or "url" in setting.lower():
            return ""
        return _VARIABLE.get(setting.lower(), setting)


def bilingual(english: str, chinese: str) -> Markup:
    """A text in both languages; the attribute hides the second where no style sheet of the page decides."""
    if english == chinese:
        return escape(english)
    hidden = Markup('<tspan lang="zh-Hans" display="none">{}</tspan>').format(chinese)
    return Markup('<tspan lang="en">{}</tspan>').format(english) + hidden


def document(picture: Picture, title: str) -> str:
    """The drawing as a file of its own, which follows no page: it looks as on the light one."""
    return str(
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
            'height="{height:g}" font-family="system-ui, sans-serif" style="fill:{ink}">'
            "<title>{title}</title><desc>{description}</desc>{content}</svg>\n"
        ).format(
            width=picture.width,
            height=picture.height,
            ink=_VARIABLE[PALETTE["ink"]],
            title=title,
            description=picture.description,
            content=picture.content,
        )
    )


def _extent(root: ElementTree.Element) -> tuple[float, float]:
    box = re.findall(r"-?[\d.]+", root.get("viewBox", ""))
    sizes = box[2:] if len(box) == 4 else [re.sub(r"[a-z%]*$", "", root.get(side, "")) for side in ("width", "height")]
    try:
        width, height = (float(size) for size in sizes)
    except ValueError as error:
        raise Unreadable("it states no size") from error
    if not (0 < width < 1e5 and 0 < height < 1e5):
        raise Unreadable("it states no size that can be drawn")
    return width, height


def _tag(node: ElementTree.Element) -> str:
    return _local(node.tag) if isinstance(node.tag, str) else ""


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _short(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".") or "0"
