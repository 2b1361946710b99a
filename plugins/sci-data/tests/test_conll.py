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
        ("a O\nb\n", {"columns": {"words": 1, "tags": 2}}, 2, "has 1 column, and `tags` is column 2"),
        ("a\tO\nb\t \n", {"delimiter": "\t"}, 2, "has nothing in column `tags`"),
    ],
)
def test_lines_that_are_no_words_are_refused_with_their_number(context, text, settings, line, message):
    with pytest.raises(DataError, match=message) as caught:
        read(context, text, **settings)
    assert caught.value.where.line == line


def test_columns_that_cannot_be_are_refused():
    with pytest.raises(ValidationError, match="is column 0"):
        ConllConfig(columns={"words": 0})
    with pytest.raises(ValidationError, match="named by `columns` and by `document`"):
        ConllConfig(document="words")
