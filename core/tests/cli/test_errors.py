from __future__ import annotations

import io
import re

import pytest

from sci.api.errors import ConfigError, Place, PluginError, SeveralErrors
from sci.cli.errors import render, show


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def plain(error, columns: int = 80) -> list[str]:
    return render(error, io.StringIO(), columns).splitlines()


@pytest.fixture
def spam(tmp_path, monkeypatch):
    """A file of one line, in the current folder."""
    monkeypatch.chdir(tmp_path)

    def writes(text: str) -> str:
        (tmp_path / "spam.yaml").write_text(text, encoding="utf-8")
        return "spam.yaml"

    return writes


def test_an_error_has_its_line_a_caret_under_the_words_a_note_and_what_to_type(spam):
    file = spam("format: 1\nmodel: {name: brt, layers: 2}\n")
    error = ConfigError(
        "no model is called `brt`; did you mean `bert`?",
        id="component.unknown",
        where=Place(file, 2, 15, 3),
        note="installed: bert, bilstm",
        hint="name: bert",
    )

    assert plain(error) == [
        "spam.yaml:2:15: error: no model is called `brt`; did you mean `bert`? [component.unknown]",
        "   2 | model: {name: brt, layers: 2}",
        "     |               ^^^ installed: bert, bilstm",
        "     type: name: bert",
    ]


def test_the_caret_counts_cells_not_characters(spam):
    file = spam("问题: {名: 错}\n")

    lines = plain(ConfigError("x", where=Place(file, 1, 9, 1)))

    assert lines[1:3] == ["   1 | 问题: {名: 错}", "     |            ^^"]


def test_tabs_and_control_characters_cannot_move_the_caret_or_the_terminal(spam):
    file = spam('a:\t"\x1b[31m\u202e" x\n')

    lines = plain(ConfigError("found `\x1b[2J\u202e\n`", where=Place(file, 1, 13, 1)))

    assert lines[0] == "spam.yaml:1:13: error: found `␛[2J·␊`"
    assert lines[1] == '   1 | a:    "␛[31m·" x'
    assert lines[2].index("^") == lines[1].index("x")


def test_a_long_line_is_cut_around_the_caret(spam):
    file = spam("a" * 500 + " wrong " + "b" * 500 + "\n")

    lines = plain(ConfigError("x", where=Place(file, 1, 502, 5)), columns=60)

    assert len(lines[1]) <= 60
    assert " .. a" in lines[1]
    assert lines[1].endswith("b ..")
    assert lines[1][lines[2].index("^") : lines[2].index("^") + 5] == "wrong"


def test_the_first_line_is_never_folded_and_a_long_note_is(spam):
    file = spam("a: 1\n")
    error = ConfigError("wrong " * 40, id="config.x", where=Place(file, 1, 4), note="word " * 40)

    lines = plain(error, columns=60)

    assert lines[0].endswith("[config.x]")
    assert len(lines[0]) > 200
    assert lines[2] == "     |    ^"
    assert all(len(line) <= 60 and line.startswith("     | word") for line in lines[3:])
    assert " ".join(lines[3:]).count("word") == 40


def test_without_a_place_there_is_no_quotation():
    error = PluginError("sci-x is broken", id="plugin.broken", note="SystemExit", hint="pip install -U sci-x")

    assert plain(error) == [
        "error: sci-x is broken [plugin.broken]",
        "     SystemExit",
        "     type: pip install -U sci-x",
    ]


@pytest.mark.parametrize("file", ["absent.yaml", "/dev/zero", "--set training.epochs", ".", "x" * 5000, "a\0b"])
def test_a_file_that_cannot_be_quoted_is_not(file):
    [line, note] = plain(ConfigError("x", where=Place(file, 3, 4), note="n"))

    assert line.endswith(":3:4: error: x")
    assert note.strip() == "n"


def test_a_line_beyond_the_end_of_the_file_is_not_quoted(spam):
    assert len(plain(ConfigError("x", where=Place(spam("a: 1\n"), 99, 1)))) == 1


def test_several_mistakes_stand_apart_and_end_in_what_to_do(spam):
    file = spam("a: 1\nb: 2\n")
    errors = [ConfigError(f"mistake {line}", where=Place(file, line, 1)) for line in (1, 2)]

    text = render(SeveralErrors(errors), io.StringIO())

    assert text.count("\n\n") == 1
    assert (
        text.splitlines()[-1] == "2 mistakes in spam.yaml; nothing was run.   next: mend them, then sci check spam.yaml"
    )


def test_a_name_with_a_space_is_quoted_in_what_to_type():
    errors = [ConfigError("x", where=Place("my spam.yaml", line, 1)) for line in (1, 2)]

    assert plain(SeveralErrors(errors))[-1].endswith("sci check 'my spam.yaml'")


def test_a_terminal_shows_colour_and_the_same_words(monkeypatch, spam):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    error = ConfigError("x", id="i", where=Place(spam("a: 1\n"), 1, 4), note="n", hint="h")

    painted = render(error, Terminal())

    assert "\x1b[31merror:" in painted
    assert re.sub("\x1b\\[[0-9]+m", "", painted) == render(error, io.StringIO())


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_can_be_turned_off(monkeypatch, name, value):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)

    assert "\x1b" not in render(ConfigError("x", hint="h"), Terminal())


def test_a_stream_that_is_not_utf_8_gets_escapes_instead_of_a_traceback():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")

    show(ConfigError("no model is called `模型`"), stream)
    stream.flush()

    assert stream.buffer.getvalue() == b"error: no model is called `\\u6a21\\u578b`\n"
