"""What is seen on a terminal of a given width; the sessions are real ones."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time

import pytest

from sci.cli.choose import Menu
from sci.cli.main import main
from sci.cli.output import fitted
from sci.cli.paint import cells, wrapped

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

PAINT = re.compile(r"\x1b\[\d+m")
ROWS = [("spam", "text, 2 classes"), ("pima", "table, 2 classes"), ("digits", "image, 10 classes")]


class Session:
    """`sci` on a terminal, of 80 columns if nothing else is said."""

    def __init__(self, *arguments: str, folder: os.PathLike[str], columns: int = 80) -> None:
        self.master, terminal = pty.openpty()
        environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "SCI_ASCII")}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "sci", *arguments],
            cwd=folder,
            env={**environment, "TERM": "xterm", "COLUMNS": str(columns), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )
        os.close(terminal)
        self.seen = ""

    def until(self, word: str, seconds: float = 30.0) -> None:
        """Read until a word is seen."""
        end = time.monotonic() + seconds
        while word not in self.seen:
            assert time.monotonic() < end, self.seen
            self._read(0.2)

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def ended(self) -> int:
        """The exit code, once all is read."""
        while self._read(30.0):
            pass
        os.close(self.master)
        return self.child.wait(10)

    def _read(self, seconds: float) -> bool:
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            new = os.read(self.master, 65536)
        except OSError:  # how Linux says that the other side is closed
            return False
        self.seen += new.decode(errors="ignore")
        return bool(new)


def test_a_template_is_chosen_by_typing_and_arrows(tmp_path):
    session = Session("init", folder=tmp_path)
    session.until("Esc leaves")
    session.press("numbers")
    session.until("3 of ")
    session.press("\x1b[B")
    session.until("> german-credit")
    session.press("\r")

    assert session.ended() == 0
    assert (tmp_path / "german-credit" / "experiment.yaml").is_file()


def test_what_was_made_has_a_green_mark_and_no_escape_is_spelt_out(tmp_path):
    session = Session("init", "spam", folder=tmp_path)

    assert session.ended() == 0
    assert "\x1b[32m✓\x1b[0m spam" in session.seen
    assert "␛" not in session.seen


@pytest.mark.parametrize("key", ["\x1b", "\x04"])
def test_nothing_is_copied_where_nobody_chose(tmp_path, key):
    session = Session("init", folder=tmp_path)
    session.until("Esc leaves")
    session.press(key)

    assert session.ended() == 0
    assert list(tmp_path.iterdir()) == []


def test_the_list_of_plugins_keeps_within_the_terminal(tmp_path):
    session = Session("plugins", "list", folder=tmp_path)

    assert session.ended() == 0
    *lines, _ = session.seen.replace("\r", "").rstrip("\n").split("\n")
    assert len(lines) > 10
    assert max(map(cells, lines)) <= 80


def test_a_filter_wants_all_words_and_moving_stops_at_the_ends():
    menu = Menu("Which?", ROWS)
    for key in "2 CLASSES":
        menu.press(key)
    menu.press("\x1b[B")
    menu.press("\x1b[B")

    assert menu.chosen == "pima"
    assert menu.lines(80)[0] == "Which?   2 CLASSES_"
    menu.press("x")
    assert menu.chosen is None
    menu.press("\x15")
    assert menu.chosen == "spam"
    menu.press("\x1bOA")
    assert menu.chosen == "spam"


def test_the_last_column_is_folded_or_left_out():
    rows = [("name", "what it does"), ("adam", "running means of the gradient and of its square")]

    assert fitted(rows, 80) == ["name   what it does", "adam   running means of the gradient and of its square"]
    assert fitted(rows, 32) == [
        "name   what it does",
        "adam   running means of the",
        "       gradient and of its",
        "       square",
    ]
    assert fitted(rows, 10) == ["name", "adam"]


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--help",),
        ("plugins", "list"),
        ("plugins", "show", "text"),
        ("plugins", "why", "logistic"),
        ("plugins", "doctor", "text"),
        ("components", "adamw"),
        ("bundle", "show"),
        ("runs", "list"),
        ("doctor",),
    ],
)
def test_no_verb_writes_beyond_a_narrow_terminal(tmp_path, columns, arguments):
    session = Session(*arguments, folder=tmp_path, columns=columns)

    assert session.ended() == 0
    assert max(cells(line) for line in PAINT.sub("", session.seen).splitlines()) <= columns


def test_what_is_checked_hangs_beneath_its_word(tmp_path):
    assert Session("init", "spam", folder=tmp_path).ended() == 0
    session = Session("check", "experiment.yaml", folder=tmp_path / "spam", columns=60)

    assert session.ended() == 0
    lines = PAINT.sub("", session.seen).splitlines()
    assert "✓ flow        text -> label-index -> clean-text -> text ->" in lines
    assert lines[lines.index("✓ flow        text -> label-index -> clean-text -> text ->") + 1].startswith(
        " " * 14 + "bag-of"
    )


def test_a_narrow_terminal_still_says_who_set_a_rule(tmp_path):
    rules = "name: st-mary\nplugins: {deny: [acme-imaging-and-signals]}\nlocked:\n  evaluation.confidence: 0.99\n"
    (tmp_path / "policy.yaml").write_text(rules)
    session = Session("bundle", "show", folder=tmp_path, columns=60)

    assert session.ended() == 0
    seen = " ".join(PAINT.sub("", session.seen).split())
    assert "plugins.deny: acme-imaging-and-signals denied, set by policy st-mary (policy.yaml:2)" in seen
    assert "evaluation.confidence: 0.99 locked, set by policy st-mary (policy.yaml:4)" in seen


@pytest.mark.parametrize("group", ["plugins", "plugin", "bundle", "runs"])
def test_the_help_of_a_group_cuts_no_sentence(group, capsys):
    assert main([group, "--help"]) == 0

    commands = capsys.readouterr().out.partition("Commands:")[2]
    assert commands.strip()
    assert ".." not in commands


def test_wide_letters_are_folded_by_their_cells():
    text = "  标签 -> 文本 词袋 逻辑回归 done"

    assert wrapped(text, 18, "    ") == ["  标签 -> 文本", "    词袋 逻辑回归", "    done"]
    assert wrapped("", 10) == [""]
    assert wrapped("a-very-long-word b", 4) == ["a-very-long-word", "b"]
