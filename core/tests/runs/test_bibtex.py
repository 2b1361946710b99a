from __future__ import annotations

import bibtexparser

from sci.api import Work
from sci.runs.bibtex import bibtex, entries, escaped

CNN = Work(
    "LeCun, Yann and Bottou, L\u00e9on and Haffner, Patrick",
    "Gradient-based learning & more_or_less {100 %}",
    1998,
    "Proceedings of the IEEE",
    volume="86",
    pages="2278-2324",
    doi="10.1109/5.726791",
)
LOCK = {
    "sci": "0.1.0",
    "plugins": [{"distribution": "sci-optim", "version": "0.1.0"}],
    "data": {"fingerprint": "7d03"},
    "citations": [
        {"kind": "optimizers", "name": "adam", "cite": "arXiv:1412.6980"},
        {"kind": "intervals", "name": "wilson", "cite": "doi:10.1080/01621459.1927.10502953"},
        {"kind": "models", "name": "linear", "cite": "Legendre 1805, Nouvelles m\u00e9thodes"},
        {"kind": "optimizers", "name": "other", "cite": "arXiv:1412.6980"},
        {"kind": "models", "name": "cnn", "cite": str(CNN), "work": CNN.fields()},
        {"kind": "models", "name": "deep-cnn", "cite": str(CNN), "work": CNN.fields()},
    ],
}


def test_every_work_stands_once_and_nothing_is_made_up():
    found = {one["key"]: one for one in entries(LOCK)}
    assert list(found) == ["sci-core", "sci-optim", "data", "adam", "wilson", "linear", "lecun1998gradient"]
    assert found["adam"] == {
        "key": "adam",
        "eprint": "1412.6980",
        "archiveprefix": "arXiv",
        "note": "Used as adam (optimizers), other (optimizers)",
    }
    assert found["wilson"]["doi"] == "10.1080/01621459.1927.10502953"
    assert not {"author", "year", "title"} & set(found["wilson"])
    assert found["linear"]["note"].startswith("Legendre 1805, Nouvelles m\u00e9thodes. Used as")


def test_text_means_nothing_to_latex_and_equal_keys_differ():
    assert escaped("a_b & {c} 5 %\nd") == "a\\_b \\& \\{c\\} 5 \\% d"
    text = bibtex([{"key": "a", "note": "x"}, {"key": "a", "note": "y"}])
    assert text == "@misc{a,\n  note = {x}\n}\n\n@misc{a-2,\n  note = {y}\n}\n"


def test_a_work_has_its_authors_title_and_year():
    (found,) = [one for one in entries(LOCK) if one["key"] == "lecun1998gradient"]
    assert found["type"] == "article"
    assert found["author"].startswith("LeCun, Yann and")
    assert (found["year"], found["journal"], found["pages"]) == ("1998", "Proceedings of the IEEE", "2278--2324")
    assert found["note"] == "Used as cnn (models), deep-cnn (models)"
    assert str(CNN) == "LeCun et al. (1998), Gradient-based learning & more_or_less {100 %}, doi:10.1109/5.726791"


def test_a_parser_reads_back_what_was_written():
    read = bibtexparser.parse_string(bibtex(entries(LOCK)))
    assert read.failed_blocks == []
    assert [one.key for one in read.entries] == [one["key"] for one in entries(LOCK)]
    kinds = {one.key: one.entry_type for one in read.entries}
    assert (kinds["lecun1998gradient"], kinds["data"]) == ("article", "misc")
    fields = {field.key: field.value for field in read.entries_dict["lecun1998gradient"].fields}
    assert fields["title"] == "{Gradient-based learning \\& more\\_or\\_less \\{100 \\%\\}}"
    assert fields["doi"] == CNN.doi
