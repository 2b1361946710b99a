"""Experiment files that nobody should have written."""

from __future__ import annotations

import pathlib
from typing import Any, NamedTuple

import pytest

FILE = "probe.yaml"
BASE = """\
format: 1
name: probe
seed: 7
task: regression
data:
  source: {name: generated, recipe: linear, rows: 60}
  target: y
  split: {name: random, validation: 0.1, test: 0.2}
preprocessing:
  - standardize
model: linear
engine: numpy
training:
  optimizer: {name: adam, learning_rate: 0.01}
  epochs: 2
evaluation: {metrics: [rmse], baselines: []}
report: []
"""
MARK = "▸"
"""Stands before the text that the message must point at."""


class Case(NamedTuple):
    """One row of the catalogue in one variant: `old` text of the base file (all of it where it is empty) becomes `new`.

    The message must name the place of the mark in `new`, and hold the words.
    """

    id: str
    old: str
    new: str
    words: tuple[str, ...]


def swapped(id: str, old: str, new: str, *words: str) -> Case:
    return Case(id, old, new, words)


def whole(id: str, new: str, *words: str) -> Case:
    return Case(id, "", new, words)


RATE, EPOCHS, SEED, NAME = "learning_rate: 0.01", "epochs: 2", "seed: 7", "name: probe"
SPLIT = "{name: random, validation: 0.1, test: 0.2}"

CASES = [
    whole("C1 empty", MARK, "empty experiment"),
    whole("C1 blank", f"{MARK}  \n\n \n", "empty experiment"),
    whole("C1 only comments", f"{MARK}# to be written\n# some day\n", "empty experiment"),
    whole("C1 only a document mark", f"{MARK}---\n", "empty experiment"),
    whole("C1 null", f"{MARK}null\n", "mapping of keys to values"),
    whole("C1 a list", f"{MARK}- format: 1\n", "holds a list"),
    whole("C1 a sentence", f"{MARK}train a model please\n", "holds one text"),
    swapped("C2 tab indent", "  source", f"{MARK}\tsource", "begins with a tab"),
    swapped("C2 tab after spaces", "  epochs: 2", f"  {MARK}\tepochs: 2", "begins with a tab"),
    swapped("C2 bracket not closed", "[rmse]", f"{MARK}[rmse", "not closed"),
    swapped("C2 quote not closed", NAME, f'name: {MARK}"probe', "not closed"),
    swapped("C2 two colons", NAME, f"name: {MARK}probe: two", "stands in quotes"),
    swapped("C2 dedent", "  epochs: 2", f" {MARK}epochs: 2", "indent"),
    swapped("C2 no space after the colon", SEED, f"{MARK}seed:7", "needs a space after the colon"),
    swapped("C2 full-width colon", SEED, f"seed{MARK}：7", 'full-width colon "：" after seed'),
    swapped("C2 brace closed by a bracket", SPLIT, f"{MARK}{{name: random, test: 0.2]", "not closed"),
    swapped("C3 setting", RATE, f"{MARK}learing_rate: 0.01", "`learing_rate`", "did you mean `learning_rate`?"),
    swapped("C3 top", "engine:", f"{MARK}enigne:", "`enigne`", "did you mean `engine`?"),
    swapped("C3 section", "  epochs", f"  {MARK}epoch", "`epoch`", "did you mean `epochs`?"),
    swapped("C3 splitter", "validation:", f"{MARK}validaton:", "`validaton`", "did you mean `validation`?"),
    swapped("C3 nothing near", "  epochs: 2", f"  epochs: 2\n  {MARK}zebra: 1", "`zebra` is no key of training"),
    swapped("C3 component", "model: linear", f"model: {MARK}linaer", "`linaer`", "did you mean `linear`?"),
    swapped("C3 of another section", SEED, f"seed: 7\n{MARK}epochs: 2", "`epochs` is no key"),
    swapped("C4 top", "engine: numpy", f"engine: numpy\n{MARK}seed: 8", "`seed` stands twice", "line 3", "line 13"),
    swapped("C4 section", "  epochs: 2", f"  epochs: 2\n  {MARK}epochs: 3", "`epochs` stands twice", "15", "16"),
    swapped("C4 one line", RATE, f"learning_rate: 0.1, {MARK}learning_rate: 0.2", "`learning_rate` stands twice"),
    swapped("C4 quoted", "engine: numpy", f'engine: numpy\n{MARK}"seed": 8', "`seed` stands twice"),
    swapped("C6 boolean", "  epochs: 2", f"  epochs: 2\n  deterministic: {MARK}yes", "`yes`", "true or false"),
    swapped("C6 number", SEED, f"seed: {MARK}on", "`on`", "whole number"),
    swapped("C7 octal", SEED, f"seed: {MARK}010", "010"),
    swapped("C7 octal of YAML 1.2", SEED, f"seed: {MARK}0o10", "0o10"),
    swapped("C7 hexadecimal", SEED, f"seed: {MARK}0x1F", "0x1F"),
    swapped("C7 sexagesimal", SEED, f"seed: {MARK}12:30:45", "12:30:45"),
    swapped("C7 underscore", SEED, f"seed: {MARK}1_000", "1_000"),
    swapped("C7 thousands", SEED, f"seed: {MARK}1,000", "1,000"),
    swapped("C7 date", SEED, f"seed: {MARK}2024-01-01", "2024-01-01"),
    swapped("C7 quoted number", EPOCHS, f'epochs: {MARK}"2"', "epochs"),
    swapped("C7 fraction", EPOCHS, f"epochs: {MARK}2.5", "2.5", "whole number"),
    swapped("C7 boolean for a number", EPOCHS, f"epochs: {MARK}true", "true", "whole number"),
    swapped("C7 full-width digits", SEED, f"seed: {MARK}７", "７"),
    swapped("C8 nan rate", RATE, f"learning_rate: {MARK}.nan", ".nan", "not a number"),
    swapped("C8 nan word", RATE, f"learning_rate: {MARK}nan", "nan"),
    swapped("C8 infinite rate", RATE, f"learning_rate: {MARK}.inf", ".inf", "infinite"),
    swapped("C8 infinite share", "test: 0.2", f"test: {MARK}-.inf", "-.inf", "infinite"),
    swapped("C8 minus zero", "test: 0.2", f"test: {MARK}-0.0", "-0.0"),
    swapped("C8 minus zero rate", RATE, f"learning_rate: {MARK}-0", "-0"),
    swapped("C8 nan share", "validation: 0.1", f"validation: {MARK}.NaN", ".NaN"),
    swapped("C8 overflow", RATE, f"learning_rate: {MARK}1e999", "1e999", "too large"),
    swapped("C8 underflow", RATE, f"learning_rate: {MARK}1e-999", "1e-999", "too small"),
    swapped("C8 quoted nan", RATE, f'learning_rate: {MARK}"nan"', "learning_rate"),
    swapped("C9 negative epochs", EPOCHS, f"epochs: {MARK}-1", "training.epochs is -1", "from 1"),
    swapped("C9 no epochs", EPOCHS, f"epochs: {MARK}0", "training.epochs is 0"),
    swapped("C9 batch of nothing", EPOCHS, f"epochs: 2\n  batch_size: {MARK}0", "training.batch_size is 0"),
    swapped("C9 negative rate", RATE, f"learning_rate: {MARK}-0.01", "learning_rate", "-0.01"),
    swapped("C9 negative seed", SEED, f"seed: {MARK}-1", "seed is -1"),
    swapped("C9 shares of one", SPLIT, f"{{name: random, validation: 0.1, test: {MARK}0.9}}", "1", "nothing is left"),
    swapped("C9 shares above one", SPLIT, f"{{name: random, validation: 0.5, test: {MARK}0.95}}", "1.45"),
    swapped("C9 negative share", SPLIT, f"{{name: random, test: {MARK}-0.2}}", "-0.2"),
    swapped("C9 share above one", SPLIT, f"{{name: random, test: {MARK}1.5}}", "1.5"),
    swapped("C9 no test", SPLIT, f"{{name: random, test: {MARK}0}}", "test"),
    swapped("C9 one fold", SPLIT, f"{{name: k-fold, folds: {MARK}1}}", "folds is 1"),
    swapped("C9 negative folds", SPLIT, f"{{name: k-fold, folds: {MARK}-5}}", "folds is -5"),
    swapped("C9 no seeds", SEED, f"study: {{seeds: {MARK}0}}", "study.seeds is 0"),
    swapped("C9 no rows", "rows: 60", f"rows: {MARK}0", "rows is 0"),
    swapped("C10 seed of 64 bits", SEED, f"seed: {MARK}9223372036854775808", "64 bits"),
    swapped("C10 seed of 30 digits", SEED, f"seed: {MARK}1{'0' * 30}", "64 bits"),
    swapped("C10 seed of 5000 digits", SEED, f"seed: {MARK}{'9' * 5000}", "64 bits"),
    swapped("C10 epochs of 20 digits", EPOCHS, f"epochs: {MARK}{'9' * 20}", "64 bits"),
    swapped("C10 rows beyond the bound", "rows: 60", f"rows: {MARK}10000000000", "rows is 10000000000"),
    swapped("C12 python object", NAME, f"name: {MARK}!!python/object/apply:os.system ['touch canary']", "!!python/"),
    swapped("C12 python name", "model: linear", f"model: {MARK}!!python/name:os.system", "!!python/name"),
    swapped("C12 python module", "model: linear", f"model: {MARK}!!python/module:os", "!!python/module"),
    swapped("C12 python tuple", "[rmse]", f"{MARK}!!python/tuple [rmse]", "!!python/tuple"),
    swapped("C12 binary", NAME, f"name: {MARK}!!binary cHJvYmU=", "!!binary"),
    swapped("C12 set", "[rmse]", f"{MARK}!!set {{rmse}}", "!!set"),
    swapped("C12 plain tag", SEED, f"seed: {MARK}!!int 7", "!!int"),
    swapped("C12 local tag", NAME, f"name: {MARK}!include /etc/passwd", "!include"),
    swapped("C12 environment", NAME, f"name: {MARK}!env HOME", "!env"),
    swapped("C12 verbatim tag", NAME, f"name: {MARK}!<tag:yaml.org,2002:python/object:os.system> x", "python/object"),
    whole("C12 tag handle", f"%TAG ! tag:yaml.org,2002:python/\n---\nname: {MARK}!name:os.system x\n", "tag"),
    swapped("C12 tagged key", SEED, f"{MARK}!!str seed: 7", "!!str"),
    swapped("C13 list in itself", "[rmse]", f"&a [{MARK}*a]", "`*a`", "inside the very value"),
    swapped("C13 mapping in itself", "data:\n", f"data: &d\n  again: {MARK}*d\n", "`*d`", "inside the very value"),
    swapped("C13 no such anchor", SEED, f"seed: {MARK}*nowhere", "`*nowhere`"),
    swapped("C13 merge key", "data:\n", f"data:\n  {MARK}<<: {{target: y}}\n", "`<<`"),
    swapped("C14 two documents", "report: []\n", f"report: []\n{MARK}---\nname: other\n", "second document"),
    swapped("C14 an empty second document", "report: []\n", f"report: []\n{MARK}---\n", "second document"),
    swapped("C14 after the end mark", "report: []\n", f"report: []\n...\n{MARK}---\nname: other\n", "second document"),
    swapped("C16 climbs", NAME, f"name: {MARK}../evil", "../evil"),
    swapped("C16 slash", NAME, f"name: {MARK}a/b", "a/b"),
    swapped("C16 absolute", NAME, f"name: {MARK}/tmp/evil", "/tmp/evil"),
    swapped("C16 backslash", NAME, f"name: {MARK}a\\b", "a\\b"),
    swapped("C16 dots", NAME, f"name: {MARK}..", ".."),
    swapped("C16 dot", NAME, f"name: {MARK}.", "name"),
    swapped("C16 hidden", NAME, f"name: {MARK}.probe", ".probe"),
    swapped("C16 device", NAME, f"name: {MARK}CON", "CON"),
    swapped("C16 device with an ending", NAME, f"name: {MARK}nul.txt", "nul.txt"),
    swapped("C16 port", NAME, f"name: {MARK}lpt1", "lpt1"),
    swapped("C16 dot at the end", NAME, f"name: {MARK}probe.", "probe."),
    swapped("C16 300 letters", NAME, f"name: {MARK}{'a' * 300}", "name is `aaaa"),
    swapped("C16 81 letters", NAME, f"name: {MARK}{'a' * 81}", "name is `aaaa"),
    swapped("C16 line end", NAME, f'name: {MARK}"pro\\nbe"', "name"),
    swapped("C16 NUL", NAME, f'name: {MARK}"pro\\0be"', "name"),
    swapped("C16 escape", NAME, f'name: {MARK}"pro\\e[31mbe"', "name"),
    swapped("C16 right to left", NAME, f'name: {MARK}"pro\\u202ebe"', "name"),
    swapped("C16 right to left mark", NAME, f"name: {MARK}pro\u200fbe", "name"),
    swapped("C16 space", NAME, f"name: {MARK}pro be", "pro be"),
    swapped("C16 option", NAME, f"name: {MARK}-rf", "-rf"),
    swapped("C16 home", NAME, f"name: {MARK}~", "name"),
    swapped("C16 stream", NAME, f'name: {MARK}"probe:x"', "probe:x"),
    swapped("C16 empty", NAME, f'name: {MARK}""', "name"),
    swapped("C16 missing", NAME, f"name:{MARK}", "name is empty"),
    swapped("C17 composed", NAME, f"name: {MARK}caf\u00e9", "name"),
    swapped("C17 decomposed", NAME, f"name: {MARK}cafe\u0301", "name"),
    swapped("C17 Cyrillic o", NAME, f"name: {MARK}pr\u043ebe", "name"),
    swapped("C17 full-width", NAME, f"name: {MARK}ｐｒｏｂｅ", "name"),
    swapped("C17 zero width", NAME, f"name: {MARK}pro\u200bbe", "name"),
    swapped("C21 next format", "format: 1", f"format: {MARK}2", "format 2 needs a newer sci"),
    swapped("C21 far format", "format: 1", f"format: {MARK}999\nnew_key: 1", "format 999 needs a newer sci"),
    swapped("C21 format of text", "format: 1", f'format: {MARK}"1"', "format"),
    swapped("C21 format of truth", "format: 1", f"format: {MARK}true", "format"),
    swapped("C21 fraction", "format: 1", f"format: {MARK}1.5", "format"),
    swapped("C21 zero", "format: 1", f"format: {MARK}0", "format is 0"),
]


def prepared(case: Case) -> tuple[str, str]:
    """The text of the case without its mark, and the place of the mark."""
    assert case.old in BASE
    marked = BASE.replace(case.old, case.new, 1) if case.old else case.new
    before = marked[: marked.index(MARK)].split("\n")
    return marked.replace(MARK, "", 1), f"{FILE}:{len(before)}:{len(before[-1]) + 1}"


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_file_with_a_mistake_is_refused_at_its_place(refused, work, case):
    text, place = prepared(case)
    (work / FILE).write_text(text, encoding="utf-8")

    refused("check", FILE, exit=2, place=place, words=case.words)


def test_the_base_file_has_no_mistake(sci, work):
    (work / FILE).write_text(BASE)

    assert sci("check", FILE).code == 0


ENCODINGS = {
    "UTF-16": (BASE.encode("utf-16"), ":1:1", "UTF-16"),
    "UTF-16 big-endian": (b"\xfe\xff" + BASE.encode("utf-16-be"), ":1:1", "UTF-16"),
    "UTF-16 without a mark": (BASE.encode("utf-16-le"), ":1:1", "UTF-16"),
    "UTF-16 big-endian without a mark": (BASE.encode("utf-16-be"), ":1:1", "UTF-16"),
    "UTF-32": (BASE.encode("utf-32"), ":1:1", "UTF-32"),
    "Latin-1": (BASE.replace("probe", "caf\xe9").encode("latin-1"), ":2:10", "0xe9 (in Latin-1 it is `é`)"),
    "mixed": (f"# \xb5\n{BASE}".encode() + b"# \xb5\n", ":19:3", "0xb5"),
    "cut in a letter": (f"{BASE}# \xb5".encode()[:-1], ":18:3", "0xc2"),
    "overlong": (BASE.replace("probe", "pr?be").encode().replace(b"?", b"\xc0\xaf"), ":2:9", "0xc0"),
    "surrogate": (BASE.encode().replace(b"probe", b"pr\xed\xa0\x80be"), ":2:9", "0xed"),
    "NUL": (BASE.replace("probe", "pro\0be").encode(), ":2:10", "NUL"),
    "escape": (BASE.replace("probe", "pro\x1b[31mbe").encode(), ":2:10", "U+001B"),
    "backspace": (BASE.replace("probe", "pro\bbe").encode(), ":2:10", "U+0008"),
    "line separator": (BASE.replace("probe", "pro\u2028be").encode(), ":2:10", "U+2028"),
    "mark inside": (BASE.replace("probe", "pro\ufeffbe").encode(), ":2:10", "U+FEFF"),
}


@pytest.mark.parametrize(("data", "place", "word"), ENCODINGS.values(), ids=[f"C15 {name}" for name in ENCODINGS])
def test_only_utf_8_is_read(refused, work, data, place, word):
    (work / FILE).write_bytes(data)

    refused("check", FILE, exit=2, place=f"{FILE}{place}", words=[word])


READABLE = {
    "C15 byte order mark": b"\xef\xbb\xbf" + BASE.encode(),
    "C15 letters of all scripts": BASE.encode() + 'question: "Größe? 尺寸？ \u202e \U0001f9ea"\n'.encode(),
    "C2 CR LF": BASE.replace("\n", "\r\n").encode(),
    "C2 only CR": BASE.replace("\n", "\r").encode(),
    "C2 no last line end": BASE.rstrip().encode(),
    "C2 JSON": b'{"format": 1, "name": "probe", "task": "regression", "engine": "numpy", "model": "least-squares",'
    b'"data": {"source": {"name": "generated", "rows": 60}, "target": "y", "split": "random"}}',
    "C14 one document with marks": f"---\n{BASE}...\n".encode(),
    "C13 anchors that end": BASE.replace("seed: 7", "seed: &s 7\nstudy: {seeds: *s}").encode(),
    "C10 a thousand million epochs": BASE.replace("epochs: 2", "epochs: 1000000000").encode(),
    "C10 a batch beyond the rows": BASE.replace("epochs: 2", "epochs: 2\n  batch_size: 9223372036854775807").encode(),
    "C10 largest seed": BASE.replace("seed: 7", "seed: 9223372036854775807").encode(),
    "C16 80 letters": BASE.replace("name: probe", f"name: {'a' * 80}").encode(),
}


@pytest.mark.parametrize("data", READABLE.values(), ids=READABLE)
def test_what_is_unusual_but_right_is_read(sci, work, data):
    (work / FILE).write_bytes(data)

    assert sci("check", FILE).code == 0


def test_numbers_and_words_are_what_they_look_like(sci, work):
    """C5, C6, C7: `1e-3` is a number in every spelling; `no`, `on`, `y`, `010` and `12:30:45` stay words."""
    text = BASE.replace("0.01", "1e-3").replace(NAME, "name: 010\nquestion: no\nintended_use: {en: on, zh: 12:30:45}")
    text = text.replace(
        "evaluation:", "  early_stopping: {monitor: loss, minimum_change: 5E-4}\n  gradient_clip: 1e+3\nevaluation:"
    )
    (work / FILE).write_text(text)

    result = sci("run", FILE, "--set", "training.checkpoint.every_minutes=.5", "--quiet")

    resolved = (pathlib.Path(result.out.strip()) / "config.resolved.yaml").read_text().splitlines()
    assert result.code == 0
    for line in ("learning_rate: 0.001", "minimum_change: 0.0005", "gradient_clip: 1000.0", "every_minutes: 0.5"):
        assert line in [found.strip() for found in resolved]
    for line in ("name: '010'", "question: 'no'", "en: 'on'", "zh: '12:30:45'"):
        assert line.replace("'", "") in [found.strip().replace("'", "").replace('"', "") for found in resolved]
    assert sci("check", f"{result.out.strip()}/config.resolved.yaml").code == 0


@pytest.mark.parametrize("word", ["no", "on", "y", "Yes", "null", "~"])
def test_a_class_may_be_called_like_a_word_of_yaml(sci, work, word):
    """C6: the class `no` is not false, neither in the data nor as `positive`."""
    (work / "rows.csv").write_text("x,label\n" + "".join(f"{i},{word if i % 3 else 'other'}\n" for i in range(30)))
    quoted = f'"{word}"' if word in ("null", "~") else word
    text = BASE.replace("task: regression", f"task: {{name: classification, positive: {quoted}}}")
    text = text.replace("{name: generated, recipe: linear, rows: 60}", "{name: csv, path: rows.csv}")
    text = text.replace("target: y", "target: label").replace("model: linear", "model: logistic")
    (work / FILE).write_text(text.replace("[rmse]", "[accuracy, f1]"))

    result = sci("run", FILE, "--json")

    assert result.code == 0
    assert result.document["metrics"]["test"]["f1"]["positive"] == word


BOMBS = {
    "alias bomb of lists": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(12)),
    "alias bomb of mappings": "a: &a {k: v, l: v}\n"
    + "".join(f"a{i}: &a{i} {{k: *a{i - 1 if i else ''}, l: *a{i - 1 if i else ''}}}\n" for i in range(60)),
    "a long text repeated": f"a: &a {'x' * 500_000}\nb: [{', '.join(['*a'] * 19_000)}]\n",
    "lists in lists": "a: " + "[" * 100_000,
    "mappings in mappings": "a: " + "{a: " * 100_000,
    "dashes": "- " * 100_000,
    "question marks": "? " * 100_000,
    "nested blocks": "".join(f"{' ' * depth}a:\n" for depth in range(1_000)),
    "many keys": "".join(f"k{i}: 1\n" for i in range(90_000)),
    "many items": f"a: [{'1,' * 400_000}]\n",
    "many anchors": "".join(f"k{i}: &a{i} 1\n" for i in range(50_000)),
    "a long key repeated": f"a: &a {{{'x' * 1000}: 1}}\nb: [{', '.join(['*a'] * 9_000)}]\n",
    "many keys twice": BASE + "".join(f"k{i % 2}: 1\n" for i in range(9_000)),
    "many mistakes": BASE + "".join(f"k{i}: .nan\n" for i in range(9_000)),
    "one long line": f"name: {'a' * 1_000_000}\n",
    "one long key": f"{'a' * 1_000_000}: 1\n",
    "one mebibyte of comments": "# comment\n" * 104_000,
    "100 MB": None,
}


ORDINARY: list[Any] = []
"""What an ordinary check needs, measured once."""


@pytest.mark.parametrize("text", BOMBS.values(), ids=[f"C11 {name}" for name in BOMBS])
def test_a_bomb_is_refused_in_little_memory(measured, work, text):
    (work / "ordinary.yaml").write_text(BASE)
    ordinary = ORDINARY[0] if ORDINARY else measured("check", "ordinary.yaml")
    ORDINARY[:] = [ordinary]
    with (work / FILE).open("w") as file:
        for _ in range(100 if text is None else 1):
            file.write(BASE * (10**6 // len(BASE)) if text is None else text)

    result = measured("check", FILE)

    assert result.code == 2
    assert result.headline.startswith(f"{FILE}:")
    assert result.out == ""
    assert len(result.err) < 100_000
    assert result.peak < ordinary.peak + 200e6


def test_a_name_that_cannot_be_a_folder_is_refused_as_an_override_too(refused, work):
    """C16: what stands behind `--set` is checked like the file."""
    (work / FILE).write_text(BASE)

    refused("run", FILE, "--set", "name=../evil", exit=2, place="--set name", words=["../evil"])


def test_a_title_is_free_text_and_can_do_nothing_to_a_terminal(sci, work):
    """C16: the name is narrow, the question is whatever people ask; a terminal does not obey it."""
    (work / FILE).write_text(
        BASE + 'question: "\\e[2J\\u202e<b>why?</b>\\0"\nreport: [html, markdown]\n'.replace("report", "#")
    )

    result = sci("run", FILE)

    assert result.code == 0
    assert "\x1b" not in result.out + result.err


PLACES = {
    "folder": (lambda path: path.mkdir(), 2, "is a folder"),
    "pipe": (lambda path: __import__("os").mkfifo(path), 2, "is a pipe, socket or device"),
    "dangling link": (lambda path: path.symlink_to("nowhere.yaml"), 2, "a link to `nowhere.yaml`"),
    "link to itself": (lambda path: path.symlink_to(path.name), 2, "leads back to itself"),
    "zeros without end": (lambda path: path.symlink_to("/dev/zero"), 2, "is a pipe, socket or device"),
    "nothing": (lambda path: path.symlink_to("/dev/null"), 2, "is a pipe, socket or device"),
    "missing": (lambda path: None, 2, "there is no file"),
}


@pytest.mark.parametrize("verb", ["check", "run"])
@pytest.mark.parametrize(("made", "exit", "word"), PLACES.values(), ids=[f"C19 {name}" for name in PLACES])
def test_what_is_no_plain_file_is_refused_at_once(process, work, made, exit, word, verb):
    made(work / FILE)

    result = process(verb, FILE)

    assert (result.code, result.out) == (exit, "")
    assert result.headline.startswith(f"{FILE}: error: ")
    assert word in result.headline
    assert not (work / "runs").exists()
