from __future__ import annotations

import gzip

import numpy as np
import pytest

from sci.api import DataError, dataset
from sci_data.config import CsvConfig, TsvConfig
from sci_data.delimited import Delimited

PLAIN = b"name,age,height\nanna,34,1.71\nben,,1.80\n"


def read(context, content, name="a.csv", config=CsvConfig, **settings):
    (context.directory / name).write_bytes(content)
    return Delimited(config(path=name, **settings)).read(context)


def values(rows):
    return rows.table().to_pydict()


def test_columns_get_the_narrowest_exact_type(context):
    table = read(context, PLAIN).table()

    assert [str(field.type) for field in table.schema] == ["large_string", "int64", "double"]
    assert table.to_pydict() == {"name": ["anna", "ben"], "age": [34, None], "height": [1.71, 1.8]}


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.replace(b"\n", b"\r\n"),
        PLAIN.replace(b"\n", b"\r"),
        PLAIN.rstrip(b"\n"),
        PLAIN + b"\n\n",
        b"\xef\xbb\xbf" + PLAIN,
        PLAIN.replace(b"anna", b'"anna"').replace(b"34", b'"34"'),
        b"\xef\xbb\xbf" + PLAIN.replace(b"\n", b"\r\n").rstrip(),
    ],
    ids=["crlf", "cr", "no-final-newline", "empty-lines-at-the-end", "bom", "quoted", "bom-crlf-no-newline"],
)
def test_line_ends_marks_and_quotes_do_not_change_the_table(context, content):
    assert read(context, content).fingerprint() == read(context, PLAIN).fingerprint()


def test_a_lone_cr_is_a_character_where_lines_end_with_lf(context):
    assert values(read(context, b"text,n\nhello\rworld,1\nbye,2\n"))["text"] == ["hello\rworld", "bye"]


def test_a_quoted_cell_holds_delimiters_quotes_and_line_ends(context):
    found = values(read(context, b'text,n\n"a, ""b""\nc",1\n"",2\nd"e,3\n'))

    assert found == {"text": ['a, "b"\nc', None, 'd"e'], "n": [1, 2, 3]}


def test_quoting_none_takes_quotes_as_they_are(context):
    found = values(read(context, b'"a\t1\nb"" c"\t2\n', config=TsvConfig, quoting="none", columns=["text", "n"]))

    assert found == {"text": ['"a', 'b"" c"'], "n": [1, 2]}


def test_whitespace_separates_runs_of_blanks_and_keeps_quoted_ones(context):
    content = b'  18.0   8\t"chevrolet  malibu"  \n15.0 \t 8 "buick"\n'

    found = values(read(context, content, delimiter="whitespace", columns=["mpg", "cylinders", "name"]))

    assert found == {"mpg": [18.0, 15.0], "cylinders": [8, 8], "name": ["chevrolet  malibu", "buick"]}


def test_utf16_latin1_and_gb18030_are_read_when_declared(context):
    text = "name,n\nµ-meter,1\n"
    for encoding in ("utf-16", "latin-1", "gb18030"):
        assert values(read(context, text.encode(encoding), encoding=encoding))["name"] == ["µ-meter"]


def test_a_gzip_file_is_read_by_its_name(context):
    assert read(context, gzip.compress(PLAIN), name="a.csv.gz").fingerprint() == read(context, PLAIN).fingerprint()


def test_characters_survive_the_border_between_two_blocks(context, monkeypatch):
    monkeypatch.setattr("sci_data.files.BLOCK", 3)
    content = "text,n\r\n" + "".join(f'"嗨, ""{i}""\r\nµ",{i}\r\n' for i in range(40))

    found = values(read(context, content.encode()))

    assert found == {"text": [f'嗨, "{i}"\nµ' for i in range(40)], "n": list(range(40))}


@pytest.mark.parametrize("block", [1, 2, 5, 17, 4096])
def test_the_size_of_a_block_does_not_matter(context, monkeypatch, block):
    content = b'a,b\n1,"x\ny"\n2,z"z\n3,"p""q"\n4,\n\n\n'
    expected = {"a": [1, 2, 3, 4], "b": ["x\ny", 'z"z', 'p"q', None]}
    monkeypatch.setattr("sci_data.files.BLOCK", block)

    assert values(read(context, content)) == expected


def test_one_column_keeps_its_empty_lines_as_missing_cells(context):
    assert values(read(context, b"a\n1\n\n3\n\n"))["a"] == [1, None, 3]


def test_hostile_names_of_categories_pass_unchanged(context):
    cells = ["__proto__", "<script>alert(1)</script>", "{{7*7}}", "=cmd|' /C calc'!A0", "\u202eabc", "-"]

    assert values(read(context, ("a,n\n" + "\n".join(f"{cell},1" for cell in cells)).encode()))["a"] == cells


def test_a_hundred_thousand_columns_are_read(context):
    wide = 100_000
    content = b",".join(b"c%d" % number for number in range(wide)) + b"\n" + b"\n".join([b",".join([b"1"] * wide)] * 2)

    rows = read(context, content)

    assert len(rows) == 2
    assert len(rows.schema.columns) == wide


def test_the_rows_do_not_depend_on_how_they_are_chunked(context, monkeypatch):
    content = b"x,y\n" + b"".join(b"%d,%.3f\n" % (number, number / 7) for number in range(500))
    whole = read(context, content)
    monkeypatch.setattr("sci_data.files.BLOCK", 64)

    assert read(context, content).fingerprint() == whole.fingerprint()


def test_pandas_reads_the_same_numbers(context):
    pandas = pytest.importorskip("pandas")
    random = np.random.default_rng(3)
    frame = pandas.DataFrame(
        {"a": random.normal(size=200) * 10.0 ** random.integers(-20, 20, 200), "b": np.arange(200)}
    )
    frame.loc[5, "a"] = np.nan
    frame.to_csv(context.directory / "p.csv", index=False)

    rows = Delimited(CsvConfig(path="p.csv")).read(context)

    assert rows.fingerprint() == dataset({name: frame[name].to_numpy() for name in frame}).fingerprint()


def test_names_that_columns_gives_again_are_no_row(context):
    with pytest.raises(DataError, match="holds the names that `columns` gives"):
        read(context, b"a,b\n1,2\n", columns=["a", "b"])


def test_names_that_are_whole_numbers_are_taken_with_a_warning(context):
    rows = read(context, b"773869,767541\n1,2\n")

    assert list(rows.schema.columns) == ["773869", "767541"]
    assert [id for id, _ in context.warnings] == ["data.header"]
