from __future__ import annotations

from sci.runs.bibtex import bibtex, entries, escaped

LOCK = {
    "sci": "0.1.0",
    "plugins": [{"distribution": "sci-optim", "version": "0.1.0"}],
    "data": {"fingerprint": "7d03"},
    "citations": [
        {"kind": "optimizers", "name": "adam", "cite": "arXiv:1412.6980"},
        {"kind": "intervals", "name": "wilson", "cite": "doi:10.1080/01621459.1927.10502953"},
        {"kind": "models", "name": "linear", "cite": "Legendre 1805, Nouvelles m\u00e9thodes"},
        {"kind": "optimizers", "name": "other", "cite": "arXiv:1412.6980"},
    ],
}


def test_every_work_stands_once_and_nothing_is_made_up():
    found = {one["key"]: one for one in entries(LOCK)}
    assert list(found) == ["sci-core", "sci-optim", "data", "adam", "wilson", "linear"]
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
