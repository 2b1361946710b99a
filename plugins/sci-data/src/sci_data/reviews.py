"""Reviews in English or Chinese, good or bad, that no single word decides: praise and blame share their words, and some
reviews hold both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sci_data.grammar import filled, pick

MIXED = 0.25
"""Of the reviews, so much also says one thing of the other kind."""

PLAIN = 0.06
"""Of the reviews, so much says nothing either way."""


class Opinions(NamedTuple):
    """What a language has to say.

    Args:
        good: patterns of praise.
        bad: patterns of blame.
        neither: patterns that tell nothing.
        turn: joins a sentence with one of the other kind that counts more.
        join: between two sentences of one kind.
        words: of the slots.
    """

    good: Sequence[str]
    bad: Sequence[str]
    neither: Sequence[str]
    turn: str
    join: str
    words: Mapping[str, Sequence[str]]


ENGLISH = Opinions(
    good=(
        "the {thing} was {fine}",
        "i would not change anything about the {thing}",
        "the {thing} is never {poor}",
        "i have not seen a {thing} this {fine} in years",
        "we loved the {thing}",
        "the {thing} alone is worth it",
        "a {thing} that is {fine} and never {poor}",
        "without the {thing} it would be {poor}, with it , it is {fine}",
        "i keep telling {person} about the {thing}",
        "{person} laughed all evening",
    ),
    bad=(
        "the {thing} was {poor}",
        "i would change everything about the {thing}",
        "the {thing} is never {fine}",
        "i have not seen a {thing} this {poor} in years",
        "we wanted to love the {thing} and could not",
        "not even the {thing} is worth it",
        "a {thing} that is {poor} and never {fine}",
        "with a better {thing} it could be {fine}, as it is , it is {poor}",
        "i keep warning {person} about the {thing}",
        "{person} slept all evening",
    ),
    neither=(
        "i went with {person}",
        "it has a {thing}, as they all do",
        "there is a {thing} and another {thing}",
        "somebody told me about the {thing}",
        "{person} saw it before me",
    ),
    turn=", but ",
    join=" . ",
    words={
        "fine": ("fine", "warm", "clever", "moving", "fresh", "honest", "funny", "a joy", "wonderful", "sharp"),
        "person": ("my sister", "a friend", "my father", "everybody", "the children", "a neighbor"),
        "poor": ("dull", "cold", "clumsy", "flat", "stale", "false", "tired", "a bore", "terrible", "slow"),
        "thing": ("story", "ending", "music", "cast", "dialogue", "picture", "beginning", "hero", "script", "camera"),
    },
)
CHINESE = Opinions(
    good=(
        "{thing}很{fine}",
        "{thing}一点也不{poor}",
        "从来没见过这么{fine}的{thing}",
        "{thing}让人满意，下次还来",
        "光是{thing}就值了",
        "{person}说{thing}不错",
        "没有什么可以挑剔的，{thing}{fine}",
        "{thing}比想象的{fine}",
    ),
    bad=(
        "{thing}很{poor}",
        "{thing}一点也不{fine}",
        "从来没见过这么{poor}的{thing}",
        "{thing}让人失望，下次不来",
        "光是{thing}就不值",
        "{person}说{thing}不行",
        "没有什么可以称赞的，{thing}{poor}",
        "{thing}比想象的{poor}",
    ),
    neither=(
        "和{person}一起来的",
        "{thing}和别处一样",
        "有{thing}，也有别的",
        "{person}以前来过",
        "这里的{thing}大家都知道",
    ),
    turn="，不过",
    join="，",
    words={
        "fine": ("好", "干净", "舒服", "安静", "方便", "热情", "新鲜", "便宜"),
        "person": ("朋友", "家人", "同事", "孩子", "邻居"),
        "poor": ("差", "脏", "吵", "冷淡", "陈旧", "贵", "慢", "麻烦"),
        "thing": ("房间", "服务", "早餐", "位置", "前台", "味道", "送餐", "环境", "价格", "包装"),
    },
)
LANGUAGES = {"en": ENGLISH, "zh": CHINESE}


def reviews(rows: int, random: np.random.Generator, language: str) -> tuple[list[str], list[str]]:
    """Labels (`good` or `bad`, as many of each) and texts."""
    said = LANGUAGES[language]
    good = random.permutation(rows) % 2 == 0
    return np.where(good, "good", "bad").tolist(), [_review(random, said, is_good) for is_good in good]


def _review(random: np.random.Generator, said: Opinions, good: bool) -> str:
    own, other = (said.good, said.bad) if good else (said.bad, said.good)
    if random.random() < PLAIN:
        pattern = pick(random, said.neither)
    elif random.random() < MIXED:
        pattern = pick(random, other) + said.turn + pick(random, own)
    else:
        pattern = said.join.join(pick(random, kind) for kind in (said.neither, own)[random.integers(2) :])
    return filled(random, pattern, said.words)
