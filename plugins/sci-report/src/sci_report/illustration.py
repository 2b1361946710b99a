"""A drawn figure with its words and numbers, and how it becomes a file of the run."""

from __future__ import annotations

from dataclasses import dataclass

from sci.api import Figure, Finding, RunContext, Table
from sci_report.prose import plain
from sci_report.svg import Picture, document
from sci_report.words import Text


@dataclass(frozen=True)
class Illustration:
    """A figure before it is written: name of the file, drawing, what it shows, and the numbers behind it."""

    name: str
    picture: Picture
    title: Text
    caption: Text
    table: Table | None = None

    def write(self, context: RunContext) -> Figure:
        """Write ``figures/<name>.svg``; title and caption travel in English and are recognised by the report."""
        path = f"figures/{self.name}.svg"
        title = plain(self.title, "en")
        with context.write(path) as file:
            file.write(document(self.picture, title.replace("`", "")).encode())
        return Figure(path, title, plain(self.caption, "en"), self.table)


def finding(context: RunContext, name: str, place: str, text: Text, *illustrations: Illustration) -> Finding:
    """A finding that consists of figures."""
    figures = [illustration.write(context) for illustration in illustrations]
    return Finding(name, place, figures[0].title, plain(text, "en"), figures)
