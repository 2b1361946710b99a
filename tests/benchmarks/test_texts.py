"""Texts that the benchmark of texts makes up, and its page."""

from __future__ import annotations


def test_made_up_texts_fill_the_file_and_are_the_same_again(script, tmp_path):
    texts = script("texts")
    rows = [texts.write_texts(tmp_path / name, 1_000_000) for name in ("one.csv", "two.csv")]
    one, two = ((tmp_path / name).read_bytes() for name in ("one.csv", "two.csv"))

    assert one == two
    assert len(one) >= 1_000_000
    assert rows == [one.count(b"\n") - 1] * 2


def test_committed_page_is_what_the_committed_figures_give(script):
    texts = script("texts")

    assert texts.PAGE.read_text(encoding="utf-8") == texts.page(script("figures").read(texts.RAW))
