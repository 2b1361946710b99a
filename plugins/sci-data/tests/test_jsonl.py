from __future__ import annotations

import gzip

import pytest

from sci.api import DataError
from sci_data.config import JsonlConfig
from sci_data.jsonl import Jsonl


def read(context, text, name="a.jsonl", **settings):
    content = text if isinstance(text, bytes) else text.encode()
    (context.directory / name).write_bytes(content)
    return Jsonl(JsonlConfig(path=name, **settings)).read(context).table()


def test_keys_become_columns_and_what_a_line_lacks_is_missing(context):
    table = read(context, '{"a": 1, "b": "x"}\n{"b": null, "c": true}\n{"a": 3, "d": [1, 2.5]}\n{}\n')

    assert table.to_pydict() == {
        "a": [1, None, 3, None],
        "b": ["x", None, None, None],
        "c": [None, True, None, None],
        "d": [None, None, [1.0, 2.5], None],
    }
    assert [str(field.type) for field in table.schema] == ["int64", "large_string", "bool", "large_list<item: double>"]


def test_lists_of_texts_are_read_and_an_empty_list_goes_with_any_other(context):
    table = read(context, '{"a": [], "b": []}\n{"a": ["x", "y z"], "b": [1]}\n{"a": null, "b": []}\n{"a": []}\n')

    assert table.to_pydict() == {"a": [[], ["x", "y z"], None, []], "b": [[], [1.0], [], None]}
    assert str(table.schema.field("a").type) == "large_list<item: large_string>"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n\n"])
def test_line_ends_do_not_matter(context, end):
    assert read(context, end.join(['{"a": 1}', '{"a": 2}']).replace("\n\n\n", "\n") + end).to_pydict() == {"a": [1, 2]}


def test_whole_numbers_and_others_become_numbers(context):
    assert read(context, '{"a": 1}\n{"a": 2.5}\n{"a": -1e3}\n').to_pydict() == {"a": [1.0, 2.5, -1000.0]}


def test_ids_of_twenty_digits_stay_text(context):
    table = read(context, '{"id": 12345678901234567890}\n{"id": 12345678901234567891}\n{"id": null}\n')

    assert table.to_pydict() == {"id": ["12345678901234567890", "12345678901234567891", None]}
    assert [id for id, _ in context.warnings] == ["data.kept-as-text"]


def test_a_gzip_file_and_a_mark_are_read(context):
    assert read(context, gzip.compress(b'\xef\xbb\xbf{"a": 1}\n'), name="a.jsonl.gz").to_pydict() == {"a": [1]}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", None, "is empty"),
        ("{}\n{}\n", None, "has no columns"),
        ('{"a": 1}\n{"a": {"b": 2}}\n', 2, "line 2 .* holds an object in `a`"),
        ('{"a": [1, "x"]}\n', 1, "holds a list in `a` with something else than numbers"),
        ('{"a": [1, [2]]}\n', 1, "holds a list in `a`"),
        ('{"a": [1e999]}\n', 1, "holds a list in `a`"),
        ('{"a": ["x"]}\n{"a": [1]}\n', 2, "holds a list in `a`, where line 1 holds a list of texts"),
        ('{"a": []}\n{"a": 1}\n', 2, "holds a number in `a`, where line 1 holds an empty list"),
        ('{"a": ["\\ud800"]}\n', 1, "half of a surrogate pair in `a`"),
        ('{"a": 1}\n{"b": 1, "b": 2}\n', 2, "names `b` twice"),
        ('{"a": 1}\n{"a": "1"}\n', 2, "holds text in `a`, where line 1 holds a number"),
        ('{"a": true}\n{"a": 1}\n', 2, "holds a number in `a`, where line 1 holds true or false"),
        ('{"a": 1}\n{"a": 2\n', 2, "line 2 .* is not JSON"),
        ('{"a": 1} x\n', 1, "is not JSON: extra data"),
        ("{'a': 1}\n", 1, "is not JSON"),
        ('{"a": NaN}\n', 1, "holds `NaN`, which is not JSON"),
        ('{"a": -Infinity}\n', 1, "holds `-Infinity`"),
        ('{"a": 1e999}\n', 1, "larger than 1.8e308"),
        ('{"a": ' + "1" * 5000 + "}\n", 1, "a number that is too long"),
        ('{"a": "\\ud800"}\n', 1, "half of a surrogate pair"),
        ("[1, 2]\n", 1, "is a list, not an object"),
        ("null\n", 1, "is null, not an object"),
        ('{"a": 1}\n\n{"a": 2}\n', 2, "is blank"),
        ('  \n{"a": 1}\n', 1, "is blank"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}\n", 1, "nested too deeply"),
        ('{" a": 1}\n', None, "begins or ends with a blank"),
        ('{"": 1}\n', None, "column 1 has no name"),
        ('[\n{"a": 1}\n]\n', 1, "is not JSON"),
        ('{"a": "µ"}\n'.encode("latin-1"), 1, "is not UTF-8"),
        (b'{"a": "\x00"}\n', 1, "NUL"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(context, text, line, message):
    with pytest.raises(DataError, match=message) as caught:
        read(context, text)
    assert caught.value.exit_code == 3
    assert caught.value.where.line == line


def test_a_line_of_more_than_16_mebibytes_is_refused(context):
    with pytest.raises(DataError, match=r"line 2 .* is longer than 16 MiB"):
        read(context, b'{"a": 1}\n{"a": "' + b"x" * (24 * 2**20) + b'"}\n')
