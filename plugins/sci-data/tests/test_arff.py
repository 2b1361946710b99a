from __future__ import annotations

import pytest

from sci.api import DataError
from sci_data.arff import Arff
from sci_data.config import ArffConfig

PLAIN = """% a comment
@RELATION 'two words'

@attribute 'the age' numeric
@Attribute colour {red, 'light blue', "it's"}
@ATTRIBUTE\tnote\tstring
@attribute count INTEGER
@data
% another
1.5, red, 'a, ''b', 3
?,'light blue',?,?

-2e3,"it's","say \\"hi\\"",4.0
"""


def read(context, text, **settings):
    (context.directory / "a.arff").write_bytes(text.encode() if isinstance(text, str) else text)
    return Arff(ArffConfig(path="a.arff", **settings)).read(context)


def header(*attributes):
    return "@relation r\n" + "".join(f"@attribute {attribute}\n" for attribute in attributes) + "@data\n"


def test_attributes_become_columns(context):
    text = PLAIN.replace("'a, ''b'", "'a, \\'b'")

    table = read(context, text).table()

    assert table.to_pydict() == {
        "the age": [1.5, None, -2000.0],
        "colour": ["red", "light blue", "it's"],
        "note": ["a, 'b", None, 'say "hi"'],
        "count": [3, None, 4],
    }
    assert table.column("colour").combine_chunks().dictionary.to_pylist() == ["red", "light blue", "it's"]


def test_nominal_attributes_are_categories(context):
    rows = read(context, header("c {a, b}", "x real") + "a,1\nb,2\n")

    assert rows.schema.columns["c"].kind == "category"
    assert rows.schema.columns["x"].kind == "number"


def test_line_ends_do_not_matter(context):
    text = header("c {a, b}", "x real") + "a,1\nb,2"

    assert read(context, text.replace("\n", "\r\n")).fingerprint() == read(context, text).fingerprint()


def test_a_quoted_question_mark_is_text(context):
    assert read(context, header("t string") + "'?'\n?\n").table().to_pydict() == {"t": ["?", None]}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", None, "is empty"),
        ("@relation r\n@attribute a real\n", 2, "has no line `@data`"),
        ("@relation r\n@data\n1\n", 2, "no attribute is declared"),
        (header("a real"), None, "has no rows"),
        ("a,b\n1,2\n", 1, "begins with `a,b`"),
        ("@relation r\n@attribute a\n@data\n", 2, "without a type"),
        ("@relation r\n@attribute a date yyyy\n@data\n", 2, "declares `a` as `date`"),
        ("@relation r\n@attribute a relational\n@data\n", 2, "declares `a` as `relational`"),
        ("@relation r\n@attribute a {x, y\n@data\n", 2, "brace for `a` that is not closed"),
        ("@relation r\n@attribute a {x, y, x}\n@data\n", 2, "declares the value `x` of `a` more than once"),
        (header("a real", "a real") + "1,2\n", 4, "2 columns are called `a`"),
        (header("a real", "b real") + "1,2\n3\n", 6, "line 6 .* has 1 values; the header declares 2"),
        (header("a real", "b real") + "1,2,3\n", 5, "has 3 values"),
        (header("a real") + "1\nx\n", 5, "has `x` for `a`, which is no number"),
        (header("a real") + "1_0\n", 4, "which is no number"),
        (header("a real") + "nan\n", 4, "which is no number"),
        (header("a real") + "1e999\n", 4, "which is no number"),
        (header("a real", "b real") + "1,\n", 5, "has `` for `b`"),
        (header("a integer") + "1.5\n", 4, "which is no whole number"),
        (header("a integer") + "9223372036854775808\n", 4, "which is no whole number"),
        (header("c {a, b}") + "a\nB\n", 5, "has `B` for `c`, which declares `a`, `b`"),
        (header("c {a, b}", "x real") + "{0 a, 1 2}\n", 5, "sparse row"),
        (header("a real") + "1,{5}\n", 4, "ends with a weight"),
        (header("t string") + "'abc\n", 4, "a quote that is not closed"),
        (header("t string") + "'abc' d\n", 4, "something beside a quoted value"),
        ((header("t string") + "µ\n").encode("latin-1"), 4, "is not UTF-8"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(context, text, line, message):
    with pytest.raises(DataError, match=message) as caught:
        read(context, text)
    assert caught.value.exit_code == 3
    assert caught.value.where.line == line


def test_a_declared_encoding_is_used(context):
    assert read(context, (header("t string") + "µ\n").encode("latin-1"), encoding="latin-1").table().to_pydict() == {
        "t": ["µ"]
    }
