from __future__ import annotations

import pytest
from pydantic import ValidationError

from sci.api import DataError
from sci_data.config import ConllConfig
from sci_data.conll import Conll

TEXT = """-DOCSTART- -X- -X- O

EU NNP B-NP B-ORG
rejects VBZ B-VP O


Peter NNP B-NP B-PER
-DOCSTART- -X- -X- O
Blackburn NNP I-NP I-PER
"""


def read(context, text, **settings):
    (context.directory / "a.conll").write_text(text, encoding="utf-8")
    return Conll(ConllConfig(path="a.conll", **settings)).read(context).table()


def test_sentences_become_rows_and_their_words_lists(context):
    table = read(context, TEXT)

    assert table.to_pydict() == {
        "words": [["EU", "rejects"], ["Peter"], ["Blackburn"]],
        "tags": [["B-ORG", "O"], ["B-PER"], ["I-PER"]],
    }
    assert [str(field.type) for field in table.schema] == ["large_list<item: large_string>"] * 2


def test_columns_are_chosen_by_number_and_documents_are_told(context):
    table = read(context, TEXT, columns={"pos": 2, "words": 1}, document="document")

    assert table.column_names == ["pos", "words", "document"]
    assert table.column("pos").to_pylist() == [["NNP", "VBZ"], ["NNP"], ["NNP"]]
    assert table.column("document").to_pylist() == ["document 0", "document 0", "document 1"]


def test_comments_are_left_out_and_cells_may_have_blanks(context):
    text = "# sent_id = 1\n1\tNew York\tPROPN\n# a note\n2\tis\tAUX\n\n\n# end\n"

    table = read(context, text, columns={"words": 2, "tags": 3}, delimiter="\t", comment="#")

    assert table.to_pydict() == {"words": [["New York", "is"]], "tags": [["PROPN", "AUX"]]}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_blank_lines_of_spaces_do_not_matter(context, end):
    assert read(context, end.join(["a O", "  ", "b O", ""])).column("words").to_pylist() == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("text", "settings", "line", "message"),
    [
        ("", {}, None, "is empty"),
        ("\n-DOCSTART- O\n\n", {}, None, "is empty"),
        ("a O\nb\n", {"columns": {"words": 1, "tags": 2}}, 2, "has 1 column, and line 1 has 2"),
        ("a\nb\n", {"columns": {"words": 1, "tags": 2}}, 1, "has 1 column, and `tags` is column 2"),
        ("\na\nb\n", {}, 2, "has 1 column, and `tags` is column -1"),
        ("Anna B-PER\nleft\nx1 O\n", {}, 2, "has 1 column, and line 1 has 2"),
        ("Anna B-PER\n\nNew York B-LOC\n", {}, 3, "has 3 columns, and line 1 has 2"),
        ("a\tO\nb\t \n", {"delimiter": "\t"}, 2, "has nothing in column `tags`"),
    ],
)
def test_lines_that_are_no_words_are_refused_with_their_number(context, text, settings, line, message):
    with pytest.raises(DataError, match=message) as caught:
        read(context, text, **settings)
    assert caught.value.where.line == line


@pytest.mark.parametrize(
    ("line", "setting"),
    [("New York\tB-LOC", 'delimiter: "\\t"'), ("# sent_id = 1", 'comment: "#"'), ("York", "an empty line between")],
)
def test_a_line_with_other_columns_than_the_first_names_the_setting_that_may_help(context, line, setting):
    with pytest.raises(DataError, match="has 2") as caught:
        read(context, f"Anna\tB-PER\n{line}\n")
    assert setting in caught.value.hint


def test_other_blanks_than_spaces_and_tabs_are_characters_of_a_word(context):
    assert read(context, "10\u00a0000 \t O\n").column("words").to_pylist() == [["10\u00a0000"]]


@pytest.mark.parametrize("purpose", ["predict", "evaluate"])
def test_rows_from_outside_may_be_words_alone(context, purpose):
    context.purpose = purpose

    assert read(context, "Anna\nleft\n").to_pydict() == {"words": [["Anna", "left"]]}
    with pytest.raises(DataError, match="none of them is one that the run reads"):
        read(context, "Anna\n", columns={"words": 2, "tags": 3})


def test_columns_that_cannot_be_are_refused():
    with pytest.raises(ValidationError, match="is column 0"):
        ConllConfig(columns={"words": 0})
    with pytest.raises(ValidationError, match="named by `columns` and by `document`"):
        ConllConfig(document="words")
