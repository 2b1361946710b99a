from __future__ import annotations

import pytest
import yaml

from sci.api.errors import ConfigError
from sci.experiment import nodes, reading

MISTAKES = [
    ("seed: 1\n\tname: x\n", 2, 1, "begins with a tab", "two spaces before name"),
    ("data:\n\tseed: 1\n", 2, 1, "begins with a tab", "two spaces before seed"),
    ("data:\n  \tseed: 1\n", 2, 3, "begins with a tab", "two spaces before seed"),
    ("name: @home\n", 1, 7, "cannot begin with `@`", '"@home"'),
    ("name: `x`\n", 1, 7, "cannot begin with", '"`x`"'),
    ("question: Is this: spam?\n", 1, 11, "stands in quotes", 'question: "Is this: spam?"'),
    ("name: x\n  seed: 1\n", 2, 3, "indented deeper", ""),
    ("a: 1\nname\nc: 2\n", 2, 1, "no `key: value`", "name: ..."),
    ("a: [1, 2\nb: 3\n", 1, 4, "not closed by `]`", ""),
    ("a: {x: 1, y: 2\nb: 3\n", 1, 4, "not closed by `}`", ""),
    ("a:\n   b: 1\n  c: 2\n", 3, 3, "indentation fits no line", ""),
    ('a: "abc\nb: 1\n', 1, 4, "quotation that begins here is not closed", ""),
    ("a: 'abc\nb: 1\n", 1, 4, "quotation that begins here is not closed", ""),
    ('a: "C:\\Sx"\n', 1, 7, "no escape", "single quotes"),
    ("path: *.csv\n", 1, 7, "begins with `*`", '"*.csv"'),
    ("a: - b\n", 1, 4, "on a line of its own", ""),
    ("a: 'it's'\n", 1, 8, "after the end of the value", ""),
    ("a: [1, {b: [\n", 2, 1, "the file ends before", ""),
    ("a: [,]\n", 1, 5, "a value lacks before `,`", ""),
    ("a: ]\n", 1, 4, "`]` closes nothing", ""),
    ("name:x\nseed:1\n", 1, 1, "needs a space after the colon", "name: x"),
    ("format: 1\nname:x\n", 2, 1, "needs a space after the colon", "name: x"),
    ("{name:csv}\n", 1, 2, "needs a space after the colon", "name: csv"),
    ("format: 1\nseed：7\nname: x\n", 2, 5, 'full-width colon "：" after seed; type ":"', "seed: 7"),
    ("seed：7\n", 1, 5, "full-width colon", "seed: 7"),
    ("data: {name：csv}\n", 1, 12, "full-width colon", "name: csv"),
    ("name: x\n  seed：7\n", 2, 7, "full-width colon", "seed: 7"),
    ("%YAML 2.0\n---\na: 1\n", 1, 1, "cannot be read as YAML", ""),
]


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@pytest.mark.parametrize(("text", "line", "column", "words", "hint"), MISTAKES)
def test_bad_yaml_is_explained_in_words_of_our_own(monkeypatch, loader, text, line, column, words, hint):
    monkeypatch.setattr(nodes, "LOADER", getattr(yaml, loader))

    error = first_mistake(text)

    assert words in error.message
    assert (error.where.line, error.where.column) == (line, column)
    assert hint in error.hint


def test_no_word_of_the_parser_reaches_the_reader():
    for text, *_ in MISTAKES:
        said = first_mistake(text).message
        assert not any(word in said for word in ("token", "scanning", "simple key", "block", "node", "context"))


def first_mistake(text: str) -> ConfigError:
    """What is raised, or else the first mistake that was collected."""
    try:
        return reading.parsed(text, "spam.yaml").mistakes[0]
    except ConfigError as error:
        return error
