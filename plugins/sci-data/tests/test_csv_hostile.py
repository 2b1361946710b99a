from __future__ import annotations

import gzip
import os
import pathlib
import pickle
import tracemalloc

import pydantic
import pytest

from sci.api import ConfigError, DataError
from sci.api.errors import Place
from sci_data.config import CsvConfig
from sci_data.delimited import Delimited


def refusal(context, content, name="a.csv", **settings):
    (context.directory / name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        Delimited(CsvConfig(path=name, **settings)).read(context)
    assert caught.value.exit_code == 3
    assert caught.value.where is not None
    assert caught.value.where.file == str(context.directory / name)
    return caught.value


CASES = {
    "zero bytes": (b"", {}, "data.empty", None, "is empty"),
    "only empty lines": (b"\n\n\n", {}, "data.empty", None, "is empty"),
    "header only": (b"a,b\n", {}, "data.empty", None, "no rows"),
    "utf-16 with mark": ("a,b\n1,2\n".encode("utf-16"), {}, "data.encoding", 1, "is UTF-16"),
    "utf-16 without mark": ("a,b\n1,2\n".encode("utf-16-le"), {}, "data.encoding", 1, "is UTF-16"),
    "utf-32": ("a,b\n1,2\n".encode("utf-32"), {}, "data.encoding", 1, "is UTF-32"),
    "latin-1": ("a,b\nx,1\nµ,2\n".encode("latin-1"), {}, "data.encoding", 3, "line 3 .* is not UTF-8: byte 0xb5"),
    "windows quotes": (b"a\nx\n\x93y\x94\n", {}, "data.encoding", 3, "byte 0x93"),
    "utf-8 declared otherwise": (
        b"\xef\xbb\xbfa\n1\n",
        {"encoding": "cp1252"},
        "data.encoding",
        1,
        "is UTF-8, not Windows-1252",
    ),
    "mixed encodings": ("a\nµ\n".encode() + "µ\n".encode("latin-1"), {}, "data.encoding", 3, "line 3"),
    "cut character": ("a\nx\nµ".encode()[:-1], {}, "data.encoding", 3, "line 3"),
    "latin-1 after cr": (b"a,b\r1,2\r\xb5,3\r", {}, "data.encoding", 3, "line 3"),
    "short row": (b"a,b,c\n1,2,3\n4,5\n", {}, "data.ragged", 3, "line 3 .* has 2 cells; the line of names has 3"),
    "long row": (b"a,b\n1,2\n3,4,5\n", {}, "data.ragged", 3, "has 3 cells"),
    "short row after a cell with a line end": (b'a,b\n"1\n2",3\n4\n', {}, "data.ragged", 4, "line 4"),
    "ragged with crlf": (b"a,b\r\n1,2\r\n3\r\n", {}, "data.ragged", 3, "line 3"),
    "empty line between rows": (b"a,b\n1,2\n\n3,4\n", {}, "data.ragged", 3, "is empty"),
    "comma after the last cell": (b"a,b\n1,2,\n3,4,\n", {}, "data.ragged", 2, "has 3 cells"),
    "columns of another number": (b"1,2,3\n", {"columns": ["a", "b"]}, "data.ragged", 1, "`columns` names 2"),
    "unbalanced quote": (b'a,b\n1,"2\n3,4\n5,6\n', {}, "data.quote", 2, "opens in line 2 .* is never closed"),
    "unbalanced quote in the names": (b'a,"b\n1,2\n', {}, "data.quote", 1, "line 1"),
    "text after a quote": (b'a,b\n1,"2" x\n', {}, "data.quote", 2, "` ` follows the closing quote"),
    "wrong delimiter": (b"a;b;c\n1;2;3\n", {}, "data.delimiter", 1, "holds ';' twice"),
    "wrong delimiter behind a quoted name": (
        b'"a";"b"\n"1";"2"\n',
        {},
        "data.delimiter",
        1,
        "has ';' behind its first",
    ),
    "wrong delimiter before a quoted name": (b'a;"b"\n1;"2"\n', {}, "data.delimiter", 1, "holds ';' once"),
    "semicolon behind a later quote": (b'a,b\n1,"2";\n', {}, "data.quote", 2, "`;` follows the closing quote"),
    "wrong delimiter, columns given": (b"1;2\n3;4\n", {"columns": ["a", "b"]}, "data.delimiter", 1, "holds ';' once"),
    "duplicate names": (b"a,b,a\n1,2,3\n", {}, "data.column-name", 1, "2 columns are called `a`"),
    "empty name": (b"a,,c\n1,2,3\n", {}, "data.column-name", 1, "column 2 has no name"),
    "padded name": (b"a, b\n1,2\n", {}, "data.column-name", 1, "begins or ends with a blank"),
    "no line of names": (b"6,148.5,72\n1,85.1,66\n", {}, "data.header", 1, "holds only numbers"),
    "pickle": (pickle.dumps({"a": [1, 2]}), {}, "data.not-text", None, "is a Python pickle"),
    "parquet": (b"PAR1\x15\x04", {}, "data.not-text", None, "is a Parquet file"),
    "workbook": (b"PK\x03\x04\x14\x00", {}, "data.not-text", None, "zip archive"),
    "gzip under another name": (gzip.compress(b"a\n1\n"), {}, "data.not-text", None, "is a gzip file"),
    "NUL byte": (b"a,b\n1,2\n3,\x004\n", {}, "data.not-text", 3, "line 3 .* NUL"),
    "too many bytes": (b"a\n" + b"1\n" * 100, {"max_bytes": 100}, "data.size", None, "more than 100 bytes"),
    "unknown column in lists": (b"words\na b\n", {"lists": ["word"]}, "data.column", 1, "did you mean `words`"),
    "unknown column in strings": (b"price\n1\n", {"strings": ["prise"]}, "data.column", 1, "did you mean `price`"),
}


@pytest.mark.parametrize(("content", "settings", "id", "line", "message"), CASES.values(), ids=CASES)
def test_what_is_no_table_is_refused_with_its_place(context, content, settings, id, line, message):
    error = refusal(context, content, **settings)

    assert error.id == id
    assert error.where == Place(error.where.file, line, error.where.column)
    import re

    assert re.search(message, error.message), error.message


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("a\nµ\n".encode("latin-1"), "encoding: latin-1"),
        (b"a\n\x93x\x94\n", "encoding: cp1252"),
        ("a\nIt\u2019s good\n".encode("cp1252"), "encoding: cp1252"),
        ("a\n差，很糟糕\n".encode("gb18030"), "encoding: gb18030"),
        ("a\n今天天氣很好\n".encode("big5"), "encoding: big5"),
        ("a\nとても良かった\n".encode("shift_jis"), "encoding: shift_jis"),
        ("a\n안녕하세요 반갑습니다\n".encode("euc_kr"), "encoding: euc_kr"),
        ("a\nb\n".encode("utf-16"), "encoding: utf-16"),
        (b"a\tb\n1\t2\n", 'delimiter: "\\t"'),
        (b'"a"|"b"\n"1"|"2"\n', 'delimiter: "|"'),
    ],
)
def test_the_hint_says_what_to_type_and_it_helps(context, content, hint):
    key, value = refusal(context, content).hint.split(": ")

    rows = Delimited(CsvConfig(path="a.csv", **{key: value.strip('"').replace("\\t", "\t")})).read(context)

    assert len(rows) == 1


@pytest.mark.parametrize(
    "content",
    [
        "a\n好\n天气\n".encode().replace("气".encode(), b"\xe6\xb0"),
        "a\n天气好".encode()[:-1],
        b"\xef\xbb\xbfa\n\xe9t\xe9\n",
        "a\nZoë\n\xe9t\xe9 ä ö ü\n".encode().replace("\xe9t".encode(), b"\xe9t"),
    ],
    ids=["broken character", "cut at the end", "byte order mark", "one latin-1 byte"],
)
def test_a_damaged_line_of_a_utf_8_file_is_given_no_other_encoding(context, content):
    error = refusal(context, content)

    assert "so this line is damaged" in error.note
    assert "encoding" not in error.hint


def test_letters_that_no_guess_makes_words_of_are_given_no_single_encoding(context):
    error = refusal(context, "a\nПривет\n".encode("cp1251"))

    assert error.hint == "encoding: the one that the file was written in, such as gb18030, big5, shift_jis or cp1251"


def test_a_truncated_gzip_file_is_refused(context):
    packed = gzip.compress(os.urandom(1000).hex().encode())

    assert "not a whole gzip file" in refusal(context, packed[:-20], name="a.csv.gz").message


def test_a_gzip_file_with_a_wrong_checksum_is_refused(context):
    packed = bytearray(gzip.compress(b"a,b\n1,2\n" * 50))
    packed[-8] ^= 1

    assert "CRC" in refusal(context, bytes(packed), name="a.csv.gz").note


def test_what_is_no_gzip_file_is_refused(context):
    assert refusal(context, b"a,b\n1,2\n", name="a.csv.gz").id == "data.gzip"


def test_a_gzip_bomb_is_stopped_at_the_limit_in_little_memory(context):
    path = context.directory / "bomb.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(64):
            file.write(b"1,2\n" * 2**18)

    tracemalloc.start()
    with pytest.raises(DataError, match="more than 10,000,000 bytes when unpacked"):
        Delimited(CsvConfig(path=path.name, columns=["a", "b"], max_bytes=10_000_000)).read(context)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 60e6


@pytest.mark.parametrize("opening", [b'a,b\n1,"', b"a,b\n1,"], ids=["quoted", "plain"])
def test_a_cell_of_more_than_16_mebibytes_is_refused(context, opening):
    error = refusal(context, opening + b"x" * (17 * 2**20) + b"\n")

    assert error.where.line == 2
    assert "16 MiB" in error.message


def test_a_quote_that_swallows_a_large_file_is_refused_in_little_memory(context):
    path = context.directory / "large.csv"
    path.write_bytes(b'a,b\n1,"2\n' + (b"3,4," * 2**14 + b"\n") * 640)

    tracemalloc.start()
    with pytest.raises(DataError, match=r"opens in line 2 .* is not closed within 16 MiB"):
        Delimited(CsvConfig(path=path.name)).read(context)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 300e6


def test_a_file_that_changes_while_it_is_read_is_refused(context, monkeypatch):
    path = context.directory / "a.csv"
    path.write_bytes(b"a,b\n1,2\n3,4\n")
    monkeypatch.setattr("sci_data.files.BLOCK", 4)
    from sci_data import files

    block = files._block

    def growing(read, where):
        with path.open("ab") as file:
            file.write(b"5,6\n") if path.stat().st_size < 40 else None
        return block(read, where)

    monkeypatch.setattr(files, "_block", growing)

    with pytest.raises(DataError, match="changed while it was read") as caught:
        Delimited(CsvConfig(path="a.csv")).read(context)
    assert caught.value.id == "data.changed"


def test_a_file_that_is_replaced_while_it_is_read_is_refused(context, monkeypatch):
    path = context.directory / "a.csv"
    path.write_bytes(b"a\n1\n")
    from sci_data import files

    def replaced(where, before):
        (context.directory / "b.csv").write_bytes(b"a\n1\n")
        (context.directory / "b.csv").replace(where)
        return unchanged(where, before)

    unchanged = files.unchanged
    monkeypatch.setattr(files, "unchanged", replaced)

    with pytest.raises(DataError, match="changed while it was read"):
        Delimited(CsvConfig(path="a.csv")).read(context)


def test_a_folder_a_pipe_and_a_missing_file_are_refused_at_once(context):
    (context.directory / "folder").mkdir()
    os.mkfifo(context.directory / "pipe")
    for name, message in (("folder", "is a folder"), ("pipe", "not a regular file"), ("none", "cannot be read")):
        with pytest.raises(DataError, match=message):
            Delimited(CsvConfig(path=name)).read(context)


def test_a_file_that_cannot_be_read_is_refused(context, monkeypatch):
    (context.directory / "a.csv").write_bytes(b"a\n1\n")

    def denied(self, *arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(pathlib.Path, "open", denied)
    with pytest.raises(DataError, match=r"`a\.csv` cannot be read: permission denied"):
        Delimited(CsvConfig(path="a.csv")).read(context)


def test_a_source_without_a_path_says_so(context):
    with pytest.raises(ConfigError, match="csv has no `path`"):
        Delimited(CsvConfig()).read(context)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"delimiter": ""}, "one ASCII character"),
        ({"delimiter": "ab"}, "one ASCII character"),
        ({"delimiter": "§"}, "one ASCII character"),
        ({"delimiter": '"'}, "one ASCII character"),
        ({"encoding": "klingon"}, "no encoding is called `klingon`"),
        ({"encoding": "hex"}, "no encoding is called `hex`"),
        ({"columns": ["a", "a"]}, "more than once"),
        ({"columns": ["a", " b"]}, "is no name of a column"),
        ({"columns": []}, "`columns` is empty"),
        ({"decimal": ",", "thousands": ","}, "are both ','"),
        ({"strings": ["a"], "numbers": ["a"]}, "named by `strings` and by `numbers`"),
        ({"numbers": ["a"], "lists": ["a"]}, "named by `numbers` and by `lists`"),
        ({"max_bytes": 0}, "greater than 0"),
        ({"separator": ";"}, "Extra inputs"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, message):
    with pytest.raises(pydantic.ValidationError, match=message):
        CsvConfig(path="a.csv", **settings)
