from __future__ import annotations

import resource

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sci.api.errors import ConfigError, Place
from sci.experiment import nodes
from sci.experiment.reading import parsed, parsed_value, read

LOADERS = ["CSafeLoader", "SafeLoader"]


def refused(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parsed(text, "spam.yaml")
    return caught.value


def attempt(text: str) -> ConfigError | None:
    """What is raised about a text, if anything."""
    try:
        parsed(text, "f")
    except ConfigError as error:
        return error
    return None


def test_every_key_and_value_has_its_place():
    document = parsed("# a comment\nmodel: {name: bert,\n        größe: 'x y'}\nlist:\n  - 1\n  - a: b\n", "spam.yaml")

    assert document.value == {"model": {"name": "bert", "größe": "x y"}, "list": [1, {"a": "b"}]}
    assert document.place(("model", "name")) == Place("spam.yaml", 2, 15, 4)
    assert document.place(("model", "name"), key=True) == Place("spam.yaml", 2, 9, 4)
    assert document.place(("model", "größe")) == Place("spam.yaml", 3, 16, 5)
    assert document.place(("list", 1, "a")) == Place("spam.yaml", 6, 8, 1)
    assert document.place(("list", 1, "a"), key=True) == Place("spam.yaml", 6, 5, 1)


def test_the_place_of_what_is_absent_is_that_of_what_would_hold_it():
    document = parsed("model:\n  name: bert\n", "spam.yaml")

    assert document.place(("model", "layers")) == document.place(("model",))
    assert document.place(("model", "layers"), key=True) == Place("spam.yaml", 1, 1, 5)
    assert document.place(("engine",)) == document.place(())


def test_the_text_of_a_value_can_be_quoted_as_it_was_written():
    document = parsed("a: 5e-4\nb: 'no'\nc: [1]\n", "spam.yaml")

    assert [document.written((key,)) for key in "abc"] == ["5e-4", "'no'", ""]
    assert document.line(2) == "b: 'no'"


def test_a_file_from_windows_or_an_old_mac_has_the_same_places():
    text = "a: 1\nb: {c: x}\n"

    places = [parsed(text.replace("\n", end), "f").place(("b", "c")) for end in ("\n", "\r\n", "\r")]

    assert places == [Place("f", 2, 8, 1)] * 3


def test_keys_are_words_whatever_they_look_like():
    assert parsed("1: a\ntrue: b\nno: c\n2024-05-31: d\n", "f").value == {
        "1": "a",
        "true": "b",
        "no": "c",
        "2024-05-31": "d",
    }


@pytest.mark.parametrize("text", ["", "\n\n", "# only\n# comments\n", "---\n", "--- \n...\n"])
def test_a_file_that_says_nothing_is_an_empty_experiment(text):
    error = refused(text)

    assert "empty experiment" in error.message
    assert error.exit_code == 2


@pytest.mark.parametrize(("text", "words"), [("- a\n- b\n", "a list"), ("spam\n", "one text"), ("5\n", "one text")])
def test_a_file_that_is_no_mapping_is_refused(text, words):
    assert words in refused(text).message


def test_a_key_that_stands_twice_names_both_lines():
    document = parsed("seed: 1\nname: x\nseed: 2\ndata: {a: 1, a: 2}\n", "spam.yaml")

    first, second = document.mistakes
    assert first.message == "`seed` stands twice: in line 1 and in line 3"
    assert (first.where.line, first.where.column) == (3, 1)
    assert second.message == "`a` stands twice in line 4"
    assert document.value["seed"] == 1


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system [x]", "!!python/name:os.system", "!!python/object/new:os.system [x]",
        "!!python/module:os", "!!binary aGk=", "!!int 3", "!!str 3", "!!set {a}", "!!timestamp 2001-01-01", "!custom x",
        "!<tag:yaml.org,2002:python/object:os> {}", "! 3",
    ],
)  # fmt: skip
def test_no_tag_means_anything(monkeypatch, loader, tag):
    monkeypatch.setattr(nodes, "LOADER", getattr(yaml, loader))

    assert "tags are not read" in refused(f"a: {tag}\n").message


def test_a_tag_on_a_key_or_a_mapping_means_nothing_either():
    assert "tags are not read" in refused("!!str a: 1\n").message
    assert "tags are not read" in refused("a: !!python/object:os.x {b: 1}\n").message


def test_two_documents_are_refused_at_the_second():
    error = refused("a: 1\n---\nb: 2\n")

    assert "second document" in error.message
    assert error.where.line == 2


def test_one_document_may_begin_with_dashes():
    assert parsed("---\na: 1\n...\n", "f").value == {"a": 1}


def test_a_value_may_be_repeated_and_keeps_its_place():
    document = parsed("a: &x {b: 1}\nc: *x\n", "f")

    assert document.value == {"a": {"b": 1}, "c": {"b": 1}}
    assert document.place(("c", "b")) == Place("f", 1, 11, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &a [*a]\n", "inside the very value"),
        ("a: &a {b: {c: *a}}\n", "inside the very value"),
        ("a: *nothing\n", "nowhere marked"),
        ("a: &x 1\n*x : 2\n", "a key is one word"),
        ("? [a, b]\n: 1\n", "a key is one word"),
        ("? {a: b}\n: 1\n", "a key is one word"),
    ],
)
def test_recursive_unknown_and_complex_things_are_refused(text, words):
    assert words in refused(text).message


def test_mappings_are_not_merged():
    [mistake] = parsed("a: &x {b: 1}\nc: {<<: *x}\n", "f").mistakes

    assert "`<<`" in mistake.message


def test_numbers_that_cannot_be_are_mistakes_with_a_place():
    document = parsed("a: .nan\nb: {c: 99999999999999999999}\n", "f")

    assert [(one.id, one.where.line, one.where.column) for one in document.mistakes] == [
        ("config.number", 1, 4),
        ("config.number", 2, 8),
    ]


BOMBS = {
    "billion laughs": "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 30)),
    "mapping bomb": "a0: &a0 {k: v}\n" + "".join(f"a{i}: &a{i} {{x: *a{i - 1}, y: *a{i - 1}}}\n" for i in range(1, 40)),
    "deep list": "a: " + "[" * 100_000,
    "deep mapping": "a: " + "{b: " * 100_000,
    "deep block": "".join(" " * i + "a:\n" for i in range(1000)),
    "deep through aliases": "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 200)),
    "many values": "a: [" + "x, " * 300_000 + "]",
    "many keys": "".join(f"k{i}: 1\n" for i in range(80_000)),
    "one long word": "a: " + "x" * 1_000_000,
    "one long comment": "a: 1 #" + "x" * 1_000_000,
    "many quotes": "a: " + '"' * 1_000_000,
    "many dashes": "- " * 500_000,
    "many question marks": "? " * 500_000,
    "many anchors": "".join(f"k{i}: &a{i} 1\n" for i in range(60_000)),
    "many tabs": "\t" * 1_000_000,
    "many lines": "\n" * 1_000_000,
}


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.timeout(120)  # a reader that expands aliases, or is quadratic, needs longer than anybody lives
def test_a_bomb_is_refused_in_bounded_memory(monkeypatch, loader, bomb):
    monkeypatch.setattr(nodes, "LOADER", getattr(yaml, loader))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    error = attempt(BOMBS[bomb])
    assert error is None or len(error.message) < 300

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("ab: -[]{}\n\t\"'&*!|>#%@`,?~.0：é\\")), max_size=40))
def test_no_text_does_anything_but_parse_or_raise_a_config_error(text):
    error = attempt(text)

    assert error is None or (error.where is not None and error.where.line >= 1)


def test_a_value_behind_an_override_is_a_word_unless_it_opens_a_bracket_or_a_quotation():
    texts = [
        "5e-4",
        "no",
        "Is this: spam? # yes",
        "[a, 1]",
        "{name: bert, layers: 2}",
        '"1"',
        "'no'",
        "null",
        "*x",
        "- a",
    ]

    values = [parsed_value(text, "--set a") for text in texts]

    assert values == [
        5e-4,
        "no",
        "Is this: spam? # yes",
        ["a", 1],
        {"name": "bert", "layers": 2},
        "1",
        "no",
        None,
        "*x",
        "- a",
    ]


@pytest.mark.parametrize("text", ["[a", "{a: 1, a: 2}", "[.nan]", "'x", "{a：1}", "[!!int 3]", "1e999"])
def test_a_malformed_override_value_names_the_override(text):
    with pytest.raises(ConfigError) as caught:
        parsed_value(text, "--set a")

    assert caught.value.where == Place("--set a")


def test_a_file_is_read_under_the_name_that_was_typed(write):
    path = write("name: x\n")

    assert str(read(path).place(("name",))) == "spam.yaml:1:7"
