from __future__ import annotations

import gzip

import pytest
from pydantic import ValidationError

from sci.api import DataError
from sci_data.config import ParallelConfig
from sci_data.parallel import Parallel


def read(context, path="a.*", **files):
    for name, content in files.items():
        (context.directory / name.replace("_", ".")).write_bytes(content)
    return Parallel(ParallelConfig(path=path, columns=("en", "de"))).read(context).table().to_pydict()


def test_a_row_holds_one_line_of_each_file(context):
    rows = read(context, a_en=b"a dog\na cat\n", a_de=b"ein Hund\neine Katze")

    assert rows == {"en": ["a dog", "a cat"], "de": ["ein Hund", "eine Katze"]}


def test_other_line_ends_of_unicode_are_characters_of_a_sentence(context):
    sentence = "one\u2028two\x0bthree\x85four\rfive"

    assert read(context, a_en=f"{sentence}\nsix\n".encode(), a_de=b"eins\nsechs\n")["en"] == [sentence, "six"]


def test_empty_lines_are_empty_sentences_at_the_end_too(context):
    assert read(context, a_en=b"\na\n\n", a_de=b"b\n\n\n") == {"en": ["", "a", ""], "de": ["b", "", ""]}


def test_packed_files_are_unpacked(context):
    files = {"a_en_gz": gzip.compress(b"a\n"), "a_de_gz": gzip.compress("ä\n".encode())}

    assert read(context, path="a.*.gz", **files) == {"en": ["a"], "de": ["ä"]}


def test_files_of_different_length_are_refused_with_both_lengths(context):
    with pytest.raises(DataError, match=r"`a.en` has 2 lines and `a.de` 1, so they do not translate") as caught:
        read(context, a_en=b"a\nb\n", a_de=b"c\n")

    assert caught.value.id == "data.parallel"


def test_a_single_file_is_the_column_that_its_name_holds(context):
    assert read(context, path="new.en", new_en=b"a\n") == {"en": ["a"]}
    with pytest.raises(DataError, match="does not say which of the columns en, de it holds"):
        read(context, path="new.txt", new_txt=b"a\n")


def test_files_without_a_line_are_refused(context):
    with pytest.raises(DataError, match=r"`a\.en` is empty"):
        read(context, a_en=b"", a_de=b"")


@pytest.mark.parametrize("columns", [("en",), ("en", "en"), ("en", "../de")])
def test_columns_that_are_no_names_of_files_are_refused(columns):
    with pytest.raises(ValidationError):
        ParallelConfig(columns=columns)


@pytest.mark.parametrize(
    ("part", "rows"), [("train", 29_000), ("val", 1_014), ("test_2016_flickr", 1_000), ("test_2017_mscoco", 461)]
)
def test_multi30k_has_the_rows_that_its_readme_counts(context, reference, part, rows):
    folder = reference("multi30k")

    found = Parallel(ParallelConfig(path=f"{folder}/{part}.*.gz", columns=("en", "de"))).read(context)

    assert len(found) == rows
