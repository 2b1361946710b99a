"""The report as one page."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

import jinja2
from markupsafe import Markup, escape

from sci.api import Failure, Finding, RunContext, Study
from sci_report.catalogue import Language, language
from sci_report.comparison import Comparison
from sci_report.comparison import build as build_comparison
from sci_report.config import ReportConfig
from sci_report.failure import Broken
from sci_report.failure import build as build_failure
from sci_report.prose import html, plain
from sci_report.safe import visible
from sci_report.view import View, build
from sci_report.words import phrase

FILE = "report.html"


class HtmlReporter:
    """The reporter `html`."""

    def __init__(self, config: ReportConfig) -> None:
        self.language: Language = language(config.language)

    def report(self, study: Study, findings: Sequence[Finding], context: RunContext) -> Sequence[str]:
        """Write the page; the figures of its own lie under ``figures/``, too."""
        view = build(study, findings, context)
        page = render(view, self.language)
        with context.write(FILE) as file:
            file.write(page.encode("utf-8"))
        return [FILE]

    def failed(self, failure: Failure, context: RunContext) -> Sequence[str]:
        """Write the short page of training that failed, with its figures under ``figures/``."""
        view = build_failure(failure, context)
        title = f"{plain(view.name, self.language)}: {plain(view.headline, self.language)}".replace("`", "")
        page = _page("failure.html.j2", view, self.language, title, context.run_id)
        with context.write(FILE) as file:
            file.write(page.encode("utf-8"))
        return [FILE]

    def compare(self, comparison: Mapping[str, Any], context: RunContext) -> Sequence[str]:
        """Write the page of a comparison, and its figures under ``figures/``."""
        view = build_comparison(comparison, context)
        title = plain(phrase("comparison.page", runs=view.name), self.language)
        page = _page("comparison.html.j2", view, self.language, title, context.run_id)
        with context.write(FILE) as file:
            file.write(page.encode("utf-8"))
        return [FILE, *(plot.path for plot in view.plots)]


@functools.cache
def environment() -> jinja2.Environment:
    """Templates of this package only. Everything that a template says passes through `prose.html`, which escapes."""
    built = jinja2.Environment(
        loader=jinja2.PackageLoader("sci_report"),
        autoescape=True,
        finalize=html,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    built.globals["t"] = phrase
    return built


def render(view: View, language: Language) -> str:
    """The page as text. `language` is the one that it opens in."""
    title = f"{plain(view.name, language)}: {plain(view.summary.headline, language)}".replace("`", "")
    return _page("report.html.j2", view, language, title, view.run_id)


def _page(template: str, view: View | Comparison | Broken, language: Language, title: str, margin: str) -> str:
    return (
        environment()
        .get_template(template)
        .render(
            view=view,
            language=language,
            title=title,
            number=itertools.count(1).__next__,
            said=lambda text: plain(text, language).replace("`", ""),
            data=_lines,
            margin=re.sub(r"[^\w.-]", "", margin, flags=re.ASCII),
        )
    )


def _lines(text: str) -> Markup:
    """Lines to be typed or read as they are."""
    return Markup("\n").join(escape(visible(line)) for line in text.split("\n"))
