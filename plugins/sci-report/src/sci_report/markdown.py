"""The report and the model card as Markdown, in one language, from the same view as the page."""

from __future__ import annotations

import functools
import urllib.parse
from collections.abc import Sequence

import jinja2
from markupsafe import Markup

from sci.api import Failure, Finding, RunContext, Study
from sci.api.numbers import UNDEFINED, Shown
from sci_report.catalogue import Language, language
from sci_report.config import ReportConfig
from sci_report.failure import Broken
from sci_report.failure import build as build_failure
from sci_report.frontmatter import front_matter
from sci_report.markup import made
from sci_report.prose import markdown
from sci_report.provenance import seeds_of
from sci_report.safe import visible
from sci_report.view import View, build
from sci_report.words import phrase


class MarkdownReporter:
    """The reporter `markdown`."""

    def __init__(self, config: ReportConfig) -> None:
        self.language: Language = language(config.language)

    def report(self, study: Study, findings: Sequence[Finding], context: RunContext) -> Sequence[str]:
        """Write ``report.md``; it shows the figures under ``figures/``."""
        return [_write(context, "report.md", render(build(study, findings, context), self.language, "report.md.j2"))]

    def failed(self, failure: Failure, context: RunContext) -> Sequence[str]:
        """Write ``report.md`` of training that failed."""
        return [_write(context, "report.md", render(build_failure(failure, context), self.language, "failure.md.j2"))]


class CardReporter:
    """The reporter `model-card`. Mitchell et al. (2019), doi:10.1145/3287560.3287596."""

    def __init__(self, config: ReportConfig) -> None:
        self.language: Language = language(config.language)

    def report(self, study: Study, findings: Sequence[Finding], context: RunContext) -> Sequence[str]:
        """Write ``model_card.md``, with front matter for the Hugging Face hub."""
        view = build(study, findings, None)
        card = render(view, self.language, "card.md.j2", seeds=seeds_of(study))
        return [_write(context, "model_card.md", f"---\n{front_matter(study)}\n---\n\n{card}")]


@functools.cache
def environment(language: Language) -> jinja2.Environment:
    """Templates of this package only. Everything that one says passes through `prose.markdown`, which escapes."""
    built = jinja2.Environment(
        loader=jinja2.PackageLoader("sci_report"),
        autoescape=True,
        finalize=markdown(language),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    built.globals["t"] = phrase
    return built


def render(view: View | Broken, language: Language, template: str, **more: object) -> str:
    """Markdown in one language."""
    text = (
        environment(language)
        .get_template(template)
        .render(view=view, address=_address, ranged=_ranged, commands=_commands, **more)
    )
    lines = [line.rstrip() for line in text.splitlines()]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).strip() + "\n"


def _write(context: RunContext, name: str, text: str) -> str:
    with context.write(name) as file:
        file.write(text.encode("utf-8"))
    return name


def _address(path: str) -> Markup:
    return made(urllib.parse.quote(path))


def _ranged(shown: Shown) -> Markup:
    """A value with its interval; these characters are ours, so the brackets need no escape."""
    bare = shown.low == UNDEFINED or shown.low == shown.high
    return made(shown.value if bare else f"{shown.value} [{shown.low}, {shown.high}]")


def _commands(lines: Sequence[str]) -> Markup:
    return made("\n".join(visible(line) for line in lines))
