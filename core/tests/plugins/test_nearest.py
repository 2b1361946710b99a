"""A suggestion is right nine times of ten, or is not made."""

from __future__ import annotations

import random
import string

import pytest

from sci.plugins.known import _homes
from sci.plugins.nearest import closest, nearest


def names() -> list[str]:
    return sorted({name for of_kind in _homes().values() for name in of_kind})


def slip(word: str, chance: random.Random) -> str:
    """One slip of the fingers: a letter lost, doubled, replaced by another, or two swapped."""
    at = chance.randrange(len(word))
    kind = chance.choice(["lose", "double", "replace", "swap"])
    if kind == "lose":
        return word[:at] + word[at + 1 :]
    if kind == "double":
        return word[:at] + word[at] + word[at:]
    if kind == "replace":
        return word[:at] + chance.choice(string.ascii_lowercase) + word[at + 1 :]
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


@pytest.mark.parametrize("slips", [1, 2])
def test_suggestions_for_slips_in_real_names_are_right_nine_times_of_ten(slips):
    chance, candidates = random.Random(7), names()
    suggested, right = 0, 0
    for word in candidates * 2:
        typed = word
        for _ in range(slips):
            typed = slip(typed, chance) or word
        if typed in candidates:
            continue
        guess = nearest(typed, candidates)
        suggested += guess is not None
        right += guess == word

    assert suggested > 100
    assert right / suggested >= 0.9


def test_words_that_mean_something_else_are_left_alone():
    strangers = ["quetzalcoatl", "banana", "openai", "gradient", "xyz", "zzzz", "1234"]

    assert [nearest(word, names()) for word in strangers] == [None] * len(strangers)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("brt", "bert"),
        ("BERT", "bert"),
        ("min_max", "min-max"),
        ("min max", "min-max"),
        ("ｂｅｒｔ", "bert"),
        ("bret", "bert"),
    ],
)
def test_case_width_and_hyphens_do_not_matter(typed, meant):
    assert nearest(typed, ["bert", "min-max", "transformer"]) == meant


@pytest.mark.parametrize(("typed", "meant"), [("pytorch", "torch"), ("tfidf", "tfidf-logistic")])
def test_the_only_word_that_is_a_part_of_another_is_meant(typed, meant):
    assert nearest(typed, names()) == meant
    assert nearest(typed, [*names(), f"{typed}-too", f"{typed}-also", typed[3:], typed[:4]]) != meant


def test_two_equally_near_words_are_both_left_unsaid():
    assert nearest("f1-m", ["f1-a", "f1-b"]) is None


def test_lists_are_short_and_begin_with_the_nearest():
    assert closest("ridge", ["zebra", "bridge", "ridges", *map(str, range(20))], limit=3)[:2] == ["bridge", "ridges"]
    assert len(closest("a", map(str, range(20)))) == 8
