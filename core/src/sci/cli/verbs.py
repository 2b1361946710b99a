"""The verbs, grouped by what one is doing, and the page that `sci` shows: nothing is imported to show it."""

from __future__ import annotations

from typing import NamedTuple

from sci import __version__
from sci.cli.paint import hanging, room


class Verb(NamedTuple):
    """One verb: its group on the page and its summary there. Its command is `app` in the module of its name."""

    group: str
    summary: str


VERBS = {
    "init": Verb("start", "copy a template"),
    "check": Verb("start", "find mistakes first"),
    "parity": Verb("start", "compare two engines"),
    "run": Verb("study", "run an experiment"),
    "resume": Verb("study", "go on after a stop"),
    "runs": Verb("study", "list and show runs"),
    "compare": Verb("judge", "is the difference real?"),
    "report": Verb("judge", "write it anew"),
    "evaluate": Verb("judge", "measure on other data"),
    "predict": Verb("use", "answer for new rows"),
    "serve": Verb("use", "HTTP and a page"),
    "cite": Verb("use", "BibTeX of a run"),
    "plugins": Verb("extend", "what is installed"),
    "plugin": Verb("extend", "make one, test one"),
    "bundle": Verb("extend", "an institution's set"),
    "components": Verb("extend", "what a file can name"),
    "schema": Verb("extend", "completion for editors"),
    "doctor": Verb("extend", "for bugs"),
}


def page() -> str:
    """What `sci` and `sci --help` print: two verbs beside one another, unless a terminal is too narrow for that."""
    columns = room()
    narrow = columns is not None and columns < _WIDE
    lines = [f"sci {__version__}: one experiment file, one honest study", ""]
    name_width = max(map(len, VERBS)) + 2
    width = max(len(verb.summary) for verb in VERBS.values()) + 3
    for group in dict.fromkeys(verb.group for verb in VERBS.values()):
        cells = [f"{name:<{name_width}}{verb.summary:<{width}}" for name, verb in VERBS.items() if verb.group == group]
        abreast = 1 if narrow else 2
        pairs = ["".join(cells[i : i + abreast]).rstrip() for i in range(0, len(cells), abreast)]
        lines += [f" {group if i == 0 else '':<8}{pair}" for i, pair in enumerate(pairs)]
    return "\n".join([*lines, *(one for line in _LAST for one in hanging(line))])


_LAST = (
    "New here: sci init, then sci run FILE.   Help on a verb: sci run --help",
    "Everywhere: --debug shows tracebacks, --no-plugins loads none.   sci --version",
)
_WIDE = 80
"""Columns that two verbs and their summaries need."""
