"""One line of a list, chosen on a terminal: typing filters, arrow keys move, Enter chooses."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator, Sequence

from sci.cli.errors import printable
from sci.cli.paint import cells, pad, width
from sci.cli.views import cut, tell

UP, DOWN = ("\x1b[A", "\x1bOA"), ("\x1b[B", "\x1bOB")
ENTER, LEAVE, ERASE, CLEAR = ("\r", "\n"), ("\x1b", "\x04"), ("\x7f", "\b"), ("\x15",)
SHOWN = 12
_KEY = re.compile(r"\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|.", re.DOTALL)


class Menu:
    """The lines of a list, what was typed to filter them, and the one that is pointed at.

    Args:
        question: stands above the list.
        rows: name and summary of each line.
    """

    def __init__(self, question: str, rows: Sequence[tuple[str, str]]) -> None:
        self.question = question
        self.rows = rows
        self.typed = ""
        self.position = 0

    @property
    def matching(self) -> list[tuple[str, str]]:
        """The lines that hold every word that was typed."""
        words = self.typed.casefold().split()
        return [row for row in self.rows if all(word in " ".join(row).casefold() for word in words)]

    @property
    def chosen(self) -> str | None:
        """The name that is pointed at; None where nothing matches."""
        found = self.matching
        return found[self.position][0] if found else None

    def press(self, key: str) -> None:
        """Move, or change what was typed; a key that means nothing changes nothing."""
        if key in UP + DOWN:
            last = max(len(self.matching) - 1, 0)
            self.position = min(max(self.position + (1 if key in DOWN else -1), 0), last)
            return
        if key in ERASE:
            self.typed = self.typed[:-1]
        elif key in CLEAR:
            self.typed = ""
        elif key.isprintable():
            self.typed += key
        else:
            return
        self.position = 0

    def lines(self, room: int) -> list[str]:
        """What is drawn, each line in so many cells."""
        found = self.matching
        first = max(0, self.position - SHOWN + 1)
        names = max((cells(name) for name, _ in self.rows), default=0)
        shown = [
            f" {'>' if place == self.position else ' '} {pad(name, names)}   {summary}"
            for place, (name, summary) in enumerate(found)
        ][first : first + SHOWN]
        keys = f"{len(found)} of {len(self.rows)}   type to filter, arrows move, Enter chooses, Esc leaves"
        return [cut(printable(line), room) for line in (f"{self.question}   {self.typed}_", *shown, keys)]


def possible() -> bool:
    """Whether a list can be drawn and single keys can be read."""
    from importlib.util import find_spec

    terminals = all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
    return terminals and os.environ.get("TERM", "") != "dumb" and find_spec("termios") is not None


def choose(menu: Menu) -> str | None:
    """Ask on the terminal; None where nobody chose. The list is erased again."""
    drawn = 0
    with _single_keys() as keys:
        try:
            while True:
                lines = menu.lines(width() - 1)
                tell((f"\x1b[{drawn}A\x1b[J" if drawn else "") + "\n".join(lines) + "\n")
                drawn = len(lines)
                key = next(keys, LEAVE[0])
                if key in LEAVE:
                    return None
                if key in ENTER and menu.chosen is not None:
                    return menu.chosen
                menu.press(key)
        finally:
            tell(f"\x1b[{drawn}A\x1b[J")


@contextlib.contextmanager
def _single_keys() -> Iterator[Iterator[str]]:
    """The keys as they are pressed; the terminal is as before afterwards, whatever happens."""
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield _keys(descriptor)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _keys(descriptor: int) -> Iterator[str]:
    """One after the other, until the input ends; an arrow arrives in one piece."""
    while pressed := os.read(descriptor, 256):
        yield from _KEY.findall(pressed.decode(errors="ignore"))
