"""Short sentences in English with their translation into German or Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

SUBJECTS = (
    ("a man", "ein mann", "一个男人"),
    ("a woman", "eine frau", "一个女人"),
    ("a child", "ein kind", "一个孩子"),
    ("a girl in a red coat", "ein mädchen in einem roten mantel", "一个穿红外套的女孩"),
    ("a boy with a hat", "ein junge mit einem hut", "一个戴帽子的男孩"),
    ("an old man", "ein alter mann", "一个老人"),
    ("a young woman", "eine junge frau", "一个年轻女人"),
    ("a small dog", "ein kleiner hund", "一只小狗"),
    ("a black cat", "eine schwarze katze", "一只黑猫"),
    ("a white horse", "ein weißes pferd", "一匹白马"),
    ("the teacher", "der lehrer", "老师"),
    ("the doctor", "die ärztin", "医生"),
    ("my brother", "mein bruder", "我的哥哥"),
    ("our neighbor", "unser nachbar", "我们的邻居"),
)
ACTIONS = (
    ("sits", "sitzt", "坐"),
    ("sleeps", "schläft", "睡"),
    ("waits", "wartet", "等"),
    ("plays", "spielt", "玩"),
    ("runs", "läuft", "跑"),
    ("sings", "singt", "唱歌"),
    ("stands", "steht", "站"),
    ("eats", "isst", "吃东西"),
    ("reads", "liest", "读书"),
    ("smiles", "lächelt", "微笑"),
)
PLACES = (
    ("in the garden", "im garten", "在花园里"),
    ("on the street", "auf der straße", "在街上"),
    ("at the beach", "am strand", "在海边"),
    ("under a tree", "unter einem baum", "在树下"),
    ("in front of the house", "vor dem haus", "在房子前面"),
    ("beside the river", "neben dem fluss", "在河边"),
    ("in the kitchen", "in der küche", "在厨房里"),
    ("on a bench", "auf einer bank", "在长凳上"),
    ("at the station", "am bahnhof", "在车站"),
    ("in the snow", "im schnee", "在雪地里"),
)
TIMES = (
    ("", "", ""),
    ("today", "heute", "今天"),
    ("in the morning", "am morgen", "早上"),
    ("at night", "in der nacht", "夜里"),
    ("every day", "jeden tag", "每天"),
    ("again", "wieder", "又"),
)
ORDERS = {"en": "subject action place time", "de": "subject action time place", "zh": "subject time place action"}
"""Where the parts of a sentence stand in each language."""

PARTS = {"subject": SUBJECTS, "action": ACTIONS, "place": PLACES, "time": TIMES}
COLUMNS = {"en": 0, "de": 1, "zh": 2}


def phrases(rows: int, random: np.random.Generator, language: str) -> tuple[list[str], list[str]]:
    """English sentences, and what they are in `de` or `zh`."""
    drawn = [{part: choices[random.integers(len(choices))] for part, choices in PARTS.items()} for _ in range(rows)]
    return [_sentence(parts, "en") for parts in drawn], [_sentence(parts, language) for parts in drawn]


def _sentence(parts: Mapping[str, Sequence[str]], language: str) -> str:
    words = [parts[part][COLUMNS[language]] for part in ORDERS[language].split()]
    if language == "zh":
        return "".join(words) + "。"
    return " ".join(filter(None, words)) + "."
