"""A page as a parser sees it."""

from __future__ import annotations

import html.parser
import pathlib
from collections.abc import Sequence
from typing import Any

from sci.api import Finding, Study

VOID = {"meta", "input", "br", "img"}


class Page(html.parser.HTMLParser):
    """Tags, attributes and text of a page; `unbalanced` lists end tags that close nothing."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = text
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.pieces: list[str] = []
        self.unbalanced: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in ("br", "td", "th"):
            self.pieces.append(" ")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] != "style":
            self.pieces.append(data)

    @property
    def text(self) -> str:
        return "".join(self.pieces).replace("\N{NO-BREAK SPACE}", " ")

    @property
    def ids(self) -> list[str]:
        return [value for _, name, value in self.attributes if name == "id"]

    def values(self, *names: str) -> list[str]:
        return [value for _, name, value in self.attributes if name in names]


def report(study: Study, context: Any, findings: Sequence[Finding] = (), language: str = "en") -> Page:
    """Write the page and parse it."""
    from sci_report.config import ReportConfig
    from sci_report.html import HtmlReporter

    (name,) = HtmlReporter(ReportConfig(language=language)).report(study, findings, context)
    return Page((pathlib.Path(study.run) / name).read_text(encoding="utf-8"))


def text_only(study: Study, findings: Sequence[Finding] = ()) -> Page:
    """The page without the figures of its own, which take most of the time."""
    from sci_report.html import render
    from sci_report.view import build

    return Page(render(build(study, findings, None), "en"))


def markdown_only(study: Study) -> str:
    """The Markdown report without the figures of its own."""
    from sci_report.markdown import render
    from sci_report.view import build

    return render(build(study, (), None), "en", "report.md.j2")


def markdown(study: Study, context: Any, findings: Sequence[Finding] = (), language: str = "en") -> str:
    """Write the Markdown report and read it."""
    from sci_report.config import ReportConfig
    from sci_report.markdown import MarkdownReporter

    (name,) = MarkdownReporter(ReportConfig(language=language)).report(study, findings, context)
    return (pathlib.Path(study.run) / name).read_text(encoding="utf-8")
